"""The parameters of the IIIF Image API 3.0, level 2: reading ``region/size/rotation/quality.format`` from an address.

Pure: ``parse`` turns the five words and the full size into exact pixels, or raises ``BadParameter`` (the API's 400).
"""

import math
import re
from dataclasses import dataclass

QUALITIES = ("default", "color", "gray", "bitonal")
FORMATS = {"jpg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png")}
#: no answer is larger than this many pixels; above it the caller should ask for tiles
MAX_AREA = 40_000_000

_NUMBER = r"(?:\d+(?:\.\d+)?)"
_PIXELS = re.compile(r"(\d+),(\d+),(\d+),(\d+)")
_PERCENT = re.compile(rf"pct:({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})")
_SIZE = re.compile(r"(?P<up>\^?)(?:(?P<max>max)|pct:(?P<pct>[\d.]+)|(?P<fit>!?)(?P<w>\d*),(?P<h>\d*))")
_ROTATION = re.compile(rf"(!?)({_NUMBER})")


class BadParameter(ValueError):
    """The address does not follow the Image API."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in pixels of the full image."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What is wanted, in exact pixels. ``mirrored`` is applied before ``rotation`` (clockwise degrees)."""

    region: Region
    width: int
    height: int
    mirrored: bool
    rotation: float
    quality: str
    format: str

    @property
    def is_plain(self) -> bool:
        """Whether the answer is just a cut-out at some size: the kind viewers ask for, worth keeping."""
        return not self.mirrored and not self.rotation and self.quality in ("default", "color") and self.format == "jpg"


def parse(region: str, size: str, rotation: str, quality: str, format: str, full: tuple[int, int]) -> ImageRequest:
    """Read the five parameters for an image of ``full`` pixels."""
    cut = parse_region(region, full)
    width, height = parse_size(size, cut)
    mirrored, degrees = parse_rotation(rotation)
    if quality not in QUALITIES:
        raise BadParameter(f"quality {quality}")
    if format not in FORMATS:
        raise BadParameter(f"format {format}")
    return ImageRequest(cut, width, height, mirrored, degrees, quality, format)


def parse_region(text: str, full: tuple[int, int]) -> Region:
    """``full``, ``square``, ``x,y,w,h`` or ``pct:x,y,w,h``, cut off at the image's edge."""
    across, down = full
    if text == "full":
        return Region(0, 0, across, down)
    if text == "square":
        side = min(full)
        return Region((across - side) // 2, (down - side) // 2, side, side)
    if found := _PIXELS.fullmatch(text):
        x, y, width, height = (int(part) for part in found.groups())
    elif found := _PERCENT.fullmatch(text):
        px, py, pw, ph = (float(part) / 100 for part in found.groups())
        x, y = round(px * across), round(py * down)
        width, height = round(pw * across), round(ph * down)
    else:
        raise BadParameter(f"region {text}")
    width, height = min(width, across - x), min(height, down - y)
    if width <= 0 or height <= 0:
        raise BadParameter(f"region {text} is empty or outside the image")
    return Region(x, y, width, height)


def parse_size(text: str, cut: Region) -> tuple[int, int]:
    """``max``, ``w,``, ``,h``, ``w,h``, ``!w,h``, ``pct:n``, each with ``^`` where it may be larger than the region."""
    found = _SIZE.fullmatch(text)
    if not found:
        raise BadParameter(f"size {text}")
    try:
        width, height = _wanted(found, cut)
    except (ValueError, OverflowError) as error:
        raise BadParameter(f"size {text}") from error
    if width < 1 or height < 1:
        raise BadParameter(f"size {text} is empty")
    if not found["up"] and (width > cut.width or height > cut.height):
        raise BadParameter(f"size {text} is larger than the region; ask with ^")
    if width * height > MAX_AREA:
        raise BadParameter(f"size {text} is more than {MAX_AREA} pixels")
    return width, height


def _wanted(found: re.Match[str], cut: Region) -> tuple[int, int]:
    if found["max"]:
        scale = min(1.0, math.sqrt(MAX_AREA / (cut.width * cut.height)))
        return max(1, int(cut.width * scale)), max(1, int(cut.height * scale))
    if found["pct"]:
        share = float(found["pct"]) / 100
        return round(cut.width * share), round(cut.height * share)
    width = int(found["w"]) if found["w"] else None
    height = int(found["h"]) if found["h"] else None
    if found["fit"]:
        if width is None or height is None:
            raise ValueError("both sides are needed")
        scale = min(width / cut.width, height / cut.height)
        # A box larger than the region is refused without ^ further up, as the public validator asks for.
        return max(1, round(cut.width * scale)), max(1, round(cut.height * scale))
    if width is None and height is None:
        raise ValueError("a side is needed")
    if width is None:
        assert height is not None  # noqa: S101 - for the type checker; both None was refused above
        return max(1, round(cut.width * height / cut.height)), height
    return width, max(1, round(cut.height * width / cut.width)) if height is None else height


def parse_rotation(text: str) -> tuple[bool, float]:
    """``n`` or ``!n`` with n from 0 to 360 degrees; level 2 asks for multiples of 90 only."""
    found = _ROTATION.fullmatch(text)
    if not found or not 0 <= float(found[2]) <= 360:
        raise BadParameter(f"rotation {text}")
    degrees = float(found[2]) % 360
    if degrees % 90:
        raise BadParameter(f"rotation {text}: only quarter turns are served")
    return bool(found[1]), degrees
