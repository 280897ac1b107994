"""White print on a dark ground is exchanged; what only looks like it stays."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.recognise.pixels import Grey
from ingest.recognise.white_print import without_white_print
from tests.scan_files import FONT

PRINT = ImageFont.truetype(FONT, 46)
BANNER = (300, 600, 2000, 700)


def page(ground: int | None, print_level: int, text: str = "BẢNG KÊ TÀI SẢN TẠM GIỮ") -> Grey:
    """A page of 300 dpi with a line of text above, and a banner below."""
    image = Image.new("L", (2480, 1200), 245)
    pen = ImageDraw.Draw(image)
    pen.text((300, 300), "Căn cứ Bộ luật Tố tụng hình sự năm 2015", font=PRINT, fill=20)
    if ground is not None:
        pen.rectangle(BANNER, fill=ground)
    pen.text((340, 620), text, font=PRINT, fill=print_level)
    return np.array(image)


@pytest.mark.parametrize(("ground", "print_level"), [(20, 250), (90, 235)])
def test_a_dark_banner_becomes_dark_print_on_white(ground: int, print_level: int) -> None:
    grey = page(ground, print_level)
    found, count = without_white_print(grey, 300)
    left, top, right, bottom = BANNER
    assert count == 1
    middle = found[top + 10 : bottom - 10, left + 10 : right - 10]
    assert np.median(middle) == 255 - ground
    assert middle.min() <= 255 - print_level + 5
    assert np.array_equal(found[:500], grey[:500]), "the rest of the page is as it was"


def test_a_page_of_plain_print_is_handed_back_as_it_is() -> None:
    grey = page(None, 20)
    assert without_white_print(grey, 300)[0] is grey


def test_a_bar_without_print_and_the_black_margin_of_a_scan_stay() -> None:
    grey = page(30, 250, text="")
    grey[:, :60] = 10
    assert without_white_print(grey, 300)[1] == 0


def test_a_photograph_stays() -> None:
    grey = page(None, 20)
    shades = np.random.default_rng(3).normal(90, 40, (50, 80)).clip(0, 255).astype(np.uint8)
    grey[600:1000, 400:1040] = np.kron(shades, np.ones((8, 8), np.uint8))
    assert without_white_print(grey, 300)[1] == 0


def test_bold_print_on_a_speckled_page_stays() -> None:
    grey = page(None, 0)
    dirt = np.random.default_rng(5).random(grey.shape) < 0.35
    grey[dirt] = 0
    assert without_white_print(grey, 300)[1] == 0


@pytest.mark.parametrize("shape", [(1, 1), (31, 2000), (40, 40)])
def test_tiny_pages_are_no_fault(shape: tuple[int, int]) -> None:
    assert without_white_print(np.zeros(shape, np.uint8), 300)[1] == 0
