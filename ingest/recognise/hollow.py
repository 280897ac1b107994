"""Dots inside hollow letters: a zero drawn with a dot or slash in it is read as 9 or 8 by engines that never saw one.

No Vietnamese letter has ink of its own inside a closed counter, so a small piece of ink that the same piece surrounds
on all four sides can be erased for the recogniser.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.recognise.pixels import Grey

#: counters are not wider or higher than this (millimetres)
WIDEST_MM = 4.0
#: a page is not searched beyond so many small pieces: it is speckled
MOST = 6000


def inner_dots(labels: NDArray[Any], stats: NDArray[Any], centres: NDArray[Any], dpi: int) -> NDArray[np.int64]:
    """Labels of small pieces that lie inside one other piece."""
    reach = max(4, round(WIDEST_MM * dpi / 25.4))
    largest = max(3.0, 14 * dpi / 300.0)
    small = np.flatnonzero((stats[:, 2] <= largest) & (stats[:, 3] <= largest) & (stats[:, 4] >= 2))
    small = small[small != 0]
    if len(small) == 0 or len(small) > MOST:
        return np.empty(0, np.int64)
    inside = [label for label in small if _surrounded(labels, int(label), centres[label], reach)]
    return np.array(inside, np.int64)


def _surrounded(labels: NDArray[Any], label: int, centre: NDArray[Any], reach: int) -> bool:
    x, y = round(float(centre[0])), round(float(centre[1]))
    row, column = labels[y], labels[:, x]
    rays = (
        row[x + 1 : x + reach], row[max(0, x - reach) : x][::-1],
        column[y + 1 : y + reach], column[max(0, y - reach) : y][::-1],
    )  # fmt: skip
    around = None
    for ray in rays:
        others = ray[(ray != 0) & (ray != label)]
        if len(others) == 0 or (around is not None and others[0] != around):
            return False
        around = others[0]
    return True


def hollow_out(grey: Grey, labels: NDArray[Any], stats: NDArray[Any], chosen: NDArray[np.int64]) -> Grey:
    """The page with those pieces, and the grey rim around them, painted white."""
    result = grey.copy()
    height, width = grey.shape
    for label in chosen:
        left, top, w, h = (int(v) for v in stats[label, :4])
        window = (slice(max(0, top - 2), min(height, top + h + 2)), slice(max(0, left - 2), min(width, left + w + 2)))
        mine = labels[window]
        result[window][(mine == label) | (mine == 0)] = 255
    return result
