"""Assignment (phân công) of rows, which gives rights on their cases, and handing over all of a person's at once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Forbidden, Invalid
from config.ledger_books import Book
from ledger import entries, rights
from ledger.office import Office
from storage import audit, cases
from storage.access import Actor
from storage.models.cases import Case, Grant, Right
from storage.models.ledger import LedgerEntry, LedgerRight
from storage.models.people import Role, User


@dataclass(frozen=True, slots=True)
class Handed:
    """What a handover moved: rows by book, and cases whose assignment followed."""

    entries: dict[str, list[LedgerEntry]]
    cases: int


def require_assigner(actor: Actor) -> None:
    """Only leaders assign work.

    :raises Forbidden: the actor is none.
    """
    if not (actor.operator or actor.role == Role.LEADER):
        raise Forbidden(what="phân công; việc này của lãnh đạo")


def assign(
    session: Session, actor: Actor, office: Office, book: Book, entry: LedgerEntry, user: User, version: int
) -> None:
    """Make a person responsible for a row and give them its case.

    :raises Forbidden: the actor does not assign work.
    :raises Invalid: the book has no column for it, or the name is not unique.
    """
    require_assigner(actor)
    if not book.responsible:
        raise Invalid(what="phân công", why=f"{book.short_name} không có cột người phụ trách")
    staff = entries.load_staff(session)
    if staff.find(user.name) != user.id:
        raise Invalid(what=f"người tên {user.name}", why="có hơn một người cùng tên; đổi tên hiển thị để phân biệt")
    before = entry.responsible_id
    column = entries.person_column(book, staff, entry.data)
    entries.update(session, actor, book, office.engine, entry, {column: user.name}, version, action="assign")
    if entry.case_id is not None:
        _move_case(session, actor, entry.case_id, before, user, "phân công theo sổ")


def hand_over(session: Session, actor: Actor, office: Office, giver: User, taker: User, reason: str) -> Handed:
    """Move every open row and case of one person to another in one transaction; what is finished stays.

    :raises Invalid: the same person, or one who is disabled.
    """
    require_assigner(actor)
    if giver.id == taker.id or taker.disabled_at is not None:
        raise Invalid(what="người nhận", why="phải là người khác và đang làm việc")
    reason = reason.strip() or "bàn giao"
    moved: dict[str, list[LedgerEntry]] = {}
    for book in office.kept():
        if not book.responsible:
            continue
        statement = select(LedgerEntry).where(
            LedgerEntry.book == book.id, LedgerEntry.responsible_id == giver.id, LedgerEntry.struck_at.is_(None)
        )
        for entry in session.scalars(statement):
            if book.done_field and entry.data.get(book.done_field):
                continue
            assign(session, actor, office, book, entry, taker, entry.version)
            moved.setdefault(book.id, []).append(entry)
    grants = session.scalars(select(Grant).where(Grant.user_id == giver.id, Grant.until.is_(None))).all()
    count = 0
    for grant in grants:
        case = session.get_one(Case, grant.case_id)
        if case.status == "open":
            cases.assign(session, actor, case, taker, Right(grant.right), reason=reason)
            cases.unassign(session, actor, case, giver, reason=reason)
            count += 1
    audit.record(
        session,
        actor.name,
        "ledger.handed_over",
        f"user:{giver.id}",
        {"to": taker.login, "reason": reason, "cases": count, "entries": {k: len(v) for k, v in moved.items()}},
    )
    return Handed(moved, count)


def _move_case(session: Session, actor: Actor, case_id: int, before: int | None, user: User, reason: str) -> None:
    case = session.get_one(Case, case_id)
    held = session.scalar(
        select(Grant.right).where(Grant.case_id == case_id, Grant.user_id == user.id, Grant.until.is_(None))
    )
    if held != Right.LEAD:
        cases.assign(session, actor, case, user, Right.LEAD, reason=reason)
    if before is not None and before != user.id:
        cases.unassign(session, actor, case, session.get_one(User, before), reason=reason)


def give_right(
    session: Session,
    actor: Actor,
    book: Book,
    right: str,
    *,
    user_id: int | None = None,
    team_id: int | None = None,
    role: str | None = None,
    groups: list[str] | None = None,
) -> None:
    """Give a person, team or role a right on a book, for some column groups or all.

    :raises Invalid: not exactly one receiver, an unknown right or group.
    """
    rights.require_keeper(session, actor, book)
    if sum(x is not None for x in (user_id, team_id, role)) != 1:
        raise Invalid(what="quyền trên sổ", why="cần đúng một người, một tổ hoặc một chức danh")
    if right not in rights.RIGHT_NAMES or any(g not in {x.id for x in book.groups} for g in groups or []):
        raise Invalid(what="quyền trên sổ", why="không có quyền hoặc nhóm cột này")
    session.add(
        LedgerRight(book=book.id, right=right, user_id=user_id, team_id=team_id, role=role, groups=groups or [])
    )
    session.flush()
    audit.record(
        session,
        actor.name,
        "ledger.right_given",
        f"ledger:{book.id}",
        {"right": right, "user": user_id, "team": team_id, "role": role, "groups": groups or []},
    )


def take_right(session: Session, actor: Actor, book: Book, right_id: int) -> None:
    """Take a right on a book back.

    :raises Invalid: no such right.
    """
    rights.require_keeper(session, actor, book)
    found = session.get(LedgerRight, right_id)
    if found is None or found.book != book.id:
        raise Invalid(what="quyền trên sổ", why="không có")
    audit.record(
        session,
        actor.name,
        "ledger.right_taken",
        f"ledger:{book.id}",
        {"right": found.right, "user": found.user_id, "team": found.team_id, "role": found.role},
    )
    session.delete(found)
    session.flush()
