"""Changing a book on screen: add, rename, hide and order columns, add simple date rules. Each change is a new
version of the
book file in the data folder, checked by the same reader as any file before it takes its place; older versions stay.
"""

import json
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.deadline_rules import Length
from config.errors import Conflict, Invalid
from config.ledger_books import Book, Column, DateRule, Field, parse_book
from ledger import rights
from ledger.office import Office
from storage import audit
from storage.access import Actor
from storage.models.ledger import LedgerBookVersion
from storage.vietnamese import fold, nfc


def add_field(book: Book, *, name: str, group: str, kind: str, choices: list[str] | None = None) -> Book:
    """The book with one more column at the end of its group."""
    name = _name(book, name)
    made = Field(
        id=_new_id(name, {f.id for f in book.fields}),
        name=name,
        group=group,
        type=kind,
        choices=tuple(nfc(c).strip() for c in choices or [] if c.strip()),
        columns=(Column(id="noi_dung", name="Nội dung"),) if kind == "repeat" else (),
    )
    last = max((i for i, f in enumerate(book.fields) if f.group == group), default=len(book.fields) - 1)
    return replace(book, fields=(*book.fields[: last + 1], made, *book.fields[last + 1 :]))


def change_field(book: Book, field_id: str, *, name: str | None = None, hidden: bool | None = None) -> Book:
    """The book with a column renamed, hidden or shown. Its id, and so all that was entered, stays.

    :raises Invalid: no such column, or the number or a required column would be hidden.
    """
    known = book.by_id.get(field_id)
    if known is None:
        raise Invalid(what=f"cột {field_id}", why="không có trong sổ")
    if hidden and (known.type == "number" or known.required):
        raise Invalid(what=f"cột {known.name}", why="bắt buộc nên không ẩn được")
    changed = known
    if name is not None and nfc(name).strip() != known.name:
        fresh = _name(book, name)
        # the old name stays an alias, so that last year's workbook still imports
        changed = replace(changed, name=fresh, aliases=tuple(dict.fromkeys([known.name, *known.aliases])))
    if hidden is not None:
        changed = replace(changed, hidden=hidden)
    return replace(book, fields=tuple(changed if f.id == field_id else f for f in book.fields))


def add_date_rule(
    book: Book, *, name: str, from_field: str, days: int, working: bool, done: str, red_after: int
) -> Book:
    """The book with one more date rule (A + n days or working days, red n days after)."""
    if not 0 <= days <= 3660 or not 0 <= red_after <= 3660:
        raise Invalid(what="số ngày", why="phải từ 0 đến 3660")
    made = DateRule(
        id=_new_id(name, {r.id for r in book.date_rules} | {c.id for c in book.checks}),
        name=nfc(name).strip(),
        from_field=from_field,
        add=Length(days, "working_day" if working else "day") if days else None,
        done=done,
        red_after=red_after,
    )
    return replace(book, date_rules=(*book.date_rules, made))


def remove_date_rule(book: Book, rule_id: str) -> Book:
    """The book without one of its date rules."""
    return replace(book, date_rules=tuple(r for r in book.date_rules if r.id != rule_id))


def save(session: Session, actor: Actor, office: Office, before: Book, after: Book, change: str) -> Book:
    """Store the changed book as its next version.

    :raises Forbidden: the actor does not keep the book.
    :raises DataFileError: the changed book would not be readable; nothing is written.
    :raises Conflict: somebody else saved a version meanwhile.
    """
    rights.require_keeper(session, actor, before)
    after = replace(after, version=before.version + 1)
    text = to_toml(after)
    path = office.folder / "books" / f"{after.id}-v{after.version}.toml"
    checked = parse_book(path, text, office.rules)
    taken = select(LedgerBookVersion.id).where(
        LedgerBookVersion.book == after.id, LedgerBookVersion.version == after.version
    )
    if path.exists() or session.scalar(taken) is not None:
        raise Conflict(what=f"{before.short_name}")
    session.add(
        LedgerBookVersion(
            book=after.id, version=after.version, definition=text, change=change[:300], user_id=actor.user_id
        )
    )
    audit.record(
        session, actor.name, "ledger.book_changed", f"ledger:{after.id}", {"version": after.version, "change": change}
    )
    session.flush()
    _write(path, text)
    return checked


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(path)


def _name(book: Book, name: str) -> str:
    name = " ".join(nfc(name).split())
    if not 1 <= len(name) <= 100:
        raise Invalid(what="tên cột", why="từ 1 đến 100 chữ")
    if any(fold(f.name) == fold(name) for f in book.fields):
        raise Invalid(what=f"tên cột {name}", why="đã có cột tên này")
    return name


def _new_id(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:30] or "cot"
    base = base if base[0].isalpha() else f"c_{base}"
    number, made = 2, base
    while made in taken:
        made, number = f"{base}_{number}", number + 1
    return made


def to_toml(book: Book) -> str:
    """The book as a file; ``parse_book`` gives the same book back."""
    lines = [
        f"id = {_value(book.id)}",
        f"version = {book.version}",
        f"name = {_value(book.name)}",
        f"name_en = {_value(book.name_en)}",
        f"short_name = {_value(book.short_name)}",
        f"offices = {_value(list(book.offices))}",
        f'restart = "{book.restart[0]:02}/{book.restart[1]:02}"',
        f"case_kind = {_value(book.case_kind)}",
        f"confidence = {_value(book.confidence)}",
        f"keys = {_value([list(k) for k in book.keys])}",
        f"title_fields = {_value(list(book.title_fields))}",
        f"agency = {_value(book.agency)}",
        f"responsible = {_value(book.responsible)}",
        f"responsible_too = {_value(book.responsible_too)}",
        f"frozen = {book.frozen}",
        f"stat_date = {_value(book.stat_date)}",
        f"done_field = {_value(book.done_field)}",
        f"work = {_value(book.work)}",
    ]
    for key in ("groups", "fields", "checks", "date_rules", "forms", "stats"):
        lines += ["", f"{key} = ["]
        lines += [f"  {_table(_plain(row))}," for row in getattr(book, key)]
        lines.append("]")
    return "\n".join(lines) + "\n"


def _plain(row: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if isinstance(row, DateRule) and name == "add":
            value = f"{value.amount} {value.unit}" if value else ""
        if isinstance(value, tuple):
            value = [_plain(v) if isinstance(v, Column) else v for v in value]
        if isinstance(value, dict):
            value = {k: list(v) for k, v in value.items()}
        if value not in ("", [], {}, False) or name in ("id", "name"):
            values["from" if name == "from_field" else name] = value
    return values


def _table(values: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in values.items()) + " }"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    # a JSON string is a TOML basic string, but TOML also wants DEL escaped
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
