"""Carrying an import out: all good rows of a plan in one transaction, or, should anything fail, none."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.errors import Conflict
from config.ledger_books import Book
from ledger import derived, entries, numbering, rights
from ledger.deadlines.engine import Engine
from ledger.entries import Staff
from ledger.excel_match import signature
from ledger.import_plan import Plan, Refusal, RowPlan
from storage import audit
from storage.access import Actor
from storage.models.base import now
from storage.models.cases import CaseNumber
from storage.models.ledger import LedgerChange, LedgerEntry, LedgerImportMap
from storage.vietnamese import number_key


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
    """Write a plan in the caller's transaction: all of its good rows, or, should anything fail, none.

    :raises Conflict: a row of the plan was entered by somebody else since the plan was made.
    :raises EntryChanged: the same for a row that is changed.
    """
    rights.require_keeper(session, actor, book)
    _refuse_entered_meanwhile(session, book, plan)
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


def _refuse_entered_meanwhile(session: Session, book: Book, plan: Plan) -> None:
    keys = {entries.match_key(book, row.data, row.number_text) for row in plan.rows if row.kind == "new"}
    known = session.scalars(select(LedgerEntry.match_key).where(LedgerEntry.book == book.id))
    if not keys.isdisjoint({key for key in known if key}):
        raise Conflict(what=book.short_name)


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
    data = derived.fill(book, engine.calendar, row.data)
    entry = LedgerEntry(
        book=book.id,
        period=period,
        number=number,
        number_text=text,
        is_imported=True,
        data=data,
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
    changed = {**entry.data, **{k: v for k, (_, v) in row.changes.items()}}
    entry.data = derived.fill(book, engine.calendar, changed)
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
