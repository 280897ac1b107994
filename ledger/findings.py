"""Findings collected over an agency and a span of days: what the machine found, what a person agreed to."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import assess, rights
from ledger.assess import Finding
from ledger.deadlines.grading import State
from ledger.office import Office
from storage.access import Actor
from storage.models.ledger import LedgerEntry, LedgerVerdict
from storage.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its row and what a person decided. ``agreed``: None = nobody decided yet on these dates."""

    entry: LedgerEntry
    finding: Finding
    agreed: bool | None
    note: str
    drafted: bool
    title: str

    @property
    def preselected(self) -> bool:
        """Ticked: only what a person agreed to; the machine ticks nothing."""
        return self.agreed is True


@dataclass(slots=True)
class Collection:
    """All findings that fit, and the agencies there are to choose from."""

    found: list[Found] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)

    def agreed(self) -> list[Found]:
        """Those a person agreed to."""
        return [f for f in self.found if f.agreed]


def collect(
    session: Session,
    actor: Actor,
    office: Office,
    book: Book,
    *,
    first: date | None = None,
    last: date | None = None,
    agency: str = "",
    states: tuple[State, ...] = (State.LATE, State.TO_VERIFY),
    today: date,
) -> Collection:
    """Findings whose act (or due date) lies in the span, against others' duties and rights alike.

    :param agency: only those of this agency, as the rows write it.
    """
    access = rights.book_access(session, actor, book)
    statement = select(LedgerEntry).where(LedgerEntry.book == book.id, access.rows(), LedgerEntry.struck_at.is_(None))
    if set(states) <= {State.LATE, State.TO_VERIFY}:
        statement = statement.where(or_(LedgerEntry.late_count > 0, LedgerEntry.verify_count > 0))
    verdicts = _verdicts(session, book)
    result, agencies = Collection(), {}
    for entry in session.scalars(statement.order_by(LedgerEntry.period, LedgerEntry.number, LedgerEntry.id)):
        for finding in assess.unpack(book, office.engine, entry.computed, today):
            if finding.state not in states or finding.deadline == assess.OWN_RULE:
                continue
            day = (finding.actual or finding.due or finding.trigger_date or "")[:10]
            if (first and day < first.isoformat()) or (last and day > last.isoformat()):
                continue
            agencies[fold(finding.agency)] = finding.agency
            if agency and fold(agency) != fold(finding.agency):
                continue
            result.found.append(_found(book, entry, finding, verdicts.get((entry.id, finding.check))))
    result.agencies = sorted(v for v in agencies.values() if v)
    return result


def _verdicts(session: Session, book: Book) -> dict[tuple[int, str], LedgerVerdict]:
    rows = session.scalars(
        select(LedgerVerdict)
        .join(LedgerEntry, LedgerEntry.id == LedgerVerdict.entry_id)
        .where(LedgerEntry.book == book.id)
    )
    return {(v.entry_id, v.check_id): v for v in rows}


def _found(book: Book, entry: LedgerEntry, finding: Finding, verdict: LedgerVerdict | None) -> Found:
    # a decision holds for the dates it was made on; when the row was corrected since, it is asked again
    if verdict and (verdict.trigger_date != (finding.trigger_date or "") or verdict.actual != (finding.actual or "")):
        verdict = None
    title = " – ".join(str(entry.data[f]) for f in book.title_fields if entry.data.get(f))
    return Found(
        entry,
        finding,
        verdict.agreed if verdict else None,
        verdict.note if verdict else "",
        bool(verdict and verdict.drafted_at),
        title,
    )
