"""Computing what follows from the rows again, after the rules, the days off or the book itself changed."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import entries
from ledger.office import Office
from storage.models.ledger import LedgerEntry
from storage.models.records import Meta

_CHUNK = 2000


def is_current(session: Session, office: Office, book: Book) -> bool:
    """Whether the book's rows were computed with the rules and days off now in force."""
    known = session.get(Meta, _key(book))
    return known is not None and known.value == office.fingerprint


def recompute(session: Session, office: Office, book: Book, today: date) -> int:
    """Compute every row of a book again in the caller's transaction; returns how many rows there are.

    Rows keep their version: nothing a person entered changes.
    """
    staff = entries.load_staff(session)
    count, last = 0, 0
    while True:
        statement = select(LedgerEntry).where(LedgerEntry.book == book.id, LedgerEntry.id > last).order_by(LedgerEntry.id)
        rows = list(session.scalars(statement.limit(_CHUNK)))
        if not rows:
            break
        for entry in rows:
            entries.refresh(book, office.engine, entry, staff, today)
        session.flush()
        last = rows[-1].id
        count += len(rows)
        for entry in rows:
            session.expunge(entry)
    known = session.get(Meta, _key(book))
    if known is None:
        session.add(Meta(key=_key(book), value=office.fingerprint))
    else:
        known.value = office.fingerprint
    session.flush()
    return count


def _key(book: Book) -> str:
    return f"ledger.computed.{book.id}"
