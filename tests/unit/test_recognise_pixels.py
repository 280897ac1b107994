"""Every mode a scanner or fax produces becomes 8-bit grey or RGB; what cannot be decoded is refused by name."""

import io

import numpy as np
import pytest
from PIL import Image

from ingest.recognise.errors import PageUnreadable
from ingest.recognise.pixels import Raster, at_reading_size, decode, from_array, guess_dpi


def encoded(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **more)
    return stream.getvalue()


def half_black(mode: str) -> Image.Image:
    """Left half black, right half white, in any mode."""
    image = Image.new("L", (40, 20), 255)
    image.paste(0, (0, 0, 20, 20))
    return image.convert(mode)


@pytest.mark.parametrize(("mode", "kind"), [
    ("1", "PNG"), ("1", "TIFF"), ("L", "JPEG"), ("L", "JPEG2000"), ("P", "PNG"), ("P", "GIF"), ("RGB", "JPEG"),
    ("RGB", "JPEG2000"), ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("LA", "PNG"), ("RGBA", "PNG"), ("YCbCr", "JPEG"),
])  # fmt: skip
def test_every_mode_keeps_black_black_and_white_white(mode: str, kind: str) -> None:
    page = decode(encoded(half_black(mode), kind), 1)
    assert page.pixels.dtype == np.uint8
    assert (page.width, page.height) == (40, 20)
    assert page.pixels[10, 5].max() < 60
    assert page.pixels[10, 35].min() > 195


def test_sixteen_bits_are_scaled_not_cut() -> None:
    deep = np.zeros((10, 10), np.uint16)
    deep[:, 5:] = 65535
    deep[:, 3:5] = 32768
    page = decode(encoded(Image.fromarray(deep)), 1)
    assert page.pixels[5, 0] == 0
    assert 120 <= page.pixels[5, 4] <= 135
    assert page.pixels[5, 9] == 255


def test_transparent_parts_become_paper() -> None:
    page = decode(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0))), 1)
    assert page.pixels.min() == 255


def test_a_page_past_the_limit_is_refused_before_it_is_decoded() -> None:
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    with pytest.raises(PageUnreadable, match="20000 × 20000"):
        decode(bomb, 120)


@pytest.mark.parametrize(
    "data", [b"", b"nothing", b"\x97JB2\r\n\x1a\n" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 99]
)
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(PageUnreadable):
        decode(data, 1)


def test_a_truncated_image_is_refused() -> None:
    noise = Image.effect_noise((200, 200), 80)
    with pytest.raises(PageUnreadable):
        decode(encoded(noise, "JPEG")[:-3000], 1)


def test_resolution_is_taken_from_the_caller_then_the_file_then_the_size() -> None:
    image = Image.new("L", (1654, 2339), 255)
    assert decode(encoded(image, dpi=(240, 240)), 10, dpi=300).dpi == 300
    assert decode(encoded(image, dpi=(240, 240)), 10).dpi == 240
    assert decode(encoded(image, dpi=(72, 72)), 10).dpi == 200
    assert guess_dpi(1, 1) == 70


def test_arrays_of_another_kind_are_refused() -> None:
    for wrong in (np.zeros((4, 4), np.float32), np.zeros((0, 4), np.uint8), np.zeros((2, 2, 2, 2), np.uint8)):
        with pytest.raises(PageUnreadable):
            from_array(wrong, 1)


@pytest.mark.parametrize(("dpi", "wide", "high", "read_at"), [
    (300, 2480, 3508, (1654, 2339, 200)), (200, 1654, 2339, (1654, 2339, 200)), (240, 1984, 2806, (1984, 2806, 240)),
    (600, 1654, 2339, (1654, 2339, 600)),  # says 600, has no more pixels than at 200
])  # fmt: skip
def test_fine_scans_are_read_smaller(dpi: int, wide: int, high: int, read_at: tuple[int, int, int]) -> None:
    page = at_reading_size(Raster(np.full((high, wide), 255, np.uint8), dpi))
    assert (page.width, page.height, page.dpi) == pytest.approx(read_at, abs=1)
