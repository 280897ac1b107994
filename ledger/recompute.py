"""Computing the deadlines of the rows again: after rules, days off or the book changed, and of what lapsed
overnight."""

from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import assess, derived, entries
from ledger.deadlines.grading import State
from ledger.office import Office
from storage.models.ledger import LedgerEntry
from storage.models.records import Meta

_CHUNK = 5000


def is_current(session: Session, office: Office, book: Book, today: date) -> bool:
    """Whether the book's rows were computed today with the rules and days off now in force."""
    known = session.get(Meta, _key(book))
    return known is not None and known.value == _mark(office, today)


def bring_up_to_date(session: Session, office: Office, book: Book, today: date) -> int:
    """Compute what may have changed since the last time: everything after a change of rules, else what fell due since.

    Rows keep their version: nothing a person entered changes. Returns how many rows were computed.
    """
    known = session.get(Meta, _key(book))
    same_rules = known is not None and known.value.startswith(office.fingerprint)
    statement = select(LedgerEntry.id, LedgerEntry.data).where(LedgerEntry.book == book.id)
    if same_rules:
        statement = statement.where(LedgerEntry.next_due < today)
    count = _compute(session, office, book, today, statement)
    if known is None:
        session.add(Meta(key=_key(book), value=_mark(office, today)))
    else:
        known.value = _mark(office, today)
    session.flush()
    return count


def recompute(session: Session, office: Office, book: Book, today: date) -> int:
    """Compute every row of a book again; returns how many there are."""
    return _compute(
        session, office, book, today, select(LedgerEntry.id, LedgerEntry.data).where(LedgerEntry.book == book.id)
    )


def _compute(session: Session, office: Office, book: Book, today: date, statement: Select[Any]) -> int:
    table = LedgerEntry.__table__
    change = (
        update(LedgerEntry)
        .where(table.c.id == bindparam("row"))
        .values({name: bindparam(f"new_{name}") for name in ("computed", "next_due", "late_count", "verify_count")})
    )
    rows = session.execute(statement).all()
    changed: dict[int, dict[str, Any]] = {}
    for start in range(0, len(rows), _CHUNK):
        values = []
        for row_id, stored in rows[start : start + _CHUNK]:
            data = derived.fill(book, office.calendar, stored) if book.derived_fields else stored
            if data != stored:
                changed[row_id] = data
            kept = assess.assess_kept(book, office.engine, data, today)
            values.append(
                {
                    "row": row_id,
                    "new_computed": kept,
                    "new_next_due": assess.next_due(kept),
                    "new_late_count": assess.count_state(kept, State.LATE),
                    "new_verify_count": assess.count_state(kept, State.TO_VERIFY),
                }
            )
        if values:
            session.connection().execute(change, values)
    session.expire_all()
    _store_derived(session, office, book, today, changed)
    return len(rows)


def _store_derived(
    session: Session, office: Office, book: Book, today: date, changed: dict[int, dict[str, Any]]
) -> None:
    """Columns that follow from others changed with the book or the days off: the row is also found by them."""
    if not changed:
        return
    staff = entries.load_staff(session)
    for row_id, data in changed.items():
        entry = session.get_one(LedgerEntry, row_id)
        entry.data = data
        entries.refresh(book, office.engine, entry, staff, today)
    session.flush()


def _mark(office: Office, today: date) -> str:
    return f"{office.fingerprint} {today.isoformat()}"


def _key(book: Book) -> str:
    return f"ledger.computed.{book.id}"
