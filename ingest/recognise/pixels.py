"""Scanned bytes → pixels: every mode a scanner or fax produces becomes 8-bit grey or 8-bit RGB, within limits."""

import io
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ingest.recognise.errors import PageUnreadable

#: (h, w), 8 bits; OpenCV types its results no closer than "an array"
Grey = NDArray[Any]
#: (h, w) grey or (h, w, 3) RGB, 8 bits
Picture = NDArray[Any]

# Our own limit is checked from the header, before a pixel is decoded; Pillow's would refuse sizes we allow.
Image.MAX_IMAGE_PIXELS = None

#: an A4 page's long side in inches: resolution is guessed from it where the file does not say
A4_LONG_INCHES = 11.69
#: resolutions a file may claim and be believed; scanners write 1 or 72 where they do not know
BELIEVABLE_DPI = (95, 1300)
#: the engine sets every line to 36 pixels, about its height at this resolution: an A4 page from ``FINE_DPI`` on is read
#: at this one, as rightly and an eighth cheaper at 300 dpi. Smaller papers, and files that claim more than they have,
#: keep as many pixels as such a page.
READING_DPI, FINE_DPI = 200, 260


@dataclass(frozen=True, slots=True)
class Raster:
    """Decoded page: ``pixels`` is (h, w) grey or (h, w, 3) RGB, 8 bits; ``dpi`` as scanned."""

    pixels: Picture
    dpi: int

    @property
    def is_colour(self) -> bool:
        """Whether the page has colour channels (it may still look grey)."""
        return self.pixels.ndim == 3

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])


def decode(data: bytes, max_megapixels: int, dpi: int | None = None) -> Raster:
    """Decode an image file; raises ``PageUnreadable`` for damage, unknown formats and images past the limit.

    The orientation an EXIF header asks for is not applied: boxes and rotation speak of the stored pixels.
    """
    try:
        image = Image.open(io.BytesIO(data))
        _refuse_too_large(image.width, image.height, max_megapixels)
        claimed = image.info.get("dpi")
        image.load()
        pixels = _eight_bits(image)
    except PageUnreadable:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PageUnreadable(what="", why=f"{type(error).__name__}: {error}") from error
    return Raster(pixels, dpi or _believable(claimed) or guess_dpi(image.width, image.height))


def from_array(pixels: Picture, max_megapixels: int, dpi: int | None = None) -> Raster:
    """A page that is decoded already, (h, w) grey or (h, w, 3) RGB in 8 bits."""
    if pixels.dtype != np.uint8 or pixels.ndim not in {2, 3} or 0 in pixels.shape:
        raise PageUnreadable(what="", why=f"array of {pixels.dtype} with shape {pixels.shape}")
    height, width = pixels.shape[:2]
    _refuse_too_large(width, height, max_megapixels)
    return Raster(pixels, dpi or guess_dpi(width, height))


def at_reading_size(page: Raster) -> Raster:
    """The page as it is read: finer scans reduced."""
    scale = max(READING_DPI / page.dpi, A4_LONG_INCHES * READING_DPI / max(page.width, page.height))
    if scale > READING_DPI / FINE_DPI:
        return page
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    # between 1 and 2 a mean of the nearest pixels leaves out none, and costs a seventh
    way = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    return Raster(cv2.resize(page.pixels, size, interpolation=way), round(page.dpi * scale))


def guess_dpi(width: int, height: int) -> int:
    """Resolution if the page were A4, to the nearest 10 and within 70..1200."""
    return int(min(1200, max(70, round(max(width, height) / A4_LONG_INCHES / 10) * 10)))


def _believable(claimed: object) -> int | None:
    if not isinstance(claimed, tuple):
        return None
    value = float(claimed[0])
    if math.isfinite(value) and BELIEVABLE_DPI[0] <= value <= BELIEVABLE_DPI[1]:
        return round(value)
    return None


def _refuse_too_large(width: int, height: int, max_megapixels: int) -> None:
    if width * height > max_megapixels * 1_000_000:
        raise PageUnreadable(what="", why=f"{width} × {height} > {max_megapixels} megapixels")


def _eight_bits(image: Image.Image) -> Picture:
    """Grey or RGB in 8 bits from any Pillow mode; transparent parts become paper white."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return _scaled_to_eight_bits(np.asarray(image, dtype=np.float32))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(paper, rgba).convert("RGB")
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB"))


def _scaled_to_eight_bits(values: NDArray[np.float32]) -> Picture:
    """16-bit and float images by their own range: 12-bit scanners store 12 bits in 16."""
    top = float(values.max(initial=0.0))
    full = next((limit for limit in (1.0, 255.0, 4095.0, 65535.0) if top <= limit), top)
    return np.asarray(np.clip(values * (255.0 / full), 0, 255), dtype=np.uint8)
