"""Whole lines of fixed wording put right: agencies, motto, titles of papers, "Nơi nhận".

Displayed text is changed only where a whole line has as many words as a fixed one and each word either has the very
same letters (only marks differ) or cannot be Vietnamese and is a letter or two away. Lines with digits are never
touched, so numbers and dates stay as read; names stand in no fixed line. ``Word.raw`` keeps what was read.
"""

import functools
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from config.document_types import document_types
from storage.reading import Word
from storage.vietnamese import fold, normal
from storage.vietnamese_syllable import is_possible

LINES = Path(__file__).parent / "data" / "fixed_lines.txt"
#: shorter lines could be other words
FEWEST_WORDS, FEWEST_LETTERS = 2, 7
#: at most this share of a line's words may have other letters than read
MOST_MISREAD = 0.5
#: letters a word that cannot be Vietnamese may be away: in words of up to four letters, and in longer ones
AWAY_SHORT, AWAY_LONG, SHORT = 1, 2, 4
_EDGES = ".,;:()[]\"'“”‘’!?*|"

Line = tuple[str, ...]


@functools.cache
def fixed_lines() -> dict[int, tuple[Line, ...]]:
    """The fixed lines by their number of words."""
    own = LINES.read_text(encoding="utf-8").splitlines()
    titles = [title for kind in document_types().values() for title in (kind.title, *kind.wordings)]
    found: dict[int, dict[Line, None]] = {}
    for text in itertools.chain((line for line in own if not line.startswith("#")), titles):
        words = tuple(word.strip(_EDGES) for word in text.split())
        if len(words) >= FEWEST_WORDS and sum(map(len, words)) >= FEWEST_LETTERS and not any(c.isdigit() for c in text):
            found.setdefault(len(words), {})[words] = None
    return {count: tuple(lines) for count, lines in found.items()}


def with_fixed_lines(words: Sequence[Word], sure: float) -> list[Word]:
    """The words; lines that hold a word less sure than ``sure`` and are a fixed line read a little wrong put right."""
    result: list[Word] = []
    for _, group in itertools.groupby(words, key=lambda w: w.line):
        line = list(group)
        wanted = _meant([w.text.strip(_EDGES) for w in line]) if any(w.confidence < sure for w in line) else None
        result += line if wanted is None else [_as(w, t) for w, t in zip(line, wanted, strict=True)]
    return result


def _meant(read: Sequence[str]) -> Line | None:
    """The one fixed line these words are; None where there is none, or two that differ."""
    if any(c.isdigit() for word in read for c in word):
        return None
    folded = [fold(word) for word in read]
    meant: dict[Line, int] = {}
    for line in fixed_lines().get(len(read), ()):
        misread = _misread(read, folded, line)
        if misread is not None:
            meant[tuple(word.casefold() for word in line)] = misread
    if not meant:
        return None
    fewest = min(meant.values())
    nearest = [line for line, misread in meant.items() if misread == fewest]
    return nearest[0] if len(nearest) == 1 else None


def _misread(read: Sequence[str], folded: Sequence[str], line: Line) -> int | None:
    """How many words have other letters than the line's; None where one is too far away."""
    misread = 0
    for word, letters, wanted in zip(read, folded, line, strict=True):
        meant = fold(wanted)
        if letters == meant:
            continue
        misread += 1
        allowed = AWAY_SHORT if len(meant) <= SHORT else AWAY_LONG
        if misread > MOST_MISREAD * len(line) or not word.isalpha() or is_possible(word.casefold()):
            return None
        if Levenshtein.distance(letters, meant, score_cutoff=allowed) > allowed:
            return None
    return misread


def _as(word: Word, wanted: str) -> Word:
    """The word with the wanted letters in its own case; punctuation stays."""
    core = word.text.strip(_EDGES)
    if not core or normal(core) == normal(wanted):  # HOÀ and HÒA are one word: the paper's own spelling stays
        return word
    if 2 * sum(c.isupper() for c in core) > len(core):
        marked = wanted.upper()
    else:
        marked = wanted[0].upper() + wanted[1:] if core[0].isupper() else wanted
    start = word.text.index(core)
    text = word.text[:start] + marked + word.text[start + len(core) :]
    return replace(word, text=text, raw=word.raw or word.text)
