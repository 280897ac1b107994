"""The scan's own list of documents (thống kê tài liệu, mục lục hồ sơ, danh mục tài liệu), read as rows.

Columns are found by their heads (STT, tên tài liệu or trích yếu, số và ngày, bút lục, ghi chú) and a row begins where
the running number goes on. The list is a second opinion: followed where it agrees, and its differences are listed.
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
    lines = [w for p in sorted(page.pieces, key=lambda p: (round(p.top / 0.008), p.left)) for w in p.words]
    starts: list[tuple[int, float]] = []
    expected = last_order + 1
    for piece in sorted(page.pieces, key=lambda p: p.top):
        order = _order_of(piece, columns)
        if order is not None and expected <= order <= expected + 2:
            starts.append((order, piece.top - 0.004))
            expected = order + 1
    found = []
    for place, (order, top) in enumerate(starts):
        bottom = starts[place + 1][1] if place + 1 < len(starts) else min(1.0, top + 0.06)
        cells: dict[str, list[str]] = {}
        for word in lines:
            if top <= word.box[1] + word.box[3] * 0.3 < bottom:
                cells.setdefault(_column_of(word, columns), []).append(word.text)
        found.append(_row(order, {name: " ".join(texts) for name, texts in cells.items()}, page.index))
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
