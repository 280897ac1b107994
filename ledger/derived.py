"""Filling the derived columns of a row from its other columns."""

from datetime import date
from typing import Any

from config.deadline_rules import Length
from config.holidays import Calendar
from config.ledger_books import Book, Field
from config.ledger_formula import Term, parse_formula
from ledger.deadlines import counting


def fill(book: Book, calendar: Calendar, data: dict[str, Any]) -> dict[str, Any]:
    """The row's fields with every derived one as it follows from the others; without a value it is left out."""
    filled = dict(data)
    for field in book.derived_fields:
        value = _value(field, calendar, data)
        if value is None:
            filled.pop(field.id, None)
        else:
            filled[field.id] = value
    return filled


def _value(field: Field, calendar: Calendar, data: dict[str, Any]) -> Any:
    formula = parse_formula(field.derived)
    first = data.get(formula.first)
    if first in (None, ""):
        return None
    if field.type == "date":
        day: date | None = date.fromisoformat(str(first)[:10])
        for term in formula.terms:
            day = _later(day, term, calendar, data)
        return day.isoformat() if day else None
    return int(first) + sum(t.sign * (t.number or int(data.get(t.field) or 0)) for t in formula.terms)


def _later(day: date | None, term: Term, calendar: Calendar, data: dict[str, Any]) -> date | None:
    amount = term.number or int(data.get(term.field) or 0)
    if day is None or not amount:
        return None
    length = Length(amount, term.unit)
    try:
        if term.sign < 0:
            return counting.before(day, length, calendar, counting.known_off, None)
        return counting.after(day, length, calendar, counting.known_off, None)
    except (ValueError, OverflowError):
        # a length of a hundred thousand months is a slip of the keyboard, not a day
        return None
