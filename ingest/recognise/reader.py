"""One page read: a pure function of image bytes (or pixels) and options.

The engine object is loaded once per process and model; nothing else is kept between pages.
"""

import functools

import numpy as np

from ingest.recognise import version
from ingest.recognise.clean import Cleaned, clean
from ingest.recognise.engine import Engine, Found, Orienter
from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import Picture, decode, from_array
from storage.reading import PageReading, Word

#: mean word confidence (0..1) under which a page may be turned: turned pages score .40-.46, upright ones above .74
TURN_BELOW = 0.65


@functools.cache
def _engine(tessdata: str, language: str) -> Engine:
    return Engine(tessdata, language)


@functools.cache
def _orienter(tessdata: str) -> Orienter:
    return Orienter(tessdata)


def recognise(image: bytes | Picture, options: ReadOptions) -> PageReading:
    """Read one page. Raises ``PageUnreadable`` (not an image, too large) or ``LanguageMissing``."""
    if isinstance(image, bytes):
        page = decode(image, options.max_megapixels, options.dpi)
    else:
        page = from_array(image, options.max_megapixels, options.dpi)
    cleaned = clean(page, options)
    engine = _engine(options.tessdata, options.language)
    found = engine.read(cleaned.grey, cleaned.dpi)
    rotation = 0
    if options.wants("orient") and mean_confidence(found) < TURN_BELOW:
        rotation, found = _turned(cleaned, options, found)
    height, width = cleaned.grey.shape
    words = to_words(found, width, height)
    return PageReading(
        tool=version.tool(options.tessdata, options.language),
        width=width,
        height=height,
        rotation=rotation,
        confidence=mean_confidence(found),
        words=words,
        notes=tuple(cleaned.notes),
        ink=cleaned.ink,
        extra={"dpi": page.dpi},
    )


def _turned(cleaned: Cleaned, options: ReadOptions, found: list[Found]) -> tuple[int, list[Found]]:
    turn, confidence = _orienter(options.tessdata).turn(cleaned.grey, cleaned.dpi)
    if turn == 0 or confidence < 1:
        return 0, found
    clockwise = (360 - turn) % 360
    turned = np.ascontiguousarray(np.rot90(cleaned.grey, k=-(clockwise // 90)))
    again = _engine(options.tessdata, options.language).read(turned, cleaned.dpi)
    if mean_confidence(again) <= mean_confidence(found):
        return 0, found
    cleaned.grey = turned
    cleaned.notes.append(f"turned {clockwise}° clockwise")
    return clockwise, again


def mean_confidence(found: list[Found]) -> float:
    """Mean word confidence weighted by letters, 0..1; nothing read counts as 0."""
    letters = sum(len(w.text) for w in found)
    return sum(w.confidence * len(w.text) for w in found) / letters / 100 if letters else 0.0


def to_words(found: list[Found], width: int, height: int) -> tuple[Word, ...]:
    """The engine's words in the archive's own form: fractions of the page, confidence 0..1."""
    return tuple(
        Word(
            text=w.text,
            box=(w.left / width, w.top / height, (w.right - w.left) / width, (w.bottom - w.top) / height),
            confidence=w.confidence / 100,
            line=w.line,
            block=w.block,
        )
        for w in found
    )
