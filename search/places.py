"""Where on the page a stretch of its text stands: from character offsets to boxes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from storage.reading import Box, PageReading, Word


class PlacedText:
    """A reading's text with the place of every word in it. ``text`` is exactly ``reading.text``."""

    def __init__(self, reading: PageReading) -> None:
        self.words: tuple[Word, ...] = reading.words
        self.text = reading.text
        self._starts: list[int] = []
        at = 0
        for word in self.words:
            at = self.text.index(word.text, at)
            self._starts.append(at)
            at += len(word.text)

    def words_between(self, start: int, end: int) -> range:
        """Indexes of the words a stretch of the text touches."""
        first = bisect_right(self._starts, start) - 1
        if first >= 0 and self._starts[first] + len(self.words[first].text) <= start:
            first += 1
        return range(max(first, 0), bisect_left(self._starts, end))

    def boxes(self, stretches: Iterable[tuple[int, int]]) -> list[Box]:
        """Boxes round the words of the stretches, one per line of each stretch, each word boxed once."""
        found: list[Box] = []
        done: set[int] = set()
        for start, end in stretches:
            line: list[Word] = []
            for index in self.words_between(start, end):
                if index in done:
                    continue
                done.add(index)
                word = self.words[index]
                if line and (word.line, word.block) != (line[-1].line, line[-1].block):
                    found.append(_around(line))
                    line = []
                line.append(word)
            if line:
                found.append(_around(line))
        return found


def _around(words: list[Word]) -> Box:
    left = min(w.box[0] for w in words)
    top = min(w.box[1] for w in words)
    right = max(w.box[0] + w.box[2] for w in words)
    bottom = max(w.box[1] + w.box[3] for w in words)
    return (round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))


