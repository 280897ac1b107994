"""Dotted leaders ("Họ tên: ........") make the recogniser turn the whole line into garbage: erase them for it.

A dot is a small round piece of ink. Dots that follow each other at even gaps on one height, six or more, are a leader;
a full stop, an ellipsis of three or the dot of an i never is.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.components import components
from ingest.recognise.hollow import hollow_out, inner_dots
from ingest.recognise.pixels import Grey

#: fewest dots in a row that count as a leader
FEWEST = 6
#: more small pieces than this per square inch: the page is speckled, chains would form by chance
MOST_PER_SQUARE_INCH = 450


def erase_dots(grey: Grey, dpi: int, leaders: bool = True, inner: bool = True) -> tuple[Grey, int, int]:
    """The page without dotted leaders and without dots inside hollow letters, and how many of each were erased."""
    _, ink = cv2.threshold(grey, 150, 255, cv2.THRESH_BINARY_INV)
    count, labels, stats, centres = components(ink)
    if count < 2:
        return grey, 0, 0
    chosen = _leaders(stats, centres, grey.size, dpi) if leaders else np.empty(0, np.int64)
    enclosed = inner_dots(labels, stats, centres, dpi) if inner else np.empty(0, np.int64)
    if len(chosen):
        grey = _erase(grey, labels, stats, chosen)
    if len(enclosed):
        grey = hollow_out(grey, labels, stats, enclosed)
    return grey, len(chosen), len(enclosed)


def _leaders(stats: NDArray[Any], centres: NDArray[Any], pixels: int, dpi: int) -> NDArray[np.int64]:
    """Labels of the dots that make up leaders."""
    scale = dpi / 300.0
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    largest = max(3.0, 10 * scale)
    small = (width <= largest) & (height <= largest) & (area >= max(1.0, 4 * scale * scale))
    round_enough = (np.maximum(width, height) <= 2.2 * np.minimum(width, height) + 1) & (area >= 0.45 * width * height)
    candidates = np.flatnonzero(small & round_enough)
    candidates = candidates[candidates != 0]
    inches = max(0.1, pixels / float(dpi * dpi))
    if len(candidates) < FEWEST or len(candidates) > MOST_PER_SQUARE_INCH * inches:
        return np.empty(0, np.int64)
    return np.asarray(candidates[_in_chains(centres[candidates], scale)], dtype=np.int64)


def _in_chains(centres: NDArray[np.float64], scale: float) -> NDArray[np.bool_]:
    """Which dots belong to a chain of ``FEWEST`` or more with even gaps."""
    reach, same_height = 36 * scale, max(1.6, 3.2 * scale)
    order = np.lexsort((centres[:, 0], np.round(centres[:, 1] / (2 * same_height))))
    following = _right_neighbours(centres, reach, same_height)
    has_left = np.zeros(len(centres), dtype=bool)
    has_left[following[following >= 0]] = True
    chosen = np.zeros(len(centres), dtype=bool)
    for start in order:
        if has_left[start] or following[start] < 0:
            continue
        chain = [int(start)]
        while following[chain[-1]] >= 0 and len(chain) <= len(centres):
            chain.append(int(following[chain[-1]]))
        chosen[_even_part(centres, chain)] = True
    return chosen


def _right_neighbours(centres: NDArray[np.float64], reach: float, same_height: float) -> NDArray[np.int64]:
    """For each dot the index of the nearest one to its right on the same height, or -1. Each is taken once."""
    following = np.full(len(centres), -1, dtype=np.int64)
    by_x = np.argsort(centres[:, 0], kind="stable")
    x, y = centres[by_x, 0], centres[by_x, 1]
    ends = np.searchsorted(x, x + reach, side="right")
    taken = np.zeros(len(centres), dtype=bool)
    for i in range(len(by_x)):
        ahead = np.flatnonzero(np.abs(y[i + 1 : ends[i]] - y[i]) <= same_height)
        ahead = ahead[(x[i + 1 + ahead] - x[i] > 1) & ~taken[i + 1 + ahead]] if len(ahead) else ahead
        if len(ahead):
            j = i + 1 + int(ahead[0])
            taken[j] = True
            following[by_x[i]] = by_x[j]
    return following


def _even_part(centres: NDArray[np.float64], chain: list[int]) -> list[int]:
    """The chain's dots whose gaps are near the typical gap; nothing if fewer than ``FEWEST`` remain."""
    if len(chain) < FEWEST:
        return []
    gaps = np.diff(centres[chain, 0])
    typical = float(np.median(gaps))
    even = np.abs(gaps - typical) <= max(1.5, 0.4 * typical)
    keep = np.zeros(len(chain), dtype=bool)
    keep[:-1] |= even
    keep[1:] |= even
    part = [c for c, k in zip(chain, keep, strict=True) if k]
    return part if len(part) >= FEWEST and np.count_nonzero(even) >= 0.6 * len(even) else []


def _erase(grey: Grey, labels: NDArray[Any], stats: NDArray[Any], chosen: NDArray[Any]) -> Grey:
    result = grey.copy()
    height, width = grey.shape
    for label in chosen:
        left, top, w, h = (int(v) for v in stats[label, :4])
        window = (slice(max(0, top - 1), min(height, top + h + 1)), slice(max(0, left - 1), min(width, left + w + 1)))
        mine = cv2.dilate((labels[window] == label).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        others = (labels[window] != label) & (labels[window] != 0)
        result[window][mine & ~others] = 255
    return result
