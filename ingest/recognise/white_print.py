"""White print on a dark ground (heads of tables, banners of forms) turned into dark print on white.

Tesseract can do that itself, by reading every line it is not sure of a second time inverted: on pages that read badly a
tenth of its work, for a lost line where its layout analysis has not taken the ground for text. So it is told not to
(``engine.py``), and the few grounds there are are found by their shape.
"""

import cv2
import numpy as np

from ingest.recognise.components import components
from ingest.recognise.pixels import Grey

#: grounds are looked for among every so many pixels
REDUCED = 8
#: a ground is at least so wide and high, and at most so high (millimetres)
NARROWEST_MM, LOWEST_MM, HIGHEST_MM = 10.0, 3.5, 60.0
#: the widest white stroke of a letter (millimetres): a gap in the ground that is wider ends it
STROKE_MM = 2.5
#: darker than this share of the paper is ground, if so much of its rectangle is
DARK, FILLED = 0.5, 0.85
#: share of a ground that its white print covers; more or less is a photograph, a bar, a blot
PRINT_FROM, PRINT_TO = 0.02, 0.4
#: so much of a line drawn just inside a ground's edge lies in the ground
EDGE = 0.85
#: of the grounds' ink this much must be either dark or light: a photograph has all shades
TWO_LEVELS = 0.8


def without_white_print(grey: Grey, dpi: int) -> tuple[Grey, int]:
    """The page with dark grounds and their white print exchanged, and how many there were."""
    if min(grey.shape) < REDUCED * 4:
        return grey, 0
    small = np.ascontiguousarray(grey[REDUCED // 2 :: REDUCED, REDUCED // 2 :: REDUCED])
    millimetre = dpi / 25.4 / REDUCED
    dark = cv2.threshold(small, DARK * float(np.median(small)), 255, cv2.THRESH_BINARY_INV)[1]
    ground = _closed(dark, max(3, round(STROKE_MM * millimetre) | 1))
    # print and rules are thinner than any ground
    ground = cv2.morphologyEx(ground, cv2.MORPH_OPEN, np.ones((max(3, round(LOWEST_MM * millimetre)),) * 2, np.uint8))
    result, count = grey, 0
    for x, y, w, h, area in components(ground)[2][1:]:
        if w < NARROWEST_MM * millimetre or h > HIGHEST_MM * millimetre or area < FILLED * w * h:
            continue
        if x == 0 or y == 0 or x + w == small.shape[1] or y + h == small.shape[0]:
            continue  # the black margin of a scan
        window = (slice(y * REDUCED, (y + h) * REDUCED), slice(x * REDUCED, (x + w) * REDUCED))
        exchanged = _exchanged(grey[window])
        if exchanged is None:
            continue
        result = result.copy() if result is grey else result
        result[window] = exchanged
        count += 1
    return result, count


def _closed(dark: Grey, reach: int) -> Grey:
    return cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))


def _exchanged(inside: Grey) -> Grey | None:
    """Dark made white and white black; None where this is no print on a ground."""
    _, light = cv2.threshold(inside, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    inner = light[REDUCED:-REDUCED, REDUCED:-REDUCED]  # its rim may be paper
    share = float(np.count_nonzero(inner)) / max(1, inner.size)
    if not PRINT_FROM < share < PRINT_TO or not _has_dark_edge(inner):
        return None
    low, high = float(np.median(inside[light == 0])), float(np.median(inside[light > 0]))
    between = np.count_nonzero((inside > low + 0.35 * (high - low)) & (inside < high - 0.35 * (high - low)))
    if high - low < 60 or between > (1 - TWO_LEVELS) * inside.size:
        return None
    return cv2.bitwise_not(inside)


def _has_dark_edge(inner: Grey) -> bool:
    """Whether the ground goes all round its print, as it does not round a line of bold letters on a speckled page."""
    edge = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    return float(np.count_nonzero(edge == 0)) > EDGE * edge.size
