"""Book definitions: the shipped ones, mistakes told with their line, and changes made on screen."""

from pathlib import Path

import pytest

from config.deadline_rules import load_deadline_rules
from config.errors import DataFileError, Invalid
from config.ledger_books import Book, load_books, parse_book
from config.settings import Settings
from ledger import book_edit
from ledger.office import load_office

RULES = load_deadline_rules()
BOOKS = load_books(RULES)
CORE_WITHOUT_BOOK = {
    # the same act counted in calendar days; the book checks the later, working-day rule
    "nt.tb_tiep_nhan_vks",
    # continuations of nt.giai_quyet_20 that the book holds as "gia hạn đến"
    "nt.giai_quyet_2thang",
    "nt.gia_han_vks_2thang",
    # the shorter period of Đ.116 k2 b: the book takes the longer one, which accuses nobody wrongly
    "hc.cbxx_b",
    # a trả đơn in an administrative case uses the civil check's columns
    "hc.gui_tra_don",
}

SMALL = """id = "thu"
version = 1
name = "Sổ thử"
restart = "01/01"
groups = [ { id = "chung", name = "Chung" } ]
fields = [
  { id = "stt", name = "STT", group = "chung", type = "number" },
  { id = "ngay", name = "Ngày", group = "chung", type = "date" },
]
checks = [
  { id = "gui", deadline = "ds.tb_thu_ly", trigger = ["ngay"] },
]
"""


def test_the_seven_books_are_there_and_every_core_deadline_is_checked() -> None:
    assert set(BOOKS) == {"bpxlhc", "dan_su", "hinh_su", "nguon_tin", "thads", "van_ban_den", "van_ban_di"}
    used = {check.deadline for book in BOOKS.values() for check in book.checks}
    used |= {RULES.by_id[i].id for i, rule in RULES.by_id.items() if rule.replaced_by in used}
    core = {rule.id for rule in RULES.by_id.values() if rule.core}
    assert len(core) == 52
    assert core - used - CORE_WITHOUT_BOOK == set()


def test_office_kind_selects_books(settings: Settings) -> None:
    assert {b.id for b in load_office(settings).kept()} == set(BOOKS)
    enforcement = [b.id for b in BOOKS.values() if "thads" in b.offices]
    assert enforcement == ["thads", "van_ban_den", "van_ban_di"]


@pytest.mark.parametrize("book", BOOKS.values(), ids=lambda b: b.id)
def test_a_book_written_as_a_file_reads_back_the_same(book: Book) -> None:
    again = parse_book(Path("sổ.toml"), book_edit.to_toml(book), RULES)
    assert {n: getattr(again, n) for n in book.__dataclass_fields__} == {
        n: getattr(book, n) for n in book.__dataclass_fields__
    }


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('type = "date"', 'type = "dat"', "dòng 8"),
        ('group = "chung", type = "date"', 'group = "khac", type = "date"', "dòng 8"),
        ('id = "ngay"', 'id = "Ngày"', "dòng 8"),
        ("ds.tb_thu_ly", "ds.khong_co", "dòng 11"),
        ('trigger = ["ngay"]', 'trigger = ["gio"]', "dòng 11"),
        ('restart = "01/01"', 'restart = "31/02"', "dòng 4"),
        ('name = "Sổ thử"', 'nam = "Sổ thử"', "dòng 3"),
        ("version = 1", "version = ", "dòng 2"),
        ('name = "Ngày", ', 'name = "Ngày", rong = 3, ', "dòng 8"),
    ],
)
def test_a_mistake_names_file_line_and_reason(old: str, new: str, line: str) -> None:
    with pytest.raises(DataFileError) as caught:
        parse_book(Path("/sổ/thu.toml"), SMALL.replace(old, new, 1), RULES)
    assert caught.value.detail["file"] == "/sổ/thu.toml"
    assert caught.value.detail["place"].startswith(line)
    assert caught.value.detail["why"]


def test_the_running_version_stays_when_a_file_breaks(settings: Settings) -> None:
    folder = settings.data / "config" / "books"
    folder.mkdir(parents=True)
    (folder / "thu.toml").write_text(SMALL, "utf-8")
    assert "thu" in load_office(settings).books
    (folder / "thu.toml").write_text(SMALL.replace('type = "date"', 'type = "x"'), "utf-8")
    office = load_office(settings)
    assert office.books["thu"].by_id["ngay"].type == "date"
    assert office.problem is not None
    assert "dòng 8" in office.problem.message()
    (folder / "thu.toml").write_text(SMALL.replace("Sổ thử", "Sổ mới"), "utf-8")
    office = load_office(settings)
    assert (office.problem, office.books["thu"].name) == (None, "Sổ mới")


def test_a_new_book_needs_no_code(settings: Settings) -> None:
    folder = settings.data / "config" / "books"
    folder.mkdir(parents=True)
    (folder / "thu.toml").write_text(SMALL, "utf-8")
    assert load_office(settings).book("thu").number_field.id == "stt"


def test_columns_are_added_renamed_and_hidden() -> None:
    book = book_edit.add_field(BOOKS["bpxlhc"], name="Số điện thoại", group="nguoi", kind="text")
    added = book.by_id["so_dien_thoai"]
    assert [f.id for f in book.fields if f.group == "nguoi"][-1] == added.id
    book = book_edit.change_field(book, "ksv", name="KSV thụ lý chính", hidden=True)
    assert (book.by_id["ksv"].hidden, "Kiểm sát viên" in book.by_id["ksv"].aliases) == (True, True)
    with pytest.raises(Invalid):
        book_edit.change_field(book, "ho_ten", hidden=True)
    with pytest.raises(Invalid):
        book_edit.add_field(book, name="so dien thoai", group="nguoi", kind="text")
    with pytest.raises(DataFileError):
        bad = book_edit.add_field(book, name="Cột", group="không có", kind="text")
        parse_book(Path("x"), book_edit.to_toml(bad), RULES)
