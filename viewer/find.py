"""Finding words on a page for the boxes: the words asked for, as typed or without diacritics, one box per line.

This is the eye's help on pages already open; which pages are found at all is the index's business (``search``).
"""

import re
from dataclasses import dataclass

from storage.reading import Box, Word
from storage.vietnamese import fold

_PHRASE = re.compile(r'"([^"]+)"|(\S+)')
_EDGE = re.compile(r"^\W+|\W+$")
#: alone, such short words would box half the page
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of consecutive words: positions ``first`` to ``last``, and its boxes, one per line."""

    first: int
    last: int
    boxes: tuple[Box, ...]
    text: str


def wanted(query: str) -> list[list[str]]:
    """What a query asks for: phrases in quotes stay together; the whole query is tried as a phrase first."""
    parts = [_syllables(quoted or single) for quoted, single in _PHRASE.findall(query) if ":" not in single]
    return [part for part in parts if part]


def find(words: tuple[Word, ...], query: str) -> list[Match]:
    """Every place of the query on a page. All words together where they stand together, else each by itself.

    A query typed with diacritics prefers places spelled so; only where there are none do others count.
    """
    asked = wanted(query)
    if not asked:
        return []
    together = [syllable for part in asked for syllable in part]
    as_phrase = _places(words, together) if len(asked) > 1 and '"' not in query else []
    if as_phrase:
        return as_phrase
    found = {(match.first, match.last): match for part in asked if _worth(part) for match in _places(words, part)}
    return [found[key] for key in sorted(found)]


def may_hold(text: str, query: str) -> bool:
    """Whether ``find`` may find anything on a page with this text: for passing over pages without opening them."""
    plain = fold(text)
    return any(all(fold(syllable) in plain for syllable in part) for part in wanted(query))


def _worth(part: list[str]) -> bool:
    return len(part) > 1 or len(part[0]) >= _SHORTEST


def _places(words: tuple[Word, ...], part: list[str]) -> list[Match]:
    """Exact spelling first; folded where nothing is spelled exactly so."""
    exact = _runs([_syllables(word.text) for word in words], part)
    runs = exact or _runs([[fold(s) for s in _syllables(word.text)] for word in words], [fold(s) for s in part])
    return [Match(first, last, _boxes(words[first:last + 1]), " ".join(w.text for w in words[first:last + 1]))
            for first, last in runs]


def _runs(spelled: list[list[str]], part: list[str]) -> list[tuple[int, int]]:
    flat = [(syllable, index) for index, syllables in enumerate(spelled) for syllable in syllables]
    length = len(part)
    return [
        (flat[start][1], flat[start + length - 1][1])
        for start in range(len(flat) - length + 1)
        if all(flat[start + offset][0] == part[offset] for offset in range(length))
    ]


def _syllables(text: str) -> list[str]:
    return [bare for piece in text.casefold().split() if (bare := _EDGE.sub("", piece))]


def _boxes(words: tuple[Word, ...]) -> tuple[Box, ...]:
    lines: dict[tuple[int, int], list[Box]] = {}
    for word in words:
        lines.setdefault((word.block, word.line), []).append(word.box)
    return tuple(around(boxes) for boxes in lines.values())


def around(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    left = min(box[0] for box in boxes)
    top = min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top
