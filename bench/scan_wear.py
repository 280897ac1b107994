"""What paper, scanners and faxes do to a drawn page, in three levels like those of real case files.

Every effect takes and gives 8-bit pixels and its own random numbers, so that a seed gives the same page again.
"""

import io
import random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[Any]

#: effects a level may have and how often; resolutions it is scanned at
EFFECTS: dict[str, dict[str, float]] = {
    "clean": {},
    "office": {"grey": 0.5, "paper": 0.4, "jpeg": 0.6},
    "bad": {"grey": 0.5, "paper": 0.7, "fold": 0.5, "edge": 0.4, "specks": 0.35, "blur": 0.6, "bleed": 0.35,
            "faded": 0.4, "jpeg": 0.8, "fax": 0.25},
}  # fmt: skip
RESOLUTIONS = {"clean": (300,), "office": (200, 240, 300), "bad": (130, 150, 150, 200)}
TILT = {"clean": 0.2, "office": 1.2, "bad": 1.8}


def worn(
    page: Image.Image, level: str, other_side: Image.Image | None, rng: random.Random
) -> tuple[bytes, int, list[str]]:
    """The page as a scanner gives it: the file's bytes, its resolution, and the effects that were put on it.

    ``page`` is drawn at 300 dpi; ``other_side`` shines through where bleed-through is among the effects.
    """
    effects = [name for name, often in EFFECTS[level].items() if rng.random() < often]
    dpi = rng.choice(RESOLUTIONS[level])
    pixels = _tilted(np.asarray(page), rng.uniform(-1, 1) * TILT[level])
    if "bleed" in effects and other_side is not None:
        through = cv2.GaussianBlur(np.fliplr(np.asarray(other_side)).astype(np.float32), (0, 0), 2)
        pixels = np.clip(pixels - (255 - through) * rng.uniform(0.15, 0.4), 0, 255)
    size = (round(pixels.shape[1] * dpi / 300), round(pixels.shape[0] * dpi / 300))
    pixels = cv2.resize(pixels.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(rng.randrange(2**31))
    for name in effects:
        if name in _ON_PAPER:
            pixels = _ON_PAPER[name](pixels, rng, noise)
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    if "grey" in effects or "fax" in effects:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return _encoded(pixels, dpi, effects, rng), dpi, effects


def _tilted(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def _paper(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    """Tinted, grainy paper, darker to one side."""
    tint = np.array([rng.uniform(0.78, 0.97), rng.uniform(0.78, 0.95), rng.uniform(0.7, 0.95)])
    across = 1 - rng.uniform(0, 0.18) * np.linspace(0, 1, pixels.shape[1])
    grain = noise.normal(0, rng.uniform(3, 22), pixels.shape[:2])
    return pixels * tint * across[None, :, None] + grain[:, :, None]


def _fold(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    """One or two creases with their shadow."""
    height, width = pixels.shape[:2]
    for _ in range(rng.choice((1, 2))):
        length, at = (height, 0) if rng.random() < 0.6 else (width, 1)
        middle, wide = rng.uniform(0.25, 0.75), rng.uniform(0.01, 0.05)
        shade = 1 - rng.uniform(0.25, 0.55) * np.exp(-(((np.arange(length) / length - middle) / wide) ** 2))
        pixels = pixels * (shade[:, None, None] if at == 0 else shade[None, :, None])
    return pixels


def _edge(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    """The dark edge of an open lid."""
    width = int(pixels.shape[1] * rng.uniform(0.01, 0.04))
    result = pixels.copy()
    side = slice(0, width) if rng.random() < 0.5 else slice(pixels.shape[1] - width, None)
    result[:, side] *= rng.uniform(0.1, 0.4)
    return result


def _specks(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    """Lone dark and light pixels."""
    hit = noise.random(pixels.shape[:2])
    share = rng.uniform(0.002, 0.04)
    result = pixels.copy()
    result[hit < share / 2] = 20
    result[hit > 1 - share / 2] = 250
    return result


def _blur(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.6, 1.5))


def _faded(pixels: Pixels, rng: random.Random, noise: np.random.Generator) -> Pixels:
    """Worn ribbon, thin toner."""
    return 255 - (255 - pixels) * rng.uniform(0.2, 0.6)


_ON_PAPER = {"paper": _paper, "fold": _fold, "edge": _edge, "specks": _specks, "blur": _blur, "faded": _faded}


def _encoded(pixels: Pixels, dpi: int, effects: list[str], rng: random.Random) -> bytes:
    stream = io.BytesIO()
    if "fax" in effects:
        image = Image.fromarray(((pixels > rng.uniform(105, 185)) * 255).astype(np.uint8)).convert("1")
        image.save(stream, "PNG", dpi=(dpi, dpi))
    else:
        quality = rng.randint(22, 70) if "jpeg" in effects else 88
        Image.fromarray(pixels).save(stream, "JPEG", quality=quality, dpi=(dpi, dpi))
    return stream.getvalue()
