"""Counting letter-sized pieces of ink: enough to see that a page is blank, and where print was left unread."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.components import components
from ingest.recognise.engine import Found
from ingest.recognise.pixels import Grey

#: letters are between these heights (millimetres)
LOWEST_MM, HIGHEST_MM = 1.1, 7.0
REDUCED = 2
#: white in a line, in heights of its words, in which a word may be lost; wider it parts two columns
LOST_GAP = (1.4, 14.0)
#: share of that white that is ink where something was left unread
INKED = 0.05


@dataclass(frozen=True, slots=True)
class Pieces:
    """Letter-sized pieces of a cleaned page: boxes (left, top, width, height) in its pixels."""

    boxes: NDArray[Any]


def letter_pieces(grey: Grey, dpi: int) -> Pieces:
    """Find pieces of letter size on the cleaned page, looked at in half its resolution."""
    small = cv2.resize(grey, (max(1, grey.shape[1] // REDUCED), max(1, grey.shape[0] // REDUCED)),
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    ink = (small < 140).astype(np.uint8)
    _, _, stats, _ = components(ink)
    lowest, highest = (mm * dpi / REDUCED / 25.4 for mm in (LOWEST_MM, HIGHEST_MM))
    x, y, w, h, area = (stats[1:, c] for c in range(5))
    letter = (h >= lowest) & (h <= highest) & (w >= 2) & (w <= 2.2 * highest) & (area > 0.12 * w * h)
    return Pieces(np.stack([x, y, w, h], axis=1)[letter] * REDUCED)


def _covered(boxes: NDArray[Any], words: Sequence[Found]) -> NDArray[np.bool_]:
    """Which pieces lie in a word."""
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    covered = np.zeros(len(boxes), dtype=bool)
    for word in words:
        pad = 0.25 * word.height
        covered |= (
            (middle[:, 0] > word.left - pad) & (middle[:, 0] < word.right + pad)
            & (middle[:, 1] > word.top - pad) & (middle[:, 1] < word.bottom + pad)
        )  # fmt: skip
    return covered


def unread_share(pieces: Pieces, words: Sequence[Found]) -> float:
    """Share of letter-sized ink that no word covers: print that was missed, seals, signatures, dirt."""
    if len(pieces.boxes) == 0:
        return 0.0
    return 1.0 - float(np.count_nonzero(_covered(pieces.boxes, words))) / len(pieces.boxes)


def hidden_share(grey: Grey, words: Sequence[Found]) -> float:
    """How much of the lines' length is white between their words in which ink was left unread: words lost under seals,
    strokes and dirt, as a share of the length of the words that were read."""
    hidden = length = 0
    for before, word in itertools.pairwise(words):
        length += word.right - word.left
        white = word.left - before.right
        if word.line != before.line or not LOST_GAP[0] * word.height < white < LOST_GAP[1] * word.height:
            continue
        rim = word.height // 4
        rows = slice(max(before.top, word.top), min(before.bottom, word.bottom))
        between = grey[rows, before.right + rim : word.left - rim]
        if between.size and np.count_nonzero(between < 140) > INKED * between.size:
            hidden += white
    return hidden / length if length else 0.0


def unread(pieces: Pieces, words: Sequence[Found], dpi: int) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) of runs of letters no word covers: lines the engine's layout passed over."""
    boxes = pieces.boxes
    if len(boxes) == 0:
        return []
    rest = boxes[~_covered(boxes, words)]
    if not 4 <= len(rest) <= 600:
        return []
    scale = 8
    lowest, rightmost = int((boxes[:, 1] + boxes[:, 3]).max()), int((boxes[:, 0] + boxes[:, 2]).max())
    size = (lowest // scale + 2, rightmost // scale + 2)
    plan = np.zeros(size, np.uint8)
    for x, y, w, h in rest // scale:
        plan[y : y + h + 1, x : x + w + 1] = 1
    reach = (max(1, round(3 * dpi / 25.4 / scale)) | 1, max(1, round(9 * dpi / 25.4 / scale)) | 1)
    joined = cv2.dilate(plan, np.ones(reach, np.uint8))
    _, labels, stats, _ = components(joined)
    counts = np.bincount(labels[rest[:, 1] // scale, rest[:, 0] // scale], minlength=len(stats))
    regions = []
    for label in range(1, len(stats)):
        if counts[label] >= 4:
            x, y, w, h = (int(v) * scale for v in stats[label, :4])
            regions.append((counts[label], (x, y, x + w + scale, y + h + scale)))
    return [box for _, box in sorted(regions, reverse=True)[:6]]
