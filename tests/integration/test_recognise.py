"""Reading drawn pages with the real engine: print, wear, turns, stamps, numbers, tables, and bad input."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw, ImageOps

from archive_svc.commands import ocr_preview
from ingest.recognise.errors import LanguageMissing, PageUnreadable
from ingest.recognise.options import DEBIAN_TESSDATA, ReadOptions
from ingest.recognise.reader import recognise
from storage.reading import PageReading
from tests import drawn_pages as drawn

pytestmark = [pytest.mark.tools, pytest.mark.xdist_group("reader")]
OPTIONS = ReadOptions(tessdata=str(DEBIAN_TESSDATA), dpi=200)


def read(image: Image.Image, options: ReadOptions = OPTIONS) -> PageReading:
    return recognise(drawn.encoded(image), options)


def found(reading: PageReading) -> float:
    """Share of the drawn words that were read, with all their marks."""
    wanted = {word.strip(".,:") for sentence in drawn.BODY for word in sentence.split()}
    got = {word.strip(".,:") for word in reading.text.split()}
    return len(wanted & got) / len(wanted)


def test_a_clean_page_is_read_in_order_with_two_header_blocks() -> None:
    reading = read(drawn.page())
    assert found(reading) > 0.97
    assert [b.kind for b in reading.blocks][:2] == ["header_left", "header_right"]
    assert reading.text.index("VIỆN KIỂM SÁT") < reading.text.index("CỘNG HÒA") < reading.text.index("BIÊN BẢN")
    assert reading.confidence > 0.9
    assert all(0 <= v <= 1.001 for w in reading.words for v in (*w.box, w.confidence))


def test_grey_paper_in_the_shadow_of_a_fold_is_read() -> None:
    page = drawn.worn(drawn.page())
    assert found(read(page)) > 0.85
    assert found(read(page)) >= found(read(page, OPTIONS.without("flatten", "denoise", "stretch")))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_set_upright(turn: int) -> None:
    reading = read(drawn.page().rotate(-turn, expand=True))
    assert reading.rotation == 360 - turn
    assert reading.height > reading.width
    assert found(reading) > 0.95


def test_a_page_leaning_by_seven_degrees_is_still_read() -> None:
    page = drawn.page().rotate(7, fillcolor=(252, 252, 250), resample=Image.Resampling.BICUBIC)
    assert found(read(page)) > 0.7


def test_two_half_pages_on_one_scan_are_both_read() -> None:
    half = drawn.page(repeat=1)
    sheet = Image.new("RGB", (half.width * 2, half.height), "white")
    sheet.paste(half, (0, 0))
    sheet.paste(half, (half.width, 0))
    words = read(sheet).text.split()
    assert words.count("Người") == 2


def test_a_mirror_image_is_not_taken_for_text() -> None:
    reading = read(ImageOps.mirror(drawn.page()))
    assert reading.confidence < 0.6


def test_a_blank_page_costs_no_reading_and_says_so() -> None:
    reading = read(Image.new("RGB", (1654, 2339), (250, 250, 248)))
    assert reading.is_blank
    assert reading.words == ()
    assert reading.extra["skipped"] == "blank"


def _paled(image: Image.Image, strength: float) -> Image.Image:
    """Ink as pale as print faded away, or shining through from the other side."""
    return image.convert("L").point(lambda level: round(255 - (255 - level) * strength))


def test_a_page_faded_nearly_to_nothing_is_read_not_called_blank() -> None:
    reading = read(_paled(drawn.page(), 0.12))
    assert not reading.is_blank
    assert found(reading) > 0.9
    assert any("very faint" in note for note in reading.notes)


def test_the_other_side_shining_through_a_blank_page_is_no_text() -> None:
    assert read(_paled(ImageOps.mirror(drawn.page()), 0.12)).is_blank


def test_a_photograph_is_no_blank_page() -> None:
    photo = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(photo).rectangle((200, 300, 1400, 1900), fill=70)
    reading = read(photo)
    assert not reading.is_blank
    assert reading.words == ()


@pytest.mark.parametrize(("text", "kind"), [
    ("SAO Y BẢN CHÍNH", "sao_y"), ("ĐẾN\nSố: 123\nNgày: 05/03/2025", "den"),
    ("ĐÃ CÓ HIỆU LỰC PHÁP LUẬT", "hieu_luc"),
])  # fmt: skip
def test_stamps_are_blocks_of_their_own(text: str, kind: str) -> None:
    reading = read(drawn.stamp(drawn.page(), text, (0.3, 0.75)))
    (block,) = [b for b in reading.blocks if b.kind == "stamp"]
    assert block.stamp == kind
    if kind == "den":
        assert "2025-03-05" in (block.text or "")
    assert found(reading) > 0.95


@pytest.mark.parametrize(("text", "level"), [("MẬT", "mat"), ("TỐI MẬT", "toi_mat"), ("TUYỆT MẬT", "tuyet_mat")])
def test_a_mark_of_secrecy_is_found_upright_and_upside_down(text: str, level: str) -> None:
    page = drawn.stamp(drawn.page(repeat=1), text, (0.14, 0.105))
    reading = read(page)
    assert reading.extra["secrecy"] == level
    (mark,) = [b for b in reading.blocks if b.stamp == "mat"]
    assert mark.box[1] < 0.2
    assert read(page.rotate(180)).extra["secrecy"] == level


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize(("text", "level", "colour", "degrees"), [
    ("MẬT", "mat", (115, 95, 130), 9.0), ("TỐI MẬT", "toi_mat", (150, 85, 85), -11.0),
    ("TUYỆT MẬT", "tuyet_mat", (95, 95, 95), 5.0),
])  # fmt: skip
def test_a_dull_tilted_mark_is_found_in_colour_and_in_grey(
    text: str, level: str, colour: tuple[int, int, int], degrees: float, mode: str
) -> None:
    page = drawn.stamp(drawn.page(repeat=1), text, (0.1, 0.088), colour, degrees=degrees).convert(mode)
    assert recognise(drawn.encoded(page, quality=60), OPTIONS).extra["secrecy"] == level


@pytest.mark.parametrize(("text", "colour"), [("0127", (190, 30, 40)), ("45", (20, 30, 140)), ("308", (30, 30, 30))])
def test_the_corner_number_is_read_and_kept_out_of_the_text(text: str, colour: tuple[int, int, int]) -> None:
    reading = read(drawn.number(drawn.page(), text, colour))
    (corner,) = [b for b in reading.blocks if b.kind == "corner"]
    assert corner.text == text
    assert corner.box[0] > 0.8 and corner.box[1] < 0.06
    assert text not in reading.text.split()


def test_a_page_without_a_number_has_no_corner_block() -> None:
    assert [b for b in read(drawn.page()).blocks if b.kind == "corner"] == []


def test_dotted_leaders_do_not_spoil_their_line() -> None:
    page = drawn.page(repeat=1)
    pen = ImageDraw.Draw(page)
    for number, label in enumerate(("Họ và tên: Nguyễn Văn Bình", "Nghề nghiệp: thợ xây", "Nơi ở: phường Ninh Kiều")):
        top = 1300 + 90 * number
        pen.text((170, top), label + " " + "." * 60, fill="black", font=drawn.font(32))
    text = read(page).text
    for wanted in ("Nguyễn Văn Bình", "thợ xây", "phường Ninh Kiều"):
        assert wanted in text


@pytest.mark.parametrize("degrees", [0.0, 1.4])
def test_a_ruled_table_is_read_row_by_row_with_the_lone_digits_of_its_first_column(degrees: float) -> None:
    page = drawn.page(repeat=0)
    pen = ImageDraw.Draw(page)
    rows = (("STT", "Tên tài liệu", "Bút lục"), ("1", "Cáo trạng", "ba mươi"), ("2", "Bản án", "bốn mươi"))
    for number, cells in enumerate(rows):
        for cell, left, right in zip(cells, (170, 300, 900), (300, 900, 1400), strict=True):
            top = 700 + 110 * number
            pen.rectangle((left, top, right, top + 110), outline="black", width=3)
            pen.text((left + 30, top + 35), cell, fill="black", font=drawn.font(34))
    reading = read(page.rotate(degrees, fillcolor="white", resample=Image.Resampling.BICUBIC))
    assert "table" in {b.kind for b in reading.blocks}
    table = " ".join(reading.text.split())
    assert "STT Tên tài liệu Bút lục 1 Cáo trạng ba mươi 2 Bản án bốn mươi" in table


def test_a_cell_across_several_columns_is_read_whole() -> None:
    page = drawn.page(repeat=0)
    pen = ImageDraw.Draw(page)
    pen.rectangle((170, 700, 1400, 810), outline="black", width=3)
    pen.text((480, 735), "Tài liệu do hai bên cùng giao nộp", fill="black", font=drawn.font(34))
    for row, cells in enumerate((("Cáo trạng", "ba mươi"), ("Bản án", "bốn mươi"), ("Biên lai", "năm mươi"))):
        for cell, left, right in zip(cells, (170, 780), (780, 1400), strict=True):
            pen.rectangle((left, 810 + 110 * row, right, 920 + 110 * row), outline="black", width=3)
            pen.text((left + 30, 845 + 110 * row), cell, fill="black", font=drawn.font(34))
    table = " ".join(read(page).text.split())
    assert "Tài liệu do hai bên cùng giao nộp Cáo trạng ba mươi Bản án bốn mươi Biên lai năm mươi" in table


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (40, 40)])
def test_tiny_images_are_read_as_nothing(size: tuple[int, int]) -> None:
    reading = recognise(drawn.encoded(Image.new("L", size, 0), "PNG"), OPTIONS)
    assert reading.words == ()


def test_a_very_long_image_is_read_or_refused_by_its_size() -> None:
    strip = Image.new("L", (20_000, 60), 255)
    ImageDraw.Draw(strip).text((300, 10), "Viện kiểm sát nhân dân", fill=0, font=drawn.font(36))
    assert "kiểm" in recognise(drawn.encoded(strip, "PNG"), OPTIONS).text
    with pytest.raises(PageUnreadable):
        recognise(np.zeros((20_000, 20_000), np.uint8), OPTIONS)


@pytest.mark.parametrize(("mode", "kind"), [("1", "TIFF"), ("L", "JPEG2000"), ("P", "PNG"), ("CMYK", "JPEG")])
def test_modes_scanners_write_are_read_alike(mode: str, kind: str) -> None:
    image = drawn.page(repeat=1).convert(mode)
    stream = drawn.encoded(image, kind) if kind != "JPEG2000" else drawn.encoded(image, kind, quality_mode="rates")
    assert found(recognise(stream, OPTIONS)) > 0.9


def test_an_empty_language_pack_is_named(tmp_path) -> None:
    for content in (None, b"", b"x" * 20_000):
        if content is not None:
            (tmp_path / "vie.traineddata").write_bytes(content)
        with pytest.raises(LanguageMissing, match="archive doctor"):
            recognise(drawn.encoded(drawn.page()), ReadOptions(tessdata=str(tmp_path)))


def test_the_preview_shows_what_the_recogniser_saw_and_says_why(tmp_path: Path) -> None:
    page, picture = tmp_path / "trang.jpg", tmp_path / "seen.png"
    page.write_bytes(drawn.encoded(drawn.stamp(drawn.page(repeat=1), "SAO Y BẢN CHÍNH", (0.3, 0.75))))
    arguments = [str(page), "--output", str(picture), "--data", str(tmp_path), "--without", "repair"]
    result = CliRunner().invoke(ocr_preview.command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    for said in ("200 dpi", "coloured ink taken out", "ink in no word", "stamp sao_y", "độ chắc"):
        assert said in result.output
    with Image.open(picture) as seen:
        assert seen.width > seen.height  # two pages side by side


def test_low_resolution_is_said_at_once() -> None:
    reading = recognise(drawn.encoded(drawn.page(dpi=120), dpi=120), ReadOptions(tessdata=str(DEBIAN_TESSDATA)))
    assert any("120 dpi" in note for note in reading.notes)
