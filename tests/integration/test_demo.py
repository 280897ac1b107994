"""The invented case looks like an office's scans, can be read, and is put in exactly once."""

from pathlib import Path

import pypdfium2
import pytest
import tesserocr

from archive_svc.demo.case import CONTENT, put_in
from archive_svc.demo.drawing import HEIGHT, WIDTH, Sheet
from config.settings import Settings
from ingest.recognise.options import tessdata_folder
from storage import cases
from storage.access import SERVICE
from storage.database import Database
from storage.models.people import User


def test_is_put_in_once(database: Database, settings: Settings) -> None:
    first = put_in(database, SERVICE, settings.inbox_folder)
    assert first.scan is not None
    assert first.password is not None
    again = put_in(database, SERVICE, settings.inbox_folder)
    assert (again.scan, again.password) == (None, None)
    with pypdfium2.PdfDocument(first.scan) as pdf:
        assert len(pdf) == 14
    with database.read() as session:
        (case,) = cases.find_by_number(session, "27/2026/HS-ĐT")
        assert case.inbox_name == first.scan.parent.name
        assert {user.login for user in session.query(User)} == set(first.logins)


def test_names_nobody_real() -> None:
    text = CONTENT.read_text("utf-8")
    assert "Hòa Nam" in text
    assert "made up" in text


@pytest.mark.tools
def test_a_drawn_page_can_be_read(settings: Settings) -> None:
    sheet = Sheet()
    sheet.paragraph("Tại vị trí số 1 phát hiện một kìm cộng lực tay cầm bọc nhựa màu đỏ.")
    assert sheet.image.size == (WIDTH, HEIGHT)
    folder = tessdata_folder(settings)
    with tesserocr.PyTessBaseAPI(path=f"{folder}/", lang="vie") as api:
        api.SetImage(sheet.image.convert("L"))
        assert "kìm cộng lực" in api.GetUTF8Text().replace("\n", " ")


def test_drawing_stays_on_the_sheet(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(3):
        sheet.paragraph("chữ " * 60)
    margin = sheet.image.crop((WIDTH - 90, 200, WIDTH, HEIGHT)).convert("L")
    assert margin.getextrema() == (255, 255)
