"""The top band of a page only: a state-secret mark must be found before a page goes any further.

Levels and wording: Law on Protection of State Secrets 2018, article 8 (Mật, Tối mật, Tuyệt mật).
"""

import itertools
import json
from dataclasses import asdict, dataclass

import numpy as np

from ingest.recognise.attempts import engine_for
from ingest.recognise.clean import clean
from ingest.recognise.confidence import mean_engine_confidence
from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import Picture, decode, from_array
from ingest.recognise.secrecy_marks import Secrecy
from ingest.recognise.stamps import find_stamps
from ingest.recognise.tidy import tidied
from storage.reading import Box

#: the upper share of the page that is read
BAND = 0.35
#: a top read with more than this is the top; otherwise the page may lie upside down
SURE = 0.65


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """What the top of a page says. ``secrecy`` is None where no mark was found; ``text`` is all that was read."""

    secrecy: Secrecy | None
    confidence: float
    text: str
    box: Box | None = None

    def pack(self) -> bytes:
        """Bytes for the reader process; ``unpack`` is its inverse."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def unpack(data: bytes) -> "HeaderReading":
        """Read what ``pack`` wrote."""
        raw = json.loads(data)
        return HeaderReading(raw["secrecy"], raw["confidence"], raw["text"], tuple(raw["box"]) if raw["box"] else None)


def read_header(image: bytes | Picture, options: ReadOptions) -> HeaderReading:
    """Read the top band of a page: its stamps from the untouched colours, then its print.

    A page that lies upside down has its header at the bottom, so the other end is looked at where the top says nothing.
    """
    if isinstance(image, bytes):
        page = decode(image, options.max_megapixels, options.dpi)
    else:
        page = from_array(image, options.max_megapixels, options.dpi)
    upright = _band(page.pixels, page.dpi, options)
    if upright.secrecy is not None or upright.confidence > SURE:
        return upright
    turned = _band(np.ascontiguousarray(np.rot90(page.pixels, 2)), page.dpi, options)
    return turned if turned.secrecy is not None or turned.confidence > upright.confidence else upright


def _band(pixels: Picture, dpi: int, options: ReadOptions) -> HeaderReading:
    height = pixels.shape[0]
    band = np.ascontiguousarray(pixels[: max(1, int(height * BAND))])
    engine = engine_for(options.tessdata, options.language)
    cleaned = clean(from_array(band, options.max_megapixels, dpi), options)
    found = engine.read(cleaned.grey, dpi)
    words, _ = tidied(found)
    for stamp in find_stamps(band, dpi, words, engine, height):
        if stamp.secrecy is not None:
            x, y, w, h = stamp.box
            box = (x, y * band.shape[0] / height, w, h * band.shape[0] / height)
            return HeaderReading(stamp.secrecy, stamp.confidence, stamp.text, box)
    text = "\n".join(" ".join(w.text for w in line) for _, line in itertools.groupby(words, key=lambda w: w.line))
    return HeaderReading(None, mean_engine_confidence(words), text)
