"""The scan's own list of documents (thống kê tài liệu, mục lục hồ sơ, danh mục tài liệu), read as rows.

Columns are found by their heads (STT, tên tài liệu or trích yếu, số và ngày, bút lục, ghi chú) and a row begins where
its running number, bút lục or name stands. The list is a second opinion: followed where it agrees, and its differences
are listed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.split.page import PageView, Piece
from storage.reading import Word
from storage.vietnamese import fold

_HEADS = {
    "name": ("ten tai lieu", "trich yeu", "ten loai", "noi dung tai lieu", "ten van ban"),
    "number": ("so, ngay", "so ky hieu", "so va ngay", "so van ban", "ngay thang"),
    "but_luc": ("but luc", "butluc", "so bl"),
    "note": ("ghi chu", "dac diem"),
    "sheets": ("so to", "so trang"),
}
_RANGE = re.compile(r"(\d{1,4})\s*(?:[-–—_~]|den)\s*(\d{1,4})|(\d{1,4})")
_DATE = re.compile(r"(\d{1,2})\s?[/⁄.]\s?(\d{1,2})\s?[/⁄.]\s?((?:19|20)\d{2})")
_NUMBER = re.compile(r"\d{1,6}[a-zA-Z]?\s?[/⁄]\s?[\w/⁄.\-–]*[A-ZĐÐ][\w/⁄.\-–]*")
#: tops of one line of a tilted page differ by no more than this part of its height
SAME_LINE = 0.009
_ORDER = re.compile(r"^\W{0,2}(\d{1,3})[\s|_.\])]*$")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row as read; None where the list says nothing readable."""

    order: int
    name: str
    number: str | None
    date: tuple[int, int, int] | None
    first: int | None
    last: int | None
    page_index: int


def read_list(pages: Sequence[PageView]) -> list[ListRow]:
    """The rows of all list pages, in order."""
    rows: list[ListRow] = []
    columns: dict[str, float] = {}
    for page in pages:
        columns = _columns(page) or columns
        if columns:
            rows.extend(_rows(page, columns, rows[-1].order if rows else 0))
    return _straightened(rows)


def _columns(page: PageView) -> dict[str, float]:
    """Left edges of the columns by the words that head them."""
    found: dict[str, float] = {}
    for piece in page.pieces:
        words = [(w, fold(w.text)) for w in piece.words]
        for name, heads in _HEADS.items():
            for head in heads:
                parts = head.split()
                for place in range(len(words) - len(parts) + 1):
                    run = words[place : place + len(parts)]
                    if all(part.strip(",") in text for part, (_, text) in zip(parts, run, strict=True)):
                        found.setdefault(name, run[0][0].box[0])
    return found if {"name", "but_luc"} <= found.keys() else {}


def _column_of(word: Word, columns: dict[str, float]) -> str:
    """The column a word stands in; what stands left of the second column is the name, but for the running number."""
    middle = word.box[0] + word.box[2] * 0.35
    place = "order" if word.text.strip("|_. ").isdigit() or not word.text.strip("|_. ") else "name"
    for name, left in sorted(columns.items(), key=lambda item: item[1]):
        slack = 0.035 if name in {"but_luc", "note", "sheets"} else 0.055
        if name != "name" and middle >= left - slack:
            place = name
    return place


def _rows(page: PageView, columns: dict[str, float], last_order: int) -> list[ListRow]:
    """The rows of one page. Running numbers of one figure are often lost, so a row may also begin with its bút lục or
    with a name in a capital letter; what begins so and holds neither number, date nor bút lục goes on with its row."""
    tops = _tops(page, columns)
    found: list[ListRow] = []
    for place, top in enumerate(tops):
        bottom = tops[place + 1] if place + 1 < len(tops) else min(1.0, top + 0.06)
        pieces = [p for p in page.pieces if top <= p.top < bottom]
        cells: dict[str, list[str]] = {}
        for word in (w for p in sorted(pieces, key=lambda p: (round(p.top / 0.008), p.left)) for w in p.words):
            cells.setdefault(_column_of(word, columns), []).append(word.text)
        order = next((n for p in pieces if (n := _order_of(p, columns)) is not None), None)
        row = _row(order or 0, {name: " ".join(texts) for name, texts in cells.items()}, page.index)
        if order is None and found and not (row.number or row.date or row.first):
            found[-1] = replace(found[-1], name=f"{found[-1].name} {row.name}".strip())
        elif row.name or row.first:
            found.append(row)
    return _counted(found, last_order)


def _tops(page: PageView, columns: dict[str, float]) -> list[float]:
    """Where rows begin, from top to bottom."""
    head = max((p.bottom for p in page.pieces if any(words in p.folded for words in _HEADS["name"])), default=0.0)
    tops: list[float] = []
    for piece in sorted(page.pieces, key=lambda p: p.top):
        top = piece.top - SAME_LINE / 2
        if top > head - SAME_LINE and _begins_row(piece, columns) and (not tops or top - tops[-1] > SAME_LINE):
            tops.append(top)
    return tops


def _begins_row(piece: Piece, columns: dict[str, float]) -> bool:
    column = _column_of(piece.words[0], columns)
    if column == "but_luc":
        return _RANGE.search(piece.text) is not None
    if column == "name":
        return piece.left < columns["name"] + 0.03 and piece.words[0].text[:1].isupper()
    return column == "order" and _order_of(piece, columns) is not None


def _counted(rows: list[ListRow], last: int) -> list[ListRow]:
    """Rows with their running numbers: as read where that goes on from the row before, else counted."""
    found: list[ListRow] = []
    for row in rows:
        expected = (found[-1].order if found else last) + 1
        order = row.order if expected <= row.order <= expected + 2 else expected
        found.append(replace(row, order=order))
    return found


def _order_of(piece: Piece, columns: dict[str, float]) -> int | None:
    """The running number a line begins with."""
    first = piece.words[0]
    if first.box[0] > columns["name"] + 0.01:
        return None
    found = _ORDER.match(first.text)
    return int(found[1]) if found else None


def _row(order: int, cells: dict[str, str], page_index: int) -> ListRow:
    about = f"{cells.get('name', '')} {cells.get('number', '')}"
    dates = _DATE.search(cells.get("number", "")) or _DATE.search(about)
    numbers = _NUMBER.search(_DATE.sub(" ", cells.get("number", "") or about))
    span = _RANGE.search(fold(cells.get("but_luc", "")))
    first = last = None
    if span:
        first = int(span[1] or span[3])
        last = int(span[2]) if span[2] else first
    date = None
    if dates and 1 <= int(dates[1]) <= 31 and 1 <= int(dates[2]) <= 12:
        date = (int(dates[3]), int(dates[2]), int(dates[1]))
    name = re.sub(r"^[\s|_.\d]+|[\s|_]+$", "", cells.get("name", ""))
    return ListRow(
        order, name, numbers[0].replace("⁄", "/").strip(" ,.") if numbers else None, date, first, last, page_index
    )


def _straightened(rows: list[ListRow]) -> list[ListRow]:
    """Ranges that break the rising order were misread: they are dropped, not trusted."""
    found: list[ListRow] = []
    for place, row in enumerate(rows):
        before = max((r.last for r in found if r.last), default=0)
        later = next((r.first for r in rows[place + 1 :] if r.first), None)
        wrong = row.first is not None and (
            row.first <= before or (later is not None and row.first >= later) or (row.last or 0) < row.first
        )
        found.append(replace(row, first=None, last=None) if wrong else row)
    return _filled(found)


def _filled(rows: list[ListRow]) -> list[ListRow]:
    """A range between two known neighbours that leave it no choice is filled in."""
    found = list(rows)
    for place in range(1, len(found) - 1):
        before, here, after = found[place - 1], found[place], found[place + 1]
        if here.first is None and before.last and after.first and after.first - before.last >= 2:
            found[place] = replace(here, first=before.last + 1, last=after.first - 1)
    return found
