"""What the register pages share: the blueprint, the office's books, dates from a query."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from config.errors import Invalid
from config.ledger_books import Book
from ledger import entries, recompute, rights
from ledger.dates import parse_date
from ledger.deadlines.grading import State
from ledger.office import Office, load_office
from ledger.rights import BookAccess
from ledger.values import show_date
from storage.models.ledger import LedgerEntry
from viewer.context import READING_METHODS, actor, database, db, settings

blueprint = Blueprint("ledger", __name__, url_prefix="/so")


def office() -> Office:
    """The office's books and rules."""
    return load_office(settings())


def open_book(book_id: str) -> tuple[Book, BookAccess]:
    """A book and what the person may do in it."""
    book = office().book(book_id)
    if request.method in READING_METHODS and not recompute.is_current(db(), office(), book, today()):
        db().rollback()
        with database().write() as own:
            recompute.bring_up_to_date(own, office(), book, today())
    return book, rights.book_access(db(), actor(), book)


def open_entry(book_id: str, entry_id: int) -> tuple[Book, BookAccess, LedgerEntry]:
    """A row the person may see."""
    book, access = open_book(book_id)
    return book, access, rights.require_entry(db(), actor(), book, entry_id)


def today() -> date:
    """The day it is in the office."""
    return entries.office_today()


def day_argument(name: str, default: date | None = None) -> date | None:
    """A day from the query string or the form, in any spelling.

    :raises Invalid: it is no day.
    """
    text = (request.values.get(name) or "").strip()
    if not text:
        return default
    day = parse_date(text)
    if day is None:
        raise Invalid(what=f"ngày “{text}”", why="viết như 05/03/2026")
    return day


def state_words() -> dict[str, str]:
    """States as shown on screen."""
    return {
        State.ON_TIME: _("trong hạn"),
        State.LATE: _("quá hạn – đủ căn cứ"),
        State.TO_VERIFY: _("cần xác minh"),
        State.MISSING_DATA: _("chưa đủ dữ liệu"),
        State.NOT_DUE: _("chưa đến hạn"),
        "overdue": _("đã qua hạn"),
    }


BADGES = {"on_time": "good", "late": "bad", "to_verify": "warn", "missing_data": "warn", "not_due": "info"}


def common_values(book: Book, access: BookAccess) -> dict[str, Any]:
    """Values every page of a book shows."""
    may_add = rights.may_add(access, book)
    return {"book": book, "access": access, "may_add": may_add, "state_words": state_words(), "badges": BADGES}


@blueprint.app_template_filter("iso_day")
def iso_day(value: str | None) -> str:
    """A stored date or minute as written on screen."""
    return show_date(value) if value else ""
