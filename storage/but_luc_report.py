"""What is wrong with the bút lục of a batch or case while the paper file is still unbound: missing, twice, unreadable.

"Thiếu BL 46; BL 52 quét hai lần; Trang 118 của tap-2.pdf mờ – quét lại?" – for the home page, the review screen and
the biên nhận.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import document_types
from storage import but_luc
from storage.batch_pages import ordered_pages
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, OcrState, Page, PageKind, Scan

#: pages read with less than this are too blurred to rely on
BLURRED = 0.6
#: most numbers named one by one; longer gaps are given as a range
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """What the report needs to know of a page."""

    page_id: int
    kind: str
    but_luc: str | None
    volume: str | None
    state: str
    ocr_state: str
    confidence: float | None
    document_id: int | None
    type_code: str | None
    #: the file the page was scanned into, and its number there: what finds the sheet again
    file: str
    number: int

    @property
    def place(self) -> str:
        """The page as a person looks for it."""
        return f"Trang {self.number} của {self.file}"


#: the columns of ``Seen`` in their order
_COLUMNS = (Page.id, Page.kind, Page.but_luc, Page.but_luc_volume, Page.but_luc_state, Page.ocr_state, Page.confidence,
            DocumentPage.document_id, Document.type_code, Scan.name, Page.number)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Volume:
    """What is missing in a volume (ranges, both ends included) and what stands on more than one page of it."""

    name: str
    missing: tuple[tuple[int, int], ...]
    twice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Findings; ``lines`` says them in Vietnamese.

    :ivar scanned: all pages, ``unread`` of them without words; ``pages`` are those that may bear a number.
    """

    scanned: int
    unread: int
    pages: int
    numbered: int
    confirmed: int
    volumes: tuple[Volume, ...]
    lines: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing to scan again."""
        return not self.lines

    @property
    def is_complete(self) -> bool:
        """Nothing to scan again, and every page has its number."""
        return self.is_clean and self.numbered == self.pages


def report_of_batch(session: Session, batch_id: int) -> Report:
    """The report of one batch."""
    batch = session.get_one(Batch, batch_id)
    by_sheet = batch.case is not None and batch.case.but_luc_unit == "sheet"
    query = select(*_COLUMNS).join(Scan, Scan.id == Page.scan_id).outerjoin(DocumentPage).outerjoin(
        Document, Document.id == DocumentPage.document_id).where(Scan.batch_id == batch_id)  # fmt: skip
    known = {row[0]: Seen(*row) for row in session.execute(query)}
    return report_of([known[page.id] for page in ordered_pages(session, batch)], by_sheet=by_sheet)


def report_of_case(session: Session, case_id: int) -> Report:
    """The report of all documents of a case."""
    rows = session.execute(
        select(*_COLUMNS).join(DocumentPage, DocumentPage.page_id == Page.id)
        .join(Document, Document.id == DocumentPage.document_id).join(Scan, Scan.id == Page.scan_id)
        .where(Document.case_id == case_id, Page.replaced_by_id.is_(None))
        .order_by(Document.batch_id, Document.position, DocumentPage.position)
    )  # fmt: skip
    by_sheet = session.get_one(Case, case_id).but_luc_unit == "sheet"
    return report_of([Seen(*row) for row in rows], by_sheet=by_sheet)


def report_of(pages: Sequence[Seen], *, by_sheet: bool) -> Report:
    """The report of pages in reading order; ``by_sheet``: both sides of a sheet carry one number."""
    counted = [page for page in pages if page.kind in {PageKind.DOCUMENT, PageKind.PHOTO, PageKind.UNKNOWN}]
    names = sorted({page.volume or "" for page in counted if page.but_luc})
    volumes = tuple(_volume(name, [p for p in counted if (p.volume or "") == name], by_sheet) for name in names)
    blurred = [page for page in counted if page.ocr_state == OcrState.DONE and (page.confidence or 0) < BLURRED]
    unread = [page for page in pages if page.ocr_state == OcrState.FAILED]
    lines = [line for volume in volumes for line in _lines(volume)]
    lines += _named(blurred, "mờ – quét lại?") + _named(unread, "chưa đọc được chữ")
    numbered = [page for page in counted if page.but_luc]
    confirmed = sum(1 for page in numbered if page.state == "confirmed")
    return Report(len(pages), len(unread), len(counted), len(numbered), confirmed, volumes, tuple(lines))


def _named(pages: Sequence[Seen], what: str) -> list[str]:
    """One line per page, and one for those beyond the most that are named."""
    lines = [f"{page.place} {what}" for page in pages[:_SHOWN]]
    return [*lines, f"và {len(pages) - _SHOWN} trang nữa {what}"] if len(pages) > _SHOWN else lines


def _volume(name: str, pages: Sequence[Seen], by_sheet: bool) -> Volume:
    missing = tuple(but_luc.gaps(page.but_luc for page in pages))
    return Volume(name, missing, tuple(_repeats(pages, by_sheet=by_sheet)))


def _lines(volume: Volume) -> list[str]:
    where = f" (tập {volume.name})" if volume.name else ""
    ranges = [str(low) if low == high else f"{low}–{high}" for low, high in volume.missing[:_SHOWN]]
    return [f"Thiếu BL {numbers}{where}" for numbers in ranges] + [
        f"BL {number} quét hai lần{where}" for number in volume.twice[:_SHOWN]
    ]


def _repeats(pages: Sequence[Seen], *, by_sheet: bool) -> list[str]:
    """Numbers on more than one page, but for the two sides of a sheet and for a document that takes one number."""
    found = []
    for number in but_luc.repeats(page.but_luc for page in pages):
        held = [page for page in pages if page.but_luc and str(but_luc.parse(page.but_luc)) == number]
        one_document = held[0].document_id is not None and len({page.document_id for page in held}) == 1
        if not (one_document and (by_sheet or _takes_one_number(held, pages))):
            found.append(number)
    return found


def _takes_one_number(held: Sequence[Seen], pages: Sequence[Seen]) -> bool:
    """Whether a whole document stands under one number, as judgments do: a single sheet scanned twice has no more than
    two pages and is no judgment."""
    whole = sum(page.document_id == held[0].document_id for page in pages)
    kind = document_types.document_types().get(held[0].type_code or "")
    return len(held) == whole and (whole > 2 or (kind is not None and kind.header == "court_ba"))
