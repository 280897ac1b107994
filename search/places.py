"""A page's words as search looks at them: their index forms, and boxes round stretches of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from search.tokens import Form, forms
from storage.reading import Box, PackedWords, PageReading

_forms_of_word = lru_cache(maxsize=131072)(forms)

Stretch = tuple[int, int]
#: a word with its box, line and block, as stored
Row = Sequence[Any]


class PlacedText:
    """The words of a page in reading order. A stretch is a range of words, first to one past the last."""

    def __init__(self, words: list[str], row_of: Callable[[int], Row], rows: Callable[[], Sequence[Row]]) -> None:
        self._row_of = row_of
        self._rows = rows
        self.words = words
        self.forms: list[Form] = []
        self.owners: list[int] = []
        for at, found in enumerate(map(_forms_of_word, words)):
            self.forms += found
            self.owners += [at] * len(found)

    @staticmethod
    def packed(data: bytes) -> "PlacedText":
        """Of a reading as it is stored: only the words asked for are ever opened."""
        words = PackedWords(data)
        return PlacedText(words.texts, words.__getitem__, words.every)

    @staticmethod
    def of(reading: PageReading) -> "PlacedText":
        """Of a reading."""
        rows = [[w.text, *w.box, w.confidence, w.line, w.block, w.raw, w.alternatives] for w in reading.words]
        return PlacedText([w.text for w in reading.words], rows.__getitem__, lambda: rows)

    @property
    def text(self) -> str:
        """The words joined by one character each: a space, a line break, or a form feed between blocks."""
        parts: list[str] = []
        before: Row = ()
        for row in self._rows():
            if before:
                parts.append("\f" if row[7] != before[7] else "\n" if row[6] != before[6] else " ")
            parts.append(row[0])
            before = row
        return "".join(parts)

    @property
    def alternatives(self) -> list[Sequence[str]]:
        """Other readings of each word, for search alone."""
        return [row[9] for row in self._rows()]

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
            for at in range(start, min(end, len(self.words))):
                if at in done:
                    continue
                done.add(at)
                row = self._row_of(at)
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
