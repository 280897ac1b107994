"""What falls due: today, this week, and what is past its day, for one person or over all books."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import assess, rights
from ledger.assess import Finding
from ledger.office import Office
from storage.access import Actor
from storage.models.ledger import LedgerAttachment, LedgerEntry
from storage.models.people import User

MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One deadline of one row. ``own``: the office's own duty, to be warned of; else another's, to be watched."""

    entry_id: int
    book: str
    book_name: str
    number: str
    title: str
    responsible_id: int | None
    finding: Finding
    own: bool

    @property
    def due(self) -> date:
        """Its last day."""
        return date.fromisoformat(str(self.finding.due)[:10])


@dataclass(slots=True)
class Summary:
    """What the home page and the calendar show. Lists are in order of due date; counts are over everything."""

    today: list[Item] = field(default_factory=list)
    week: list[Item] = field(default_factory=list)
    overdue: list[Item] = field(default_factory=list)
    by_book: dict[str, dict[str, int]] = field(default_factory=dict)
    by_person: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All that needs attention."""
        return len(self.today) + len(self.week) + len(self.overdue)


def summary(
    session: Session,
    actor: Actor,
    office: Office,
    today: date,
    *,
    people: Collection[int] | None = None,
    days: int | None = None,
) -> Summary:
    """Due today, in the rest of the week (or the next ``days``), and overdue, of the rows the actor may see.

    :param people: only the rows of these persons.
    """
    last = today + timedelta(days=days if days is not None else max(6 - today.weekday(), 0))
    result = Summary()
    names = dict(session.execute(select(User.id, User.name)).all())
    for book in office.kept():
        counts = result.by_book.setdefault(book.id, {"today": 0, "week": 0, "overdue": 0})
        for item in items(session, actor, office, book, last, today, people=people):
            kind = "overdue" if item.due < today else "today" if item.due == today else "week"
            getattr(result, kind).append(item)
            counts[kind] += 1
            person = names.get(item.responsible_id or 0, "Chưa phân công")
            own = result.by_person.setdefault(person, {"today": 0, "week": 0, "overdue": 0})
            own[kind] += 1
    for listed in (result.today, result.week, result.overdue):
        listed.sort(key=lambda i: (i.due, not i.own))
        del listed[MOST_ITEMS:]
    return result


def items(
    session: Session,
    actor: Actor,
    office: Office,
    book: Book,
    last: date,
    today: date,
    *,
    people: Collection[int] | None = None,
    first: date | None = None,
) -> list[Item]:
    """Open deadlines of a book up to a day."""
    access = rights.book_access(session, actor, book)
    statement = select(LedgerEntry).where(
        LedgerEntry.book == book.id, access.rows(), LedgerEntry.struck_at.is_(None), LedgerEntry.next_due <= last
    )
    if people is not None:
        statement = statement.where(LedgerEntry.responsible_id.in_(people))
    found = []
    for entry in session.scalars(statement):
        title = " – ".join(str(entry.data[f]) for f in book.title_fields if entry.data.get(f))
        for finding in assess.unpack(book, office.engine, entry.computed, today):
            if finding.actual or not finding.due:
                continue
            item = Item(
                entry.id,
                book.id,
                book.short_name,
                entry.number_text,
                title,
                entry.responsible_id,
                finding,
                finding.deadline == assess.OWN_RULE or office.own(finding.bound),
            )
            if item.due <= last and (first is None or item.due >= first):
                found.append(item)
    return found


def workload(session: Session, actor: Actor, office: Office, today: date) -> list[dict[str, Any]]:
    """Per person: open rows by book, overdue ones, and those of the year; leaders see all, others what they may see."""
    people: dict[int | None, dict[str, Any]] = {}
    names = dict(session.execute(select(User.id, User.name)).all())
    for book in office.kept():
        access = rights.book_access(session, actor, book)
        is_open = LedgerEntry.data[book.done_field].as_string().is_(None) if book.done_field else LedgerEntry.id > 0
        statement = (
            select(
                LedgerEntry.responsible_id,
                func.count(),
                func.count().filter(is_open),
                func.count().filter(LedgerEntry.next_due < today),
            )
            .where(LedgerEntry.book == book.id, access.rows(), LedgerEntry.struck_at.is_(None))
            .group_by(LedgerEntry.responsible_id)
        )
        for person_id, total, still_open, overdue in session.execute(statement):
            row = people.setdefault(
                person_id,
                {
                    "id": person_id,
                    "name": names.get(person_id or 0, "Chưa phân công"),
                    "open": 0,
                    "overdue": 0,
                    "total": 0,
                    "books": {},
                },
            )
            row["open"] += still_open
            row["overdue"] += overdue
            row["total"] += total
            row["books"][book.id] = still_open
    return sorted(people.values(), key=lambda r: -r["open"])


@dataclass(frozen=True, slots=True)
class Reminder:
    """A finished row whose file was not handed in to the archive, or not digitised."""

    entry_id: int
    number: str
    why: str


def reminders(session: Session, actor: Actor, book: Book, today: date, after_days: int = 30) -> list[Reminder]:
    """Rows finished for so many days whose file is still to be handed in or digitised, oldest first."""
    known = book.by_id
    if not book.done_field:
        return []
    limit = (today - timedelta(days=after_days)).isoformat()
    access = rights.book_access(session, actor, book)
    done = func.substr(LedgerEntry.data[book.done_field].as_string(), 1, 10)
    handed_in, digitised = (LedgerEntry.data[name].as_string() for name in ("ngay_nop_luu", "so_hoa"))
    statement = (
        select(LedgerEntry.id, LedgerEntry.number_text, handed_in, digitised)
        .where(LedgerEntry.book == book.id, access.rows(), LedgerEntry.struck_at.is_(None), done <= limit)
        .order_by(done)
    )
    attached = set(
        session.scalars(select(LedgerAttachment.entry_id).where(LedgerAttachment.removed_at.is_(None)).distinct())
    )
    found = []
    for entry_id, number, day, scanned in session.execute(statement):
        if "ngay_nop_luu" in known and not day:
            found.append(Reminder(entry_id, number, "chưa nộp lưu hồ sơ"))
        if "so_hoa" in known and scanned != "có" and entry_id not in attached:
            found.append(Reminder(entry_id, number, "chưa số hóa hồ sơ"))
    return found
