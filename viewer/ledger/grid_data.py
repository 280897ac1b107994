"""Rows of the grid as the browser gets them, and queries as the browser sends them."""

import json
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from config.errors import Invalid
from config.ledger_books import Book
from ledger import assess
from ledger.deadlines.engine import Engine
from ledger.deadlines.grading import State
from ledger.query import Filter, Query
from ledger.values import show
from storage.models.ledger import LedgerAttachment, LedgerEntry

_MARKS = {State.LATE: "late", State.TO_VERIFY: "verify"}


def columns(book: Book) -> list[dict[str, Any]]:
    """The book's columns for the browser."""
    return [
        {
            "id": f.id,
            "name": f.name,
            "group": f.group,
            "type": f.type,
            "width": f.width,
            "choices": list(f.choices),
            "hidden": f.hidden,
            "required": f.required,
        }
        for f in book.fields
    ]


def query_from(values: MultiDict[str, str], user_id: int | None, day: date) -> Query:
    """A query from the browser's parameters: ``q``, ``state``, ``period``, ``mine``, ``sort``, ``filters`` (JSON).

    :raises Invalid: filters that cannot be read.
    """
    try:
        raw = json.loads(values.get("filters") or "[]")
        filters = tuple(
            Filter(str(f["field"]), str(f["operation"]), _value(f.get("value", ""))) for f in raw if isinstance(f, dict)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(what="điều kiện lọc", why="không đọc được") from error
    mine = values.get("mine") == "1" and user_id is not None
    return Query(
        text=values.get("q", "")[:200],
        filters=filters,
        state=values.get("state", ""),
        period=values.get("period", ""),
        responsible_id=user_id if mine else None,
        sort=values.get("sort", ""),
        struck=values.get("struck", "1") == "1",
        today=day,
    )


def _value(value: Any) -> str | tuple[str, ...]:
    return tuple(str(v)[:300] for v in value[:100]) if isinstance(value, list) else str(value)[:300]


def page(session: Session, book: Book, engine: Engine, entries: list[LedgerEntry], day: date) -> list[dict[str, Any]]:
    """Rows for the browser."""
    counts = _paper_counts(session, [e.id for e in entries])
    return [row(book, engine, e, day, counts.get(e.id, 0)) for e in entries]


def row(book: Book, engine: Engine, entry: LedgerEntry, day: date, papers: int) -> dict[str, Any]:
    """One row: ``d`` shown values, ``m`` marks of cells (why they are coloured), ``s`` the row's own state."""
    shown = {f.id: show(f, entry.data[f.id]) for f in book.data_fields if f.id in entry.data}
    shown[book.number_field.id] = entry.number_text
    marks, state = _marks(book, assess.unpack(book, engine, entry.computed, day))
    return {
        "id": entry.id,
        "v": entry.version,
        "d": shown,
        "m": marks,
        "s": "struck" if entry.struck_at else state,
        "p": papers,
        "f": [str(x) for x in entry.flags],
        "x": entry.struck_reason,
    }


def _marks(book: Book, findings: list[assess.Finding]) -> tuple[dict[str, list[str]], str]:
    checks = {c.id: c for c in book.checks}
    own = {r.id: r for r in book.date_rules}
    marks: dict[str, list[str]] = {}
    seen = set()
    for finding in findings:
        kind = _MARKS.get(finding.state) or ("overdue" if finding.is_overdue else "")
        if not kind:
            continue
        seen.add(kind)
        check = checks.get(finding.check)
        names = (
            (*check.done, *check.received, *check.trigger)
            if check
            else (own[finding.check].done, own[finding.check].from_field)
        )
        cell = next((n for n in names if n), "")
        due = f"{date.fromisoformat(str(finding.due)[:10]):%d/%m/%Y}" if finding.due else ""
        marks.setdefault(cell, [kind, ""])
        marks[cell][1] = "; ".join(x for x in (marks[cell][1], f"{finding.about}: hạn {due}", finding.reason) if x)
    return marks, next((k for k in ("late", "verify", "overdue") if k in seen), "")


def _paper_counts(session: Session, ids: list[int]) -> dict[int, int]:
    statement = (
        select(LedgerAttachment.entry_id, func.count())
        .where(LedgerAttachment.entry_id.in_(ids))
        .where(LedgerAttachment.removed_at.is_(None))
        .group_by(LedgerAttachment.entry_id)
    )
    return {k: v for k, v in session.execute(statement)}  # noqa: C416 - rows are typed as tuples only when unpacked
