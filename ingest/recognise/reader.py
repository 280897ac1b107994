"""One page read: a pure function of image bytes (or pixels) and options.

Clean-up for the recogniser, the engine's turn, then what the colours say (corner number, stamps), then order,
confidence and repair. The engine objects are loaded once per process; nothing else is kept between pages.
"""

from dataclasses import dataclass

import numpy as np

from ingest.recognise import version
from ingest.recognise.attempts import Attempt, attempt, bears_words, engine_for
from ingest.recognise.clean import Cleaned, clean, darkened
from ingest.recognise.corner import Corner, read_corner
from ingest.recognise.engine import Found
from ingest.recognise.options import ReadOptions
from ingest.recognise.pieces import letter_pieces
from ingest.recognise.pixels import Picture, Raster, at_reading_size, decode, from_array
from ingest.recognise.result import page_reading
from ingest.recognise.rules import Grid
from ingest.recognise.stamps import Stamp, find_stamps
from storage.reading import Box, PageReading

#: fewer letter-sized pieces than this: nothing to read
FEWEST_PIECES = 3
#: so many letter-sized pieces of very faint ink may be print, and words read of it must be as sure (0..1)
FAINT_PIECES, SURE_FAINT = (40, 8000), 0.7
#: a page without letters of which more than this share is darker than its paper is a picture, not a blank page
PICTURE = 0.06
#: below this resolution small print is lost: said at once, while the paper is still on the clerk's table
LOW_DPI = 190


@dataclass(frozen=True, slots=True)
class Look:
    """What the recogniser saw and made of a page; ``archive ocr-preview`` shows it."""

    page: Raster
    cleaned: Cleaned
    attempt: Attempt | None
    corner: Corner | None
    stamps: tuple[Stamp, ...]
    reading: PageReading


def recognise(image: bytes | Picture, options: ReadOptions) -> PageReading:
    """Read one page. Raises ``PageUnreadable`` (not an image, too large) or ``LanguageMissing``."""
    return look(image, options).reading


def look(image: bytes | Picture, options: ReadOptions) -> Look:
    """Read one page and keep everything that led to the reading."""
    if isinstance(image, bytes):
        scanned = decode(image, options.max_megapixels, options.dpi)
    else:
        scanned = from_array(image, options.max_megapixels, options.dpi)
    tool = version.tool(options.tessdata, options.language)
    page = at_reading_size(scanned)
    cleaned = clean(page, options)
    if scanned.dpi < LOW_DPI:
        cleaned.notes.append(f"scanned at {scanned.dpi} dpi: small print may be lost")
    pieces = letter_pieces(cleaned.grey, page.dpi)
    if options.wants("skip") and len(pieces.boxes) < FEWEST_PIECES:
        faint = _faint(cleaned, options)
        if faint is None:
            return Look(scanned, cleaned, None, None, (), _skipped(scanned, cleaned, tool))
        cleaned, read = faint
    else:
        read = attempt(cleaned, options, pieces)
    corner, stamps = _colours(page, read, options)
    reading = page_reading(scanned, cleaned, read, corner, stamps, tool, options)
    return Look(scanned, cleaned, read, corner, tuple(stamps), reading)


def _faint(cleaned: Cleaned, options: ReadOptions) -> tuple[Cleaned, Attempt] | None:
    """A page that seems empty read with its palest ink made black; None where that gives no sure words (the other side
    shining through, the paper's grain)."""
    dark = darkened(cleaned)
    if dark is None:
        return None
    pieces = letter_pieces(dark.grey, dark.dpi)
    if not FAINT_PIECES[0] <= len(pieces.boxes) <= FAINT_PIECES[1] or not bears_words(dark, options):
        return None
    read = attempt(dark, options, pieces)
    return (dark, read) if read.chance > SURE_FAINT else None


def _colours(page: Raster, read: Attempt, options: ReadOptions) -> tuple[Corner | None, list[Stamp]]:
    """Corner number and stamps, from the untouched colours of the upright page."""
    upright = np.ascontiguousarray(np.rot90(page.pixels, k=-(read.rotation // 90))) if read.rotation else page.pixels
    engine = engine_for(options.tessdata, options.language)
    seen: list[Found] = [*read.kept, *read.dropped]
    corner = read_corner(upright, page.dpi, seen, engine) if options.wants("corner") else None
    if corner is not None and any(_lies_in(corner.box, grid, upright) for grid in read.grids):
        corner = None
    stamps = find_stamps(upright, page.dpi, read.kept, engine) if options.wants("stamps") else []
    return corner, stamps


def _lies_in(box: Box, table: Grid, pixels: Picture) -> bool:
    """Whether a box's middle lies in a table: a number there is one of its own."""
    x, y = (box[0] + box[2] / 2) * pixels.shape[1], (box[1] + box[3] / 2) * pixels.shape[0]
    return bool(table.left <= x <= table.right and table.top <= y <= table.bottom)


def _dark_share(page: Raster) -> float:
    """Share of the page, as scanned, that is much darker than its paper (shadows of folds stay above that)."""
    sample = page.pixels[::8, ::8]
    grey = sample.min(axis=2) if sample.ndim == 3 else sample
    return float(np.mean(grey < 0.45 * np.percentile(grey, 90)))


def _skipped(page: Raster, cleaned: Cleaned, tool: str) -> PageReading:
    """A reading without words for a page without letters: blank, or a picture."""
    is_picture = _dark_share(page) > PICTURE
    return PageReading(
        tool=tool, width=page.width, height=page.height, rotation=0, confidence=1.0, words=(),
        notes=(*cleaned.notes, "a picture without letters" if is_picture else "blank"),
        ink=cleaned.ink, is_blank=not is_picture,
        extra={"dpi": page.dpi, "skipped": "picture" if is_picture else "blank"},
    )  # fmt: skip
