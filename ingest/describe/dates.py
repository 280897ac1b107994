"""The date of a document: beside the place name, in "Hồi … giờ", in the head of a judgment, or over the signature.

A date must exist in the calendar and not lie after today; figures read as letters (l, O) are put right and shown so.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ingest.describe.flow import Flow, flow_of, page_flow
from ingest.describe.value import Read
from ingest.split.header import HEADER_BOTTOM, read_header
from ingest.split.page import PageView, Piece

EARLIEST = 1945
#: a date over the signature stands below this part of a single page, and below the edge of a further one
FOOT, TOP_EDGE = 0.35, 0.04
_FIGURE = r"[0-9oilsbzq|]"
_LONG = re.compile(
    rf"ngay\W{{0,4}}({_FIGURE}{{1,2}})\W{{0,4}}\s*thang\W{{0,4}}({_FIGURE}{{1,2}})\W{{0,4}}\s*nam\W{{0,4}}({_FIGURE}{{4}})\b"
)
_SHORT = re.compile(r"\b(\d{1,2})\s?[/⁄.-]\s?(\d{1,2})\s?[/⁄.-]\s?((?:19|20)\d{2})\b")
#: crumbs of letters a tilted or doubled line leaves between the words of a date
_CRUMBS = r"\W{0,3}(?:[a-z]{1,2}\W{1,3}){0,2}"
_DAMAGED = re.compile(
    rf"(?P<w1>[a-z]{{2,5}})?\W{{0,3}}(?P<day>{_FIGURE}{{1,2}})\W{{0,3}}(?P<w2>[a-z]{{3,6}}){_CRUMBS}"
    rf"(?P<month>{_FIGURE}{{1,2}}){_CRUMBS}(?P<w3>[a-z]{{2,4}})?{_CRUMBS}(?P<year>[12oil|zs]{_FIGURE}{{3}})\b"
)
_TRACE = re.compile(r"ngay\W{0,6}\S{0,6}\W{0,6}thang|thang\W{0,4}\S{1,2}\W{0,4}nam|nam\W{0,2}(?:19|20)\d\d")
_LETTERS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "s": "5", "b": "8", "z": "2", "q": "9"})
_OPENING = re.compile(
    r"\b(?:(?:hoi|luc)\W{0,3}\S{0,4}\W{0,3}(?:gio|h\b)|hom nay\b|bat dau hoi\b|vao hoi\b|ngay (?:dang ky|lap)\b)"
)


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date in a text: where it stands and whether letters had to be taken for figures."""

    date: datetime.date
    start: int
    end: int
    repaired: bool


def _possible(year: str, month: str, day: str) -> datetime.date | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date if date.year >= EARLIEST and date <= datetime.date.today() else None  # noqa: DTZ011 - a calendar day


def dates_in(folded: str) -> Iterator[DateHit]:
    """Every possible date in a folded text, "ngày … tháng … năm …" and 25/04/2025, in order."""
    found = {}
    for match in _LONG.finditer(folded):
        figures = [group.translate(_LETTERS) for group in match.groups()]
        date = _possible(figures[2], figures[1], figures[0])
        if date is not None:
            found[match.start()] = DateHit(date, *match.span(), repaired=figures != list(match.groups()))
    for match in _SHORT.finditer(folded):
        date = _possible(match[3], match[2], match[1])
        if date is not None:
            found[match.start()] = DateHit(date, *match.span(), repaired=False)
    for hit in _damaged_dates(folded):
        if not any(hit.start < other.end and other.start < hit.end for other in found.values()):
            found[hit.start] = hit
    yield from sorted(found.values(), key=lambda hit: hit.start)


def _damaged_dates(folded: str) -> Iterator[DateHit]:
    """Dates one or two of whose words (ngày, tháng, năm) have a wrong letter or are joined to the figures."""
    for match in _DAMAGED.finditer(folded):
        day, month, year = (match[name].translate(_LETTERS) for name in ("day", "month", "year"))
        near = [bool(match[word]) and Levenshtein.distance(match[word], right) <= 1
                for word, right in (("w1", "ngay"), ("w2", "thang"), ("w3", "nam"))]  # fmt: skip
        date = _possible(year, month, day)
        if date is not None and sum(near) >= 2:
            yield DateHit(date, *match.span(), repaired=True)


def _read(flow: Flow, hit: DateHit, reason: str, trust: float) -> Read[datetime.date]:
    words = flow.words_in(hit.start, hit.end)
    figures = [w.confidence for w in words if any(c.isdigit() for c in w.text)] or [0.5]
    confidence = trust * min(1.0, 0.35 + 0.65 * min(figures) + (0.0 if hit.repaired else 0.06))
    raw = flow.text[hit.start : hit.end] if hit.repaired else None
    return Read(hit.date, confidence, reason, flow.page, flow.box(hit.start, hit.end), raw)


def find_date(pages: Sequence[PageView], is_judgment: bool) -> Read[datetime.date] | None:
    """The date of a document from its first (and last) page; None when none can be read."""
    first = pages[0]
    header = read_header(first)
    if header.place_date is not None:
        flow = flow_of(_around(first, header.place_date.top), first.index)
        for hit in dates_in(flow.folded):
            return _read(flow, hit, "địa danh, ngày tháng ở đầu trang", 1.0)
    if is_judgment:
        flow = flow_of([p for p in first.pieces if p.top < 0.35 and p.left < 0.6], first.index)
        for hit in dates_in(flow.folded):
            return _read(flow, hit, "ngày ghi dưới số bản án", 0.99)
    flow = page_flow(first)
    opening = _OPENING.search(flow.folded)
    if opening is not None:
        later = (h for h in dates_in(flow.folded[: opening.end() + 160]) if h.start >= opening.start())
        near = next(later, None)
        if near is not None and near.start - opening.start() < 90:
            return _read(flow, near, "ngày lập ghi ở đầu biên bản", 0.99)
    return _over_signature(pages[-1], FOOT if len(pages) == 1 else TOP_EDGE)


def _around(page: PageView, top: float) -> list[Piece]:
    return [p for p in page.pieces if abs(p.top - top) < 0.022 and p.left > 0.28]


def _over_signature(page: PageView, upper: float) -> Read[datetime.date] | None:
    """A line that is only place and date, at the right and below ``upper``."""
    for piece in reversed(page.pieces):
        if piece.top < upper or piece.left < 0.4 or len(piece.folded) > 70:
            continue
        flow = flow_of([piece], page.index)
        for hit in dates_in(flow.folded):
            return _read(flow, hit, "ngày ghi phía trên chữ ký", 0.93)
    return None


def has_unread_date(pages: Sequence[PageView]) -> bool:
    """A date is printed in the head of the document though it could not be read."""
    head = flow_of([p for p in pages[0].pieces if p.top < HEADER_BOTTOM], pages[0].index)
    return bool(_TRACE.search(head.folded)) and not any(True for _ in dates_in(head.folded))
