"""The bút lục number in the page's upper right corner: finding its ink and handing digits to a small reader.

It is stamped, typed or written by hand, in any colour, often in a ring or a frame, and often over the printed header.
So it is looked for in the untouched colour image, with the words already read from the page taken away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.clean import flatten
from ingest.recognise.components import components
from ingest.recognise.digits import read_digit
from ingest.recognise.engine import LINE, Engine, Found
from ingest.recognise.levels import deviation, histogram, median
from ingest.recognise.pixels import Grey, Picture
from storage.reading import Box

#: the corner: this share of the height, from this share of the width to the right edge
TOP, FROM_LEFT = 0.125, 0.5
#: resolution the corner is looked at
WORK_DPI = 200
#: a pixel this much stronger in one colour than in another is coloured ink
COLOURED = 38
#: digits are between these heights (millimetres) and no wider than this many times their height
LOWEST_MM, HIGHEST_MM, WIDEST = 2.0, 13.0, 1.3
#: closer to the page's upper edge stands no number, only the edge's shadow
EDGE_MM = 1.5
#: a lone upright stroke is taken for a 1 only from this height: lower it may be a stray l or a speck
LONE_STROKE_MM = 4.0
#: longest number: five digits, or four and a letter (45a)
MOST_DIGITS = 5

#: a number whose least sure digit has this probability is preferred to one lower on the page that has less
SURE = 0.6

_LABELLED = re.compile(r"(?:B\S{0,2}T\s*L\S{0,2}C|BL|L[ỤUƯ]C)\D{0,8}?(\d{1,5}\s?[a-dA-D]?)\b")
_JOINED = re.compile(r"\d[-/.:]\d")


@dataclass(frozen=True, slots=True)
class Corner:
    """A number read in the corner: as written (leading zeros kept), its place in the upright page, and how sure."""

    text: str
    box: Box
    confidence: float
    how: str


@dataclass(slots=True)
class _Piece:
    left: int
    top: int
    right: int
    bottom: int
    area: int
    label: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def read_corner(pixels: Picture, dpi: int, found: Sequence[Found], engine: Engine) -> Corner | None:
    """The bút lục number of an upright page, or None where the corner holds none. ``found`` is what was read of it."""
    height, width = pixels.shape[:2]
    labelled = _label_read_already(found, width, height)
    if labelled is not None:
        return labelled
    region = pixels[: int(height * TOP), int(width * FROM_LEFT) :]
    if min(region.shape[:2]) < 40:
        return None
    scale = min(1.0, WORK_DPI / dpi)
    dark, coloured = _ink_strength(region, scale)
    work_dpi = round(dpi * scale)
    ink = _ink(dark, coloured, _known_words(found, width, dark.shape, scale))
    ink = _without_rings(ink, work_dpi)
    pieces, labels = _pieces(ink)
    kept = [p for p in pieces if _digit_sized(p, work_dpi) and not _encloses(p, pieces)]
    best: tuple[str, float, str, list[_Piece]] | None = None
    for row in _rows(kept):
        if len(row) > MOST_DIGITS:
            read = _read_label(row, dark, ink, engine, work_dpi)
        elif _stands_free(row, kept, work_dpi) and not _in_a_line(row, found, width * FROM_LEFT, scale):
            read = None if _lone_stroke(row, work_dpi) else _read_digits(row, labels)
        else:
            continue
        if read is not None and (best is None or _rank(read, row) > _rank(best, best[3])):
            best = (*read, row)
    if best is None:
        return None
    left, top, right, bottom = _bounds(best[3])
    box = (
        FROM_LEFT + left / scale / width, top / scale / height,
        (right - left) / scale / width, (bottom - top) / scale / height,
    )  # fmt: skip
    return Corner(best[0], box, best[1], best[2])


def _label_read_already(found: Sequence[Found], width: int, height: int) -> Corner | None:
    """A stamp "BÚT LỤC SỐ: 32" that the page's own reading holds."""
    words = [w for w in found if w.bottom < height * TOP and w.left > width * FROM_LEFT]
    for position, word in enumerate(words):
        if not any(c.isdigit() for c in word.text):
            continue
        row = [w for w in words[max(0, position - 4) : position + 1] if w.line == word.line]
        match = _LABELLED.search(" ".join(w.text for w in row).upper())
        if match is not None:
            box = (
                word.left / width, word.top / height,
                (word.right - word.left) / width, (word.bottom - word.top) / height,
            )  # fmt: skip
            return Corner(match.group(1).replace(" ", "").lower(), box, word.confidence / 100, "label")
    return None


def _rank(read: tuple[Any, ...], row: list[_Piece]) -> tuple[bool, bool, int]:
    """A stamp that names itself first, then what is read surely, then what stands highest on the page."""
    return read[2] == "label", read[1] >= SURE, -min(p.top for p in row)


def _read_digits(row: list[_Piece], labels: NDArray[np.int32]) -> tuple[str, float, str] | None:
    """Each piece by the digit reader; the number is as sure as its least sure digit."""
    text, confidence = "", 1.0
    for piece in row:
        mine = labels[piece.top : piece.bottom, piece.left : piece.right] == piece.label
        digit, chance = read_digit(mine.astype(np.uint8))
        if not digit or chance < 0.35:
            return None
        text += digit
        confidence = min(confidence, chance)
    return text, confidence, "digits"


def _read_label(row: list[_Piece], dark: Grey, ink: Grey, engine: Engine, dpi: int) -> tuple[str, float, str] | None:
    """A stamp that says what it is: "BÚT LỤC SỐ: 32"."""
    left, top, right, bottom = _bounds(row)
    margin = (bottom - top) // 2
    rows = slice(max(0, top - margin), bottom + margin)
    columns = slice(max(0, left - margin), right + margin)
    clear = np.where(cv2.dilate(ink[rows, columns], np.ones((3, 3), np.uint8)) > 0, 255 - dark[rows, columns], 255)
    enlarged = cv2.resize(clear.astype(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    words = engine.read(np.ascontiguousarray(enlarged), dpi * 2, LINE)
    match = _LABELLED.search(" ".join(w.text for w in words).upper())
    if match is None:
        return None
    number = match.group(1).replace(" ", "").lower()
    sure = min((w.confidence for w in words if any(c.isdigit() for c in w.text)), default=50.0)
    return number, sure / 100, "label"


def _lone_stroke(row: list[_Piece], dpi: int) -> bool:
    piece = row[0]
    return len(row) == 1 and piece.width < 0.4 * piece.height and piece.height < LONE_STROKE_MM * dpi / 25.4


def _bounds(row: list[_Piece]) -> tuple[int, int, int, int]:
    return min(p.left for p in row), min(p.top for p in row), max(p.right for p in row), max(p.bottom for p in row)


def _ink_strength(region: Picture, scale: float) -> tuple[Grey, NDArray[np.bool_]]:
    """How dark each pixel is against its paper (0..255), and where it is coloured, on the reduced corner."""
    if scale < 1.0:
        size = (max(1, int(region.shape[1] * scale)), max(1, int(region.shape[0] * scale)))
        region = cv2.resize(region, size, interpolation=cv2.INTER_AREA)
    if region.ndim == 2:
        flat = flatten(np.ascontiguousarray(region))
        return cv2.GaussianBlur(255 - flat, (0, 0), 0.7), np.zeros(flat.shape, dtype=bool)
    channels = [flatten(np.ascontiguousarray(c)) for c in cv2.split(region)]
    lightest = cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    darkest = cv2.min(cv2.min(channels[0], channels[1]), channels[2])
    coloured = cv2.subtract(lightest, darkest) > COLOURED
    return cv2.GaussianBlur(255 - darkest, (0, 0), 0.7), coloured


def _known_words(found: Sequence[Found], width: int, shape: tuple[int, ...], scale: float) -> NDArray[np.bool_]:
    """Where printed words stand that were read with confidence: a number over them is looked for in colour only."""
    mask = np.zeros(shape, dtype=bool)
    left_edge = width * FROM_LEFT
    tallest = _tallest_print(found)
    for position, word in enumerate(found):
        if word.height > tallest or word.bottom * scale > shape[0] * 1.6 or not _is_text(found, position):
            continue
        top, bottom = int(word.top * scale) - 1, int(word.bottom * scale) + 2
        left, right = int((word.left - left_edge) * scale) - 1, int((word.right - left_edge) * scale) + 2
        if right > 0:
            mask[max(0, top) : bottom, max(0, left) : right] = True
    return mask


def _tallest_print(found: Sequence[Found]) -> float:
    """A "word" taller than this, in pixels, is no print but a misread ring or a signature."""
    heights = [w.height for w in found if _is_print(w)]
    return 1.8 * float(np.median(heights)) if heights else 0.0


def _is_text(found: Sequence[Found], position: int) -> bool:
    """Whether a word is print: letters read with confidence, or digits beside such a word ("ngày 09 tháng")."""
    word = found[position]
    if _is_print(word):
        return True
    for other in found[max(0, position - 1) : position + 2]:
        if other is word or other.line != word.line or not _is_print(other):
            continue
        gap = max(other.left - word.right, word.left - other.right)
        if gap < 1.2 * other.height and abs(other.bottom - word.bottom) < 0.4 * other.height:
            return True
    return False


def _is_print(word: Found) -> bool:
    """Letters, or digits with signs between ("29-30", "02/2023"), read with confidence."""
    letters = sum(c.isalpha() for c in word.text)
    return word.confidence >= 50 and (letters >= 2 or _JOINED.search(word.text) is not None)


def _ink(dark: Grey, coloured: NDArray[np.bool_], known: NDArray[np.bool_]) -> Grey:
    """The corner's ink that is not a printed word known already."""
    levels = histogram(dark)
    noise = 1.4826 * deviation(levels, int(median(levels)))
    threshold = max(34.0, 5.0 * noise)
    ink = (dark > threshold) & (~known | coloured)
    # a number in colour over a black header: with the black letters left in, digits and letters would run together
    if np.count_nonzero(ink & coloured) > 0.5 * np.count_nonzero(ink):
        ink &= cv2.dilate(coloured.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return ink.astype(np.uint8) * 255


def _without_rings(ink: Grey, dpi: int) -> Grey:
    """Erase rings drawn around a number, also where its digits touch them: an ellipse is fitted and wiped out."""
    smallest, largest = 7.0 * dpi / 25.4, 40.0 * dpi / 25.4
    contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    result = ink
    for contour in contours:
        _, _, w, h = cv2.boundingRect(contour)
        if not (smallest <= w <= largest and smallest <= h <= largest * 0.7) or len(contour) < 40:
            continue
        ellipse = cv2.fitEllipse(cv2.convexHull(contour)) if len(cv2.convexHull(contour)) >= 5 else None
        if ellipse is None or not _is_ring(contour, ellipse):
            continue
        result = result.copy() if result is ink else result
        cv2.ellipse(result, ellipse, 0, max(3, round(1.3 * dpi / 25.4)))
    return result


def _is_ring(contour: NDArray[Any], ellipse: Any) -> bool:
    """Whether nearly all of an outline lies on the ellipse fitted to it."""
    (centre_x, centre_y), (axis_a, axis_b), angle = ellipse
    if min(axis_a, axis_b) < 10:
        return False
    turn = np.deg2rad(angle)
    points = contour[:, 0, :].astype(np.float64) - (centre_x, centre_y)
    along = points @ np.array([np.cos(turn), np.sin(turn)])
    across = points @ np.array([-np.sin(turn), np.cos(turn)])
    radius = np.hypot(along / (axis_a / 2), across / (axis_b / 2))
    return float(np.mean(np.abs(radius - 1) < 0.14)) > 0.8


def _pieces(ink: Grey) -> tuple[list[_Piece], NDArray[np.int32]]:
    _, labels, stats, _ = components(ink)
    pieces = [
        _Piece(int(x), int(y), int(x + w), int(y + h), int(area), label)
        for label, (x, y, w, h, area) in enumerate(stats)
        if label > 0 and area >= 6
    ]
    return pieces, np.asarray(labels)


def _digit_sized(piece: _Piece, dpi: int) -> bool:
    lowest, highest = LOWEST_MM * dpi / 25.4, HIGHEST_MM * dpi / 25.4
    edge = EDGE_MM * dpi / 25.4
    return lowest <= piece.height <= highest and piece.width <= WIDEST * piece.height and piece.top > edge


def _encloses(piece: _Piece, others: list[_Piece]) -> bool:
    inside = [
        o for o in others
        if o is not piece and o.left >= piece.left and o.right <= piece.right
        and o.top >= piece.top and o.bottom <= piece.bottom and o.height > 0.3 * piece.height
    ]  # fmt: skip
    return bool(inside) and piece.area < 0.35 * piece.width * piece.height


def _rows(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Pieces that stand beside each other on one height, left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.left):
        for row in rows:
            last = row[-1]
            overlap = min(last.bottom, piece.bottom) - max(last.top, piece.top)
            similar = 0.5 < piece.height / last.height < 2.0
            gap = piece.left - last.right
            if similar and overlap > 0.5 * min(last.height, piece.height) and gap < 1.1 * last.height:
                row.append(piece)
                break
        else:
            rows.append([piece])
    return rows


def _in_a_line(row: list[_Piece], found: Sequence[Found], left_edge: float, scale: float) -> bool:
    """Whether words of about the same height stand right beside the row: then it is a piece of their line."""
    left, top, right, bottom = _bounds(row)
    tallest = _tallest_print(found)
    for word in found:
        similar = word.height <= tallest and 0.6 < word.height * scale / (bottom - top) < 1.9
        if not similar or sum(c.isalpha() for c in word.text) < 2:
            continue
        overlap = min(word.bottom * scale, bottom) - max(word.top * scale, top)
        gap = max((word.left - left_edge) * scale - right, left - (word.right - left_edge) * scale)
        if overlap > 0.6 * (bottom - top) and gap < 1.5 * (bottom - top):
            return True
    return False


def _stands_free(row: list[_Piece], pieces: list[_Piece], dpi: int) -> bool:
    """No other pieces of the same height close by on the same line: those would make it part of a line of text."""
    left, right = row[0].left, row[-1].right
    top, bottom = min(p.top for p in row), max(p.bottom for p in row)
    reach = 4.0 * dpi / 25.4
    near = [
        p for p in pieces
        if p not in row and p.right > left - reach and p.left < right + reach
        and min(p.bottom, bottom) - max(p.top, top) > 0.5 * min(p.height, bottom - top)
    ]  # fmt: skip
    return not near
