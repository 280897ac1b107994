import io
from pathlib import Path

import pytest
from PIL import Image

from ingest.errors import InputDamaged, InputEncrypted, PageDamaged, PageTooLarge
from ingest.page_source import PageShape, open_pages, side_within
from tests import scan_files as files

PDF = "application/pdf"


def test_a_scanned_page_hands_on_its_own_bytes(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.pdf", files.scanned_pdf(["một"], size=(1240, 1754), dpi=150))
    with open_pages(path, PDF) as source:
        shape = source.shape(1)
        assert (shape.width, shape.height) == (1240, 1754)
        assert shape.dpi == pytest.approx(150, abs=0.5)
        stored = source.encoded(1)
        assert stored == files.image_bytes("JPEG", "một", size=(1240, 1754))
        assert source.picture(1).size == (1240, 1754)
        assert max(source.picture(1, 500).size) < 1754
        assert not source.has_text(1)


@pytest.mark.parametrize(("turn", "size"), [(90, (877, 620)), (180, (620, 877)), (270, (877, 620))])
def test_a_page_comes_upright_by_the_files_own_turn(tmp_path: Path, turn: int, size: tuple[int, int]) -> None:
    path = files.write(tmp_path, "a.pdf", files.scanned_pdf(["một"], rotate=turn))
    with open_pages(path, PDF) as source:
        shape = source.shape(1)
        assert (shape.width, shape.height) == size
        assert source.encoded(1) is None
        width, height = source.picture(1).size
        assert abs(width - size[0]) <= 1
        assert abs(height - size[1]) <= 1


def test_a_drawn_page_is_rendered_at_a_resolution_for_reading(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.pdf", files.text_pdf(["Cáo trạng"]))
    with open_pages(path, PDF) as source:
        assert source.shape(1).dpi == 300
        assert source.picture(1).width > 2000
        assert source.has_text(1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_mode_becomes_grey_or_rgb_on_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (40, 50), 0 if mode not in ("RGBA", "LA") else (0,) * len(mode))
    kind = "TIFF" if mode in ("CMYK", "I;16") else "PNG"
    path = tmp_path / "a"
    image.save(path, kind)
    with open_pages(path, "image/x") as source:
        picture = source.picture(1)
        assert picture.mode in ("L", "RGB")
        if mode in ("RGBA", "LA"):
            assert picture.convert("L").getpixel((5, 5)) == 255


def test_sixteen_bit_grey_keeps_its_shades(tmp_path: Path) -> None:
    image = Image.new("I;16", (10, 10), 65535)
    image.putpixel((0, 0), 0)
    image.save(tmp_path / "a.tif")
    with open_pages(tmp_path / "a.tif", "image/tiff") as source:
        picture = source.picture(1)
        assert (picture.getpixel((0, 0)), picture.getpixel((5, 5))) == (0, 255)


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (300, 200), 255).save(tmp_path / "a.jpg", exif=exif)
    with open_pages(tmp_path / "a.jpg", "image/jpeg") as source:
        assert (source.shape(1).width, source.shape(1).height) == (200, 300)
        assert source.picture(1).size == (200, 300)
        assert source.encoded(1) is None


def test_every_page_of_a_tiff(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.tif", files.tiff_bytes(3))
    with open_pages(path, "image/tiff") as source:
        assert source.count == 3
        pictures = [source.picture(number).tobytes() for number in (1, 2, 3, 1)]
        assert pictures[0] == pictures[3]
        assert len(set(pictures)) == 3


def test_a_page_too_large_is_refused_before_decoding(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.png", files.huge_png())
    with open_pages(path, "image/png") as source, pytest.raises(PageTooLarge):
        source.picture(1)


def test_a_large_jpeg_is_decoded_reduced(tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.jpg", files.image_bytes("JPEG", size=(2000, 2800)))
    with open_pages(path, "image/jpeg", max_megapixels=2) as source:
        assert source.encoded(1) is None
        assert source.picture(1).size == (1000, 1400)
    pdf = files.write(tmp_path, "a.pdf", files.scanned_pdf(["một"], size=(2000, 2800), dpi=200))
    with open_pages(pdf, PDF, max_megapixels=2) as source:
        assert source.encoded(1) is None
        assert source.picture(1).size == (1000, 1400)


def test_how_far_a_jpeg_is_reduced() -> None:
    assert side_within(PageShape(1000, 1000, None), 1) is None
    assert side_within(PageShape(20_000, 20_000, None), 120) == 10_000
    assert side_within(PageShape(200_000, 200_000, None), 120) == 0


def test_files_that_cannot_be_opened_say_so(tmp_path: Path) -> None:
    locked = files.write(tmp_path, "a.pdf", files.encrypted_pdf())
    with pytest.raises(InputEncrypted), open_pages(locked, PDF):
        pass
    rubbish = files.write(tmp_path, "b.pdf", b"%PDF-1.4 rubbish")
    with pytest.raises(InputDamaged), open_pages(rubbish, PDF):
        pass
    with pytest.raises(InputDamaged), open_pages(rubbish, "image/jpeg"):
        pass


@pytest.mark.parametrize("filters", ["/JBIG2Decode", "/JPXDecode", "/DCTDecode"])
def test_a_page_whose_image_cannot_be_decoded_is_damaged_not_blank(tmp_path: Path, filters: str) -> None:
    path = files.write(tmp_path, "a.pdf", files.undecodable_pdf(filters, pages=2, damaged=2))
    with open_pages(path, PDF) as source:
        assert source.picture(1).size
        with pytest.raises(PageDamaged):
            source.picture(2)


def test_a_page_of_absurd_size_is_rendered_within_the_limit(tmp_path: Path) -> None:
    import pikepdf

    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_400, 14_400))
    path = tmp_path / "a.pdf"
    pdf.save(path)
    with open_pages(path, PDF, max_megapixels=4) as source:
        assert source.shape(1).megapixels <= 4.01
        stream = io.BytesIO()
        source.picture(1, 400).save(stream, "PNG")
