"""Export to Excel that looks like the office's own register: title block, grouped headings, A3 landscape, closing
lines.

Text is always written as text, so that nothing a person typed can become a formula; reading the file back gives the
same rows (``importing``), which a test holds to.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from config.ledger_books import Book, Field
from ledger import assess, values
from ledger.deadlines.engine import Engine
from ledger.deadlines.grading import NAMES
from ledger.excel_match import COMPUTED_GROUP
from storage.models.ledger import LedgerEntry

A3 = 8
_PIXELS_PER_UNIT = 7.0
#: room across an A3 sheet between its margins (400 mm), in units of column width at full size
_SHEET_UNITS = 215.0
#: letters of 11 points made smaller than this are no longer read on paper without a lens; a sheet ends between two
#: columns, so that what is printed is a little smaller than reckoned
_SMALLEST_SCALE = 0.7
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
STRUCK_HEADING = "Gạch bỏ"
PAPERS_HEADING = "Hồ sơ số hóa"


@dataclass(frozen=True, slots=True)
class Links:
    """Where a row's papers are found: ``of`` gives (address, shown text) of an entry, or None without papers."""

    of: Callable[[LedgerEntry], tuple[str, str] | None]


NO_LINKS = Links(lambda _entry: None)


@dataclass(slots=True)
class _Writer:
    book: Book
    fields: tuple[Field, ...]
    workbook: Any
    sheet: Any
    formats: dict[str, Any]
    links: Links


def write_book(
    target: Path | BinaryIO,
    book: Book,
    engine: Engine,
    entries: Iterable[LedgerEntry],
    *,
    office: str,
    today: date,
    span: str = "",
    links: Links = NO_LINKS,
    fields: tuple[Field, ...] | None = None,
) -> int:
    """Write the workbook; returns the number of rows.

    :param span: what is shown below the title, such as "Từ 01/12/2025 đến 30/11/2026".
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(book.short_name))
        writer = _Writer(book, fields or book.fields, workbook, sheet, _formats(workbook), links)
        last_column = len(writer.fields) + 1 + 2 * len(book.checks)
        first_row = _heading(writer, office, span, last_column)
        row = first_row
        for entry in entries:
            _entry_row(writer, engine, row, entry, today)
            row += 1
        _border_empty_cells(writer, first_row, row - 1, last_column)
        _closing(writer, row, row - first_row, today, last_column)
        _page(writer, first_row, row + 6, last_column)
    return row - first_row


def _sheet_name(name: str) -> str:
    return "".join("-" if c in "[]:*?/\\" else c for c in name)[:31]


def _formats(workbook: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
    plain = {"font_name": "Times New Roman", "font_size": 12}
    made: dict[str, dict[str, Any]] = {
        "text": base,
        "date": {**base, "num_format": "dd/mm/yyyy", "align": "center"},
        "moment": {**base, "num_format": "hh:mm dd/mm/yyyy", "align": "center"},
        "number": {**base, "num_format": "0", "align": "center"},
        "money": {**base, "num_format": "#,##0"},
        "quoted": {**base, "quote_prefix": True},
        "link": {**base, "font_color": "#0563C1", "underline": 1},
        "late": {**base, "font_color": "#9C0006", "bg_color": "#FFC7CE"},
        "heading": {**base, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E7ECF2"},
        "small": {**base, "italic": True, "align": "center", "font_size": 9},
        "empty": {"border": 1},
        "plain": plain,
        "bold": {**plain, "bold": True},
        "right": {**plain, "align": "right", "italic": True},
        "title": {**plain, "bold": True, "font_size": 16, "align": "center"},
        "span": {**plain, "italic": True, "align": "center"},
        "sign": {**plain, "bold": True, "align": "center"},
    }
    formats = {name: workbook.add_format(values) for name, values in made.items()}
    for name in ("text", "date", "moment", "number", "money", "quoted"):
        formats[f"{name}-struck"] = workbook.add_format({**made[name], "font_strikeout": True, "font_color": "#808080"})
    return formats


def _heading(writer: _Writer, office: str, span: str, last_column: int) -> int:
    """Title block, group row, column row and column numbers; returns the first row of data."""
    sheet, formats, book = writer.sheet, writer.formats, writer.book
    sheet.write_string(0, 0, office.upper(), formats["bold"])
    sheet.merge_range(1, 0, 1, min(last_column, 20), book.name.upper(), formats["title"])
    if span:
        sheet.merge_range(2, 0, 2, min(last_column, 20), span, formats["span"])
    columns = _columns(writer)
    start = 0
    for index in range(1, len(columns) + 1):
        if index == len(columns) or columns[index][0] != columns[start][0]:
            name = columns[start][0]
            if index - start > 1:
                sheet.merge_range(4, start, 4, index - 1, name, formats["heading"])
            else:
                sheet.write_string(4, start, name, formats["heading"])
            start = index
    sheet.set_row(5, 60)  # before anything is written there: a row that was written is on the disk already
    for index, (_, name, units) in enumerate(columns):
        sheet.write_string(5, index, name, formats["heading"])
        sheet.set_column(index, index, units)
    for index in range(len(columns)):
        sheet.write_string(6, index, f"({index + 1})", formats["small"])
    return 7


def _columns(writer: _Writer) -> list[tuple[str, str, float]]:
    """Group, heading and width of every column, in order."""
    book = writer.book
    columns = [(_group_name(book, f.group), f.name, f.width) for f in writer.fields]
    columns += [("Hồ sơ", PAPERS_HEADING, 130), ("Hồ sơ", STRUCK_HEADING, 100)]
    for check in book.checks:
        columns += [(COMPUTED_GROUP, f"Hạn: {check.about}", 100), (COMPUTED_GROUP, f"Mức: {check.about}", 130)]
    return [(group, name, max(width / _PIXELS_PER_UNIT, 6)) for group, name, width in columns]


def sheets_across(widths: list[float], repeated: int) -> int:
    """On how many A3 sheets side by side columns of these widths stand legibly; the first ones are on each sheet."""
    again = sum(widths[:repeated])
    room = _SHEET_UNITS / _SMALLEST_SCALE - again
    return max(1, math.ceil((sum(widths) - again) / room))


def _border_empty_cells(writer: _Writer, first_row: int, last_row: int, last_column: int) -> None:
    """One rule for all cells that hold nothing: half of a register is empty, and writing each takes as long as text."""
    if last_row >= first_row:
        rule = {"type": "blanks", "format": writer.formats["empty"]}
        writer.sheet.conditional_format(first_row, 0, last_row, last_column, rule)


def _group_name(book: Book, group: str) -> str:
    return next(g.name for g in book.groups if g.id == group)


def _entry_row(writer: _Writer, engine: Engine, row: int, entry: LedgerEntry, today: date) -> None:
    struck = "-struck" if entry.struck_at else ""
    for column, known in enumerate(writer.fields):
        value = entry.number_text if known.type == "number" else entry.data.get(known.id)
        _cell(writer, row, column, known, value, struck)
    column = len(writer.fields)
    link = writer.links.of(entry)
    if link:
        writer.sheet.write_url(row, column, link[0], writer.formats["link"], link[1][:255])
    if entry.struck_at:
        writer.sheet.write_string(row, column + 1, entry.struck_reason, writer.formats["text"])
    found = {f.check: f for f in assess.unpack(writer.book, engine, entry.computed, today)}
    for index, check in enumerate(writer.book.checks):
        finding = found.get(check.id)
        if finding is None:
            continue
        place = column + 2 + 2 * index
        if finding.due:
            writer.sheet.write_datetime(row, place, _moment(finding.due), writer.formats["date"])
        form = "late" if finding.state == "late" else "text"
        writer.sheet.write_string(row, place + 1, NAMES[finding.state], writer.formats[form])


def _cell(writer: _Writer, row: int, column: int, known: Field, value: Any, struck: str) -> None:
    sheet, formats = writer.sheet, writer.formats
    if value is None or value == "":
        return
    if known.type == "number" and str(value).isdigit() and len(str(value)) < 10:
        sheet.write_number(row, column, int(value), formats["number" + struck])
    elif known.type in ("date", "moment"):
        moment = _moment(str(value))
        # Excel's own calendar begins in 1900 and is wrong before March of that year
        if moment.year <= 1900:
            sheet.write_string(row, column, values.show(known, value), formats["text" + struck])
        else:
            form = "moment" if "T" in str(value) else "date"
            sheet.write_datetime(row, column, moment, formats[form + struck])
    elif known.type in ("integer", "money"):
        sheet.write_number(row, column, int(value), formats[("money" if known.type == "money" else "number") + struck])
    else:
        text = values.show(known, value)
        form = "quoted" if text.startswith(_FORMULA_STARTS) else "text"
        sheet.write_string(row, column, text, formats[form + struck])


def _moment(text: str) -> datetime:
    value = values.as_moment(text)
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _closing(writer: _Writer, row: int, count: int, today: date, last_column: int) -> None:
    sheet, formats = writer.sheet, writer.formats
    sheet.write_string(row + 1, 0, f"Khóa sổ ngày {today:%d/%m/%Y}: tổng số {count} dòng.", formats["bold"])
    middle = max(2, min(last_column, 20) // 2)
    sheet.write_string(row + 3, 1, "NGƯỜI GIỮ SỔ", formats["sign"])
    sheet.write_string(row + 3, middle + 2, "LÃNH ĐẠO", formats["sign"])
    sheet.write_string(row + 4, 1, "(ký, ghi rõ họ tên)", formats["span"])
    sheet.write_string(row + 4, middle + 2, "(ký, ghi rõ họ tên, đóng dấu)", formats["span"])


def _page(writer: _Writer, first_row: int, last_row: int, last_column: int) -> None:
    sheet = writer.sheet
    sheet.set_paper(A3)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    frozen = min(writer.book.frozen, len(writer.fields))
    sheet.fit_to_pages(sheets_across([units for _, _, units in _columns(writer)], frozen), 0)
    sheet.repeat_rows(4, first_row - 1)
    if frozen:
        sheet.repeat_columns(0, frozen - 1)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.freeze_panes(first_row, frozen)
    sheet.set_footer(f"&L{writer.book.short_name}&CTrang &P / &N&RIn ngày &D")
