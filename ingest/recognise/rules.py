"""Ruled tables: their grid is found, taken out for the recogniser, and used to read row by row, cell by cell."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.engine import Found
from ingest.recognise.pixels import Grey

#: a table has at least as many lines across and down
FEWEST_ACROSS, FEWEST_DOWN = 3, 3
#: shortest piece of a line (millimetres); letters have no strokes that long
SHORTEST_MM = 9.0
#: a table's lines across take at least this share of the page's width
NARROWEST = 0.3


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's place and the heights and columns of its lines, in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def holds(self, word: Found) -> bool:
        """Whether a word lies in the table."""
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def ordered(self, words: Sequence[Found]) -> list[Found]:
        """Words row by row, cell by cell; each line of a cell is a line of its own."""
        keyed = sorted(((self._cell(w), w) for w in words), key=lambda pair: pair[0])
        ordered: list[Found] = []
        line = 0
        for _, group in itertools.groupby(keyed, key=lambda pair: pair[0]):
            for row in _lines([w for _, w in group]):
                ordered += [replace(w, line=line) for w in row]
                line += 1
        return ordered

    def _cell(self, word: Found) -> tuple[int, int]:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return sum(r <= y for r in self.rows), sum(c <= x for c in self.columns)


def _lines(words: list[Found]) -> list[list[Found]]:
    lines: list[list[Found]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        last = lines[-1][-1] if lines else None
        middle = (word.top + word.bottom) / 2
        if last is not None and abs((last.top + last.bottom) / 2 - middle) < 0.55 * max(last.height, word.height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.left) for line in lines]


def find_grids(grey: Grey, dpi: int) -> tuple[list[Grid], Grey | None]:
    """Ruled tables of a cleaned page, and the page without their lines (None where there is no table)."""
    small = cv2.resize(grey, (max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2)), interpolation=cv2.INTER_AREA)
    ink = (small < 190).astype(np.uint8)
    reach = max(12, round(SHORTEST_MM * dpi / 2 / 25.4))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    if np.count_nonzero(across) < FEWEST_ACROSS * NARROWEST * small.shape[1]:
        return [], None
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    if np.count_nonzero(down) < FEWEST_DOWN * reach:
        return [], None
    both = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    grids = []
    _, labels, stats, _ = cv2.connectedComponentsWithStats(both, connectivity=8)
    tables = np.zeros(len(stats), dtype=bool)
    for label, (x, y, w, h, _area) in enumerate(stats[1:], start=1):
        if w < NARROWEST * small.shape[1] or h < 2 * reach // 3:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        mine = labels[window] == label
        rows = _peaks(across[window] * mine, axis=1, least=0.5 * w)
        columns = _peaks(down[window] * mine, axis=0, least=0.5 * h)
        if len(rows) >= FEWEST_ACROSS - 1 and len(columns) >= FEWEST_DOWN:
            tables[label] = True
            lines = tuple(2 * int(y + r) for r in rows), tuple(2 * int(x + c) for c in columns)
            grids.append(Grid(2 * int(x), 2 * int(y), 2 * int(x + w), 2 * int(y + h), *lines))
    if not grids:
        return [], None
    return grids, _without_lines(grey, tables[labels])


def _peaks(lines: NDArray[Any], axis: int, least: float) -> list[int]:
    """Positions of lines: where the ink along ``axis`` adds up to at least ``least``; near ones count once."""
    counts = lines.sum(axis=axis, dtype=np.int64)
    # a line that leans by a pixel or two spreads over neighbouring rows
    spread = np.convolve(counts, np.ones(5, np.int64), mode="same")
    above = np.flatnonzero(spread >= least)
    positions: list[int] = []
    for group in np.split(above, np.flatnonzero(np.diff(above) > 4) + 1) if len(above) else []:
        positions.append(int(np.median(group)))
    return positions


def _without_lines(grey: Grey, mask: NDArray[np.bool_]) -> Grey:
    full = cv2.resize(mask.astype(np.uint8), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    result = grey.copy()
    result[cv2.dilate(full, np.ones((3, 3), np.uint8)) > 0] = 255
    return result
