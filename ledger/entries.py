"""Entries (dòng): adding, changing, striking out. Each operation keeps history and audits itself in the caller's
transaction; a change based on an older version is refused with both versions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError, Invalid
from config.ledger_books import Book, Field
from ledger import assess, derived, numbering, rights, values
from ledger.deadlines.engine import Engine
from ledger.deadlines.grading import State
from ledger.values import BadValue
from storage import audit, cases
from storage.access import Actor, case_scope
from storage.models.base import now
from storage.models.ledger import LedgerChange, LedgerEntry, LedgerVerdict
from storage.models.people import User
from storage.vietnamese import fold, name_key, number_key

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Sources = dict[str, dict[str, Any]]


class EntryChanged(ArchiveError):
    """Two people edited one row; the second sees both versions."""

    code = "LEDGER-CHANGED"
    vi = "Dòng {number} vừa được {who} sửa. Bản của anh/chị chưa được lưu; hãy so hai bản rồi chọn."
    en = "Entry {number} was changed by {who} meanwhile. Yours was not saved; compare both and choose."
    status = 409


class BadFields(ArchiveError):
    """One or more fields cannot be taken; ``problems`` maps field ids to reasons."""

    code = "LEDGER-FIELDS"
    vi = "Chưa lưu được: {first}. Chưa có gì thay đổi."
    en = "Not saved: {first}. Nothing was changed."
    status = 422

    def __init__(self, problems: dict[str, str], book: Book) -> None:
        name, why = next(iter(problems.items()))
        super().__init__(problems=problems, first=f"{book.by_id[name].name}: {why}")


@dataclass(frozen=True, slots=True)
class Staff:
    """People of the office by the key of their name, to recognise a person field."""

    by_name: dict[str, int]

    def find(self, name: str | None) -> int | None:
        """Id of the one person of that name; None when nobody or several are called so."""
        return self.by_name.get(name_key(name)) if name else None


def load_staff(session: Session) -> Staff:
    """Active accounts by name; a name two people share stands for nobody."""
    found: dict[str, list[int]] = {}
    for user_id, name in session.execute(select(User.id, User.name).where(User.disabled_at.is_(None))):
        found.setdefault(name_key(name), []).append(user_id)
    return Staff({key: ids[0] for key, ids in found.items() if len(ids) == 1})


def office_today() -> date:
    """The day it is in the office."""
    return datetime.now(OFFICE_ZONE).date()


def clean_fields(book: Book, raw: dict[str, Any], today: date) -> dict[str, Any]:
    """Stored values of the fields given.

    :raises BadFields: with the reason for every field that cannot be taken.
    """
    known, cleaned, problems = book.by_id, {}, {}
    for name, value in raw.items():
        field = known.get(name)
        if field is None or field.type == "number":
            raise Invalid(what=f"cột {name}", why="không có trong sổ")
        try:
            cleaned[name] = values.clean(field, value, today)
        except BadValue as error:
            problems[name] = str(error)
    if problems:
        raise BadFields(problems, book)
    return cleaned


def missing_required(book: Book, data: dict[str, Any]) -> dict[str, str]:
    """Required columns without a value, with the reason to show."""
    return {f.id: "chưa nhập" for f in book.data_fields if f.required and data.get(f.id) in (None, "", [])}


def create(
    session: Session,
    actor: Actor,
    book: Book,
    engine: Engine,
    raw: dict[str, Any],
    *,
    case_id: int | None = None,
    sources: Sources | None = None,
    today: date | None = None,
) -> LedgerEntry:
    """Add a row and give it the next number of its period.

    :raises BadFields: a value cannot be taken or a required one is missing.
    :raises Forbidden: the actor may not fill one of the columns.
    """
    today = today or office_today()
    access = rights.book_access(session, actor, book)
    data = {k: v for k, v in clean_fields(book, raw, today).items() if v is not None}
    rights.require_fill(access, book, data)
    lacking = missing_required(book, data)
    if lacking:
        raise BadFields(lacking, book)
    data = derived.fill(book, engine.calendar, data)
    # a new row belongs to the year in which it is entered: numbers follow the order of entering
    period = numbering.period_of(book, today)
    number = numbering.next_number(session, book, period)
    entry = LedgerEntry(
        book=book.id, period=period, number=number, number_text=str(number), data=data, created_by_id=actor.user_id
    )
    entry.case_id = case_id if case_id is not None else _case_of(session, actor, book, data)
    refresh(book, engine, entry, load_staff(session), today)
    session.add(entry)
    session.flush()
    note_change(session, actor, entry, "create", {}, data, sources)
    return entry


def update(
    session: Session,
    actor: Actor,
    book: Book,
    engine: Engine,
    entry: LedgerEntry,
    raw: dict[str, Any],
    version: int,
    *,
    sources: Sources | None = None,
    today: date | None = None,
    action: str = "update",
) -> LedgerEntry:
    """Change fields of a row that was read as ``version``.

    :raises EntryChanged: the row is newer than that.
    :raises BadFields: a value cannot be taken or a required one would be emptied.
    """
    today = today or office_today()
    session.refresh(entry, with_for_update=True)
    cleaned = clean_fields(book, raw, today)
    changes = {k: v for k, v in cleaned.items() if entry.data.get(k) != v}
    if entry.version != version:
        if not changes:
            return entry
        raise _changed_meanwhile(session, entry, cleaned)
    if entry.struck_at is not None:
        raise Invalid(what=f"dòng {entry.number_text}", why="đã gạch bỏ; khôi phục trước khi sửa")
    rights.require_fill(rights.book_access(session, actor, book), book, changes)
    if not changes:
        return entry
    before = {k: entry.data.get(k) for k in changes}
    data = {k: v for k, v in {**entry.data, **changes}.items() if v is not None}
    emptied = {k: why for k, why in missing_required(book, data).items() if k in changes}
    if emptied:
        raise BadFields(emptied, book)
    entry.data = derived.fill(book, engine.calendar, data)
    if entry.case_id is None:
        entry.case_id = _case_of(session, actor, book, changes)
    refresh(book, engine, entry, load_staff(session), today)
    entry.version += 1
    entry.updated_at = now()
    session.flush()
    note_change(session, actor, entry, action, before, changes, sources)
    return entry


def _changed_meanwhile(session: Session, entry: LedgerEntry, yours: dict[str, Any]) -> EntryChanged:
    last = session.scalar(
        select(LedgerChange.actor).where(LedgerChange.entry_id == entry.id).order_by(LedgerChange.id.desc()).limit(1)
    )
    return EntryChanged(
        number=entry.number_text,
        who=shown_name(session, last),
        entry_id=entry.id,
        theirs=dict(entry.data),
        yours=yours,
        version=entry.version,
    )


def strike(session: Session, actor: Actor, book: Book, entry: LedgerEntry, reason: str) -> None:
    """Strike a row out: it stays, with its number, and no longer counts.

    :raises Invalid: without a reason.
    """
    rights.require_keeper(session, actor, book)
    reason = reason.strip()
    if not reason:
        raise Invalid(what="lý do gạch bỏ", why="chưa nhập")
    entry.struck_at, entry.struck_reason = now(), reason[:300]
    entry.version += 1
    session.flush()
    note_change(session, actor, entry, "strike", {}, {"reason": reason})


def restore(session: Session, actor: Actor, book: Book, entry: LedgerEntry) -> None:
    """Take a striking out back."""
    rights.require_keeper(session, actor, book)
    entry.struck_at, entry.struck_reason = None, ""
    entry.version += 1
    session.flush()
    note_change(session, actor, entry, "restore", {}, {})


def correct_number(
    session: Session, actor: Actor, book: Book, engine: Engine, entry: LedgerEntry, text: str, version: int
) -> None:
    """Put right a number that was brought in from Excel: misspelt, or standing twice. Given numbers never change.

    :raises EntryChanged: the row is newer than ``version``.
    :raises Invalid: the number was given by the service, is none, or another row of that year has it.
    """
    rights.require_keeper(session, actor, book)
    session.refresh(entry, with_for_update=True)
    if entry.version != version:
        raise _changed_meanwhile(session, entry, {})
    number, plain = numbering.parse_number(text)
    if not entry.is_imported or entry.struck_at is not None:
        raise Invalid(what=f"số {entry.number_text}", why="chỉ sửa được số nhập từ Excel của dòng chưa gạch bỏ")
    if number is None or numbering.rows_with(session, book, entry.period, plain):
        raise Invalid(what=f"số “{plain}”", why="không phải là số" if number is None else "dòng khác đã có số này")
    before = entry.number_text
    entry.number, entry.number_text = number, plain
    entry.flags = [flag for flag in entry.flags if not flag.startswith(numbering.NUMBER_FLAG)]
    refresh(book, engine, entry, load_staff(session), office_today())
    entry.version += 1
    session.flush()
    others = numbering.rows_with(session, book, entry.period, before)
    if len(others) == 1:
        others[0].flags = [flag for flag in others[0].flags if flag != numbering.doubled(before)]
    numbering.note_imported(session, book, entry.period)
    note_change(session, actor, entry, "renumber", {book.number_field.id: before}, {book.number_field.id: plain})


def refresh(book: Book, engine: Engine, entry: LedgerEntry, staff: Staff, today: date) -> None:
    """Compute everything that follows from a row's fields: deadlines, who is responsible, keys and texts to find by."""
    kept = assess.assess_kept(book, engine, entry.data, today)
    entry.computed, entry.next_due = kept, assess.next_due(kept)
    entry.late_count = assess.count_state(kept, State.LATE)
    entry.verify_count = assess.count_state(kept, State.TO_VERIFY)
    entry.responsible_id = staff.find(entry.data.get(person_column(book, staff, entry.data)))
    entry.match_key = match_key(book, entry.data, entry.number_text)
    entry.folded = {f.id: fold(values.show(f, entry.data[f.id])) for f in book.data_fields if f.id in entry.data}
    entry.search_text = "\n".join([fold(entry.number_text), *entry.folded.values()])


def person_column(book: Book, staff: Staff, data: dict[str, Any]) -> str:
    """The column that says whose row this is: the second one only where it, and not the first, names our staff."""
    first, second = (staff.find(data.get(name)) for name in (book.responsible, book.responsible_too))
    return book.responsible_too if first is None and second is not None else book.responsible


def match_key(book: Book, data: dict[str, Any], number_text: str) -> str:
    """Key by which an import finds a row again: the first key of the book all of whose columns have a value."""
    for columns in book.keys:
        parts = [
            _key_part(book.by_id[c], number_text if book.by_id[c].type == "number" else data.get(c)) for c in columns
        ]
        if all(parts):
            return "|".join([columns[0], *parts])[:300]
    return ""


def _key_part(field: Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.type in ("date", "moment"):
        return str(value)[:10]
    text = values.show(field, value)
    return number_key(text) if field.scan == "number" or field.type == "number" else fold(name_key(text))


def note_change(
    session: Session,
    actor: Actor,
    entry: LedgerEntry,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
    sources: Sources | None = None,
) -> None:
    """History and audit of one change."""
    session.add(
        LedgerChange(
            entry_id=entry.id,
            version=entry.version,
            actor=actor.name,
            action=action,
            before=before,
            after=after,
            sources=sources or {},
        )
    )
    audit.record(
        session,
        actor.name,
        f"ledger.{action}",
        f"ledger_entry:{entry.id}",
        {"book": entry.book, "number": entry.number_text, "fields": sorted(after)},
    )


def history(session: Session, entry: LedgerEntry) -> list[LedgerChange]:
    """Every change of a row, newest first."""
    rows = select(LedgerChange).where(LedgerChange.entry_id == entry.id).order_by(LedgerChange.id.desc())
    return list(session.scalars(rows))


def shown_name(session: Session, actor: str | None) -> str:
    """An actor as people know it: the person's name, or the operator of the machine."""
    if actor and actor.startswith("user:"):
        name = session.scalar(select(User.name).where(User.login == actor.removeprefix("user:")))
        return name or actor
    return "người vận hành máy" if actor else "người khác"


def decide(
    session: Session,
    actor: Actor,
    book: Book,
    entry: LedgerEntry,
    finding: assess.Finding,
    agreed: bool,
    note: str = "",
) -> LedgerVerdict:
    """A person agrees that a finding is a violation, or says that it is not."""
    if not rights.book_access(session, actor, book).may_enter:
        raise Invalid(what="kết luận", why="anh/chị chưa được ghi sổ này")
    verdict = session.scalar(
        select(LedgerVerdict).where(LedgerVerdict.entry_id == entry.id, LedgerVerdict.check_id == finding.check)
    )
    if verdict is None:
        verdict = LedgerVerdict(entry_id=entry.id, check_id=finding.check)
        session.add(verdict)
    verdict.agreed, verdict.note, verdict.actor, verdict.at = agreed, note[:500], actor.name, now()
    verdict.trigger_date, verdict.actual = finding.trigger_date or "", finding.actual or ""
    verdict.drafted_at = None
    session.flush()
    audit.record(
        session,
        actor.name,
        "ledger.verdict",
        f"ledger_entry:{entry.id}",
        {"check": finding.check, "deadline": finding.deadline, "agreed": agreed, "note": note},
    )
    return verdict


def take_back(
    session: Session, actor: Actor, book: Book, entry: LedgerEntry, finding: assess.Finding
) -> None:
    """A person takes a decision about a finding back: nobody has decided then; the audit keeps that somebody had."""
    if not rights.book_access(session, actor, book).may_enter:
        raise Invalid(what="kết luận", why="anh/chị chưa được ghi sổ này")
    verdict = session.scalar(
        select(LedgerVerdict).where(LedgerVerdict.entry_id == entry.id, LedgerVerdict.check_id == finding.check)
    )
    if verdict is not None:
        session.delete(verdict)
        detail = {"check": finding.check, "deadline": finding.deadline, "agreed": verdict.agreed}
        audit.record(session, actor.name, "ledger.verdict_withdrawn", f"ledger_entry:{entry.id}", detail)


def _case_of(session: Session, actor: Actor, book: Book, data: dict[str, Any]) -> int | None:
    """The one case the row's number names, if the actor may see it."""
    names = [f.id for f in book.data_fields if f.scan == "number"]
    number = next((str(data[n]) for n in names if data.get(n)), None)
    if not number or not book.case_kind or number_key(number).isdigit():
        return None
    found = cases.find_by_number(session, number)
    if len(found) != 1:
        return None
    return found[0].id if case_scope(session, actor).allows(found[0].id, None) else None
