"""Round seals of pages scanned in grey: paler than the print under them, they can be taken out by darkness alone."""

import cv2
import numpy as np

from ingest.recognise.components import components
from ingest.recognise.pixels import Grey

#: seals are between these diameters (millimetres) and about as wide as high
SMALLEST_MM, LARGEST_MM = 20.0, 48.0
#: seals are looked for on a page reduced by this
REDUCED = 4
#: inside a seal only what is darker than this is print (the page is stretched: print is near 0, paper 255)
PRINT = 88


def without_seals(grey: Grey, dpi: int) -> tuple[Grey, int]:
    """The page with seals faded, and how many there were. Seals as dark as the print stay."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // REDUCED), max(1, height // REDUCED)), interpolation=cv2.INTER_AREA)
    pale = cv2.inRange(small, PRINT // 2, 225)
    pale = cv2.morphologyEx(pale, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = components(pale)
    smallest, largest = (mm * dpi / REDUCED / 25.4 for mm in (SMALLEST_MM, LARGEST_MM))
    result, count = grey, 0
    for x, y, w, h, area in stats[1:]:
        if not (smallest <= w <= largest and smallest <= h <= largest and 0.75 < w / h < 1.33 and area < 0.6 * w * h):
            continue
        left, top = max(0, (x - 2) * REDUCED), max(0, (y - 2) * REDUCED)
        window = (slice(top, (y + h + 2) * REDUCED), slice(left, (x + w + 2) * REDUCED))
        inside = grey[window]
        if _is_picture(inside):
            continue
        result = result.copy() if result is grey else result
        # the rim of print is pale too: keep what touches print
        print_mask = cv2.dilate((inside < PRINT).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        result[window] = np.where(print_mask, inside, np.uint8(255))
        count += 1
    return result, count


def _is_picture(inside: Grey) -> bool:
    """A photograph is dark all over; a seal is mostly paper."""
    return float(np.count_nonzero(inside < 200)) > 0.5 * inside.size
