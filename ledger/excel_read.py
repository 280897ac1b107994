"""Reading an office's own workbook: the sheet that holds the register, its heading rows, and cells as they are.

Handles what such workbooks really contain: title rows above the headings, headings over several rows with merged cells,
a row of column numbers, merged data cells, the 1904 date system, formulas that report errors or were never computed,
and closing lines below. Nothing is repaired silently: what cannot be used comes back as a cell with a problem.
"""

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.worksheet import Worksheet

from config.errors import ArchiveError
from storage.vietnamese import nfc

MOST_BYTES = 60 * 2**20
MOST_UNPACKED = 600 * 2**20
MOST_ROWS = 100_000
MOST_COLUMNS = 300
HEADING_ROWS = 30
HEADING_DEPTH = 4
#: Excel counts days from 1900; these are 1954 and 2119
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000


class WorkbookUnreadable(ArchiveError):
    """The file is no workbook we can read."""

    code = "LEDGER-WORKBOOK"
    vi = "Không đọc được tệp {file}: {why}. Sổ không thay đổi. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi thử lại."
    en = "Cannot read {file}: {why}. The book did not change. Open it in Excel, save it as .xlsx and try again."
    status = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that holds something unusable, with the reason (Vietnamese)."""

    why: str


@dataclass(frozen=True, slots=True)
class Serial:
    """A bare number where a date may be meant; its meaning depends on the workbook's date system."""

    number: float
    day: date


@dataclass(slots=True)
class Table:
    """A register as found in a workbook. ``headings`` are paths from the top heading down; ``rows`` are
    ``(row number in Excel, cells)``. ``letters`` are the columns' letters."""

    sheet: str
    headings: list[tuple[str, ...]]
    letters: list[str]
    rows: list[tuple[int, list[Any]]]
    first_row: int
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """One sheet as plain cells with merged ranges filled in."""

    name: str
    cells: list[list[Any]]


def read_workbook(source: Path | BinaryIO, name: str = "") -> list[Grid]:
    """Every visible sheet.

    :raises WorkbookUnreadable: no workbook, damaged, encrypted or too large.
    """
    name = name or (source.name if isinstance(source, Path) else "tệp")
    _check_size(source, name)
    try:
        workbook = load_workbook(source, data_only=True)
    except Exception as error:
        raise WorkbookUnreadable(file=name, why=f"tệp hỏng hoặc không phải Excel ({type(error).__name__})") from error
    formulas = _uncomputed_formulas(source)
    grids = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible" and sheet.max_row and sheet.max_column:
            grids.append(_grid(sheet, workbook.epoch, formulas.get(sheet.title, set())))
    workbook.close()
    if not grids:
        raise WorkbookUnreadable(file=name, why="không có trang tính nào")
    return grids


def _check_size(source: Path | BinaryIO, name: str) -> None:
    if not isinstance(source, Path):
        source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = sum(entry.compress_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise WorkbookUnreadable(file=name, why="không phải tệp .xlsx (tệp .xls cũ phải lưu lại dạng .xlsx)") from error
    finally:
        if not isinstance(source, Path):
            source.seek(0)
    if packed > MOST_BYTES or unpacked > MOST_UNPACKED:
        raise WorkbookUnreadable(file=name, why="tệp quá lớn")


def _uncomputed_formulas(source: Path | BinaryIO) -> dict[str, set[tuple[int, int]]]:
    """Cells holding a formula, by sheet: where no stored result exists the value is missing, not empty."""
    with zipfile.ZipFile(source) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        has_formula = any(b"<f" in archive.read(n) for n in sheets)
    if not isinstance(source, Path):
        source.seek(0)
    if not has_formula:
        return {}
    workbook = load_workbook(source, read_only=True)
    found: dict[str, set[tuple[int, int]]] = {}
    for sheet in workbook.worksheets:
        found[sheet.title] = {
            (cell.row or 0, cell.column or 0)
            for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
            for cell in row
            if cell.data_type == "f"
        }
    workbook.close()
    return found


def _grid(sheet: Worksheet, epoch: datetime, formulas: set[tuple[int, int]]) -> Grid:
    if sheet.max_row > MOST_ROWS + HEADING_ROWS or sheet.max_column > MOST_COLUMNS * 10:
        raise WorkbookUnreadable(file=sheet.title, why=f"hơn {MOST_ROWS} dòng hoặc quá nhiều cột")
    cells: list[list[Any]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)), 1):
        cells.append([_cell(c, epoch, (number, c.column or 0) in formulas) for c in row])
    for merged in sheet.merged_cells.ranges:
        left, top, right, bottom = merged.bounds
        if top > len(cells) or left > len(cells[0]):
            continue
        value = cells[top - 1][left - 1]
        for r in range(top - 1, min(bottom, len(cells))):
            for c in range(left - 1, min(right, len(cells[r]))):
                cells[r][c] = value
    return Grid(sheet.title, cells)


def _cell(cell: Cell | MergedCell, epoch: datetime, is_formula: bool) -> Any:
    value = cell.value
    if isinstance(cell, MergedCell):
        return None
    if cell.data_type == "e":
        return Problem(f"công thức báo lỗi {value}")
    if value is None:
        return Problem("công thức chưa có kết quả; mở bằng Excel rồi lưu lại") if is_formula else None
    if isinstance(value, str):
        text = nfc(value).strip()
        return text or None
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool | date):
        return value
    if isinstance(value, int | float) and FIRST_SERIAL <= value <= LAST_SERIAL:
        moment = from_excel(value, epoch)
        day = moment.date() if isinstance(moment, datetime) else moment
        if isinstance(day, date):
            return Serial(value, day)
    return value


def plain(value: Any) -> Any:
    """A cell as a value for a column that is no date."""
    if isinstance(value, Serial):
        return int(value.number) if value.number == int(value.number) else value.number
    return value


def table_at(grid: Grid, last_heading: int, depth: int) -> Table:
    """The table whose headings end at a 0-based row and span ``depth`` rows."""
    heading_rows = grid.cells[last_heading - depth + 1 : last_heading + 1]
    headings = [_path([row[c] for row in heading_rows]) for c in range(len(grid.cells[0]))]
    letters = column_letters(grid)
    rows = []
    for number in range(last_heading + 1, len(grid.cells)):
        cells = grid.cells[number]
        if not any(c is not None for c in cells) or _repeats(cells, headings):
            continue
        if not _is_column_numbers(cells, number - last_heading):
            rows.append((number + 1, cells))
    return Table(grid.name, headings, letters, rows, last_heading + 2)


def _repeats(cells: list[Any], headings: list[tuple[str, ...]]) -> bool:
    """The headings once more: the second row of headings merged downwards, or repeated at the top of a printed page."""
    filled = [(c, cell) for c, cell in enumerate(cells) if cell is not None]
    return len(filled) > 1 and all(isinstance(v, str) and set(_path([v])) <= set(headings[c]) for c, v in filled)


def column_letters(grid: Grid) -> list[str]:
    """``A``, ``B`` … for every column of a sheet."""
    return [get_column_letter(c + 1) for c in range(len(grid.cells[0]))]


def _path(parts: list[Any]) -> tuple[str, ...]:
    path: list[str] = []
    for part in parts:
        if isinstance(part, str):
            text = re.sub(r"\s+", " ", part)
            if not path or path[-1] != text:
                path.append(text)
    return tuple(path)


def _is_column_numbers(cells: list[Any], distance: int) -> bool:
    """The row below the headings that numbers the columns: 1, 2, 3 … or (1), (2), (3) …"""
    if distance > 2:
        return False
    numbers = []
    for cell in cells:
        if cell is None:
            continue
        found = re.fullmatch(r"\(?(\d{1,3})\)?", str(plain(cell)).strip())
        if not found:
            return False
        numbers.append(int(found.group(1)))
    return len(numbers) >= 3 and all(b - a == 1 for a, b in pairwise(numbers))
