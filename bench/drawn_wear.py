"""What an office's scanner, copier and years do to a clean sheet; used by ``bench/drawn_bundles.py``."""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from archive_svc.demo.drawing import DPI

#: wear of a whole bundle: chance, blur in pixels, noise in grey levels, tilt in degrees
LEVELS = {"clean": (0.2, 0.4, 4.0, 0.3), "office": (0.55, 0.8, 9.0, 0.9), "bad": (0.25, 1.15, 15.0, 1.6)}


@dataclass(frozen=True)
class Wear:
    """How a bundle was scanned."""

    level: str = "office"
    dpi: int = 200
    grey: bool = False
    paper: int = 244

    @classmethod
    def of(cls, rng: random.Random) -> "Wear":
        level = rng.choices(list(LEVELS), [chance for chance, *_ in LEVELS.values()])[0]
        return cls(level, rng.choice([200, 200, 200, 150, 300]), rng.random() < 0.35, rng.randint(222, 252))


def scanned(image: Image.Image, wear: Wear, rng: random.Random, turned: int = 0) -> tuple[Image.Image, int]:
    """The page as it comes out of the scanner, and its resolution. ``turned`` degrees are how it lay on the glass."""
    _, blur, noise, tilt = LEVELS[wear.level]
    fill = (255, 255, 255)
    worn = image.rotate(rng.uniform(-tilt, tilt), Image.Resampling.BICUBIC, fillcolor=fill)
    size = (round(image.width * wear.dpi / DPI), round(image.height * wear.dpi / DPI))
    if size != worn.size:
        worn = worn.resize(size, Image.Resampling.LANCZOS)
    worn = worn.filter(ImageFilter.GaussianBlur(blur * rng.uniform(0.6, 1.1) * wear.dpi / DPI))
    pixels = np.asarray(worn, dtype=np.float32)
    grain = np.random.default_rng(rng.randrange(2**32))
    ink = rng.uniform(0.0, 0.28 if wear.level == "bad" else 0.12)
    pixels = wear.paper * (ink + (1 - ink) * pixels / 255)
    pixels = pixels + grain.normal(0, noise, pixels.shape[:2])[..., None]
    if wear.level == "bad" and rng.random() < 0.3:
        across = np.linspace(0, 1, pixels.shape[1], dtype=np.float32)
        pixels *= (1 - 0.4 * np.exp(-(((across - rng.uniform(0.1, 0.9)) / 0.07) ** 2)))[None, :, None]
    worn = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if wear.grey:
        worn = ImageOps.grayscale(worn)
    return (worn.rotate(turned, expand=True) if turned else worn), wear.dpi


def blank_back(front: Image.Image, rng: random.Random) -> Image.Image:
    """The back of a sheet: white, with the print of the front shining through now and then."""
    shine = rng.choice([0.0, 0.0, 0.03, 0.06])
    return Image.blend(Image.new("RGB", front.size, "white"), ImageOps.mirror(front), shine)
