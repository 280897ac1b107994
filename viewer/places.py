"""Places people name: a bút lục of a case, as the page of the document that bears it."""

import re
from collections.abc import Iterable

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from storage import but_luc
from storage.access import Actor, require_page
from storage.citation_pages import cited_pages, numbered_pages
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Page
from viewer.context import actor, db

_TYPED = re.compile(
    r"(?:(?:tập|tap|t)\s*\.?\s*(?P<volume>\d{1,3})\s*[,;:]?\s*)?"
    r"(?:bl|bút lục|but luc)?\s*(?P<number>\d{1,5}\s*[a-zđ]?)",
    re.IGNORECASE,
)


def page_of_number(session: Session, who: Actor, case: Case, typed: str) -> Page | None:
    """The page that bears what was typed ("45", "BL 45a", "tập 2 45"), if there is one that may be seen."""
    found = _TYPED.fullmatch(typed.strip())
    number = but_luc.parse(found["number"]) if found else None
    if found is None or number is None:
        return None
    page_id = _as_written(session, case.id, str(number), found["volume"])
    if page_id is None:  # perhaps written otherwise ("045", "45 a"): every number of the case has to be read
        pages = cited_pages(numbered_pages(session, case.id), (number, number), found["volume"])
        page_id = pages[0].id if pages else None
    return None if page_id is None else require_page(session, who, page_id)


def _as_written(session: Session, case_id: int, number: str, volume: str | None) -> int | None:
    query = (
        select(Page.id)
        .join(DocumentPage, DocumentPage.page_id == Page.id)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(Document.case_id == case_id, Page.but_luc == number, Page.replaced_by_id.is_(None))
        .order_by(Document.position, DocumentPage.position)
        .limit(1)
    )
    return session.scalar(query if volume is None else query.where(Page.but_luc_volume == volume))


def page_address(session: Session, page: Page) -> str:
    """Where a page is read: in its document, at its place."""
    link = session.get(DocumentPage, page.id)
    if link is None:
        return url_for("intake.scan", scan_id=page.scan_id)
    return url_for("documents.show", document_id=link.document_id, trang=link.position + 1)


def in_documents(session: Session, documents: Iterable[Document]) -> dict[int, tuple[int, int]]:
    """Where pages are read: for each page of these documents its document and its place there, counted from 1."""
    query = select(DocumentPage).where(DocumentPage.document_id.in_([one.id for one in documents]))
    return {link.page_id: (link.document_id, link.position + 1) for link in session.scalars(query)}


def go_to_number(case: Case, typed: str) -> Response:
    """Open the page with that bút lục, or say that there is none."""
    page = page_of_number(db(), actor(), case, typed)
    if page is None:
        flash(_("Không có bút lục %(typed)s trong hồ sơ này (hoặc trang đó chưa đánh số).", typed=typed), "bad")
        return redirect(url_for("cases.show", case_id=case.id), 303)
    return redirect(page_address(db(), page), 303)
