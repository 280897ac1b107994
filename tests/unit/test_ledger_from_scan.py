"""What a scanned notice gives to a row: the day of arrival, stamped or read as plain words."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from config.deadline_rules import load_deadline_rules
from config.ledger_books import load_books
from ledger import from_scan
from storage.models.documents import Document
from storage.reading import Block, PageReading, Word

BOOK = load_books(load_deadline_rules())["bpxlhc"]


def read(monkeypatch: pytest.MonkeyPatch, lines: list[str], *blocks: Block) -> dict[str, from_scan.Reading]:
    words = [
        Word(text, (0.1 + 0.05 * n, 0.1 + 0.03 * row, 0.04, 0.02), 0.9, line=row, block=0)
        for row, line in enumerate(lines)
        for n, text in enumerate(line.split())
    ]
    reading = PageReading("t", 1000, 1400, 0, 0.9, tuple(words), blocks)
    monkeypatch.setattr(from_scan.pages, "machine_reading", lambda _session, _page: reading)
    page: Any = SimpleNamespace(id=7)
    document = SimpleNamespace(
        id=3, pages=[page], page_links=[page], persons=[], fields={}, confidence=0.9, number="91/TB-TA",
        date=date(2026, 11, 10), issuer="TAND khu vực 3", title="THÔNG BÁO",
    )  # fmt: skip
    found = from_scan.read_document(cast(Session, None), BOOK, cast(Document, document), date(2026, 11, 22))
    return {r.field: r for r in found}


NOTICE = ["Ngày 05 tháng 11 năm 2026, Tòa án đã thụ lý hồ sơ số 91/2026/TLST-XLHC", "thời hạn đến ngày 30/11/2026"]


def test_the_notice_gives_number_and_day_of_acceptance(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, NOTICE)
    assert {k: found[k].value for k in ("so_thu_ly", "ngay_thu_ly", "so_tb")} == {
        "so_thu_ly": "91/2026/TLST-XLHC", "ngay_thu_ly": "2026-11-05", "so_tb": "91/TB-TA",
    }  # fmt: skip
    assert "ngay_nhan_tb" not in found  # "đến ngày" in a sentence is no stamp


def test_the_stamp_wins_and_words_stand_in_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    worded = [*NOTICE, "ĐẾN Số: 45 Ngày: 12/11/2026 Chuyển: đ/c Hoa"]
    in_words = read(monkeypatch, worded)["ngay_nhan_tb"]
    assert (in_words.value, in_words.page_id) == ("2026-11-12", 7)
    assert in_words.box is not None
    stamp = Block(1, "stamp", (0.1, 0.1, 0.2, 0.1), text="ĐẾN Số 45 Ngày 13/11/2026", stamp="den", confidence=0.8)
    stamped = read(monkeypatch, worded, stamp)["ngay_nhan_tb"]
    assert (stamped.value, stamped.confidence, stamped.box) == ("2026-11-13", 0.8, [0.1, 0.1, 0.2, 0.1])
