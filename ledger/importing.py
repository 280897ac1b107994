"""Import of an office's own workbook: nothing is written before the whole file was looked at, a row with a problem is
refused whole, and the same file again changes only what differs.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.data_file import read_data_file
from config.errors import Invalid
from config.ledger_books import Book
from ledger import entries, numbering, rights
from ledger.deadlines.engine import Engine
from ledger.entries import Staff
from ledger.excel_match import Match, find_table, signature, simple
from ledger.excel_read import Problem, Serial, Table, plain, read_workbook
from ledger.values import BadValue, clean, show
from storage import audit
from storage.access import Actor
from storage.models.base import now
from storage.models.cases import CaseNumber
from storage.models.ledger import LedgerChange, LedgerEntry, LedgerImportMap
from storage.vietnamese import number_key

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
    source: Path | BinaryIO,
    *,
    name: str = "",
    mapping: dict[str, str] | None = None,
    today: date | None = None,
) -> Plan:
    """Look at a workbook and say what an import would do. Writes nothing.

    :param mapping: field id → heading or column letter; without it a remembered map, else the headings decide.
    :raises WorkbookUnreadable: the file is no readable workbook.
    :raises Invalid: no table with headings of this book was found in it.
    """
    rights.require_keeper(session, actor, book)
    today = today or entries.office_today()
    grids = read_workbook(source, name)
    found = find_table(book, grids)
    if found is None:
        raise Invalid(what=f"tệp {name}", why=f"không tìm thấy dòng tiêu đề có các cột của {book.short_name}")
    table, matches = found
    plan = Plan(table, _columns(session, book, table, matches, mapping))
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
        columns[field_id] = _column_named(table, wanted)
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


def _column_named(table: Table, wanted: str) -> int:
    if wanted in table.letters:
        return table.letters.index(wanted)
    whole = [simple(" ".join(path)) for path in table.headings]
    leaves = [simple(path[-1]) if path else "" for path in table.headings]
    for names in (whole, leaves):
        if names.count(simple(wanted)) == 1:
            return names.index(simple(wanted))
    raise Invalid(what=f"cột “{wanted}”", why="không có đúng một cột như vậy trong tệp")


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
                row.flags.append(f"số “{row.number_text}” giữ như trong tệp")
    for text, rows in texts.items():
        if len(rows) > 1:
            plan.remarks.append(f"Số {text} có {len(rows)} lần (dòng {', '.join(str(r.row) for r in rows)})")
            for row in rows:
                row.flags.append(f"số {text} trùng")
    present = set(values)
    gaps = [n for n in range(min(present), max(present)) if n not in present] if present else []
    if gaps:
        shown = ", ".join(str(n) for n in gaps[:20]) + ("…" if len(gaps) > 20 else "")
        plan.remarks.append(f"Thiếu số {shown}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did."""

    created: int
    changed: int
    same: int
    refused: list[Refusal]
    skipped: list[tuple[int, str]]
    remarks: list[str]
    unmapped: list[str]

    def as_json(self) -> dict[str, Any]:
        """The form of ``archive ledger import --json``."""
        return {
            "imported": self.created,
            "updated": self.changed,
            "unchanged": self.same,
            "refused": [r.as_json() for r in self.refused],
            "skipped": [{"row": r, "text": t} for r, t in self.skipped],
            "remarks": self.remarks,
            "columns_not_used": self.unmapped,
        }


def carry_out(
    session: Session, actor: Actor, book: Book, engine: Engine, plan: Plan, *, file_name: str, today: date | None = None
) -> Outcome:
    """Write a plan in the caller's transaction: all of its good rows, or, should anything fail, none."""
    rights.require_keeper(session, actor, book)
    today = today or entries.office_today()
    staff = entries.load_staff(session)
    cases_by_number = _case_keys(session)
    created = [
        _new_entry(session, actor, book, engine, row, staff, cases_by_number, today)
        for row in plan.rows
        if row.kind == "new"
    ]
    session.add_all(created)
    session.flush()
    changes = [
        LedgerChange(entry_id=e.id, version=1, actor=actor.name, action="import", before={}, after=e.data)
        for e in created
    ]
    changed = [row for row in plan.rows if row.kind == "change"]
    for row in changed:
        changes.append(_change_entry(session, actor, book, engine, row, staff, today))
    session.add_all(changes)
    for period in {e.period for e in created}:
        numbering.note_imported(session, book, period)
    for entry in created:
        if entry.number is None and not entry.number_text:
            entry.number = numbering.next_number(session, book, entry.period)
            entry.number_text, entry.is_imported = str(entry.number), False
    _remember(session, actor, book, plan)
    audit.record(
        session,
        actor.name,
        "ledger.imported",
        f"ledger:{book.id}",
        {"file": file_name, "new": len(created), "changed": len(changed), "refused": len(plan.refused)},
    )
    session.flush()
    return Outcome(
        len(created), len(changed), plan.count("same"), plan.refused, plan.skipped, plan.remarks, plan.unmapped
    )


def _new_entry(
    session: Session,
    actor: Actor,
    book: Book,
    engine: Engine,
    row: RowPlan,
    staff: Staff,
    cases_by_number: dict[str, int],
    today: date,
) -> LedgerEntry:
    number, text = numbering.parse_number(row.number_text)
    start = row.data.get(book.stat_date)
    period = numbering.period_of(book, date.fromisoformat(str(start)[:10]) if start else today)
    entry = LedgerEntry(
        book=book.id,
        period=period,
        number=number,
        number_text=text,
        is_imported=True,
        data=row.data,
        flags=row.flags,
        created_by_id=actor.user_id,
    )
    name = next((f.id for f in book.data_fields if f.scan == "number"), "")
    key = number_key(str(row.data.get(name, "")))
    if book.case_kind and key and not key.isdigit():
        entry.case_id = cases_by_number.get(key)
    entries.refresh(book, engine, entry, staff, today)
    return entry


def _case_keys(session: Session) -> dict[str, int]:
    """Cases by the key of their number, for numbers that name just one."""
    rows = session.execute(
        select(CaseNumber.key, func.min(CaseNumber.case_id))
        .group_by(CaseNumber.key)
        .having(func.count(func.distinct(CaseNumber.case_id)) == 1)
    )
    return {k: v for k, v in rows}  # noqa: C416 - rows are typed as tuples only when unpacked


def _change_entry(
    session: Session, actor: Actor, book: Book, engine: Engine, row: RowPlan, staff: Staff, today: date
) -> LedgerChange:
    entry = session.get_one(LedgerEntry, row.entry_id)
    if entry.version != row.version:
        raise entries.EntryChanged(
            number=entry.number_text,
            who="người khác",
            entry_id=entry.id,
            theirs=dict(entry.data),
            yours=row.data,
            version=entry.version,
        )
    entry.data = {**entry.data, **{k: v for k, (_, v) in row.changes.items()}}
    entries.refresh(book, engine, entry, staff, today)
    entry.version += 1
    entry.updated_at = now()
    return LedgerChange(
        entry_id=entry.id,
        version=entry.version,
        actor=actor.name,
        action="import",
        before={k: b for k, (b, _) in row.changes.items()},
        after={k: a for k, (_, a) in row.changes.items()},
    )


def _remember(session: Session, actor: Actor, book: Book, plan: Plan) -> None:
    mark = signature(plan.table)
    mapping = {name: plan.table.letters[column] for name, column in plan.mapping.items()}
    known = session.scalar(
        select(LedgerImportMap).where(LedgerImportMap.book == book.id, LedgerImportMap.signature == mark)
    )
    if known is None:
        session.add(LedgerImportMap(book=book.id, signature=mark, mapping=mapping, actor=actor.name))
    else:
        known.mapping, known.actor, known.updated_at = mapping, actor.name, now()


def describe_change(book: Book, name: str, change: tuple[Any, Any]) -> str:
    """``Ngày gửi: 05/03/2026 → 06/03/2026`` for the preview."""
    known = book.by_id[name]
    before, after = (show(known, v) or "(trống)" for v in change)
    return f"{known.name}: {before} → {after}"
