"""How a derived column follows from others: ``phai_thu - da_thu``, ``ngay_qd + 10 working_day``,
``ngay_dua_di + thoi_han month``. Data of a book file; never a statutory deadline (those are checks)."""

import re
from dataclasses import dataclass

_FORMULA = re.compile(r"\s*([a-z]\w*)\s*((?:[+-]\s*\w+(?:\s+[a-z_]+)?\s*)*)")
_TERM = re.compile(r"([+-])\s*(\w+)(?:\s+([a-z_]+))?\s*")
DATE_UNITS = ("day", "working_day", "month", "year")


@dataclass(frozen=True, slots=True)
class Term:
    """One operand after the first: a field or a number; ``unit`` where it is added to a day."""

    sign: int
    field: str
    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Formula:
    """The first field and what is added to it or taken from it."""

    first: str
    terms: tuple[Term, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it needs."""
        return (self.first, *(t.field for t in self.terms if t.field))


def parse_formula(text: str) -> Formula:
    """Read a formula.

    :raises ValueError: it is none.
    """
    found = _FORMULA.fullmatch(text)
    if not found:
        raise ValueError(f"derived = {text!r} không đọc được, mẫu: 'phai_thu - da_thu' hoặc 'ngay_qd + 10 day'")
    terms = []
    for sign, operand, unit in _TERM.findall(found.group(2)):
        number = int(operand) if operand.isdigit() else 0
        terms.append(Term(1 if sign == "+" else -1, "" if operand.isdigit() else operand, number, unit))
    return Formula(found.group(1), tuple(terms))
