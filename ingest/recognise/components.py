"""Connected pieces of ink, at half of what OpenCV's own call costs on a page of text."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.pixels import Grey

#: labels of 16 bits are counted more than twice as fast, and suffice for so many pieces
_MOST_SHORT = 2**16 - 2


def components(ink: Grey) -> tuple[int, NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Pieces of the pixels that are not 0, touching corners included: how many with the background (label 0), each
    pixel's label, each piece's left, top, width, height and area, and its centre."""
    short = _most_pieces(ink) <= _MOST_SHORT
    return cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U if short else cv2.CV_32S)  # type: ignore[return-value]


def _most_pieces(ink: Grey) -> int:
    """A number of pieces that there cannot be more of: pixels without ink to the left and in the row above, of which
    every piece has one."""
    before = np.zeros_like(ink)
    before[1:] = cv2.dilate(ink, np.ones((1, 3), np.uint8))[:-1]
    before[:, 1:] |= ink[:, :-1]
    return int(np.count_nonzero(ink)) - int(np.count_nonzero(ink & before))
