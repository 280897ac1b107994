"""What is wrong with the bút lục of a batch or case while the paper file is still unbound: missing, twice, unreadable.

"Thiếu BL 46; BL 52 quét hai lần; trang 118 mờ – quét lại?" – for the home page, the review screen and the biên nhận.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import but_luc
from storage.batch_pages import ordered_pages
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, OcrState, Page, PageKind

#: pages read with less than this are too blurred to rely on
BLURRED = 0.6
#: most numbers named one by one; longer gaps are given as a range
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Report:
    """Findings; ``lines`` says them in Vietnamese. Pages are given by their ids in reading order."""

    missing: tuple[tuple[int, int], ...]
    twice: tuple[str, ...]
    blurred: tuple[int, ...]
    unread: tuple[int, ...]
    unconfirmed: int
    lines: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Nothing to scan again."""
        return not (self.missing or self.twice or self.blurred or self.unread)


def report_of_batch(session: Session, batch_id: int) -> Report:
    """The report of one batch."""
    batch = session.get_one(Batch, batch_id)
    by_sheet = batch.case is not None and batch.case.but_luc_unit == "sheet"
    return _report(session, ordered_pages(session, batch), by_sheet=by_sheet)


def report_of_case(session: Session, case_id: int) -> Report:
    """The report of all documents of a case."""
    pages = list(session.scalars(
        select(Page).join(DocumentPage, DocumentPage.page_id == Page.id).join(Document)
        .where(Document.case_id == case_id, Page.replaced_by_id.is_(None))
        .order_by(Document.batch_id, Document.position, DocumentPage.position)
    ))  # fmt: skip
    return _report(session, pages, by_sheet=session.get_one(Case, case_id).but_luc_unit == "sheet")


def _report(session: Session, pages: Sequence[Page], *, by_sheet: bool) -> Report:
    place = {page.id: number for number, page in enumerate(pages, 1)}
    counted = [page for page in pages if page.kind in {PageKind.DOCUMENT, PageKind.PHOTO, PageKind.UNKNOWN}]
    held = {link.page_id: link.document_id for link in session.scalars(
        select(DocumentPage).where(DocumentPage.page_id.in_([page.id for page in counted])))}  # fmt: skip
    missing = tuple(but_luc.gaps(page.but_luc for page in counted))
    twice = tuple(_repeats(counted, held, by_sheet=by_sheet))
    blurred = tuple(p.id for p in counted if p.ocr_state == OcrState.DONE and (p.confidence or 0) < BLURRED)
    unread = tuple(p.id for p in pages if p.ocr_state == OcrState.FAILED)
    lines = [f"Thiếu BL {low}" if low == high else f"Thiếu BL {low}–{high}" for low, high in missing[:_SHOWN]]
    lines += [f"BL {number} quét hai lần" for number in twice[:_SHOWN]]
    lines += [f"Trang {place[page_id]} mờ – quét lại?" for page_id in blurred[:_SHOWN]]
    lines += [f"Trang {place[page_id]} chưa đọc được chữ" for page_id in unread[:_SHOWN]]
    unconfirmed = sum(1 for page in counted if page.but_luc and page.but_luc_state != "confirmed")
    return Report(missing, twice, blurred, unread, unconfirmed, tuple(lines))


def _repeats(pages: Sequence[Page], held: dict[int, int], *, by_sheet: bool) -> list[str]:
    """Numbers on more than one page, but for a sheet's two sides and a judgment that takes one number."""
    seen: dict[str, list[Page]] = {}
    for page in pages:
        if page.but_luc:
            seen.setdefault(page.but_luc, []).append(page)
    found = []
    for number, having in seen.items():
        one_document = len({held.get(page.id) for page in having}) == 1
        if len(having) > 1 and not (by_sheet and one_document):
            found.append(number)
    return sorted(found, key=but_luc.sort_key)
