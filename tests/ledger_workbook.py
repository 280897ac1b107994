"""An Excel register as offices keep it: title rows, headings over two rows with merged cells, a row of column
numbers, dates
in five spellings, closing lines; 68 BPXLHC rows with planted late notices. Made anew for each test; no binary is
kept."""

import random
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from config.holidays import Calendar, load_calendar
from config.settings import Settings
from ledger import import_plan, importing
from ledger.excel_read import Grid, read_workbook
from ledger.office import load_office
from storage.access import SERVICE
from storage.database import Database

HEADINGS = [
    ("STT", None),
    ("Họ và tên", None),
    ("Năm sinh", None),
    ("Biện pháp", None),
    ("Tòa án", None),
    ("Thụ lý", "Số"),
    ("Thụ lý", "Ngày"),
    ("Thông báo thụ lý", "Ngày gửi"),
    ("Thông báo thụ lý", "Ngày nhận"),
    ("QĐ mở phiên họp", "Số"),
    ("QĐ mở phiên họp", "Ngày"),
    ("Ngày phiên họp", None),
    ("Quyết định", "Số"),
    ("Quyết định", "Ngày"),
    ("Quyết định", "Ngày gửi"),
    ("Quyết định", "Ngày nhận"),
    ("Kết quả", None),
    ("KSV thụ lý", None),
    ("Số hoá hồ sơ", None),
    ("Nộp lưu hồ sơ", None),
]
FIRST_ROW = 7
LATE_NOTICE = (5, 13, 22, 37, 51)
ONLY_ARRIVAL = (9, 44)
LATE_SESSION = (30,)
LATE_DECISION = (13, 27, 61)
PLANTED = {
    *((str(n), "xl.tb_thu_ly", "late") for n in LATE_NOTICE),
    *((str(n), "xl.tb_thu_ly", "to_verify") for n in ONLY_ARRIVAL),
    *((str(n), "xl.mo_phien_hop", "late") for n in LATE_SESSION),
    *((str(n), "xl.gui_qd", "late") for n in LATE_DECISION),
}
SPELLINGS = (
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d.day}-{d.month}-{d.year}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: d.isoformat(),
    lambda d: f"ngày {d.day:02} tháng {d.month} năm {d.year}",
)


def working_days_on(calendar: Calendar, day: date, count: int) -> date:
    """So many working days later, by walking."""
    while count:
        day += timedelta(days=1)
        count -= not calendar.day(day).off
    return day


def write_register(path: Path, rows: int = 68) -> Path:
    """Write the register; which rows are late is ``PLANTED``."""
    chance, calendar = random.Random(7), load_calendar()
    book = Workbook()
    sheet = book.active
    sheet.title = "Theo dõi 2026"
    sheet.merge_cells("A1:F1")
    sheet["A1"] = "VIỆN KIỂM SÁT NHÂN DÂN KHU VỰC 3"
    sheet.merge_cells("A2:T2")
    sheet["A2"] = "BẢNG THEO DÕI VIỆC ÁP DỤNG BIỆN PHÁP XỬ LÝ HÀNH CHÍNH TẠI TÒA ÁN NĂM 2026"
    for column, (top, below) in enumerate(HEADINGS, 1):
        sheet.cell(4, column, top)
        if below:
            sheet.cell(5, column, below)
        else:
            sheet.merge_cells(start_row=4, start_column=column, end_row=5, end_column=column)
        sheet.cell(6, column, column)
    for first, last in ((6, 7), (8, 9), (10, 11), (13, 16)):
        sheet.merge_cells(start_row=4, start_column=first, end_row=4, end_column=last)
    for number in range(1, rows + 1):
        for column, value in enumerate(_row(number, chance, calendar), 1):
            sheet.cell(FIRST_ROW + number - 1, column, value)
    sheet.cell(FIRST_ROW + rows + 1, 2, f"Tổng cộng: {rows} vụ")
    sheet.cell(FIRST_ROW + rows + 3, 12, "Người lập bảng")
    book.save(path)
    return path


@lru_cache(maxsize=2)
def register_grids(rows: int) -> list[Grid]:
    """The register written and read once for all tests that need its rows, not its file."""
    with TemporaryDirectory() as folder:
        return read_workbook(write_register(Path(folder) / "so.xlsx", rows))


def fill_register(database: Database, settings: Settings, rows: int = 68) -> None:
    """Bring the rows into an archive."""
    office = load_office(settings)
    book = office.book("bpxlhc")
    with database.write() as session:
        plan = import_plan.make_plan(session, SERVICE, book, register_grids(rows), name="so.xlsx")
        importing.carry_out(session, SERVICE, book, office.engine, plan, file_name="so.xlsx")


def _row(number: int, chance: random.Random, calendar: Calendar) -> list[object]:
    def on(day: date, count: int) -> date:
        return working_days_on(calendar, day, count)

    accepted = on(date(2026, 1, 4) + timedelta(days=number * 4), 1)
    due = on(accepted, 2)
    sent: date | None = chance.choice([accepted, on(accepted, 1), due])
    if number in LATE_NOTICE:
        sent = on(due, chance.choice([1, 2, 6]))
    arrived = on(sent, 1) if number not in ONLY_ARRIVAL and sent else on(due, 2)
    sent = None if number in ONLY_ARRIVAL else sent
    opened = on(accepted, 3)
    session = on(opened, 9 if number in LATE_SESSION else chance.choice([4, 6, 7]))
    decision_due = on(session, 2)
    decision_sent = (
        on(decision_due, chance.choice([1, 3])) if number in LATE_DECISION else chance.choice([session, decision_due])
    )
    spelled = SPELLINGS[number // 3 % 5]

    def shown(day: date | None) -> object:
        return day if day is None or number % 3 else spelled(day)

    return [
        number,
        f"Nguyễn Văn {chance.choice(['Mận', 'Mẫn', 'Quý', 'Hòa', 'Thúy'])} {number}",
        chance.randint(1975, 2009),
        "Cơ sở cai nghiện bắt buộc",
        "TAND khu vực 3",
        f"{number:02}/2026/TLST-XLHC",
        shown(accepted),
        shown(sent),
        shown(arrived),
        f"{number:02}/2026/QĐ-MPH",
        shown(opened),
        shown(session),
        f"{number:02}/2026/QĐ-TA",
        shown(session),
        shown(decision_sent),
        shown(on(decision_sent, 1)),
        "Áp dụng",
        chance.choice(["Hoa", "Minh"]),
        "x",
        None,
    ]
