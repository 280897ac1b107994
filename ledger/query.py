"""Reading a book: rows under filters, in an order, a page at a time; counting what there is."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from config.errors import Invalid
from config.ledger_books import Book, Field
from ledger.dates import parse_date
from ledger.rights import BookAccess
from ledger.values import BadValue, whole_number
from storage.models.ledger import LedgerAttachment, LedgerEntry
from storage.vietnamese import fold

MOST_ROWS = 500
OPERATIONS = ("contains", "equals", "empty", "filled", "from", "to", "any")
STATES = ("late", "to_verify", "overdue", "due_week", "due_today", "no_papers", "papers", "flagged", "not_handed_in")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column."""

    field: str
    operation: str
    value: str | tuple[str, ...] = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What to show. ``state`` is one of ``STATES``; ``sort`` a column id, ``-`` before it for descending."""

    text: str = ""
    filters: tuple[Filter, ...] = ()
    state: str = ""
    period: str = ""
    responsible_id: int | None = None
    sort: str = ""
    struck: bool = True
    today: date = field(default_factory=date.today)


def rows(
    session: Session, book: Book, access: BookAccess, query: Query, offset: int = 0, limit: int = 100
) -> list[LedgerEntry]:
    """A page of rows. Ids are sorted first: sorting whole rows of a large book would carry their JSON along."""
    chosen = _where(select(LedgerEntry.id), book, access, query).order_by(*_order(book, query))
    return _load(session, list(session.scalars(chosen.offset(max(offset, 0)).limit(min(limit, MOST_ROWS)))))


def first_rows_and_count(
    session: Session, book: Book, access: BookAccess, query: Query, limit: int = 100
) -> tuple[list[LedgerEntry], int]:
    """The first page and how many rows fit, in one pass over the book: what a changed filter asks for."""
    chosen = _where(select(LedgerEntry.id), book, access, query).order_by(*_order(book, query))
    ids = list(session.scalars(chosen))
    return _load(session, ids[: min(limit, MOST_ROWS)]), len(ids)


def _load(session: Session, ids: list[int]) -> list[LedgerEntry]:
    found = {row.id: row for row in session.scalars(select(LedgerEntry).where(LedgerEntry.id.in_(ids)))}
    return [found[row_id] for row_id in ids]


def all_rows(session: Session, book: Book, access: BookAccess, query: Query) -> list[LedgerEntry]:
    """Every row, for export and statistics."""
    statement = _where(select(LedgerEntry), book, access, query).order_by(*_order(book, query))
    return list(session.scalars(statement))


def count(session: Session, book: Book, access: BookAccess, query: Query) -> int:
    """How many rows fit."""
    return session.scalar(_where(select(func.count(LedgerEntry.id)), book, access, query)) or 0


def periods(session: Session, book: Book, access: BookAccess) -> list[str]:
    """Numbering years that have rows, newest first."""
    statement = select(LedgerEntry.period).where(LedgerEntry.book == book.id, access.rows()).distinct()
    return sorted(session.scalars(statement), reverse=True)


def _where(statement: Select[Any], book: Book, access: BookAccess, query: Query) -> Select[Any]:
    statement = statement.where(LedgerEntry.book == book.id, access.rows())
    if query.period:
        statement = statement.where(LedgerEntry.period == query.period)
    if not query.struck:
        statement = statement.where(LedgerEntry.struck_at.is_(None))
    if query.responsible_id is not None:
        statement = statement.where(LedgerEntry.responsible_id == query.responsible_id)
    for word in fold(query.text).split():
        statement = statement.where(LedgerEntry.search_text.contains(word, autoescape=True))
    if query.state:
        statement = statement.where(_state(book, query))
    for condition in query.filters:
        statement = statement.where(_condition(book, condition))
    return statement


def _state(book: Book, query: Query) -> Any:
    alive = LedgerEntry.struck_at.is_(None)
    attached = select(LedgerAttachment.id).where(
        LedgerAttachment.entry_id == LedgerEntry.id, LedgerAttachment.removed_at.is_(None)
    )
    week = query.today + timedelta(days=6 - query.today.weekday())
    conditions: dict[str, ColumnElement[bool]] = {
        "late": LedgerEntry.late_count > 0,
        "to_verify": LedgerEntry.verify_count > 0,
        "overdue": LedgerEntry.next_due < query.today,
        "due_today": LedgerEntry.next_due == query.today,
        "due_week": and_(LedgerEntry.next_due >= query.today, LedgerEntry.next_due <= week),
        "no_papers": ~attached.exists(),
        "papers": attached.exists(),
        "flagged": func.json_array_length(LedgerEntry.flags) > 0,
    }
    if query.state == "not_handed_in":
        handed = next((f.id for f in book.data_fields if f.id == "ngay_nop_luu"), None)
        if handed is None or not book.done_field:
            raise Invalid(what="lọc nộp lưu", why="sổ này không theo dõi nộp lưu")
        return and_(
            alive,
            LedgerEntry.data[book.done_field].as_string().is_not(None),
            LedgerEntry.data[handed].as_string().is_(None),
        )
    if query.state not in conditions:
        raise Invalid(what=f"trạng thái {query.state}", why=f"phải là một trong {', '.join(STATES)}")
    return and_(alive, conditions[query.state])


def _condition(book: Book, condition: Filter) -> Any:
    known = book.by_id.get(condition.field)
    if known is None or condition.operation not in OPERATIONS:
        raise Invalid(what=f"điều kiện lọc {condition.field}", why="không có cột hoặc phép lọc này")
    value = condition.value if isinstance(condition.value, str) else ""
    if known.type == "number":
        return _number_condition(condition.operation, value)
    stored, plain = LedgerEntry.data[known.id].as_string(), LedgerEntry.folded[known.id].as_string()
    if condition.operation == "empty":
        return stored.is_(None)
    if condition.operation == "filled":
        return stored.is_not(None)
    if condition.operation == "any":
        chosen = [v for v in condition.value if v] if isinstance(condition.value, tuple) else [value]
        parts: list[ColumnElement[bool]] = [plain.in_([fold(v) for v in chosen])]
        if isinstance(condition.value, tuple) and "" in condition.value:
            parts.append(stored.is_(None))
        return or_(*parts)
    if condition.operation == "equals":
        return plain == fold(value)
    if condition.operation == "contains":
        return plain.contains(fold(value), autoescape=True)
    return _range(known, condition.operation, value)


def _range(known: Field, operation: str, value: str) -> Any:
    if known.type in ("integer", "money"):
        try:
            limit = whole_number(value)
        except BadValue as error:
            raise Invalid(what=known.name, why=str(error)) from error
        number = LedgerEntry.data[known.id].as_integer()
        return number >= limit if operation == "from" else number <= limit
    day = parse_date(value)
    if day is None:
        raise Invalid(what=known.name, why=f"“{value}” không phải là ngày")
    stored = func.substr(LedgerEntry.data[known.id].as_string(), 1, 10)
    return stored >= day.isoformat() if operation == "from" else stored <= day.isoformat()


def _number_condition(operation: str, value: str) -> Any:
    if operation in ("from", "to") and value.isdigit():
        return LedgerEntry.number >= int(value) if operation == "from" else LedgerEntry.number <= int(value)
    if operation == "empty":
        return LedgerEntry.number_text == ""
    if operation == "filled":
        return LedgerEntry.number_text != ""
    return (
        LedgerEntry.number_text == value
        if operation == "equals"
        else LedgerEntry.number_text.contains(value, autoescape=True)
    )


def _order(book: Book, query: Query) -> list[Any]:
    name = query.sort.lstrip("-")
    descending = query.sort.startswith("-")
    tie = [LedgerEntry.period.desc(), LedgerEntry.number, LedgerEntry.id]
    if not name or name == book.number_field.id:
        newest = [LedgerEntry.period.desc(), LedgerEntry.number.desc(), LedgerEntry.id.desc()]
        return newest if descending else tie
    if name == "_due":
        return [
            LedgerEntry.next_due.desc() if descending else LedgerEntry.next_due.is_(None),
            LedgerEntry.next_due,
            *tie,
        ]
    known = book.by_id.get(name)
    if known is None:
        raise Invalid(what=f"sắp theo {name}", why="không có cột này")
    column: Any = LedgerEntry.folded[name].as_string()
    if known.type in ("integer", "money"):
        column = LedgerEntry.data[name].as_integer()
    elif known.type in ("date", "moment"):
        column = LedgerEntry.data[name].as_string()
    return [column.is_(None), column.desc() if descending else column, *tie]
