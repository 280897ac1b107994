"""The books, deadline rules and days off an office works with, kept current while the service runs.

Files may be edited at any time. When one has a mistake the version that was running stays, and ``problem`` says what is
wrong in which file and line, so that a page can show it to the keeper.
"""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from config.data_file import SHIPPED
from config.deadline_rules import DeadlineRules, load_deadline_rules
from config.errors import DataFileError, NotFound
from config.holidays import Calendar, load_calendar
from config.ledger_books import Book, load_books
from config.settings import Settings
from ledger.deadlines.engine import Engine

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Office:
    """One consistent set of books, rules and days off."""

    kind: str
    name: str
    books: dict[str, Book]
    rules: DeadlineRules
    calendar: Calendar
    engine: Engine
    folder: Path
    #: changes with any rule, day off or book; rows computed under another one are computed again
    fingerprint: str = ""
    problem: DataFileError | None = field(default=None, compare=False)

    def book(self, book_id: str) -> Book:
        """A book this kind of office keeps.

        :raises NotFound: no such book.
        """
        book = self.books.get(book_id)
        if book is None or self.kind not in book.offices:
            raise NotFound(what=f"sổ {book_id}")
        return book

    def kept(self) -> list[Book]:
        """Books of this kind of office, in a fixed order."""
        return [b for b in self.books.values() if self.kind in b.offices]

    def own(self, bound: str) -> bool:
        """Whether a deadline that binds ``bound`` is this office's own: warned of early instead of found late."""
        return bound in (("THADS", "CHV") if self.kind == "thads" else ("VKS", "VKSTT"))


_running: dict[str, tuple[Signature, Office]] = {}
_lock = Lock()


def load_office(settings: Settings) -> Office:
    """The office's books, read again only when a file changed.

    :raises DataFileError: only when there is no running version to keep and the shipped data alone are wrong too.
    """
    folder = settings.data / "config"
    key = f"{folder}|{settings.office_kind}|{settings.office_name}|{settings.criminal_days_roll}"
    signature = _signature(folder)
    with _lock:
        known = _running.get(key)
        if known and known[0] == signature:
            return known[1]
        try:
            office = _read(settings, folder)
        except DataFileError as error:
            good = known[1] if known else _read(settings, None)
            office = replace(good, folder=folder, problem=error)
        _running[key] = (signature, office)
        return office


def _read(settings: Settings, folder: Path | None) -> Office:
    rules = load_deadline_rules(folder)
    calendar = load_calendar(folder)
    books = load_books(rules, folder)
    engine = Engine(rules, calendar, settings.criminal_days_roll)
    return Office(
        settings.office_kind,
        settings.office_name,
        books,
        rules,
        calendar,
        engine,
        settings.data / "config",
        fingerprint=_fingerprint(folder, str(settings.criminal_days_roll)),
    )


def _files(folder: Path | None) -> list[Path]:
    roots = [SHIPPED, *([folder] if folder else [])]
    patterns = ("deadlines*.toml", "holidays*.toml", "books/*.toml")
    return sorted(p for root in roots for pattern in patterns for p in root.glob(pattern))


def _fingerprint(folder: Path | None, setting: str) -> str:
    digest = hashlib.sha256(setting.encode())
    for path in _files(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _signature(folder: Path) -> Signature:
    stats = ((str(p), p.stat()) for p in _files(folder))
    return tuple((name, s.st_mtime_ns, s.st_size) for name, s in stats)
