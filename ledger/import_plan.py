"""What an import would do: every cell of a workbook looked at, rows found again by their keys, refusals with row,
column and reason. Reads only; ``importing`` carries a plan out.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.data_file import read_data_file
from config.errors import Invalid
from config.ledger_books import Book
from ledger import entries, numbering, rights
from ledger.dates import split_day
from ledger.excel_match import Match, column_named, find_table, is_combined, signature
from ledger.excel_read import Grid, Problem, Serial, Table, plain
from ledger.values import BadValue, clean, show
from storage.access import Actor
from storage.models.ledger import LedgerEntry, LedgerImportMap

#: rows looked at to tell what a column holds, and the share of words from which it is no column of dates or numbers
_SAMPLE, _MOSTLY = 300, 0.6


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, because of one of its cells. ``row`` is Excel's number, ``column`` the heading."""

    row: int
    column: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """For ``archive ledger import --json``."""
        return {"row": self.row, "column": self.column, "reason": self.reason}


@dataclass(slots=True)
class RowPlan:
    """What will happen to one row: ``new``, ``change`` or ``same``; ``changes`` maps fields to (before, after)."""

    row: int
    kind: str
    number_text: str
    data: dict[str, Any]
    entry_id: int | None = None
    version: int = 0
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The preview of an import: rows, refusals, and remarks that do not stop anything."""

    table: Table
    mapping: dict[str, int]
    rows: list[RowPlan] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    #: columns that hold a number and its day in one cell
    combined: frozenset[int] = frozenset()

    def count(self, kind: str) -> int:
        """Rows of one kind."""
        return sum(r.kind == kind for r in self.rows)

    @property
    def unmapped(self) -> list[str]:
        """Headings of columns that go nowhere."""
        used = set(self.mapping.values())
        return [" › ".join(p) for c, p in enumerate(self.table.headings) if p and c not in used]


def make_plan(
    session: Session,
    actor: Actor,
    book: Book,
    grids: list[Grid],
    *,
    name: str = "",
    mapping: dict[str, str] | None = None,
    today: date | None = None,
) -> Plan:
    """Say what an import of a workbook (``read_workbook``) would do. Writes nothing.

    :param mapping: field id → heading or column letter; without it a remembered map, else the headings decide.
    :raises Invalid: no table with headings of this book, or of the map, was found in it.
    """
    rights.require_keeper(session, actor, book)
    today = today or entries.office_today()
    found = find_table(book, grids, tuple((mapping or {}).values()))
    if found is None:
        raise Invalid(what=f"tệp {name}", why=f"không tìm thấy dòng tiêu đề có các cột của {book.short_name}")
    table, matches = found
    columns = _columns(session, book, table, matches, mapping)
    plan = Plan(table, {name: column for name, column in columns.items() if not book.by_id[name].derived})
    uses = Counter(plan.mapping.values())
    plan.combined = frozenset(c for c in uses if uses[c] > 1 or is_combined(table.headings[c]))
    if mapping is None:
        _leave_out_unfit(book, plan)
    known = _existing(session, book)
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        _plan_row(book, plan, number, cells, known, seen, today)
    _flag_numbers(book, plan)
    return plan


def _columns(
    session: Session, book: Book, table: Table, matches: list[Match], mapping: dict[str, str] | None
) -> dict[str, int]:
    if mapping is None:
        remembered = session.scalar(
            select(LedgerImportMap).where(
                LedgerImportMap.book == book.id, LedgerImportMap.signature == signature(table)
            )
        )
        if remembered is None:
            return {m.field: m.column for m in matches}
        mapping = {k: str(v) for k, v in remembered.mapping.items()}
    columns = {}
    for field_id, wanted in mapping.items():
        if field_id not in book.by_id:
            raise Invalid(what=f"cột {field_id}", why="không có trong sổ")
        columns[field_id] = column_named(table, wanted)
    return columns


def _leave_out_unfit(book: Book, plan: Plan) -> None:
    """A column of ticks or remarks under a heading such as "Nộp lưu" is no column of dates: leave it out and say so."""
    for name, column in list(plan.mapping.items()):
        if book.by_id[name].type not in ("date", "moment", "integer", "money"):
            continue
        cells = [cells[column] for _, cells in plan.table.rows[:_SAMPLE] if column < len(cells)]
        filled = [c for c in cells if c is not None and not isinstance(c, Problem)]
        wordy = [c for c in filled if isinstance(c, str) and not any(ch.isdigit() for ch in c)]
        if len(filled) > 1 and len(wordy) > _MOSTLY * len(filled):
            del plan.mapping[name]
            heading, target = " › ".join(plan.table.headings[column]), book.by_id[name].name
            plan.remarks.append(f"Cột “{heading}” ghi chữ, không ghi ngày hay số, nên chưa nhập vào {target}")


def read_map(path: Path) -> dict[str, str]:
    """A map file: ``[columns]`` with ``field = "heading or letter"``.

    :raises DataFileError: names file, line and reason.
    """
    file = read_data_file(path)
    columns = file.content.get("columns", file.content)
    if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
        file.fail('cần [columns] với từng dòng cột = "tiêu đề"')
    return dict(columns)


def _existing(session: Session, book: Book) -> dict[str, LedgerEntry]:
    rows = session.scalars(select(LedgerEntry).where(LedgerEntry.book == book.id, LedgerEntry.match_key != ""))
    return {row.match_key: row for row in rows}


def _plan_row(
    book: Book,
    plan: Plan,
    number: int,
    cells: list[Any],
    known: dict[str, LedgerEntry],
    seen: dict[str, int],
    today: date,
) -> None:
    values = {name: cells[column] for name, column in plan.mapping.items() if column < len(cells)}
    filled = {k: v for k, v in values.items() if v is not None}
    number_field = book.number_field.id
    names = [f.id for f in book.data_fields if f.required]
    if not filled or _is_closing_line(filled, names, number_field, cells):
        text = next((str(plain(c)) for c in cells if c is not None and not isinstance(c, Problem)), "")
        if text:
            plan.skipped.append((number, text[:80]))
        return
    data, problems, flags = _clean_row(book, plan, number, filled, today)
    if problems:
        plan.refused += problems
        return
    if names and not any(data.get(n) for n in names):
        plan.refused.append(
            Refusal(number, book.by_id[names[0]].name, "dòng không có " + ", ".join(book.by_id[n].name for n in names))
        )
        return
    raw_number = plain(filled.get(number_field))
    number_text = _number_text(raw_number)
    key = entries.match_key(book, data, number_text)
    if key and key in seen:
        plan.refused.append(
            Refusal(
                number, book.number_field.name, f"trùng với dòng {seen[key]} của tệp (cùng {_key_names(book, key)})"
            )
        )
        return
    if key:
        seen[key] = number
    row = RowPlan(number, "new", number_text, data)
    row.flags = [*flags, *(f"thiếu {book.by_id[n].name}" for n in names if not data.get(n))]
    match = known.get(key) if key else None
    if match is not None:
        row.entry_id, row.version = match.id, match.version
        row.changes = {k: (match.data.get(k), v) for k, v in data.items() if match.data.get(k) != v}
        row.kind = "change" if row.changes else "same"
        row.number_text = match.number_text
    plan.rows.append(row)


def _key_names(book: Book, key: str) -> str:
    first = key.split("|", 1)[0]
    columns = next(k for k in book.keys if k[0] == first)
    return ", ".join(book.by_id[c].name for c in columns)


def _number_text(raw: Any) -> str:
    if raw is None or isinstance(raw, Problem):
        return ""
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return " ".join(str(raw).split()).rstrip(".")[:40]


def _is_closing_line(filled: dict[str, Any], required: list[str], number_field: str, cells: list[Any]) -> bool:
    """A total, a signature or a closing remark below the rows: names nobody, has no number, and few cells."""
    number, _ = numbering.parse_number(str(plain(filled.get(number_field, ""))))
    if number is not None:
        return False
    text = str(plain(filled.get(number_field, "")))
    distinct = {id(c) if isinstance(c, Problem) else str(plain(c)) for c in cells if c is not None}
    if text and not any(ch.isdigit() for ch in text[:2]) and len(distinct) <= 4:
        return True
    if len(distinct) <= 2 and not any(isinstance(v, date | Serial) for v in filled.values()):
        return True
    return not any(filled.get(n) for n in required) and len(distinct) <= 3


def _clean_row(
    book: Book, plan: Plan, number: int, filled: dict[str, Any], today: date
) -> tuple[dict[str, Any], list[Refusal], list[str]]:
    data: dict[str, Any] = {}
    problems = []
    flags: list[str] = []
    for name, raw in filled.items():
        known = book.by_id[name]
        column = " › ".join(plan.table.headings[plan.mapping[name]]) or known.name
        if isinstance(raw, Problem):
            problems.append(Refusal(number, column, raw.why))
            continue
        if known.type == "number":
            continue
        is_date = known.type in ("date", "moment")
        value = raw.day if isinstance(raw, Serial) and is_date else plain(raw)
        if plan.mapping[name] in plan.combined:
            value = _part(value, is_date)
        if is_date and isinstance(value, int | float):
            problems.append(Refusal(number, column, f"“{value}” không phải là ngày"))
            continue
        try:
            cleaned = clean(known, value, today)
        except BadValue as error:
            if known.type not in ("choice", "yes_no"):
                problems.append(Refusal(number, column, str(error)))
                continue
            # a word of the office's own stays as written; a person chooses later
            cleaned = " ".join(str(value).split())[:200]
            flags.append(f"{known.name}: “{cleaned}” không có trong danh sách")
        if cleaned is not None:
            data[name] = cleaned
    return data, problems, flags


def _part(value: Any, is_date: bool) -> Any:
    """The day, or what stands beside it, of a cell such as ``12/2026/TLST ngày 05/01/2026``."""
    if isinstance(value, date):
        return value if is_date else None
    text, day = split_day(str(value)) if value is not None else ("", "")
    return (day if is_date else text) or None


def _flag_numbers(book: Book, plan: Plan) -> None:
    texts: dict[str, list[RowPlan]] = {}
    values = []
    for row in plan.rows:
        if row.number_text:
            texts.setdefault(row.number_text, []).append(row)
            parsed, text = numbering.parse_number(row.number_text)
            if parsed is not None:
                values.append(parsed)
            if parsed is None or not text.isdigit():
                row.flags.append(numbering.kept_as_written(row.number_text))
    for text, rows in texts.items():
        if len(rows) > 1:
            plan.remarks.append(f"Số {text} có {len(rows)} lần (dòng {', '.join(str(r.row) for r in rows)})")
            for row in rows:
                row.flags.append(numbering.doubled(text))
    present = set(values)
    gaps = [n for n in range(min(present), max(present)) if n not in present] if present else []
    if gaps:
        shown = ", ".join(str(n) for n in gaps[:20]) + ("…" if len(gaps) > 20 else "")
        plan.remarks.append(f"Thiếu số {shown}")


def describe_change(book: Book, name: str, change: tuple[Any, Any]) -> str:
    """``Ngày gửi: 05/03/2026 → 06/03/2026`` for the preview."""
    known = book.by_id[name]
    before, after = (show(known, v) or "(trống)" for v in change)
    return f"{known.name}: {before} → {after}"
