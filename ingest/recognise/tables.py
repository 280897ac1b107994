"""Reading ruled tables: each column by itself, so that no line runs across cells and no cell into its neighbour.

With the table on the page the engine's layout analysis takes its columns for columns of the whole page, and lone digits
in a narrow column for dirt. So the table is taken out of the page, and its strips are read as blocks of lines.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.components import components
from ingest.recognise.digits import read_digit
from ingest.recognise.engine import BLOCK, Engine, Found
from ingest.recognise.pixels import Grey
from ingest.recognise.rules import Grid
from ingest.recognise.tidy import SHORT_NEEDS

#: white pixels put around a strip
BORDER = 12
#: a strip with fewer dark pixels than this is empty
FEWEST_DARK = 12
DARK = 140
#: a cell is narrow up to this width; digits are of such a height, at most so many, and each at least so sure
NARROW_MM, DIGIT_MM, MOST_DIGITS, SURE_DIGIT = 25.0, (1.5, 5.0), 3, 0.7
#: confidence (0..100, the engine's scale) of a number read so
NUMBER_CONFIDENCE = 88.0


def without_tables(grey: Grey, grids: Sequence[Grid]) -> Grey:
    """The page with the strips of its tables painted white."""
    result = grey.copy()
    for grid in grids:
        for strip in grid.strips:
            cv2.fillConvexPoly(result, grid.corners(strip), 255)
    return result


def with_tables(words: list[Found], grey: Grey, grids: Sequence[Grid], dpi: int, engine: Engine) -> list[Found]:
    """The words read of a page, and those of its tables; each strip's lines and block have numbers of their own.

    ``grey`` is the page with its tables, but without their lines.
    """
    for grid in grids:
        for strip in grid.strips:
            line, block = 1 + max((w.line for w in words), default=-1), 1 + max((w.block for w in words), default=-1)
            read = _strip(grey, grid.corners(strip), dpi, engine)
            words = [*words, *(replace(w, line=line + w.line, block=block + w.block) for w in read)]
        words += _lone_numbers(grey, grid, words, dpi)
    return words


def _lone_numbers(grey: Grey, grid: Grid, words: Sequence[Found], dpi: int) -> list[Found]:
    """Numbers of one to three digits in narrow cells in which the engine saw nothing: it drops lone digits."""
    read_cells = {grid.cell(w) for w in words if w.confidence >= SHORT_NEEDS and grid.holds(w)}
    line, block = 1 + max((w.line for w in words), default=-1), 1 + max((w.block for w in words), default=-1)
    numbers: list[Found] = []
    for first, last, left, right in grid.strips:
        if grid.columns[right] - grid.columns[left] > NARROW_MM * dpi / 25.4:
            continue
        for row in range(first, last):
            number = None
            if (row + 1, left + 1) not in read_cells:
                number = _number(grey, grid.corners((row, row + 1, left, right)), dpi)
            if number is not None:
                numbers.append(replace(number, line=line + len(numbers), block=block))
    return numbers


def _number(grey: Grey, corners: NDArray[np.int32], dpi: int) -> Found | None:
    """The number that stands alone in a cell."""
    left, top, wide, high = cv2.boundingRect(corners)
    left, top = max(0, left), max(0, top)
    inside = np.zeros((high, wide), np.uint8)
    cv2.fillConvexPoly(inside, corners - (left, top), 1)
    crop = grey[top : top + high, left : left + wide]
    ink = ((crop < DARK) & (inside[: crop.shape[0], : crop.shape[1]] > 0)).astype(np.uint8)
    _, labels, stats, _ = components(ink)
    lowest, highest = (mm * dpi / 25.4 for mm in DIGIT_MM)
    tall = [n for n in range(1, len(stats)) if stats[n, 3] >= lowest / 3 and stats[n, 4] >= FEWEST_DARK]
    if not 1 <= len(tall) <= MOST_DIGITS or not all(lowest <= stats[n, 3] <= highest for n in tall):
        return None
    text, sure = "", 1.0
    for n in sorted(tall, key=lambda n: int(stats[n, 0])):
        x, y, w, h, _area = (int(v) for v in stats[n])
        digit, chance = read_digit((labels[y : y + h, x : x + w] == n).astype(np.uint8))
        text, sure = text + digit, min(sure, chance if digit else 0.0)
    if sure < SURE_DIGIT:
        return None
    boxes = stats[tall]
    x, y = left + int(boxes[:, 0].min()), top + int(boxes[:, 1].min())
    right, bottom = left + int((boxes[:, 0] + boxes[:, 2]).max()), top + int((boxes[:, 1] + boxes[:, 3]).max())
    return Found(text, x, y, right, bottom, NUMBER_CONFIDENCE, 0, 0)


def _strip(grey: Grey, corners: NDArray[np.int32], dpi: int, engine: Engine) -> list[Found]:
    left, top, wide, high = cv2.boundingRect(corners)
    left, top = max(0, left), max(0, top)
    crop = grey[top : top + high, left : left + wide]
    inside = np.zeros(crop.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners - (left, top), 1)
    alone = np.where(inside > 0, crop, 255).astype(np.uint8)
    if np.count_nonzero(alone < DARK) < FEWEST_DARK:
        return []
    bordered = cv2.copyMakeBorder(alone, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
    dx, dy = left - BORDER, top - BORDER
    return [
        replace(w, left=w.left + dx, right=w.right + dx, top=w.top + dy, bottom=w.bottom + dy)
        for w in engine.read(bordered, dpi, BLOCK)
    ]
