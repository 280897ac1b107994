"""Numbers of entries: one sequence per book and numbering year, without gaps and never given twice.

The counter row is raised in the transaction that stores the entry: if that is rolled back, so is the number. Writing
transactions are serial (``BEGIN IMMEDIATE``, or the row lock on PostgreSQL), so twenty clerks cannot get the same one.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.ledger_books import Book
from storage.models.ledger import LedgerCounter, LedgerEntry

#: how every flag about a row's number begins
NUMBER_FLAG = "số "
_NUMBER = re.compile(r"\s*(\d{1,9})\s*([^\W\d_]{0,3})\s*")


def period_of(book: Book, day: date) -> str:
    """First day of the numbering year a day belongs to, ISO."""
    restart_day, restart_month = book.restart
    start = date(day.year, restart_month, restart_day)
    return (start if day >= start else start.replace(year=day.year - 1)).isoformat()


def next_number(session: Session, book: Book, period: str) -> int:
    """Take the next number of a period; must be called in a writing transaction."""
    # one statement: clerks wait for each other only while a row is written, so little must happen meanwhile
    raised = session.scalar(
        update(LedgerCounter)
        .where(LedgerCounter.book == book.id, LedgerCounter.period == period)
        .values(last=LedgerCounter.last + 1)
        .returning(LedgerCounter.last)
        .execution_options(synchronize_session=False)
    )
    if raised is not None:
        return raised
    first = _highest(session, book, period) + 1
    return first if _begin(session, book, period, first) else next_number(session, book, period)


def _begin(session: Session, book: Book, period: str, last: int) -> bool:
    """Begin the counter of a period; False where another clerk of a database server has begun it meanwhile."""
    try:
        with session.begin_nested():
            session.add(LedgerCounter(book=book.id, period=period, last=last))
    except IntegrityError:
        return False
    return True


def note_imported(session: Session, book: Book, period: str) -> None:
    """After an import: later numbers go on from the highest one in the book."""
    highest = _highest(session, book, period)
    key = (book.id, period)
    counter = session.get(LedgerCounter, key, populate_existing=True, with_for_update=True)
    if counter is None and not _begin(session, book, period, highest):
        counter = session.get_one(LedgerCounter, key, populate_existing=True, with_for_update=True)
    if counter is not None and counter.last < highest:
        counter.last = highest


def _highest(session: Session, book: Book, period: str) -> int:
    highest = session.scalar(
        select(func.max(LedgerEntry.number)).where(LedgerEntry.book == book.id, LedgerEntry.period == period)
    )
    return highest or 0


def parse_number(text: str) -> tuple[int | None, str]:
    """An imported number as it is: ``(15, "15a")``; the first part is None when it does not begin with digits."""
    plain = " ".join(text.split())
    found = _NUMBER.fullmatch(plain)
    return (int(found.group(1)) if found else None), plain


def rows_with(session: Session, book: Book, period: str, text: str) -> list[LedgerEntry]:
    """The rows of a period whose number is written so."""
    rows = select(LedgerEntry).where(
        LedgerEntry.book == book.id, LedgerEntry.period == period, LedgerEntry.number_text == text
    )
    return list(session.scalars(rows.order_by(LedgerEntry.id)))


def doubled(text: str) -> str:
    """The flag of rows whose imported number stands twice."""
    return f"{NUMBER_FLAG}{text} trùng"


def kept_as_written(text: str) -> str:
    """The flag of a row whose imported number is no plain number."""
    return f"{NUMBER_FLAG}“{text}” giữ như trong tệp"


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing numbers ``first`` to ``last`` of a period, and the numbers given just before and after them."""

    first: int
    last: int
    before: int | None
    after: int

    @property
    def text(self) -> str:
        """``7`` or ``9–11``."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Faults:
    """What is not in order with a period's numbers."""

    gaps: list[Gap]
    doubles: list[str]


def check_sequence(session: Session, book: Book, period: str) -> Faults:
    """Gaps and doubles of a period's numbers. Rows struck out keep their number and count."""
    texts = session.execute(
        select(LedgerEntry.number, LedgerEntry.number_text)
        .where(LedgerEntry.book == book.id, LedgerEntry.period == period, LedgerEntry.number.is_not(None))
        .order_by(LedgerEntry.number)
    ).all()
    present = sorted({n for n, _ in texts if n is not None})
    gaps = [
        Gap(before + 1, following - 1, before or None, following)
        for before, following in pairwise([0, *present])
        if following - before > 1
    ]
    return Faults(gaps, [text for text, times in Counter(t for _, t in texts).items() if times > 1])
