"""Answering IIIF image requests from pictures: cutting, reducing, turning, and the description of an image.

Where pictures come from is a ``Pictures``; pages of the archive are one (``viewer.iiif.pages``), the colour grid of the
public validator in a test is another.
"""

import io
from typing import Any, Protocol

from PIL import Image, ImageOps

from viewer.iiif.parameters import FORMATS, MAX_AREA, ImageRequest

#: One tile shows a whole A4 page on the screen, four show it at 300 dpi: few requests, quick turning.
TILE = 2048
CONTEXT = "http://iiif.io/api/image/3/context.json"
PROTOCOL = "http://iiif.io/api/image"
QUALITY = 82
_RIGHT_ANGLES = {
    90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90,
}


class Pictures(Protocol):
    """Somewhere pictures come from, by identifier."""

    def size(self, identifier: str) -> tuple[int, int]:
        """Full size in pixels; raises KeyError for an unknown identifier."""

    def picture(self, identifier: str, scale: float) -> Image.Image:
        """The whole picture, reduced at most to ``scale`` of the full size (1 = full)."""

    def kept(self, identifier: str, wanted: ImageRequest) -> bytes | None:
        """An answer made earlier."""

    def keep(self, identifier: str, wanted: ImageRequest, data: bytes) -> None:
        """Remember an answer, or don't."""


def scale_factors(full: tuple[int, int], tile: int = TILE) -> list[int]:
    """Powers of two down to where the whole image fits one tile, and two further for overviews."""
    factors = [1]
    while max(full) / factors[-1] > tile:
        factors.append(factors[-1] * 2)
    return [*factors, factors[-1] * 2, factors[-1] * 4]


def whole(full: tuple[int, int], tile: int = TILE) -> str:
    """What comes after an image's address to get all of it in one tile: the first picture a viewer draws of a page."""
    factor = next(one for one in scale_factors(full, tile) if max(full) / one <= tile)
    size = "max" if factor == 1 else f"{-(-full[0] // factor)},{-(-full[1] // factor)}"
    return f"full/{size}/0/default.jpg"


def info(address: str, full: tuple[int, int]) -> dict[str, Any]:
    """The image's ``info.json``."""
    factors = scale_factors(full)
    width, height = full
    sizes = [{"width": -(-width // factor), "height": -(-height // factor)} for factor in reversed(factors)]
    return {
        "@context": CONTEXT, "id": address, "type": "ImageService3", "protocol": PROTOCOL, "profile": "level2",
        "width": width, "height": height, "maxArea": MAX_AREA, "sizes": sizes,
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": factors}],
        "extraFormats": ["png"], "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": ["mirroring", "regionSquare", "rotationBy90s", "sizeUpscaling"],
    }


def answer(pictures: Pictures, identifier: str, wanted: ImageRequest) -> bytes:
    """The bytes of the image asked for."""
    kept = pictures.kept(identifier, wanted) if wanted.is_plain else None
    if kept is not None:
        return kept
    full = pictures.size(identifier)
    scale = max(wanted.width / wanted.region.width, wanted.height / wanted.region.height)
    data = encode(render(pictures.picture(identifier, min(scale, 1.0)), full, wanted), wanted.format)
    if wanted.is_plain:
        pictures.keep(identifier, wanted, data)
    return data


def render(picture: Image.Image, full: tuple[int, int], wanted: ImageRequest) -> Image.Image:
    """Cut, reduce, turn and colour ``picture``, which may be a reduced version of the ``full`` image."""
    across, down = picture.width / full[0], picture.height / full[1]
    cut = wanted.region
    box = (cut.x * across, cut.y * down, (cut.x + cut.width) * across, (cut.y + cut.height) * down)
    size = (wanted.width, wanted.height)
    if picture.size == full and size == (cut.width, cut.height):
        made = picture.crop((cut.x, cut.y, cut.x + cut.width, cut.y + cut.height))
    else:
        made = picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    if wanted.mirrored:
        made = ImageOps.mirror(made)
    if wanted.rotation:
        made = made.transpose(_RIGHT_ANGLES[int(wanted.rotation)])
    if wanted.quality == "gray":
        return made.convert("L")
    return made.convert("1") if wanted.quality == "bitonal" else made


def encode(picture: Image.Image, format: str) -> bytes:
    """The bytes of a finished picture."""
    out = io.BytesIO()
    if format == "jpg":
        picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB" if picture.mode != "1" else "L")
        picture.save(out, "JPEG", quality=QUALITY)
    else:
        picture.save(out, FORMATS[format][0])
    return out.getvalue()
