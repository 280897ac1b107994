"""Import and export of workbooks as offices really have them, against a real database."""

import datetime
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import DataFileError, Invalid
from config.settings import Settings
from ledger import assess, entries, excel_write, import_plan, importing, query, rights
from ledger.excel_read import WorkbookUnreadable, read_workbook
from ledger.import_plan import Plan
from ledger.importing import Outcome
from ledger.office import Office, load_office
from storage.access import SERVICE
from storage.models.ledger import LedgerChange, LedgerEntry, LedgerImportMap
from tests.ledger_workbook import PLANTED, write_register

TODAY = date(2026, 11, 22)


@pytest.fixture
def office(settings: Settings) -> Office:
    return load_office(settings)


def plan_of(session: Session, office: Office, path: Path, book: str = "bpxlhc", **more: object) -> Plan:
    grids = read_workbook(path)
    return import_plan.make_plan(session, SERVICE, office.book(book), grids, name=path.name, today=TODAY, **more)


def bring_in(session: Session, office: Office, path: Path, book: str = "bpxlhc") -> Outcome:
    plan = plan_of(session, office, path, book)
    chosen = office.book(book)
    return importing.carry_out(session, SERVICE, chosen, office.engine, plan, file_name=path.name, today=TODAY)


def small_workbook(path: Path, rows: list[list[object]], headings: list[str] | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(headings or ["STT", "Họ tên", "Số thụ lý", "Ngày thụ lý", "Ngày gửi thông báo thụ lý"])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_every_planted_violation_is_found_and_no_other(session: Session, office: Office, tmp_path: Path) -> None:
    outcome = bring_in(session, office, write_register(tmp_path / "so.xlsx"))
    assert (outcome.created, outcome.refused) == (68, [])
    book = office.book("bpxlhc")
    found = {
        (entry.number_text, finding.deadline, str(finding.state))
        for entry in session.scalars(select(LedgerEntry))
        for finding in assess.assess(book, office.engine, entry.data, TODAY)
        if finding.state in ("late", "to_verify")
    }
    assert found == PLANTED


def test_closing_lines_are_named_and_not_taken(session: Session, office: Office, tmp_path: Path) -> None:
    outcome = bring_in(session, office, write_register(tmp_path / "so.xlsx", rows=3))
    assert [text for _row, text in outcome.skipped] == ["Tổng cộng: 3 vụ", "Người lập bảng"]


def test_the_same_file_again_changes_nothing_and_an_edited_one_only_what_differs(
    session: Session, office: Office, tmp_path: Path
) -> None:
    path = write_register(tmp_path / "so.xlsx", rows=12)
    bring_in(session, office, path)
    again = bring_in(session, office, path)
    assert (again.created, again.changed, again.same) == (0, 0, 12)
    workbook = load_workbook(path)
    workbook.active["E9"] = "TAND khu vực 4"
    workbook.save(path)
    plan = plan_of(session, office, path)
    changed = [row for row in plan.rows if row.kind == "change"]
    assert [(row.number_text, row.changes) for row in changed] == [
        ("3", {"toa_an": ("TAND khu vực 3", "TAND khu vực 4")})
    ]
    importing.carry_out(session, SERVICE, office.book("bpxlhc"), office.engine, plan, file_name="x", today=TODAY)
    change = session.scalars(select(LedgerChange).order_by(LedgerChange.id.desc())).first()
    assert (change.before, change.after) == ({"toa_an": "TAND khu vực 3"}, {"toa_an": "TAND khu vực 4"})


def test_export_and_import_lose_nothing(session: Session, office: Office, tmp_path: Path) -> None:
    book = office.book("dan_su")
    raw = {
        "loai": "hành chính",
        "so_thu_ly": "45/2026/TLST-HC",
        "ngay_thu_ly": "05/03/2026",
        "nguyen_don": "Ông =1+1",
        "bi_don": "@SUM(A1)",
        "duong_su": [{"tu_cach": "NCQLNVLQ", "ho_ten": "Lê Thị Mẫn"}, {"ho_ten": "Lê Văn Mận"}],
        "tom_tat": "dòng một\ndòng hai",
        "vks_tham_gia": "có",
        "so_but_luc": "120",
        "ngay_mo_pt": "05/12/2026",
    }
    made = entries.create(session, SERVICE, book, office.engine, raw, today=TODAY)
    before = dict(made.data)
    path = tmp_path / "ra.xlsx"
    excel_write.write_book(path, book, office.engine, [made], office="VKS", today=TODAY)
    plan = plan_of(session, office, path, "dan_su")
    assert [row.kind for row in plan.rows] == ["same"]
    session.delete(session.scalars(select(LedgerChange)).one())
    session.delete(made)
    session.flush()
    bring_in(session, office, path, "dan_su")
    assert session.scalars(select(LedgerEntry)).one().data == before


def test_what_a_person_typed_never_becomes_a_formula(session: Session, office: Office, tmp_path: Path) -> None:
    book = office.book("bpxlhc")
    values = {"ho_ten": '=HYPERLINK("http://x","y")', "ngay_thu_ly": "05/03/2026", "ghi_chu": "+cmd|' /C calc'!A0"}
    made = entries.create(session, SERVICE, book, office.engine, values, today=TODAY)
    path = tmp_path / "ra.xlsx"
    excel_write.write_book(path, book, office.engine, [made], office="VKS", today=TODAY)
    cells = [cell for row in load_workbook(path).active.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert values["ho_ten"] in {cell.value for cell in cells}


def test_exported_page_is_a3_landscape_with_repeated_headings(session: Session, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "ra.xlsx"
    excel_write.write_book(path, office.book("bpxlhc"), office.engine, [], office="VKS", today=TODAY)
    sheet = load_workbook(path).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.print_title_rows == "$5:$7"
    assert sheet.print_title_cols == "$A:$C"
    assert sheet.page_setup.fitToWidth > 1, "a hundred columns on one sheet are a grey stripe"
    assert sheet.freeze_panes == "D8"
    assert sheet.row_dimensions[6].height == 60, "headings of three lines"


def test_as_many_sheets_side_by_side_as_keep_letters_legible() -> None:
    assert excel_write.sheets_across([10.0] * 5, 1) == 1
    assert excel_write.sheets_across([10.0] * 30, 0) == 1
    assert excel_write.sheets_across([10.0] * 32, 0) == 2
    assert excel_write.sheets_across([10.0] * 60, 0) == 2
    assert excel_write.sheets_across([10.0] * 60, 3) == 3, "the repeated columns take their room on each sheet"


@pytest.mark.parametrize(
    "text", ["05/03/2026", "5-3-2026", "05.03.2026", "2026-03-05", "ngày 05 tháng 3 năm 2026", "5/3/26"]
)
def test_dates_written_as_text(session: Session, office: Office, tmp_path: Path, text: str) -> None:
    bring_in(session, office, small_workbook(tmp_path / "a.xlsx", [[1, "A", "1/2026/TL", text, None]]))
    assert session.scalars(select(LedgerEntry)).one().data["ngay_thu_ly"] == "2026-03-05"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("31/02/2026", "không phải là ngày có thật"),
        (date(2027, 3, 5), "sau hôm nay"),
        ("hôm qua", "không phải là ngày"),
        ("05/13/2026", "không phải là ngày"),
        (12, "không phải là ngày"),
    ],
)
def test_impossible_and_future_dates_refuse_the_row(
    session: Session, office: Office, tmp_path: Path, value: object, reason: str
) -> None:
    rows = [[1, "A", "1/2026/TL", value, None], [2, "B", "2/2026/TL", date(2026, 3, 5), None]]
    outcome = bring_in(session, office, small_workbook(tmp_path / "a.xlsx", rows))
    assert outcome.created == 1
    [refusal] = outcome.refused
    assert (refusal.row, refusal.column) == (2, "Ngày thụ lý")
    assert reason in refusal.reason
    assert [e.number_text for e in session.scalars(select(LedgerEntry))] == ["2"]


def test_date_system_of_1904(session: Session, office: Office, tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["STT", "Họ tên", "Số thụ lý", "Ngày thụ lý"])
    sheet.append([1, "A", "1/2026/TL", datetime.date(2026, 3, 5)])
    serial = (datetime.date(2026, 3, 6) - datetime.date(1904, 1, 1)).days
    sheet.append([2, "B", "2/2026/TL", serial])
    path = tmp_path / "mac.xlsx"
    book.save(path)
    bring_in(session, office, path)
    days = [e.data["ngay_thu_ly"] for e in session.scalars(select(LedgerEntry).order_by(LedgerEntry.number))]
    assert days == ["2026-03-05", "2026-03-06"]


def test_formula_errors_and_uncomputed_formulas_are_told(session: Session, office: Office, tmp_path: Path) -> None:
    rows = [[1, "A", "1/2026/TL", "=B2+1", None], [2, "B", "2/2026/TL", date(2026, 3, 5), "#REF!"]]
    path = small_workbook(tmp_path / "a.xlsx", rows)
    workbook = load_workbook(path)
    workbook.active["E3"].data_type = "e"
    workbook.save(path)
    outcome = bring_in(session, office, path)
    reasons = {(r.row, r.reason) for r in outcome.refused}
    assert (3, "công thức báo lỗi #REF!") in reasons
    assert any(row == 2 and "chưa có kết quả" in why for row, why in reasons)
    assert outcome.created == 0


def test_merged_data_cells_stand_for_every_row_they_cover(session: Session, office: Office, tmp_path: Path) -> None:
    rows = [[1, "A", "1/2026/TL", date(2026, 3, 5), None], [2, "B", "2/2026/TL", None, None]]
    path = small_workbook(tmp_path / "a.xlsx", rows)
    workbook = load_workbook(path)
    workbook.active.merge_cells("D2:D3")
    workbook.save(path)
    bring_in(session, office, path)
    assert {e.data["ngay_thu_ly"] for e in session.scalars(select(LedgerEntry))} == {"2026-03-05"}


def test_decomposed_text_is_the_same_row(session: Session, office: Office, tmp_path: Path) -> None:
    rows = [[1, "Nguyễn Thị Mận", "1/2026/TL", date(2026, 3, 5), None]]
    bring_in(session, office, small_workbook(tmp_path / "a.xlsx", rows))
    apart = [[1, unicodedata.normalize("NFD", "Nguyễn Thị Mận"), "1/2026/TL", date(2026, 3, 5), None]]
    headings = [unicodedata.normalize("NFD", h) for h in ("STT", "Họ tên", "Số thụ lý", "Ngày thụ lý", "Ghi chú")]
    again = bring_in(session, office, small_workbook(tmp_path / "b.xlsx", apart, headings))
    assert (again.created, again.changed, again.same) == (0, 0, 1)


def test_duplicate_rows_are_refused_and_name_the_first(session: Session, office: Office, tmp_path: Path) -> None:
    row = [1, "A", "1/2026/TL", date(2026, 3, 5), None]
    outcome = bring_in(session, office, small_workbook(tmp_path / "a.xlsx", [row, [2, *row[1:]]]))
    assert outcome.created == 1
    assert "trùng với dòng 2" in outcome.refused[0].reason


def test_numbers_stay_as_they_are_gaps_and_doubles_flagged(session: Session, office: Office, tmp_path: Path) -> None:
    days = date(2026, 3, 5)
    rows = [[n, f"Người {i}", f"{i}/2026/TL", days, None] for i, n in enumerate(["15", "15a", "15", "18"], 1)]
    outcome = bring_in(session, office, small_workbook(tmp_path / "a.xlsx", rows))
    found = list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))
    assert [e.number_text for e in found] == ["15", "15a", "15", "18"]
    assert "số 15 trùng" in found[0].flags
    assert any("15a" in flag for flag in found[1].flags)
    assert any("16, 17" in remark for remark in outcome.remarks)
    values = {"ho_ten": "Người mới", "ngay_thu_ly": "05/03/2026"}
    made = entries.create(session, SERVICE, office.book("bpxlhc"), office.engine, values, today=date(2026, 3, 6))
    assert made.number_text == "19"


def test_a_map_by_hand_wins_and_is_remembered(session: Session, office: Office, tmp_path: Path) -> None:
    path = small_workbook(tmp_path / "a.xlsx", [[1, "A", date(2026, 3, 5)]], ["STT", "Đương sự X", "Cột ngày"])
    mapped = {"stt": "STT", "ho_ten": "Đương sự X", "ngay_thu_ly": "C"}
    with pytest.raises(Invalid):
        plan_of(session, office, path)
    path = small_workbook(tmp_path / "a.xlsx", [[1, "A", date(2026, 3, 5)]], ["STT", "Họ tên", "Cột ngày"])
    mapped["ho_ten"] = "Họ tên"
    plan = plan_of(session, office, path, mapping=mapped)
    importing.carry_out(session, SERVICE, office.book("bpxlhc"), office.engine, plan, file_name="a", today=TODAY)
    assert session.scalars(select(LedgerImportMap)).one().mapping["ngay_thu_ly"] == "C"
    assert plan_of(session, office, path).mapping["ngay_thu_ly"] == 2
    with pytest.raises(Invalid):
        plan_of(session, office, path, mapping={"ho_ten": "Không có"})


def test_a_map_file_with_a_mistake_names_it(tmp_path: Path) -> None:
    file = tmp_path / "map.toml"
    file.write_text("[columns]\nho_ten = 3\n", "utf-8")
    with pytest.raises(DataFileError):
        import_plan.read_map(file)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old .xls"])
def test_what_is_no_workbook_is_refused(session: Session, office: Office, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookUnreadable):
        plan_of(session, office, path)


def test_a_failing_import_leaves_nothing(settings: Settings, database: object, tmp_path: Path) -> None:
    office = load_office(settings)
    path = write_register(tmp_path / "so.xlsx", rows=5)
    with pytest.raises(RuntimeError), database.write() as session:  # type: ignore[attr-defined]
        bring_in(session, office, path)
        raise RuntimeError("power cut")
    with database.read() as session:  # type: ignore[attr-defined]
        access = rights.book_access(session, SERVICE, office.book("bpxlhc"))
        assert query.count(session, office.book("bpxlhc"), access, query.Query()) == 0


def test_words_of_an_offices_own_stay_and_are_flagged(session: Session, office: Office, tmp_path: Path) -> None:
    headings = ["STT", "Họ tên", "Ngày thụ lý", "Năm sinh", "Biện pháp", "Kết quả", "Nộp lưu hồ sơ"]
    rows = [
        [1, "A", date(2026, 3, 5), "05/06/1990", "CNBB", "chuyển nơi khác", "đã nộp"],
        [2, "B", date(2026, 3, 6), 1991, "GDBB", "áp dụng", "x"],
    ]
    outcome = bring_in(session, office, small_workbook(tmp_path / "a.xlsx", rows, headings))
    assert (outcome.created, outcome.refused) == (2, [])
    first, second = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number))
    assert (first.data["nam_sinh"], first.data["bien_phap"]) == (1990, "cơ sở cai nghiện bắt buộc")
    assert first.data["ket_qua"] == "chuyển nơi khác"
    assert any("chuyển nơi khác" in flag for flag in first.flags)
    assert "ngay_nop_luu" not in first.data
    assert any("Nộp lưu hồ sơ" in remark for remark in outcome.remarks)
    assert second.data["bien_phap"] == "cơ sở giáo dục bắt buộc"
