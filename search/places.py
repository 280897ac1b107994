"""A page's words as search looks at them: their index forms, and boxes round stretches of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from search.tokens import Form, forms
from storage.reading import Box, PageReading, packed_words

_forms_of_word = lru_cache(maxsize=131072)(forms)

Stretch = tuple[int, int]


class PlacedText:
    """The words of a page in reading order. A stretch is a range of words, first to one past the last."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows = rows
        self.words: list[str] = [row[0] for row in rows]
        self.forms: list[Form] = []
        self.owners: list[int] = []
        for at, word in enumerate(self.words):
            found = _forms_of_word(word)
            self.forms += found
            self.owners += [at] * len(found)

    @staticmethod
    def packed(data: bytes) -> "PlacedText":
        """Of a reading as it is stored."""
        return PlacedText(packed_words(data))

    @staticmethod
    def of(reading: PageReading) -> "PlacedText":
        """Of a reading."""
        return PlacedText(
            [[w.text, *w.box, w.confidence, w.line, w.block, w.raw, w.alternatives] for w in reading.words]
        )

    @property
    def text(self) -> str:
        """The words joined by one character each: a space, a line break, or a form feed between blocks."""
        parts: list[str] = []
        for at, row in enumerate(self._rows):
            if at:
                before = self._rows[at - 1]
                parts.append("\f" if row[7] != before[7] else "\n" if row[6] != before[6] else " ")
            parts.append(row[0])
        return "".join(parts)

    @property
    def alternatives(self) -> list[Sequence[str]]:
        """Other readings of each word, for search alone."""
        return [row[9] for row in self._rows]

    def stretches_of(self, spans: Iterable[tuple[int, int]]) -> list[Stretch]:
        """Stretches of words that spans of characters of ``text`` touch."""
        starts = [0, *accumulate(len(word) + 1 for word in self.words)]
        return [(bisect_right(starts, start) - 1, bisect_left(starts, end)) for start, end in spans]

    def boxes(self, stretches: Iterable[Stretch]) -> list[Box]:
        """Boxes round the words of the stretches, one per line of each stretch, each word boxed once."""
        found: list[Box] = []
        done: set[int] = set()
        for start, end in stretches:
            line: list[Sequence[Any]] = []
            for at in range(start, min(end, len(self._rows))):
                if at in done:
                    continue
                done.add(at)
                row = self._rows[at]
                if line and row[6:8] != line[-1][6:8]:
                    found.append(_around(line))
                    line = []
                line.append(row)
            if line:
                found.append(_around(line))
        return found


def _around(rows: Sequence[Sequence[Any]]) -> Box:
    left = min(row[1] for row in rows)
    top = min(row[2] for row in rows)
    right = max(row[1] + row[3] for row in rows)
    bottom = max(row[2] + row[4] for row in rows)
    return (round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))
