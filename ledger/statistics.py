"""Counts of a book over a span of days: how many, in which state, of which kind; money sums; deadlines by state."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import assess
from ledger.deadlines.engine import Engine
from ledger.deadlines.grading import State
from ledger.numbering import period_of
from ledger.rights import BookAccess
from storage.models.ledger import LedgerEntry

EMPTY = "(chưa ghi)"


@dataclass(frozen=True, slots=True)
class Stats:
    """``totals``: carried over, new, solved, left, struck; ``kinds``: per statistic of the book, rows by value."""

    book: str
    first: date
    last: date
    totals: dict[str, int]
    states: dict[str, int]
    checks: dict[str, dict[str, int]]
    kinds: dict[str, dict[str, dict[str, int]]]

    def as_json(self) -> dict[str, Any]:
        """The form of ``archive ledger stats --json``."""
        return {
            "book": self.book,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "totals": self.totals,
            "states": self.states,
            "checks": self.checks,
            "kinds": self.kinds,
        }


def count(
    session: Session, book: Book, engine: Engine, access: BookAccess, first: date, last: date, today: date
) -> Stats:
    """Count the rows whose statistical date lies between two days (inclusive), and those carried over into them.

    The identity ``carried + new = solved + left`` holds by construction and is checked.
    """
    totals: Counter[str] = Counter(carried=0, new=0, solved=0, left=0, struck=0)
    states: Counter[str] = Counter({str(s): 0 for s in State})
    checks: dict[str, Counter[str]] = {}
    kinds: dict[str, dict[str, Counter[str]]] = {stat.id: {} for stat in book.stats}
    # only these columns: whole entries of a large book take three times as long to load
    statement = select(LedgerEntry.data, LedgerEntry.computed, LedgerEntry.struck_at).where(
        LedgerEntry.book == book.id, access.rows()
    )
    for data, computed, struck_at in session.execute(statement.execution_options(yield_per=1000)):
        start, end = _day(data, book.stat_date), _day(data, book.done_field)
        if start is None or start > last or (end is not None and end < first):
            continue
        if struck_at is not None:
            totals["struck"] += 1
            continue
        is_new, is_solved = start >= first, end is not None and end <= last
        totals["new" if is_new else "carried"] += 1
        totals["solved" if is_solved else "left"] += 1
        for stat in book.stats:
            line = kinds[stat.id].setdefault(str(data.get(stat.field) or EMPTY), Counter())
            line.update(total=1, new=is_new, solved=is_solved, left=not is_solved)
            line.update({name: int(data.get(name) or 0) for name in stat.sums})
        if is_new:
            for finding in assess.unpack(book, engine, computed, today):
                states[str(finding.state)] += 1
                checks.setdefault(finding.check, Counter()).update({str(finding.state): 1})
    if totals["carried"] + totals["new"] != totals["solved"] + totals["left"]:
        raise AssertionError("a row was counted in one column only")
    return Stats(
        book.id,
        first,
        last,
        dict(totals),
        dict(states),
        {k: dict(v) for k, v in checks.items()},
        {k: {name: dict(line) for name, line in sorted(v.items())} for k, v in kinds.items()},
    )


def _day(data: dict[str, Any], name: str) -> date | None:
    value = data.get(name) if name else None
    return date.fromisoformat(str(value)[:10]) if value else None


def statistical_year(book: Book, day: date) -> tuple[date, date]:
    """First and last day of the book's own year (01/12–30/11 for procuracy books, 01/10–30/9 for enforcement)."""
    first = date.fromisoformat(period_of(book, day))
    return first, first.replace(year=first.year + 1) - timedelta(days=1)
