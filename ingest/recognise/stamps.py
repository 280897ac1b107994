"""Rubber stamps that say something: ĐẾN with its date, SAO Y, MẬT, "có hiệu lực pháp luật".

Stamps are coloured and stand at an angle to the print, over it or beside it; the clean-up takes them out. So they are
looked for in the untouched colour image, and once more among the words read, for pages scanned in grey.
Secrecy levels: Law on Protection of State Secrets 2018, article 8.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from ingest.recognise.clean import flatten
from ingest.recognise.components import components
from ingest.recognise.engine import BLOCK, Engine, Found
from ingest.recognise.pixels import Grey, Picture
from ingest.recognise.secrecy_marks import Secrecy, find_mark, level_of
from storage.reading import Box
from storage.vietnamese import fold

StampKind = Literal["den", "sao_y", "mat", "hieu_luc"]

#: about this resolution is looked at
WORK_DPI = 150
#: stronger in one colour than in another by this much, after the paper's tint is divided out
COLOURED = 45
#: letters of stamps are between these heights (millimetres)
LOWEST_MM, HIGHEST_MM = 1.8, 9.0
#: a round seal is at least this wide and high, and square within a fifth
SEAL_MM = 18.0
#: stamped words stand within this distance of each other
NEAR_MM = 5.0
#: a region needs as many letter-sized pieces to be worth reading, and a page is not searched beyond so many regions
FEWEST_PIECES, MOST_REGIONS = 3, 4
#: stamps are enlarged by this before they are read
ENLARGED = 2.0

#: on stamps the strokes between day, month and year are often read as letters
_DATE = re.compile(r"(\d{1,2})\s?[/.\-|Il]\s?(\d{1,2})\s?[/.\-|Il]\s?((?:19|20)?\d{2})")
_DATE_WORDS = re.compile(r"ngay\W*(\d{1,2})\W+thang\W*(\d{1,2})\W+nam\W*((?:19|20)\d{2})")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that was read: its kind, all its text, its place on the upright page, and for MẬT the level."""

    kind: StampKind
    text: str
    box: Box
    confidence: float
    secrecy: Secrecy | None = None


def find_stamps(pixels: Picture, dpi: int, found: Sequence[Found], engine: Engine) -> list[Stamp]:
    """Stamps of an upright page. ``found`` is what was read of the cleaned page."""
    height, width = pixels.shape[:2]
    stamps = _among_words(found, width, height)
    if pixels.ndim == 3:
        stamps = [*_in_colour(pixels, dpi, engine), *stamps]
    kinds: dict[str, Stamp] = {}
    for stamp in stamps:
        if stamp.kind not in kinds or stamp.confidence > kinds[stamp.kind].confidence:
            kinds[stamp.kind] = stamp
    if "mat" not in kinds:
        mark = find_mark(pixels, dpi, found, engine)
        if mark is not None:
            kinds["mat"] = Stamp("mat", mark.text, mark.box, mark.confidence, mark.level)
    return list(kinds.values())


def classify(text: str, confidence: float) -> tuple[StampKind, Secrecy | None] | None:
    """Which stamp a text read with this confidence (0..1) is, or None. Errors in the marks of letters do not matter."""
    for line in text.splitlines():
        if (level := level_of(line, confidence)) is not None:
            return "mat", level
    folded = " ".join(fold(text).split())
    if "hieu luc phap luat" in folded or re.search(r"co hieu luc\b.*phap", folded):
        return "hieu_luc", None
    if re.search(r"\bsao (y|luc|tu)\b|\btrich sao\b", folded):
        return "sao_y", None
    if re.search(r"\bden\b", folded) and re.search(r"\b(so|ngay|chuyen)\b|\d{1,2}[/.]\d{1,2}", folded):
        return "den", None
    return None


def stamped_date(text: str) -> str | None:
    """The date on a stamp as YYYY-MM-DD, or None; a year of two digits is of this century."""
    match = _DATE_WORDS.search(fold(text)) or _DATE.search(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    year += 2000 if year < 100 else 0
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _capitals(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _among_words(found: Sequence[Found], width: int, height: int) -> list[Stamp]:
    """Stamps of grey pages: short lines in capitals that say what they are."""
    lines: dict[int, list[Found]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word)
    stamps = []
    for line in lines.values():
        for words in _cut(line):
            text = " ".join(w.text for w in words)
            sure = min(w.confidence for w in words) / 100
            kind = classify(text, sure) if len(words) <= 8 and _capitals(text) else None
            if kind is not None and (kind[0] != "mat" or words[0].top < 0.45 * height):
                stamps.append(Stamp(kind[0], text, _hull(words, width, height), sure, kind[1]))
    return stamps


def _cut(line: list[Found]) -> list[list[Found]]:
    """A line cut at gaps wider than three letters: a stamp often stands beside print."""
    parts = [[line[0]]]
    for before, word in itertools.pairwise(line):
        if word.left - before.right > 1.6 * max(before.height, word.height):
            parts.append([])
        parts[-1].append(word)
    return parts


def _hull(words: Sequence[Found], width: int, height: int) -> Box:
    left, top = min(w.left for w in words), min(w.top for w in words)
    right, bottom = max(w.right for w in words), max(w.bottom for w in words)
    return left / width, top / height, (right - left) / width, (bottom - top) / height


def _in_colour(pixels: Picture, dpi: int, engine: Engine) -> list[Stamp]:
    height, width = pixels.shape[:2]
    divisor = max(1, round(dpi / WORK_DPI))
    small = pixels
    if divisor > 1:  # a whole divisor: reducing by any other factor takes four times as long
        small = cv2.resize(pixels, (width // divisor, height // divisor), interpolation=cv2.INTER_AREA)
    work_dpi = dpi // divisor
    strength = _coloured_strength(small)
    if strength is None:
        return []
    stamps = []
    for (x, y, w, h), letters in _regions(strength, work_dpi):
        words = engine.read(_readable(letters), round(work_dpi * ENLARGED), BLOCK)
        text = _lines_of(words)
        sure = sum(v.confidence for v in words) / max(1, len(words)) / 100
        kind = classify(text, sure)
        if kind is not None:
            box = (x / small.shape[1], y / small.shape[0], w / small.shape[1], h / small.shape[0])
            stamps.append(Stamp(kind[0], text, box, sure, kind[1]))
    return stamps


def _lines_of(words: Sequence[Found]) -> str:
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())


def _coloured_strength(pixels: Picture) -> Grey | None:
    """How strong the coloured ink is at each pixel (0..255); None where the page has next to none."""
    red, green, blue = cv2.split(pixels)
    lightest, darkest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    chroma = cv2.subtract(lightest, darkest)
    tint = int(np.median(chroma[::8, ::8]))
    mask = chroma > tint + COLOURED
    if float(np.count_nonzero(mask[::3, ::3])) / mask[::3, ::3].size < 2e-4:
        return None
    return np.where(mask, 255 - flatten(darkest), 0).astype(np.uint8)


def _regions(strength: Grey, dpi: int) -> list[tuple[tuple[int, int, int, int], Grey]]:
    """Boxes of coloured letters that stand together, with the ink of those letters: no seals, frames, strokes."""
    lowest, highest, seal = (mm * dpi / 25.4 for mm in (LOWEST_MM, HIGHEST_MM, SEAL_MM))
    _, labels, stats, _ = components((strength > 40).astype(np.uint8))
    x, y, w, h = (stats[:, c] for c in range(4))
    middle_x, middle_y = x + w / 2, y + h / 2
    small_enough = (h <= highest) & (w <= 2.5 * highest)
    small_enough[0] = False
    for left, top, wide, high, area in stats[1:]:
        if high < lowest * 2 or area > 0.5 * wide * high:
            continue
        inside = (left <= middle_x) & (middle_x <= left + wide) & (top <= middle_y) & (middle_y <= top + high)
        if min(wide, high) >= seal and 0.8 < wide / high < 1.25:
            small_enough &= ~inside
        elif np.count_nonzero(inside & (h >= lowest)) > FEWEST_PIECES - 1:  # itself and two letters: a frame
            small_enough &= ~((x == left) & (y == top) & (w == wide))
    letter = small_enough & (h >= lowest) & (w <= 2.5 * h)
    if np.count_nonzero(letter) < FEWEST_PIECES:
        return []
    reach = max(3, int(NEAR_MM * dpi / 25.4))
    joined = cv2.dilate(letter[labels].astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, areas, boxes, _ = components(joined)
    regions = []
    for area in range(1, count):
        left, top, wide, high = (int(v) for v in boxes[area, :4])
        window = (slice(top, top + high), slice(left, left + wide))
        mine = (areas[window] == area) & small_enough[labels[window]]
        pieces = len(np.unique(labels[window][mine & letter[labels[window]]]))
        if pieces >= FEWEST_PIECES:
            regions.append((pieces, (left, top, wide, high), np.where(mine, strength[window], 0).astype(np.uint8)))
    regions.sort(key=lambda r: -r[0])
    return [(box, ink) for _, box, ink in regions[:MOST_REGIONS]]


def _readable(strength: Grey) -> Grey:
    """Black on white, as strong as print, enlarged: stamps are small and pale."""
    inked = strength[strength > 40]
    strongest = max(1.0, float(np.percentile(inked, 80))) if inked.size else 1.0
    dark = np.clip(strength.astype(np.float32) * (235.0 / strongest), 0, 255).astype(np.uint8)
    clear = 255 - cv2.copyMakeBorder(dark, 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=0)
    return np.ascontiguousarray(cv2.resize(clear, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC))
