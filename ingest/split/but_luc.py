"""Bút lục numbers of a whole batch: what each corner says, made sense of as one rising row.

Stamps are faint and hand-written figures are misread, but the numbers go up by one from page to page (by one from sheet
to sheet in an enforcement file, not at all inside a judgment that takes one number). The most likely row is found over
all pages; a number that the row corrects or fills in is marked as such and carries less confidence. Nothing is ever
invented where no number was read near by.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ingest.split.corner import CornerNumber, read_corner
from ingest.split.page import PageView
from storage.reading import Box

#: price (log-odds) of a step that is not "one more": the same number again, numbers left out, anything else
SAME, LEFT_OUT, JUMP = 2.6, 4.0, 7.0
#: a number is filled in at most this many pages away from one that was read
REACH = 12
#: no corner holds more; a longer figure is something else
HIGHEST = 5000
#: ways of counting that are followed at once; a row read backwards would have one for every page
MOST_OFFSETS = 40
SURE_READING = 0.8


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The bút lục number of one page; ``repaired_from`` is what was read where the row says otherwise."""

    number: str
    confidence: float
    reason: str
    box: Box | None
    repaired_from: str | None = None

    @property
    def value(self) -> int:
        return int("".join(c for c in self.number if c.isdigit()))


def number_pages(pages: Sequence[PageView], first: int | None = None) -> dict[int, PageNumber]:
    """Numbers by page index, for pages (in order) that can carry one; ``first`` as told by a cover sheet."""
    corners = [read_corner(page) for page in pages]
    offsets = _offsets(corners, first)
    if not offsets:
        return {}
    row, _ = _row_and_score(corners, offsets, first)
    found: dict[int, PageNumber] = {}
    agreeing = [corner.value == value for corner, value in zip(corners, row, strict=True)]
    for place, (page, corner) in enumerate(zip(pages, corners, strict=True)):
        number = _of_page(place, corner, row, agreeing, corners)
        if number is not None:
            found[page.index] = number
    return found


def row_score(pages: Sequence[PageView]) -> float:
    """How well the corners of some pages make one rising row (log-odds); to compare ways of counting the pages."""
    corners = [read_corner(page) for page in pages]
    offsets = _offsets(corners, None)
    return _row_and_score(corners, offsets, None)[1] if offsets else 0.0


def _offsets(corners: Sequence[CornerNumber], first: int | None) -> list[int]:
    """Differences between number and place that corners speak for, those of most corners when there are many."""
    weights: Counter[int] = Counter()
    for place, corner in enumerate(corners):
        if corner.value is not None and corner.value < HIGHEST:
            weights[corner.value - place] += corner.confidence  # type: ignore[assignment]
    kept = {offset for offset, _ in weights.most_common(MOST_OFFSETS)}
    return sorted(kept | ({first} if first is not None else set()))


def _emission(corner: CornerNumber, value: int) -> float:
    """How well a page's own reading fits a number, as log-odds."""
    if corner.value is None:
        return _fit_of_raw(corner, value)
    if corner.value == value:
        return 1.0 + 3.0 * corner.confidence
    wrong = Levenshtein.distance(str(corner.value), str(value))
    close = wrong == 1 or str(value) in str(corner.value)
    return -(0.6 if close else 2.2) * corner.confidence


def _fit_of_raw(corner: CornerNumber, value: int) -> float:
    """An unreadable mark still may hold one of the figures."""
    return 0.15 if corner.raw and str(value) in corner.raw else 0.0


def _row_and_score(
    corners: Sequence[CornerNumber], offsets: Sequence[int], first: int | None
) -> tuple[list[int], float]:
    """The most likely number of every page (Viterbi over offsets between place and number)."""
    prices = np.array([[_price(later - earlier) for earlier in offsets] for later in offsets])
    scores = np.array([_emission(corners[0], o) - (JUMP if first not in (None, o) else 0.0) for o in offsets])
    came: list[NDArray[np.intp]] = []
    for place in range(1, len(corners)):
        reach = scores[None, :] - prices
        best = reach.argmax(axis=1)
        own = np.array([_emission(corners[place], place + offset) for offset in offsets])
        scores = reach[np.arange(len(offsets)), best] + own
        came.append(best)
    at = int(scores.argmax())
    score, path = float(scores[at]), [at]
    for steps in reversed(came):
        at = int(steps[at])
        path.append(at)
    return [place + offsets[n] for place, n in enumerate(reversed(path))], score


def _price(change: int) -> float:
    """Price of a step whose number grows by 1 + change."""
    if change == 0:
        return 0.0
    if change == -1:
        return SAME
    return LEFT_OUT + min(2.0, 0.2 * change) if 0 < change <= 12 else JUMP


def _of_page(
    place: int, corner: CornerNumber, row: Sequence[int], agreeing: Sequence[bool], corners: Sequence[CornerNumber]
) -> PageNumber | None:
    value = row[place]
    if value < 1:
        return None
    support = _support(place, row, agreeing, corners)
    if agreeing[place]:
        confidence = max(corner.confidence, 0.99 if support >= 2 else 0.93 if support >= 1 else corner.confidence)
        return PageNumber(corner.number or str(value), confidence, "đọc ở góc trang", corner.box)
    if support < 1:
        return None
    reason = "suy ra từ số của các trang trước và sau" if support >= 2 else "suy ra từ số của trang bên cạnh"
    confidence = 0.9 if support >= 2 else 0.72
    if not corner.has_mark:
        confidence -= 0.08
    raw = corner.number or (corner.raw.strip() or None)
    return PageNumber(str(value), confidence, reason, corner.box, raw)


def _support(place: int, row: Sequence[int], agreeing: Sequence[bool], corners: Sequence[CornerNumber]) -> int:
    """On how many sides (0–2) a well-read number stands near by in the same unbroken row."""
    sides = 0
    for step in (-1, 1):
        for distance in range(1, REACH + 1):
            other = place + step * distance
            if not 0 <= other < len(row) or row[other] - row[place] != step * distance:
                break
            if agreeing[other] and corners[other].confidence > 0.5:
                sides += 1
                break
    return sides
