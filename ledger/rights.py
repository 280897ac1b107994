"""Who may see and fill which rows and columns of a book.

Rows of a case follow the assignment to the case (``storage.access``); a right on the book, given to a person, a team or
a role, opens all its rows or some of its column groups. The system's administrator may change columns but reads no row.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from config.errors import Forbidden, NotFound
from config.ledger_books import Book
from storage.access import Actor, CaseScope, case_scope
from storage.models.ledger import LedgerEntry, LedgerRight
from storage.models.people import Role, User

_LEVELS = {"view": 1, "enter": 2, "keep": 3}
RIGHT_NAMES = {"view": "xem cả sổ", "enter": "xem và ghi sổ", "keep": "giữ sổ"}


@dataclass(frozen=True, slots=True)
class BookAccess:
    """What an actor may do in one book. ``groups``: column groups that may be filled; None = all."""

    user_id: int | None
    all_rows: bool
    may_enter: bool
    may_keep: bool
    groups: frozenset[str] | None
    scope: CaseScope
    reads_rows: bool = True
    unlinked: bool = False

    def rows(self) -> ColumnElement[bool]:
        """Condition on ``LedgerEntry`` rows for a select."""
        if not self.reads_rows:
            return false()
        if self.all_rows:
            return true()
        mine: list[ColumnElement[bool]] = [LedgerEntry.case_id.in_(self.scope.case_ids)]
        if self.user_id is not None:
            mine += [
                LedgerEntry.responsible_id == self.user_id,
                and_(LedgerEntry.case_id.is_(None), LedgerEntry.created_by_id == self.user_id),
            ]
        if self.unlinked:
            mine.append(LedgerEntry.case_id.is_(None))
        return or_(*mine)

    def reads(self, entry: LedgerEntry) -> bool:
        """Whether this one row may be seen."""
        if not self.reads_rows:
            return False
        if self.all_rows or (entry.case_id is not None and entry.case_id in self.scope.case_ids):
            return True
        if self.user_id is not None and entry.responsible_id == self.user_id:
            return True
        return entry.case_id is None and (self.unlinked or entry.created_by_id == self.user_id is not None)

    def may_fill(self, book: Book, field_id: str) -> bool:
        """Whether a column may be filled."""
        known = book.by_id[field_id]
        return self.may_enter and not known.derived and (self.groups is None or known.group in self.groups)


def may_add(access: BookAccess, book: Book) -> bool:
    """Whether new rows may be added: a right on some columns is not enough where others are required."""
    return access.may_enter and all(access.may_fill(book, f.id) for f in book.data_fields if f.required)


def book_access(session: Session, actor: Actor, book: Book) -> BookAccess:
    """What the actor may do in the book right now."""
    scope = case_scope(session, actor)
    if actor.operator:
        return BookAccess(None, True, True, True, None, scope)
    user = session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        return BookAccess(None, False, False, False, frozenset(), scope, reads_rows=False)
    if user.role == Role.ADMIN:
        return BookAccess(user.id, False, False, True, frozenset(), scope, reads_rows=False)
    level, groups = _granted(session, user, book)
    everything = user.role == Role.LEADER
    own_groups = _default_groups(user.role, book)
    if level >= _LEVELS["enter"] and groups:
        # a right for some groups only limits those who have no wider one by their role
        own_groups = groups if own_groups is None and not everything else frozenset({*(own_groups or ()), *groups})
    elif level >= _LEVELS["enter"]:
        own_groups = None
    return BookAccess(
        user.id,
        everything or level >= _LEVELS["view"],
        True,
        everything or level >= _LEVELS["keep"],
        None if everything else own_groups,
        scope,
        unlinked=user.role == Role.CLERK,
    )


def _default_groups(role: str, book: Book) -> frozenset[str] | None:
    """Accountants fill the columns kept for another team (money); everybody else all."""
    return frozenset(g.id for g in book.groups if g.team) if role == Role.ACCOUNTANT else None


def _granted(session: Session, user: User, book: Book) -> tuple[int, frozenset[str]]:
    whose = [LedgerRight.user_id == user.id, LedgerRight.role == user.role]
    if user.team_id is not None:
        whose.append(LedgerRight.team_id == user.team_id)
    rows = session.scalars(select(LedgerRight).where(LedgerRight.book == book.id, or_(*whose))).all()
    level = max((_LEVELS[r.right] for r in rows), default=0)
    entering = [r for r in rows if _LEVELS[r.right] >= _LEVELS["enter"]]
    limited = entering and all(r.groups for r in entering)
    return level, frozenset(g for r in entering for g in r.groups) if limited else frozenset()


def require_entry(session: Session, actor: Actor, book: Book, entry_id: int) -> LedgerEntry:
    """The entry, if the actor may see it.

    :raises NotFound: it does not exist in this book, or may not be seen.
    """
    entry = session.get(LedgerEntry, entry_id)
    if entry is None or entry.book != book.id or not book_access(session, actor, book).reads(entry):
        raise NotFound(what=f"dòng {entry_id} của {book.short_name}")
    return entry


def require_keeper(session: Session, actor: Actor, book: Book) -> BookAccess:
    """The access of whoever keeps the book.

    :raises Forbidden: the actor does not keep it.
    """
    access = book_access(session, actor, book)
    if not access.may_keep:
        raise Forbidden(what=f"thay đổi {book.short_name}; chỉ người giữ sổ hoặc lãnh đạo")
    return access


def require_fill(access: BookAccess, book: Book, changes: dict[str, Any]) -> None:
    """Refuse changes to columns the actor may not fill.

    :raises Forbidden: naming the first such column.
    """
    for name in changes:
        if not access.may_fill(book, name):
            raise Forbidden(what=f"ghi cột {book.by_id[name].name}")
