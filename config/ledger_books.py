"""Register books as data: fields, groups, checks against deadlines, simple date rules, forms and statistics.

Shipped books lie in ``data/books``; an office's own version of a book (saved on screen or put there by hand) lies in
``DATA/config/books`` and wins when its version number is higher. A mistake is refused with file, line and reason.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from config.data_file import SHIPPED, DataFile, parse_data_file, read_data_file
from config.deadline_rules import DeadlineRules, Length, parse_period
from config.errors import DataFileError
from config.ledger_formula import DATE_UNITS, parse_formula

FIELD_TYPES = (
    "text",
    "long_text",
    "date",
    "moment",
    "integer",
    "money",
    "choice",
    "yes_no",
    "person",
    "repeat",
    "number",
)
OFFICES = ("vks", "thads")
#: What "scan" may say: which thing read from a scanned paper fills the field.
SCAN_SOURCES = ("number", "date", "issuer", "person", "plaintiff", "defendant", "subject", "arrival", "paper_number")
DEFAULT_WIDTHS = {"date": 104, "moment": 140, "integer": 80, "money": 120, "yes_no": 80, "number": 60}
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESTART = re.compile(r"(\d{2})/(\d{2})")
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A column group. ``team``: filled by another team, whose members may be given just this group."""

    id: str
    name: str
    team: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column inside a repeatable group."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of a book."""

    id: str
    name: str
    group: str
    type: str
    required: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    width: int = 140
    hidden: bool = False
    #: may lie in the future; other dates in the future are mistakes
    future: bool = False
    #: personal data, masked where a list is shown to others
    private: bool = False
    scan: str = ""
    #: follows from other columns and is never typed: see ``config.ledger_formula``
    derived: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One deadline checked on each entry. Of several trigger or done fields the first filled one counts.

    ``when`` limits the check to entries whose field has one of the values; ``""`` stands for an empty field.
    ``optional``: a missing act says nothing (the office does not record it always).
    """

    id: str
    deadline: str
    trigger: tuple[str, ...]
    done: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    extended_to: str = ""
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    agency: str = ""
    about: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """A keeper's own rule: date + n days, red when more than ``red_after`` days past and not done. Never law."""

    id: str
    name: str
    from_field: str
    add: Length | None = None
    done: str = ""
    red_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A paper drafted from the book, by a Word template."""

    id: str
    name: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A count of entries by the values of a field, with sums of money fields."""

    id: str
    name: str
    field: str
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Book:
    """A register. ``restart`` is (day, month) on which numbering begins again."""

    id: str
    version: int
    name: str
    name_en: str
    short_name: str
    offices: tuple[str, ...]
    restart: tuple[int, int]
    case_kind: str
    confidence: str
    keys: tuple[tuple[str, ...], ...]
    title_fields: tuple[str, ...]
    agency: str
    responsible: str
    #: column looked at when ``responsible`` names nobody of the office: the enforcer in a book both offices keep
    responsible_too: str
    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    date_rules: tuple[DateRule, ...] = ()
    forms: tuple[Form, ...] = ()
    stats: tuple[Stat, ...] = ()
    stat_date: str = ""
    done_field: str = ""
    #: what is supervised, in the words of a kiến nghị: "Qua công tác kiểm sát …"
    work: str = ""
    frozen: int = 1

    @cached_property
    def by_id(self) -> dict[str, Field]:
        """Fields by id."""
        return {f.id: f for f in self.fields}

    @cached_property
    def number_field(self) -> Field:
        """The field that is the entry's number in the book."""
        return next(f for f in self.fields if f.type == "number")

    @cached_property
    def derived_fields(self) -> tuple[Field, ...]:
        """Columns that follow from others."""
        return tuple(f for f in self.fields if f.derived)

    @cached_property
    def data_fields(self) -> tuple[Field, ...]:
        """Fields stored with an entry: all but its number."""
        return tuple(f for f in self.fields if f.type != "number")


_TOP = {
    "id",
    "version",
    "name",
    "name_en",
    "short_name",
    "offices",
    "restart",
    "case_kind",
    "confidence",
    "keys",
    "title_fields",
    "agency",
    "responsible",
    "responsible_too",
    "frozen",
    "groups",
    "fields",
    "checks",
    "date_rules",
    "forms",
    "stats",
    "stat_date",
    "done_field",
    "work",
}


class _Reader:
    """Turns the parsed file into a book and complains with the line of the thing it reads."""

    def __init__(self, file: DataFile) -> None:
        self.file = file

    def fail(self, why: str, near: str = "") -> Any:
        lines = self.file.text.splitlines()
        pattern = re.compile(rf'\bid\s*=\s*"{re.escape(near)}"') if near else None
        hits = [n for n, line in enumerate(lines, 1) if pattern and pattern.search(line)]
        hits = hits or [n for n, line in enumerate(lines, 1) if near and re.match(rf"\s*{re.escape(near)}\s*=", line)]
        # the last one: a name used twice is wrong the second time
        place = f"dòng {hits[-1] if hits else 1}"
        raise DataFileError(file=str(self.file.path), place=place, why=why)

    def rows(self, key: str, kind: type[Any], required: tuple[str, ...]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.file.content.get(key, [])
        if not isinstance(rows, list):
            self.fail(f"{key} phải là danh sách / must be a list", key)
        known = {"from" if k == "from_field" else k for k in kind.__dataclass_fields__}
        seen: set[str] = set()
        for row in rows:
            name = str(row.get("id", "")) if isinstance(row, dict) else ""
            if not _ID.fullmatch(name):
                self.fail(f"{key}: id {name!r} chỉ gồm chữ thường không dấu, số và _", name or key)
            if name in seen:
                self.fail(f"{key}: {name!r} có hai lần / twice", name)
            seen.add(name)
            for k in row:
                if k not in known:
                    self.fail(f"{name}: không có mục {k!r} / unknown key", name)
            for k in required:
                if not row.get(k):
                    self.fail(f"{name}: thiếu {k} / missing", name)
        return rows


def parse_book(path: Path, text: str, rules: DeadlineRules) -> Book:
    """Read one book.

    :raises DataFileError: names file, line and reason; nothing is used of the file then.
    """
    return _build(parse_data_file(path, text), rules)


def _build(file: DataFile, rules: DeadlineRules) -> Book:
    reader, top = _Reader(file), file.content
    for key in top:
        if key not in _TOP:
            reader.fail(f"không có mục {key!r} / unknown key {key!r}", key)
    for key in ("id", "name", "restart"):
        if not isinstance(top.get(key), str) or not top[key]:
            reader.fail(f"thiếu {key} / missing", key)
    if not isinstance(top.get("version"), int) or top["version"] < 1:
        reader.fail("version phải là số từ 1 / must be a number", "version")
    offices = tuple(top.get("offices", OFFICES))
    if not offices or any(o not in OFFICES for o in offices):
        reader.fail(f"offices chỉ gồm {', '.join(OFFICES)}", "offices")
    groups = tuple(Group(**row) for row in reader.rows("groups", Group, ("name",)))
    fields = _fields(reader, {g.id for g in groups})
    ids = {f.id for f in fields}
    book = Book(
        id=top["id"],
        version=top["version"],
        name=top["name"],
        name_en=top.get("name_en", top["name"]),
        short_name=top.get("short_name", top["name"]),
        offices=offices,
        restart=_restart(reader, top["restart"]),
        case_kind=top.get("case_kind", ""),
        confidence=top.get("confidence", "P"),
        keys=tuple(tuple(k) for k in top.get("keys", [])),
        title_fields=tuple(top.get("title_fields", [])),
        agency=top.get("agency", ""),
        responsible=top.get("responsible", ""),
        responsible_too=top.get("responsible_too", ""),
        frozen=top.get("frozen", 1),
        groups=groups,
        fields=fields,
        checks=_checks(reader, rules),
        date_rules=_date_rules(reader),
        forms=tuple(Form(**row) for row in reader.rows("forms", Form, ("name", "template"))),
        stats=tuple(
            Stat(**{**row, "sums": tuple(row.get("sums", []))}) for row in reader.rows("stats", Stat, ("name", "field"))
        ),
        stat_date=top.get("stat_date", ""),
        done_field=top.get("done_field", ""),
        work=top.get("work", ""),
    )
    _check_references(reader, book, ids)
    return book


def _fields(reader: _Reader, groups: set[str]) -> tuple[Field, ...]:
    rows = reader.rows("fields", Field, ("name", "group", "type"))
    if not 1 <= len(rows) <= MOST_FIELDS:
        reader.fail(f"cần từ 1 đến {MOST_FIELDS} cột", "fields")
    fields = []
    for row in rows:
        name = row["id"]
        if row["type"] not in FIELD_TYPES:
            reader.fail(f"{name}: type {row['type']!r} phải là một trong {', '.join(FIELD_TYPES)}", name)
        if row["group"] not in groups:
            reader.fail(f"{name}: không có nhóm cột {row['group']!r}", name)
        if row.get("scan") and row["scan"] not in SCAN_SOURCES:
            reader.fail(f"{name}: scan phải là một trong {', '.join(SCAN_SOURCES)}", name)
        if row["type"] == "choice" and not row.get("choices"):
            reader.fail(f"{name}: cột lựa chọn cần choices", name)
        if row["type"] == "repeat" and not row.get("columns"):
            reader.fail(f"{name}: cột lặp cần columns", name)
        width = row.get("width", DEFAULT_WIDTHS.get(row["type"], 140))
        columns = tuple(Column(**c) for c in row.get("columns", []))
        lists = {"choices": tuple(row.get("choices", [])), "aliases": tuple(row.get("aliases", []))}
        fields.append(Field(**{**row, **lists, "columns": columns, "width": width}))
    if sum(f.type == "number" for f in fields) != 1:
        reader.fail("mỗi sổ có đúng một cột kiểu number / exactly one number field", "fields")
    return tuple(fields)


def _checks(reader: _Reader, rules: DeadlineRules) -> tuple[Check, ...]:
    checks = []
    for row in reader.rows("checks", Check, ("deadline", "trigger")):
        if row["deadline"] not in rules.by_id:
            reader.fail(f"{row['id']}: không có thời hạn {row['deadline']!r}", row["id"])
        when = {k: tuple(v) for k, v in row.get("when", {}).items()}
        lists = {k: tuple(row.get(k, [])) for k in ("trigger", "done", "received")}
        checks.append(Check(**{**row, **lists, "when": when}))
    return tuple(checks)


def _date_rules(reader: _Reader) -> tuple[DateRule, ...]:
    found = []
    for row in reader.rows("date_rules", DateRule, ("name", "from")):
        try:
            add = parse_period(row.get("add", ""))
        except ValueError as error:
            reader.fail(f"{row['id']}: {error}", row["id"])
        found.append(
            DateRule(
                id=row["id"],
                name=row["name"],
                from_field=row["from"],
                add=add[0] if add else None,
                done=row.get("done", ""),
                red_after=int(row.get("red_after", 0)),
            )
        )
    return tuple(found)


def _restart(reader: _Reader, text: str) -> tuple[int, int]:
    found = _RESTART.fullmatch(text)
    if not found or not (1 <= int(found.group(1)) <= 28 and 1 <= int(found.group(2)) <= 12):
        reader.fail(f"restart = {text!r}, phải dạng 01/12 (ngày 01 đến 28)", "restart")
    return int(text[:2]), int(text[3:])


def _check_references(reader: _Reader, book: Book, ids: set[str]) -> None:
    def need(name: str, near: str) -> None:
        if name and name not in ids:
            reader.fail(f"{near}: không có cột {name!r} / no such field", near)

    for key in book.keys:
        for name in key:
            need(name, "keys")
    for near, names in (
        ("title_fields", book.title_fields),
        ("agency", (book.agency,)),
        ("responsible", (book.responsible, book.responsible_too)),
        ("stat_date", (book.stat_date,)),
        ("done_field", (book.done_field,)),
    ):
        for name in names:
            need(name, near)
    for check in book.checks:
        for name in (*check.trigger, *check.done, *check.received, check.extended_to, check.agency, *check.when):
            need(name, check.id)
    for rule in book.date_rules:
        need(rule.from_field, rule.id)
        need(rule.done, rule.id)
    for stat in book.stats:
        for name in (stat.field, *stat.sums):
            need(name, stat.id)
    for field_ in book.derived_fields:
        _check_formula(reader, book, field_)


def _check_formula(reader: _Reader, book: Book, field_: Field) -> None:
    try:
        formula = parse_formula(field_.derived)
    except ValueError as error:
        reader.fail(f"{field_.id}: {error}", field_.id)
    for name in formula.fields:
        if name not in book.by_id or book.by_id[name].derived:
            reader.fail(f"{field_.id}: không có cột {name!r}, hoặc cột đó cũng do máy tính", field_.id)
    types = [book.by_id[name].type for name in formula.fields]
    is_day = field_.type == "date" and types[0] in ("date", "moment") and set(types[1:]) <= {"integer"}
    is_number = field_.type in ("integer", "money") and set(types) <= {"integer", "money"}
    units = {t.unit for t in formula.terms}
    if not ((is_day and units <= set(DATE_UNITS)) or (is_number and units <= {""})) or field_.required:
        reader.fail(f"{field_.id}: derived = {field_.derived!r} không hợp với kiểu {field_.type}", field_.id)


def load_books(rules: DeadlineRules, office_folder: Path | None = None) -> dict[str, Book]:
    """Newest version of every book by id: shipped, then the office's.

    :raises DataFileError: names file, line and reason.
    """
    books: dict[str, Book] = {}
    folders = [SHIPPED / "books", *([office_folder / "books"] if office_folder else [])]
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
            book = _build(read_data_file(path), rules)
            if book.id not in books or book.version > books[book.id].version:
                books[book.id] = book
    return books
