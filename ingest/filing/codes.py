"""Codes (QR) on a page, read at any rotation on a bad scan; only our own cover and separator sheets count here."""

import io
from dataclasses import replace

import zxingcpp
from PIL import Image, ImageOps

from ingest.split import marks
from storage.reading import PageReading

#: longer sides are made smaller first: a sheet's code is large, and small pictures are read faster
LONGEST_SIDE = 1200


def read_codes(picture: Image.Image) -> tuple[str, ...]:
    """Texts of our own codes on a page, most often none."""
    grey = ImageOps.grayscale(picture)
    if max(grey.size) > LONGEST_SIDE:
        grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, try_rotate=False, try_downscale=False)
    return tuple(code.text for code in found if marks.read(code.text) is not None)


def with_codes(reading: PageReading, image: bytes) -> PageReading:
    """The reading with the texts of our codes on the page's image in ``extra["codes"]``."""
    with Image.open(io.BytesIO(image)) as picture:
        picture.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
        codes = read_codes(picture)
    return replace(reading, extra={**reading.extra, "codes": list(codes)}) if codes else reading
