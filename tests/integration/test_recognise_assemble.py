"""Readings → searchable PDF/A: the text lies where it is seen, the image is the very one scanned."""

from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from PIL import Image

from ingest.assemble import assemble_pdf
from ingest.errors import AssembleImpossible
from ingest.recognise.born_digital import read_text_page
from storage.reading import PageReading, Word
from tests import drawn_pages as drawn

pytestmark = [pytest.mark.tools, pytest.mark.xdist_group("assemble")]


def reading(*placed: tuple[str, float, float], rotation: int = 0) -> PageReading:
    words = tuple(
        Word(text, (x, y, 0.02 * len(text), 0.02), 0.9, number, 0) for number, (text, x, y) in enumerate(placed)
    )
    return PageReading("t", 1654, 2339, rotation, 0.9, words, extra={"dpi": 200})


def scan(tmp_path: Path, count: int = 1) -> Path:
    path = tmp_path / "scan.pdf"
    pages = [drawn.page(repeat=1) for _ in range(count)]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
    return path


def words_of(path: Path, number: int = 0) -> dict[str, tuple[float, float]]:
    with pdfplumber.open(path) as pdf:
        page = pdf.pages[number]
        width, height = float(page.width), float(page.height)
        return {w["text"]: (w["x0"] / width, w["bottom"] / height) for w in page.extract_words()}


def test_words_select_where_they_are_seen_and_the_file_is_pdf_a(tmp_path: Path) -> None:
    source, target = scan(tmp_path, 2), tmp_path / "out.pdf"
    assemble_pdf(source, [reading(("Nguyễn", 0.1, 0.2), ("Đức", 0.7, 0.8)), None], target, title="Lời khai")
    words = words_of(target)
    assert words["Nguyễn"] == pytest.approx((0.1, 0.22), abs=0.012)
    assert words["Đức"] == pytest.approx((0.7, 0.82), abs=0.012)
    assert words_of(target, 1) == {}
    with pikepdf.open(target) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert metadata["dc:title"] == "Lời khai"
    assert target.stat().st_size < 1.2 * source.stat().st_size + 40_000


def test_the_image_is_carried_over_byte_by_byte(tmp_path: Path) -> None:
    source, target = scan(tmp_path), tmp_path / "out.pdf"
    assemble_pdf(source, [reading(("chữ", 0.1, 0.1))], target, title="")

    def image_bytes(path: Path) -> list[bytes]:
        with pikepdf.open(path) as pdf:
            return [o.read_raw_bytes() for o in pdf.objects
                    if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]  # fmt: skip

    assert image_bytes(source)[0] in image_bytes(target)


def test_a_page_scanned_upside_down_lies_upright_with_its_text_in_place(tmp_path: Path) -> None:
    source, target = tmp_path / "scan.pdf", tmp_path / "out.pdf"
    drawn.page(repeat=1).rotate(180).save(source, resolution=200)
    assemble_pdf(source, [reading(("trên", 0.1, 0.1), rotation=180)], target, title="")
    with pikepdf.open(target) as pdf:
        assert pdf.pages[0].obj.get("/Rotate") == 180
    with pdfplumber.open(target) as pdf:
        assert "".join(c["text"] for c in pdf.pages[0].chars).strip() == "trên"


@pytest.mark.parametrize(("name", "mode"), [("a.jpg", "RGB"), ("a.png", "RGBA"), ("a.tif", "1"), ("a.png", "P")])
def test_image_files_become_pdf_pages(tmp_path: Path, name: str, mode: str) -> None:
    source, target = tmp_path / name, tmp_path / "out.pdf"
    drawn.page(repeat=1).convert(mode).save(source, dpi=(200, 200))
    assemble_pdf(source, [reading(("chữ", 0.5, 0.5))], target, title="")
    assert words_of(target)["chữ"] == pytest.approx((0.5, 0.52), abs=0.012)
    with pikepdf.open(target) as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(1654 / 200 * 72, rel=0.01)


def test_a_page_too_large_to_decode_is_carried_over_as_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "lon.pdf", tmp_path / "out.pdf"
    with pikepdf.open(scan(tmp_path, 2)) as pdf:
        image = next(iter(pdf.pages[1].get_images().values()))
        image.Width, image.Height = 30_000, 30_000
        pdf.save(source)
    assemble_pdf(source, [reading(("chữ", 0.1, 0.1)), None], target, title="")
    assert set(words_of(target)) == {"chữ"}


def test_a_failure_leaves_the_target_as_it_was_and_says_which_file(tmp_path: Path) -> None:
    source, target = tmp_path / "hong.pdf", tmp_path / "out.pdf"
    source.write_bytes(b"%PDF-1.4 broken")
    target.write_bytes(b"before")
    with pytest.raises(AssembleImpossible, match=r"hong\.pdf"):
        assemble_pdf(source, [None], target, title="")
    with pytest.raises(AssembleImpossible):
        assemble_pdf(scan(tmp_path), [None, None], target, title="")
    assert target.read_bytes() == b"before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hong.pdf", "out.pdf", "scan.pdf"]


def test_born_digital_text_is_read_with_its_places_and_a_scan_has_none(tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Serif", str(drawn.FONTS / "LiberationSerif-Regular.ttf")))
    path = tmp_path / "own.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.setFont("Serif", 13)
    canvas.drawString(60, 780, "Viện kiểm sát nhân dân thành phố Cần Thơ")
    canvas.drawString(60, 700, "Quyết định khởi tố bị can")
    canvas.save()
    own = read_text_page(path, 1)
    assert own is not None
    assert own.text == "Viện kiểm sát nhân dân thành phố Cần Thơ\n\nQuyết định khởi tố bị can"
    assert own.words[0].box[0] == pytest.approx(60 / 595, abs=0.01)
    image = tmp_path / "image.pdf"
    Image.new("L", (100, 100), 255).save(image)
    assert read_text_page(image, 1) is None
