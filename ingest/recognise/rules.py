"""Ruled tables: their grid is found, taken out for the recogniser, and used to read row by row, cell by cell."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.components import components
from ingest.recognise.engine import Found
from ingest.recognise.pixels import Grey

#: a table has at least as many lines across and down
FEWEST_ACROSS, FEWEST_DOWN = 3, 3
#: shortest piece of a line (millimetres); letters have no strokes that long
SHORTEST_MM = 9.0
#: a table's lines across take at least this share of the page's width
NARROWEST = 0.3
#: from this resolution on lines are thick enough to be looked for at half of it
FINE_DPI = 180
#: so many of the longest lines across say how the page leans
LINES_FOR_SLOPE = 8
#: a streak has runs of ink this long, takes this share of the page's height, and is no wider than this as it leans
STREAK_RUN_MM, STREAK_SHARE, STREAK_WIDEST_MM = 14.0, 0.5, 14.0
#: nearer to the page's edge than this share of its width no text stands
STREAK_MARGIN = 0.13
#: ink this near (pixels) belongs to a line, and a line is drawn along so much of its length
NEAR, DRAWN = 3, 0.6


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's place in pixels, and the heights and columns of its lines as they are at its upper left corner."""

    left: int
    top: int
    right: int
    bottom: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    #: how far its lines across fall per pixel to the right; its lines down lean to the left by as much
    slope: float = 0.0
    #: parts that are read by themselves: first and last line across, first and last line down (places in ``rows`` and
    #: ``columns``); a column, or what is left of it beside cells that take several columns
    strips: tuple[tuple[int, int, int, int], ...] = ()

    def holds(self, word: Found) -> bool:
        """Whether a word lies in the table."""
        x, y = self._straight(word)
        return self.columns[0] <= x <= self.columns[-1] and self.rows[0] <= y <= self.rows[-1]

    def ordered(self, words: Sequence[Found]) -> list[Found]:
        """Words row by row, cell by cell; each line of a cell is a line of its own."""
        keyed = sorted(((self.cell(w), w) for w in words), key=lambda pair: pair[0])
        ordered: list[Found] = []
        line = 0
        for _, group in itertools.groupby(keyed, key=lambda pair: pair[0]):
            for row in self._lines([w for _, w in group]):
                ordered += [replace(w, line=line) for w in row]
                line += 1
        return ordered

    def corners(self, strip: tuple[int, int, int, int]) -> NDArray[np.int32]:
        """The four corners (x, y) of a strip on the page as it leans."""
        first, last, left, right = strip
        x, y = np.array([self.columns[left], self.columns[right]]), np.array([self.rows[first], self.rows[last]])
        across, along = (x - self.left)[[0, 1, 1, 0]], (y - self.top)[[0, 0, 1, 1]]
        return np.stack(
            [self.left + across - self.slope * along, self.top + along + self.slope * across], axis=1
        ).astype(np.int32)

    def cell(self, word: Found) -> tuple[int, int]:
        """Row and column of a word; from 1 on inside the table's lines."""
        x, y = self._straight(word)
        return sum(r <= y for r in self.rows), sum(c <= x for c in self.columns)

    def _straight(self, word: Found) -> tuple[float, float]:
        """A word's middle where it would be if the table did not lean."""
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return x + self.slope * (y - self.top), y - self.slope * (x - self.left)

    def _lines(self, words: list[Found]) -> list[list[Found]]:
        lines: list[list[Found]] = []
        for word in sorted(words, key=lambda w: self._straight(w)[1]):
            last = lines[-1][-1] if lines else None
            apart = self._straight(word)[1] - self._straight(last)[1] if last is not None else 0.0
            if last is not None and apart < 0.55 * max(last.height, word.height):
                lines[-1].append(word)
            else:
                lines.append([word])
        return [sorted(line, key=lambda w: w.left) for line in lines]


def find_grids(grey: Grey, dpi: int) -> tuple[list[Grid], Grey | None]:
    """Ruled tables of a cleaned page, and the page without their lines (None where there is no table)."""
    reduced = 2 if dpi >= FINE_DPI else 1
    size = (max(1, grey.shape[1] // reduced), max(1, grey.shape[0] // reduced))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA) if reduced > 1 else grey
    ink = (small < 190).astype(np.uint8)
    reach = max(12, round(SHORTEST_MM * dpi / reduced / 25.4))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    if np.count_nonzero(across) < FEWEST_ACROSS * NARROWEST * small.shape[1]:
        return [], None
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    if np.count_nonzero(down) < FEWEST_DOWN * reach:
        return [], None
    both = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    slope = _slope(across)
    grids = []
    _, labels, stats, _ = components(both)
    tables = np.zeros(len(stats), dtype=bool)
    for label, (x, y, w, h, _area) in enumerate(stats[1:], start=1):
        if w < NARROWEST * small.shape[1] or h < 2 * reach // 3:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        mine = labels[window] == label
        ys, xs = np.nonzero(across[window] * mine)
        rows = _peaks(ys - slope * xs, least=0.5 * w)
        ys, xs = np.nonzero(down[window] * mine)
        columns = _peaks(xs + slope * ys, least=0.5 * h)
        if len(rows) >= FEWEST_ACROSS - 1 and len(columns) >= FEWEST_DOWN:
            tables[label] = True
            lines = tuple(reduced * int(y + r) for r in rows), tuple(reduced * int(x + c) for c in columns)
            strips = _strips(ys, xs + slope * ys, rows, columns)
            left, top, right, bottom = (reduced * int(v) for v in (x, y, x + w, y + h))
            grids.append(Grid(left, top, right, bottom, *lines, slope, strips))
    if not grids:
        return [], None
    return grids, _without_lines(grey, tables[labels])


def _strips(
    ys: NDArray[Any], levels: NDArray[Any], rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[int, int, int, int], ...]:
    """Columns cut where a line down is missing between two lines across. ``ys`` and ``levels`` are the places of the
    ink of lines down."""
    strips: list[tuple[int, int, int, int]] = []
    for row, (top, bottom) in enumerate(itertools.pairwise(rows)):
        inside = levels[(ys > top) & (ys < bottom)]
        drawn = [
            number for number, column in enumerate(columns)
            if np.count_nonzero(np.abs(inside - column) <= NEAR) > DRAWN * (bottom - top)
        ]  # fmt: skip
        for left, right in itertools.pairwise(drawn):
            above = next((s for s in strips if s[1:] == (row, left, right)), None)
            if above is not None:
                strips.remove(above)
            strips.append((above[0] if above else row, row + 1, left, right))
    return tuple(strips)


def _slope(across: NDArray[Any]) -> float:
    """How far the longest lines across fall per pixel to the right."""
    _, labels, stats, _ = components(across)
    slopes = []
    for label in np.argsort(stats[1:, 2])[-LINES_FOR_SLOPE:] + 1:
        x, y, w, h, _area = stats[label]
        if w >= across.shape[1] * NARROWEST / 3 and h < w / 4:
            ys, xs = np.nonzero(labels[y : y + h, x : x + w] == label)
            slopes.append(float(np.polyfit(xs, ys, 1)[0]))
    return float(np.median(slopes)) if slopes else 0.0


def _peaks(levels: NDArray[Any], least: float) -> list[int]:
    """Positions of lines: where at least ``least`` pixels share a level; near ones count once."""
    if len(levels) == 0:
        return []
    whole = np.rint(levels).astype(np.int64)
    lowest = int(whole.min())
    # a line that bends by a pixel or two spreads over neighbouring levels
    spread = np.convolve(np.bincount(whole - lowest), np.ones(5, np.int64), mode="same")
    above = np.flatnonzero(spread >= least)
    positions: list[int] = []
    for group in np.split(above, np.flatnonzero(np.diff(above) > 4) + 1) if len(above) else []:
        positions.append(int(np.median(group)) + lowest)
    return positions


def without_streaks(grey: Grey, dpi: int) -> tuple[Grey, int]:
    """The page without dark streaks that run down most of it (folds on faxes, dust on a scanner's glass, borders), and
    how many of them run through the text: the engine takes those for the edge between two columns."""
    size = (max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2))
    ink = (cv2.resize(grey, size, interpolation=cv2.INTER_AREA) < 128).astype(np.uint8)
    mm = dpi / 2 / 25.4
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(12, round(STREAK_RUN_MM * mm)), 1), np.uint8))
    if np.count_nonzero(runs) < STREAK_SHARE * size[1]:
        return grey, 0
    joined = cv2.dilate(runs, np.ones((max(3, round(2 * mm)), 3), np.uint8))
    _, labels, stats, _ = components(joined)
    is_streak = (stats[:, 3] > STREAK_SHARE * size[1]) & (stats[:, 2] < STREAK_WIDEST_MM * mm)
    is_streak[0] = False
    if not is_streak.any():
        return grey, 0
    wider = cv2.dilate(is_streak[labels].astype(np.uint8), np.ones((1, 1 + 2 * max(1, round(0.4 * mm))), np.uint8))
    result = grey.copy()
    result[cv2.resize(wider, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST) > 0] = 255
    middle = stats[:, 0] + stats[:, 2] / 2
    within = (middle > STREAK_MARGIN * size[0]) & (middle < (1 - STREAK_MARGIN) * size[0])
    return result, int(np.count_nonzero(is_streak & within))


def _without_lines(grey: Grey, mask: NDArray[np.bool_]) -> Grey:
    full = cv2.resize(mask.astype(np.uint8), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    result = grey.copy()
    result[cv2.dilate(full, np.ones((3, 3), np.uint8)) > 0] = 255
    return result
