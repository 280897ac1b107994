"""The running text of a page with the way back from a stretch of text to the words, and so to the box, it came from."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.split.page import PageView, Piece, hull
from storage.reading import Box, Word
from storage.vietnamese import fold, nfc


@dataclass(frozen=True)
class Flow:
    """``text`` as read (NFC), ``folded`` of the same length; lines are joined by single spaces."""

    text: str
    folded: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    page: int

    def words_in(self, start: int, end: int) -> list[Word]:
        """The words a stretch of text touches."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return [w for w, at in zip(self.words[first:], self.starts[first:], strict=True) if at < end]

    def box(self, start: int, end: int) -> Box | None:
        """The box around a stretch of text; None when it touches no word."""
        words = self.words_in(start, end)
        return hull([w.box for w in words]) if words else None

    def confidence(self, start: int, end: int) -> float:
        """How surely a stretch was read: the mean over its letters, 0 when it touches no word."""
        words = self.words_in(start, end)
        letters = sum(len(w.text) for w in words)
        return sum(w.confidence * len(w.text) for w in words) / letters if letters else 0.0


def flow_of(pieces: Sequence[Piece], page: int) -> Flow:
    """The text of some pieces, in their order."""
    words = tuple(w for piece in pieces for w in piece.words)
    parts, starts, at = [], [], 0
    for word in words:
        text = nfc(word.text)
        starts.append(at)
        parts.append(text)
        at += len(text) + 1
    text = " ".join(parts)
    folded = fold(text)
    if len(folded) != len(text):  # a rare letter folds to two: fold letter by letter to keep places
        folded = "".join(fold(c)[:1] or " " for c in text)
    return Flow(text, folded, words, tuple(starts), page)


def page_flow(page: PageView) -> Flow:
    """The text of a whole page in reading order; cached."""
    return page.remember("flow", lambda it: flow_of(it.pieces, it.index))
