"""The pages that a citation of bút lục means, in one case."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import but_luc
from storage.but_luc import ButLuc
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Page

Range = tuple[ButLuc, ButLuc]


def numbered_pages(session: Session, case_id: int) -> list[Page]:
    """Every page of the case that carries a bút lục, in order of volume and number."""
    rows = (
        select(Page)
        .join(DocumentPage, DocumentPage.page_id == Page.id)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(Document.case_id == case_id, Page.but_luc.is_not(None), Page.replaced_by_id.is_(None))
        .order_by(Document.position, DocumentPage.position)
    )
    return sorted(session.scalars(rows), key=lambda page: (page.but_luc_volume or "", but_luc.sort_key(page.but_luc)))


def cited_pages(pages: Iterable[Page], cited: Range, volume: str | None = None) -> list[Page]:
    """Pages of ``pages`` (from ``numbered_pages``) inside a range; without a volume, of any volume.

    "Tập 1, BL 20" also finds BL 20 of a case whose pages were never told apart by volume.
    """
    first, last = cited
    found, divided = [], False
    for page in pages:
        divided = divided or page.but_luc_volume is not None
        number = but_luc.parse(page.but_luc)
        if number and first <= number <= last:
            found.append(page)
    return [page for page in found if not divided or volume in (None, page.but_luc_volume)]
