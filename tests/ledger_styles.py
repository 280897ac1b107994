"""Registers in styles unlike ``ledger_workbook``: other orders and headings of columns, numbers and days in one cell,
days as text, the 1904 date system, merged cells, formulas with errors. Each knows what a checker must find in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from config.holidays import load_calendar
from tests.ledger_workbook import working_days_on

CALENDAR = load_calendar()
Finding = tuple[str, str, str]
SPELLED: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d:%d-%m-%Y}",
    lambda d: f"{d:%d.%m.%y}",
    lambda d: f"ngày {d.day:02} tháng {d.month:02} năm {d.year}",
    lambda d: f"{d:%Y-%m-%d}",
)


@dataclass(frozen=True, slots=True)
class Register:
    """A workbook, the findings planted in it as (number, deadline, state), and the rows that must be refused."""

    path: Path
    planted: set[Finding]
    refused: set[int]
    rows: int


def on(day: date, count: int) -> date:
    """So many working days later."""
    return working_days_on(CALENDAR, day, count)


def after(day: date, count: int) -> date:
    """So many days later, and past days off."""
    day += timedelta(days=count)
    while CALENDAR.day(day).off:
        day += timedelta(days=1)
    return day


def _sheet(title: str, lines: list[str], headings: list[object], epoch_1904: bool = False) -> tuple[Workbook, int]:
    """A workbook whose second sheet begins with title lines and headings; gives the row of the first entry."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if epoch_1904 else book.epoch
    book.active.title = "Hướng dẫn"
    book.active["A1"] = "Không sửa các cột có công thức"
    sheet = book.create_sheet(title)
    for number, line in enumerate(lines, 1):
        sheet.cell(number, 2, line)
        sheet.merge_cells(start_row=number, start_column=2, end_row=number, end_column=9)
    top = len(lines) + 2
    for column, heading in enumerate(headings, 1):
        above, below = heading if isinstance(heading, tuple) else (heading, None)
        sheet.cell(top, column, above)
        if below is None:
            sheet.merge_cells(start_row=top, start_column=column, end_row=top + 1, end_column=column)
        else:
            sheet.cell(top + 1, column, below)
    return book, top + 2


def handling_measures(path: Path) -> Register:
    """68 BPXLHC rows: abbreviations, no marks, number and day in one cell, 1904, merged courts, an error formula."""
    headings = [
        "KSV, KTV duoc phan cong", "So TT", ("Thu ly cua TAND", "So, ngay thang nam"), ("Thu ly cua TAND", "TAND"),
        "Doi tuong bi de nghi", "Bien phap de nghi ap dung", ("Gui TBTL cho VKS", "Ngay gui"),
        ("Gui TBTL cho VKS", "Ngay nhan"), "Ngay QD mo PH", "Ngay mo PH", "Ket qua giai quyet cua TA",
        ("QD cua TAND", "So"), ("QD cua TAND", "Ngay, thang"), ("QD cua TAND", "Ngay gui VKS"),
        ("QD cua TAND", "Ngay VKS nhan"), "So ngay cham", "Da so hoa",
    ]  # fmt: skip
    book, first = _sheet(
        "So 2026", ["VKSND KHU VUC 5", "SO THEO DOI AP DUNG BPXLHC", "Nam 2026"], headings, epoch_1904=True
    )
    sheet = book.worksheets[1]
    late_notice, arrival_only, late_session, late_decision = {4, 19, 40, 68}, {11, 50}, {25}, {19, 33, 57}
    for n in range(1, 69):
        accepted = on(date(2025, 12, 20) + timedelta(days=4 * n), 1)
        sent = on(accepted, 3 + n % 4) if n in late_notice else on(accepted, n % 3)
        arrived = on(sent, 4) if n in arrival_only else on(sent, 1)
        opened = on(accepted, 2)
        session = on(opened, 8 if n in late_session else 1 + n % 7)
        decision_sent = on(session, 3 if n in late_decision else n % 3)
        spell = SPELLED[n % 5]
        days = [sent, arrived, opened, session, session, decision_sent, on(decision_sent, 1)]
        shown = [d if n % 2 else spell(d) for d in days]
        notice: object = None if n in arrival_only else shown[0]
        number_and_day = f"{n:02}/2026/TLST-XLHC" + (" ngày " if n % 2 else "\n") + SPELLED[n % 3](accepted)
        values = [
            ("Hoa", "Minh")[n % 2], n, number_and_day, "TAND khu vực 5" if n % 4 == 1 else None, f"Lê Văn Mẫn {n}",
            ("CNBB", "Trường giáo dưỡng", "Cơ sở GDBB")[n % 3], notice, *shown[1:4], "Áp dụng", f"{n}/2026/QĐ-TA",
            *shown[4:], "#REF!" if n == 7 else None, "x" if n % 2 else None,
        ]  # fmt: skip
        for column, value in enumerate(values, 1):
            sheet.cell(first + n - 1, column, value)
        if n % 4 == 1:
            sheet.merge_cells(start_row=first + n - 1, start_column=4, end_row=first + n + 2, end_column=4)
    sheet.cell(first + 6, 16).data_type = "e"
    sheet.cell(first + 70, 5, "Cộng: 68 người")
    book.save(path)
    planted = {(str(n), "xl.tb_thu_ly", "late") for n in late_notice}
    planted |= {(str(n), "xl.tb_thu_ly", "to_verify") for n in arrival_only}
    planted |= {(str(n), "xl.mo_phien_hop", "late") for n in late_session}
    planted |= {(str(n), "xl.gui_qd", "late") for n in late_decision}
    return Register(path, planted, set(), 68)


def civil_cases(path: Path) -> Register:
    """24 civil cases: late notices, late judgments, an overlong preparation, a suspension sent late."""
    headings = [
        "Stt", "Loại án", ("Thông báo thụ lý", "Số thụ lý"), ("Thông báo thụ lý", "Ngày TA thụ lý"),
        ("Thông báo thụ lý", "Ngày TA gửi VKS"), ("Thông báo thụ lý", "Ngày VKS nhận"), "Nguyên đơn", "Bị đơn",
        "Ngày QĐ đưa ra XX", "Ngày gửi QĐ đưa ra XX cho VKS", "Ngày xét xử", ("Bản án", "Số, ngày"),
        ("Bản án", "Ngày gửi"), ("QĐ đình chỉ", "Ngày"), ("QĐ đình chỉ", "Ngày gửi"), "Tòa án thụ lý", "Người thụ lý",
    ]  # fmt: skip
    book, first = _sheet("Án dân sự", ["VIỆN KIỂM SÁT NHÂN DÂN KHU VỰC 2", "SỔ THỤ LÝ ÁN DÂN SỰ"], headings)
    sheet = book.worksheets[1]
    late_notice, late_judgment, overlong, late_stop = {3, 17}, {5, 20}, {9}, {12}
    for n in range(1, 25):
        accepted = on(date(2026, 1, 4) + timedelta(days=3 * n), 1)
        sent = on(accepted, 4 if n in late_notice else n % 4)
        listed = after(accepted, 200 if n in overlong else 60)
        trial = after(listed, 25)
        copy_sent = after(trial, 16 if n in late_judgment else 7)
        stopped = n % 6 == 0
        stop_sent = on(listed, 4 if n in late_stop else 2)
        spell = SPELLED[n % 5]
        judgment = None if stopped else f"{n}/2026/DS-ST ngày {spell(trial)}"
        values = [
            n, ("DS", "HNGĐ")[n % 2], f"{n:02}/2026/TLST-DS", spell(accepted), sent, on(sent, 1), f"Trần Thị {n}",
            f"Phạm Văn {n}", None if stopped else listed, None if stopped else spell(on(listed, 2)),
            None if stopped else trial, judgment, None if stopped else copy_sent, listed if stopped else None,
            spell(stop_sent) if stopped else None, "TAND khu vực 2", "Hoa",
        ]  # fmt: skip
        for column, value in enumerate(values, 1):
            sheet.cell(first + n - 1, column, value)
    book.save(path)
    planted = {(str(n), "ds.tb_thu_ly", "late") for n in late_notice}
    planted |= {(str(n), "ds.gui_ban_an", "late") for n in late_judgment}
    planted |= {(str(n), "ds.cbxx_26_28", "late") for n in overlong}
    planted |= {(str(n), "ds.gui_dc", "late") for n in late_stop}
    return Register(path, planted, set(), 24)


def sources_on_crimes(path: Path) -> Register:
    """20 sources on crimes: late notices and decisions; one row has an impossible day, one a formula with an error."""
    headings = [
        "TT", "Nguồn tin", "Nội dung", "Cơ quan tiếp nhận", "Ngày tiếp nhận", "Ngày phân công ĐTV",
        "Ngày thông báo VKS", "Ngày VKS nhận TB", "Kết quả", "Ngày ra QĐ", "Ngày gửi QĐ", "KSV",
    ]  # fmt: skip
    book, first = _sheet("Nguồn tin", ["SỔ TIẾP NHẬN, GIẢI QUYẾT NGUỒN TIN VỀ TỘI PHẠM"], headings)
    sheet = book.worksheets[1]
    late_notice, late_assignment, late_decision = {2, 14}, {8}, {6, 15}
    for n in range(1, 21):
        received = on(date(2026, 2, 23) + timedelta(days=5 * n), 1)
        told = on(received, 4 if n in late_notice else n % 4)
        assigned = after(received, 9 if n in late_assignment else 1)
        decided = after(received, 15)
        sent = decided + timedelta(days=3 if n in late_decision else 1)
        values: list[object] = [
            n, ("TG", "Tin báo", "KNKT")[n % 3], f"Mất trộm xe máy {n}", "PC02", received, assigned, told, on(told, 1),
            ("Khởi tố VA", "Không khởi tố")[n % 2], decided, sent, "Minh",
        ]  # fmt: skip
        if n == 10:
            values[4] = "31/02/2026"
        for column, value in enumerate(values, 1):
            sheet.cell(first + n - 1, column, value)
    sheet.cell(first + 17, 10, "#VALUE!").data_type = "e"
    book.save(path)
    planted = {(str(n), "nt.tb_tiep_nhan_wd", "late") for n in late_notice}
    planted |= {(str(n), "nt.phan_cong_cqdt", "late") for n in late_assignment}
    planted |= {
        (str(n), "nt.gui_qd_khong_khoi_to" if n % 2 else "nt.gui_qd_khoi_to", "late") for n in late_decision
    }
    return Register(path, planted, {first + 9, first + 17}, 18)
