"""What an office's scanner, copier and years do to a clean sheet; used by ``bench/drawn_bundles.py``."""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from archive_svc.demo.drawing import DPI, font

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
    pixels = (wear.paper * (ink + (1 - ink) * pixels / 255)).astype(np.float32)
    pixels = pixels + grain.normal(0, noise, pixels.shape[:2]).astype(np.float32)[..., None]
    if wear.level == "bad" and rng.random() < 0.3:
        across = np.linspace(0, 1, pixels.shape[1], dtype=np.float32)
        pixels *= (1 - 0.4 * np.exp(-(((across - rng.uniform(0.1, 0.9)) / 0.07) ** 2)))[None, :, None]
    worn = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if wear.grey:
        worn = ImageOps.grayscale(worn)
    return (worn.rotate(turned, expand=True) if turned else worn), wear.dpi


def mistreated(image: Image.Image, rng: random.Random, first: bool) -> Image.Image:
    """A page that went through many hands: a stamp of receipt or a seal over the head of a first page, strokes of a
    pen, specks of a bad copier."""
    worn = image.convert("RGB")
    pen = ImageDraw.Draw(worn)
    if first and rng.random() < 0.4:
        _receipt(worn, rng)
    elif first and rng.random() < 0.4:
        x, y, radius = rng.uniform(500, 1000), rng.uniform(280, 420), 104
        for size, width in ((radius, 7), (radius - 26, 3)):
            pen.ellipse((x - size, y - size, x + size, y + size), outline=(200, 50, 60), width=width)
    for _ in range(rng.choice([0, 0, 1, 2])):
        x, y = rng.uniform(200, 1400), rng.uniform(150, 2100)
        pen.line((x, y, x + rng.uniform(-120, 300), y + rng.uniform(-40, 40)), fill=(40, 50, 150), width=4)
    if rng.random() < 0.5:
        pixels = np.asarray(worn).copy()
        grain = np.random.default_rng(rng.randrange(2**32))
        specks = grain.random(pixels.shape[:2])
        pixels[specks < 0.0012] = 20
        pixels[specks > 0.9985] = 255
        worn = Image.fromarray(pixels)
    return worn


def _receipt(worn: Image.Image, rng: random.Random) -> None:
    """The blue stamp of the office that received the paper, slightly turned, over the lower part of the letterhead."""
    layer = Image.new("RGBA", (360, 190), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    blue = (52, 68, 168, 230)
    pen.rectangle((3, 3, 356, 186), outline=blue, width=5)
    pen.text((130, 10), "ĐẾN", blue, font(13, "Bold"))
    pen.text((16, 70), f"Số: {rng.randint(1, 900)}", blue, font(11))
    pen.text((16, 120), f"Ngày: {rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/2024", blue, font(11))
    layer = layer.rotate(rng.uniform(-6, 6), expand=True, resample=Image.Resampling.BICUBIC)
    worn.paste(layer, (rng.randint(220, 380), rng.randint(330, 460)), layer)


def blank_back(front: Image.Image, rng: random.Random) -> Image.Image:
    """The back of a sheet: white, with the print of the front shining through now and then."""
    shine = rng.choice([0.0, 0.0, 0.03, 0.06])
    return Image.blend(Image.new("RGB", front.size, "white"), ImageOps.mirror(front), shine)
