"""Marks of state secrecy the page's own reading missed: dull, tilted, framed, or on a grey scan.

A mark overlooked is worse than a quarter of a second, so whatever ink in the header was not read surely is looked at
again: coloured ink by itself, and dark ink no sure word covers. Ink of a size with a mark is set straight, unframed,
enlarged, read alone, and compared with the three marks there are (Law on Protection of State Secrets 2018, article 8).
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ingest.recognise.clean import flatten
from ingest.recognise.components import components
from ingest.recognise.engine import BLOCK, LINE, Engine, Found
from ingest.recognise.levels import histogram, percentile
from ingest.recognise.pixels import Grey, Picture
from storage.reading import Box
from storage.vietnamese import fold

Secrecy = Literal["mat", "toi_mat", "tuyet_mat"]

#: the upper share of the page in which marks stand
HEADER_SHARE = 0.4
#: about this resolution is looked at
WORK_DPI = 150
#: a word read more surely than this (0..100) is print, and no mark hides in it
SURE_WORD = 60.0
#: nor in a run of more letters (runs end at a gap of so many heights); a mark misread stands in a shorter one
LETTERS_OF_MARK, GAP = 9, 1.6
#: ink at or below this grey level of a flattened page is looked at; stamps are pale
PALE_INK = 198
#: ink is paler than print from this many grey levels, and worth a look from so many square millimetres
PALER, LEAST_PALE_MM2 = 60, 12.0
#: the pale rims of strokes, which hold thin letters together, are darker than this
WHITISH = 240
#: stronger in one colour than in another by this much: a dull stamp
DULL_COLOUR = 26
#: pieces of ink of a mark, letters or frame, are this high and no wider (millimetres)
LOWEST_MM, HIGHEST_MM, WIDEST_MM = 1.8, 32.0, 95.0
#: a whole mark is this long and this high
LENGTH_MM, HEIGHT_MM = (7.0, 95.0), (2.2, 32.0)
#: its pieces stand this close, across and down
NEAR_MM = (4.0, 2.2)
#: at most so many places of a kind are looked at
MOST_PLACES = 6
#: the mark is enlarged until it is about as high (pixels)
READ_HEIGHT = 60
#: stamps are put on by hand: straightened up to this many degrees
MOST_TILT, TILT_STEP = 18.0, 1.5
#: a word read more surely than this (0..1) is that word, not a mark misread
SURE_OTHER = 0.88
#: share of a place's width and height from which a straight stroke is its frame
FRAME_ACROSS, FRAME_DOWN = 0.6, 0.72
#: its strokes down stand within this share of its width from its ends
FRAME_SIDE = 0.16
#: what a frame leaves behind lies within half this of it (pixels), with more than a share of its ink: tried high first,
#: since the marks of letters may reach there too
CRUMBS, CRUMBS_BESIDE = 3, (0.5, 0.0)
#: strokes further apart than this share of a place's height are its upper and lower edge
LEAST_INSIDE = 0.35

_LEVELS: dict[str, Secrecy] = {"tuyetmat": "tuyet_mat", "toimat": "toi_mat", "mat": "mat"}
#: letters by which the one short mark may be misread inside a frame, where nothing else would stand
_SHORT_FRAMED = frozenset({"mar", "mai", "mal", "mst", "mqt", "maf", "mrt"})
#: what its last letter is read as
_ENDS = frozenset("til1jf")
#: letters that are not what Ậ looks like when one of its marks is lost
_OTHER_MARKS = frozenset("ÁÀẢÃĂẮẰẲẴẶẤẦẨẪ")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark found: its level, what was read, its place on the upright page."""

    level: Secrecy
    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class _Place:
    """Ink that may be a mark: black on white, with its left and top in the looked-at picture."""

    grey: Grey
    left: int
    top: int


def level_of(text: str, confidence: float, *, framed: bool = False) -> Secrecy | None:
    """The mark a text in capitals is, forgiving a misread letter in the longer ones (two in the longest).

    ``confidence`` is the engine's, 0..1: another word of nearly the same letters (MẶT, MẤT, MAI) is a mark misread
    unless it was read surely.
    """
    letters = [c for c in text if c.isalpha()]
    if not letters or sum(c.isupper() for c in letters) < 0.7 * len(letters):
        return None
    if confidence >= SURE_OTHER and _OTHER_MARKS & set(unicodedata.normalize("NFC", text)):
        return None
    bare = "".join(c for c in fold(text) if c.isalnum())
    if framed:  # what is left of a frame is read as thin letters
        bare = bare if bare in _SHORT_FRAMED else bare.strip("il1j")
    if bare == "mat" or (framed and bare in _SHORT_FRAMED and confidence < SURE_OTHER):
        return "mat"
    if len(bare) >= 5 and Levenshtein.distance(bare, "toimat") <= 1:
        return "toi_mat"
    ends_so = bare[-1:] in _ENDS  # TUYỆT MỸ is as near
    return "tuyet_mat" if len(bare) >= 6 and ends_so and Levenshtein.distance(bare, "tuyetmat") <= 2 else None


def find_mark(pixels: Picture, dpi: int, words: Sequence[Found], engine: Engine) -> Mark | None:
    """A mark of secrecy in the header of an upright page. ``words`` is what was read of it, in its pixels."""
    band = pixels[: max(1, round(pixels.shape[0] * HEADER_SHARE))]
    divisor = max(1, round(dpi / WORK_DPI))
    small = band
    if divisor > 1:
        small = cv2.resize(band, (band.shape[1] // divisor, band.shape[0] // divisor), interpolation=cv2.INTER_AREA)
    work_dpi = dpi / divisor
    if min(small.shape[:2]) < work_dpi / 2:
        return None
    for grey in _inks(small, divisor, work_dpi, words):
        for place in _places(grey, work_dpi):
            read = _read(place, engine)
            if read is not None:
                level, text, confidence = read
                high, wide = place.grey.shape
                box = (place.left * divisor / pixels.shape[1], place.top * divisor / pixels.shape[0],
                       wide * divisor / pixels.shape[1], high * divisor / pixels.shape[0])  # fmt: skip
                return Mark(level, text, box, confidence)
    return None


def _inks(small: Picture, divisor: int, dpi: float, words: Sequence[Found]) -> Iterator[Grey]:
    """Pictures of the ink to look at, white where there is none: coloured ink, then ink not read surely."""
    darkest = small
    if small.ndim == 3:
        red, green, blue = cv2.split(small)
        darkest = cv2.min(cv2.min(red, green), blue)
        chroma = cv2.blur(cv2.subtract(cv2.max(cv2.max(red, green), blue), darkest), (3, 3))
        coloured = chroma > int(np.median(chroma[::8, ::8])) + DULL_COLOUR
        coloured = cv2.dilate(coloured.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # thin strokes have pale rims
    flat = flatten(np.ascontiguousarray(darkest), round(dpi))
    if small.ndim == 3 and np.count_nonzero(coloured) > (dpi / 25.4) ** 2:
        yield np.where(coloured, flat, 255).astype(np.uint8)
    unread = flat.copy()
    for word in _print(words):
        if word.confidence >= SURE_WORD and "mat" not in fold(word.text):
            pad = word.height // 6
            rows = slice(max(0, word.top - pad) // divisor, (word.bottom + pad) // divisor + 1)
            unread[rows, max(0, word.left - pad) // divisor : (word.right + pad) // divisor + 1] = 255
    yield unread
    pale = _pale(flat, dpi)
    if pale is not None:
        yield pale


def _pale(flat: Grey, dpi: float) -> Grey | None:
    """Ink paler than the print it may stand under, without the rims of that print; None where there is next to none."""
    darkest = percentile(histogram(flat), 1)
    print_rims = cv2.dilate((flat < darkest + PALER).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    alone = np.where(print_rims, 255, flat).astype(np.uint8)
    return alone if np.count_nonzero(alone <= PALE_INK) > LEAST_PALE_MM2 * (dpi / 25.4) ** 2 else None


def _print(words: Sequence[Found]) -> Iterator[Found]:
    """Words of runs longer than a mark; a run ends with its line or at a gap."""
    run: list[Found] = []
    for word in words:
        if run and (word.line != run[-1].line or word.left - run[-1].right > GAP * max(word.height, run[-1].height)):
            yield from run if sum(len(w.text) for w in run) > LETTERS_OF_MARK else ()
            run = []
        run.append(word)
    yield from run if sum(len(w.text) for w in run) > LETTERS_OF_MARK else ()


def _places(grey: Grey, dpi: float) -> list[_Place]:
    """Groups of ink of a mark's size, the most mark-like first."""
    mm = dpi / 25.4
    _, labels, stats, _ = components((grey <= PALE_INK).astype(np.uint8))
    width, height = stats[:, 2], stats[:, 3]
    fits = (height >= LOWEST_MM * mm) & (height <= HIGHEST_MM * mm) & (width <= WIDEST_MM * mm)
    fits[0] = False
    fits &= ~((width > 6 * mm) & (height < 3 * mm))  # rules
    if not fits.any():
        return []
    kernel = np.ones((max(3, round(NEAR_MM[1] * mm)), max(3, round(NEAR_MM[0] * mm))), np.uint8)
    first_row, rows, first_column, columns = _around(stats[fits], kernel.shape)
    labels, grey = labels[rows, columns], grey[rows, columns]
    joined = cv2.dilate(fits[labels].astype(np.uint8), kernel)
    count, areas, boxes, _ = components(joined)
    places: list[tuple[float, _Place]] = []
    for area in range(1, count):
        left, top, wide, high = (int(v) for v in boxes[area, :4])
        if wide > (LENGTH_MM[1] + 8) * mm or high > (HEIGHT_MM[1] + 8) * mm:
            continue
        window = (slice(top, top + high), slice(left, left + wide))
        mine = areas[window] == area
        ink = mine & fits[labels[window]]
        points = cv2.findNonZero(ink.astype(np.uint8))
        (_, (a, b), _) = cv2.minAreaRect(points)
        length, depth = max(a, b) / mm, min(a, b) / mm
        if LENGTH_MM[0] <= length <= LENGTH_MM[1] and HEIGHT_MM[0] <= depth <= HEIGHT_MM[1]:
            letters = len(np.unique(labels[window][ink]))
            places.append((_unlikeness(length, depth, letters),
                           _Place(_alone(grey, window, mine), left + first_column, top + first_row)))  # fmt: skip
    places.sort(key=lambda pair: pair[0])
    return [place for _, place in places[:MOST_PLACES]]


def _around(stats: NDArray[Any], margin: tuple[int, ...]) -> tuple[int, slice, int, slice]:
    """The rows and columns that pieces and a margin around them take up; the rest need not be looked at."""
    top, left = max(0, int(stats[:, 1].min()) - margin[0]), max(0, int(stats[:, 0].min()) - margin[1])
    bottom = int((stats[:, 1] + stats[:, 3]).max()) + margin[0]
    right = int((stats[:, 0] + stats[:, 2]).max()) + margin[1]
    return top, slice(top, bottom), left, slice(left, right)


def _unlikeness(length: float, depth: float, letters: int) -> float:
    """How little a group of ink looks like a mark: three to nine letters, two to eight times as long as high."""
    shape = length / max(depth, 0.1)
    return max(0.0, letters - 14) + max(0.0, 3 - letters) + max(0.0, shape - 8) + 2 * max(0.0, 1.6 - shape)


def _alone(grey: Grey, window: tuple[slice, slice], mine: NDArray[Any]) -> Grey:
    return np.where(mine, grey[window], 255).astype(np.uint8)


def _read(place: _Place, engine: Engine) -> tuple[Secrecy, str, float] | None:
    straight = _straightened(place.grey)
    for crumbs_beside in CRUMBS_BESIDE:
        unframed, framed = _unframed(straight, crumbs_beside)
        large = _enlarged(unframed)
        read = None if large is None else _mark_in(large, framed, engine)
        if read is not None or not framed:
            return read
    return None


def _enlarged(grey: Grey) -> Grey | None:
    """The ink alone, as dark and as high as the engine reads best; None where there is next to none."""
    ink = grey <= PALE_INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) < 6 or len(columns) < 6:
        return None
    tight = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    strongest = float(np.percentile(tight, 5))
    clear = np.clip((tight.astype(np.float32) - strongest) * (255 / max(30.0, 235 - strongest)), 0, 255)
    scale = min(6.0, max(0.5, READ_HEIGHT / tight.shape[0]))
    large = cv2.resize(clear.astype(np.uint8), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(cv2.copyMakeBorder(large, 24, 24, 24, 24, cv2.BORDER_CONSTANT, value=255))


def _mark_in(grey: Grey, framed: bool, engine: Engine) -> tuple[Secrecy, str, float] | None:
    """The mark an enlarged place is read as: its level, the text, the confidence."""
    for mode in (LINE, BLOCK):
        found = engine.read(grey, 300, mode)
        text = " ".join(word.text for word in found)
        confidence = sum(word.confidence for word in found) / max(1, len(found)) / 100
        level = level_of(text, confidence, framed=framed)
        if level is not None:
            return level, text, confidence
        for pair in itertools.pairwise(found):  # print beside the mark was read with it
            text, sure = f"{pair[0].text} {pair[1].text}", min(word.confidence for word in pair) / 100
            level = level_of(text, sure)
            if level not in {None, "mat"}:
                return level, text, sure
        if confidence >= SURE_OTHER:
            break  # it is other print, and read another way it would be so too
    return None


def _straightened(grey: Grey) -> Grey:
    """Turned so that its rows of ink are as distinct as they can be."""
    pad = max(4, round(grey.shape[1] * 0.16))
    roomy = cv2.copyMakeBorder(grey, pad, pad, 4, 4, cv2.BORDER_CONSTANT, value=255)
    dark = 255 - cv2.max(roomy, np.full_like(roomy, 40))
    centre = (roomy.shape[1] / 2, roomy.shape[0] / 2)
    size = (roomy.shape[1], roomy.shape[0])

    def distinct(degrees: float) -> float:
        turned = cv2.warpAffine(dark, cv2.getRotationMatrix2D(centre, degrees, 1), size, flags=cv2.INTER_NEAREST)
        sums = turned.sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(sums)).sum() + 0.2 * np.square(sums - sums.mean()).sum())

    best = max(np.arange(-MOST_TILT, MOST_TILT + 0.1, TILT_STEP), key=lambda d: distinct(float(d)))
    matrix = cv2.getRotationMatrix2D(centre, float(best), 1)
    return cv2.warpAffine(roomy, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255)


def _unframed(grey: Grey, crumbs_beside: float) -> tuple[Grey, bool]:
    """Without the straight strokes around it, and whether there were any. Small pieces of which more than this share
    lies beside the strokes go with them."""
    ink = (grey <= PALE_INK).astype(np.uint8)
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(columns) or not len(rows):
        return grey, False
    wide, high = int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)
    thick = cv2.dilate(ink, np.ones((3, 3), np.uint8))  # a stroke that leans a little still counts as one
    across = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, max(9, int(FRAME_ACROSS * wide))), np.uint8))
    if not across.any():
        return grey, False
    down = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((max(9, int(FRAME_DOWN * high)), 1), np.uint8))
    ends = np.flatnonzero(across.any(axis=0))
    margin = round(FRAME_SIDE * (ends[-1] - ends[0]))
    down[:, ends[0] + margin : ends[-1] - margin] = 0  # a letter with its marks may be as high as the frame's inside
    frame = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    result = _inside(grey, frame)
    result[frame > 0] = 255
    # corners and crumbs of the frame stay behind beside it; the marks over and under letters stand clear of it
    beside = cv2.dilate(frame, np.ones((CRUMBS, CRUMBS), np.uint8)) > 0
    count, labels, stats, _ = components((result < WHITISH).astype(np.uint8))
    near = np.bincount(labels[beside], minlength=count)
    thin = stats[:, 2:4].min(axis=1) <= 2
    crumbs = (near > crumbs_beside * stats[:, 4]) | (thin & (near > 0))
    for label in range(1, count):
        if stats[label, 4] < 6 or (crumbs[label] and stats[label, 3] < 0.25 * high):
            result[labels == label] = 255
    return result, True


def _inside(grey: Grey, frame: NDArray[Any]) -> Grey:
    """White outside the frame: print that touches it is no part of the mark."""
    rows, columns = np.flatnonzero(frame.any(axis=1)), np.flatnonzero(frame.any(axis=0))
    if rows[-1] - rows[0] < LEAST_INSIDE * grey.shape[0]:
        return grey.copy()  # a rule, not a frame
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    result = np.full_like(grey, 255)
    result[window] = grey[window]
    return result
