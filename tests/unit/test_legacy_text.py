"""Old encodings of Vietnamese in files that carry their own text: what is read is Unicode, or nothing is believed."""

from pathlib import Path
from typing import Any

import docx

from ingest import formats, office
from ingest.recognise import born_digital
from storage.vietnamese_legacy import _TCVN3_FROM, _TCVN3_TO

SAID = "bị can khai nhận đã chiếm đoạt số tiền hai mươi triệu đồng của người bị hại tại xã này"
TCVN3 = SAID.translate(str.maketrans(_TCVN3_TO, _TCVN3_FROM))


class DrawnPage:
    """A page as the PDF library gives it: words with their font and place."""

    width, height = 595.0, 842.0
    images: tuple[dict[str, Any], ...] = ()

    def __init__(self, text: str, font: str) -> None:
        self._text, self._font = text, font

    def extract_words(self, **_: Any) -> list[dict[str, Any]]:
        return [
            {"text": word, "x0": 40.0 + 20 * at, "x1": 58.0 + 20 * at, "top": 60.0, "bottom": 72.0,
             "fontname": self._font} for at, word in enumerate(self._text.split())
        ]  # fmt: skip


def words_of(reading: Any) -> str:
    return " ".join(word.text for word in reading.words)


def test_a_word_file_of_old_fonts_is_read_as_unicode(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TCVN3)
    path = tmp_path / "cu.docx"
    document.save(str(path))
    (page,) = office.read(path, formats.DOCX.media_type, "cu.docx")
    assert words_of(page) == SAID
    assert page.notes == ("turned into Unicode from tcvn3",)


def test_a_word_file_in_unicode_stays_as_it_is(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(SAID)
    path = tmp_path / "moi.docx"
    document.save(str(path))
    (page,) = office.read(path, formats.DOCX.media_type, "moi.docx")
    assert (words_of(page), page.notes) == (SAID, ())


def test_a_pdf_page_of_old_fonts_is_read_as_unicode() -> None:
    page = born_digital._read(DrawnPage(TCVN3, "ABCDEF+.VnTime"))
    assert page is not None
    assert words_of(page) == SAID
    assert "turned into Unicode from tcvn3" in page.notes


def test_a_pdf_page_of_old_fonts_that_gives_no_vietnamese_is_recognised_from_its_image() -> None:
    garbled = " ".join(f"x{odd}q" for odd in "µ¸¶·¹¨©®¬«»¼½¾ÆÇ")
    assert born_digital._read(DrawnPage(garbled, ".VnTime")) is None
