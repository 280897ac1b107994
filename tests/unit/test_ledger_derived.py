"""Columns that follow from others: filled by the archive, typed by nobody, wrong formulas refused with their line."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.deadline_rules import load_deadline_rules
from config.errors import DataFileError, Forbidden
from config.holidays import load_calendar
from config.ledger_books import load_books, parse_book
from config.settings import Settings
from ledger import derived, entries, recompute
from ledger.office import load_office
from storage.access import SERVICE
from storage.models.ledger import LedgerEntry
from storage.vietnamese import name_key

RULES = load_deadline_rules()
BOOKS = load_books(RULES)
CALENDAR = load_calendar()


@pytest.mark.parametrize(
    ("book", "data", "field", "value"),
    [
        ("thads", {"phai_thu": 5_000_000, "da_thu": 1_250_000}, "con_phai_thu", 3_750_000),
        ("thads", {"phai_thu": 5_000_000}, "con_phai_thu", 5_000_000),
        ("thads", {"da_thu": 1_000}, "con_phai_thu", None),
        ("bpxlhc", {"ngay_dua_di": "2026-01-31", "thoi_han_ap_dung": 13}, "ngay_het_ap_dung", "2027-02-28"),
        ("bpxlhc", {"ngay_dua_di": "2026-01-31"}, "ngay_het_ap_dung", None),
        ("bpxlhc", {"ngay_dua_di": "2026-01-31", "thoi_han_ap_dung": 999_999_999}, "ngay_het_ap_dung", None),
    ],
)
def test_shipped_columns(book: str, data: dict[str, Any], field: str, value: Any) -> None:
    filled = derived.fill(BOOKS[book], CALENDAR, {**data, field: "cũ"})
    assert filled.get(field) == value
    assert {k: v for k, v in filled.items() if k != field} == data


BOOK = """id = "thu"
version = 1
name = "Sổ thử"
restart = "01/01"
groups = [ { id = "chung", name = "Chung" } ]
fields = [
  { id = "stt", name = "STT", group = "chung", type = "number" },
  { id = "ngay", name = "Ngày", group = "chung", type = "date" },
  { id = "so_ngay", name = "Số ngày", group = "chung", type = "integer" },
  { id = "han", name = "Hạn", group = "chung", type = "date", derived = "FORMULA" },
]
"""


@pytest.mark.parametrize(
    ("formula", "day"),
    [
        ("ngay + 5 working_day", "2026-03-12"),
        ("ngay - 5 day", "2026-02-28"),
        ("ngay + so_ngay day", "2026-03-12"),
        ("ngay + 1 month + 1 day", "2026-04-06"),
        ("ngay", "2026-03-05"),
    ],
)
def test_formulas_of_days(formula: str, day: str) -> None:
    book = parse_book(Path("sổ.toml"), BOOK.replace("FORMULA", formula), RULES)
    assert derived.fill(book, CALENDAR, {"ngay": "2026-03-05", "so_ngay": 7})["han"] == day


@pytest.mark.parametrize(
    "formula", ["ngay + 5 hour", "ngay + 5", "so_ngay", "ngay +", "khong_co + 1 day", "han + 1 day", "1 + ngay"]
)
def test_a_wrong_formula_is_refused_with_its_line(formula: str) -> None:
    with pytest.raises(DataFileError) as caught:
        parse_book(Path("sổ.toml"), BOOK.replace("FORMULA", formula), RULES)
    assert caught.value.detail["place"] == "dòng 10"


def test_the_enforcer_is_responsible_where_nobody_else_of_the_office_is_named() -> None:
    book, staff = BOOKS["thads"], entries.Staff({name_key("Đặng Quốc Khánh"): 1, name_key("Ngô Thị Hòa"): 2})
    for supervisor, enforcer, column in [
        ("", "Đặng Quốc Khánh", "chv"),
        ("Ngô Thị Hòa", "Đặng Quốc Khánh", "phu_trach"),
        ("Ngô Thị Hòa", "người của cơ quan khác", "phu_trach"),
        ("", "người của cơ quan khác", "phu_trach"),
    ]:
        assert entries.person_column(book, staff, {"phu_trach": supervisor, "chv": enforcer}) == column


def test_a_row_follows_its_columns_and_a_new_formula_reaches_old_rows(session: Session, settings: Settings) -> None:
    office = load_office(settings)
    book = office.book("thads")
    # the book of enforcement as this office keeps it
    number = next(f.id for f in book.data_fields if f.required and f.type == "text")
    required = {f.id: "01/07/2026" if f.type == "date" else "x" for f in book.data_fields if f.required}
    raw = {**required, number: "12/QĐ-THADS", "phai_thu": "5.000.000", "da_thu": "1.000.000"}
    entry = entries.create(session, SERVICE, book, office.engine, raw)
    assert entry.data["con_phai_thu"] == 4_000_000
    entries.update(session, SERVICE, book, office.engine, entry, {"da_thu": "5.000.000"}, entry.version)
    assert entry.data["con_phai_thu"] == 0
    with pytest.raises(Forbidden):
        entries.update(session, SERVICE, book, office.engine, entry, {"con_phai_thu": "7"}, entry.version)
    entry.data = {**entry.data, "con_phai_thu": 123}
    session.flush()
    recompute.recompute(session, office, book, entries.office_today())
    [again] = session.scalars(select(LedgerEntry)).all()
    assert (again.data["con_phai_thu"], again.folded["con_phai_thu"]) == (0, "0")
