"""The outbox to the index: which pages it must look at again.

A row is written in the transaction that changed the page, so the index can never silently miss one; the index's
writer clears it only after its own files are durable.
"""

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.models.documents import DocumentPage
from storage.models.records import OutboxEntry
from storage.models.scans import Page, Scan


def pages_changed(session: Session, page_ids: Iterable[int]) -> None:
    """Ask the index to look at these pages again."""
    rows = [{"page_id": page_id} for page_id in dict.fromkeys(page_ids)]
    if rows:
        session.execute(insert(OutboxEntry), rows)


def document_changed(session: Session, document_id: int) -> None:
    """Ask the index to look again at every page of a document."""
    pages_changed(session, session.scalars(select(DocumentPage.page_id).where(DocumentPage.document_id == document_id)))


def batch_changed(session: Session, batch_id: int) -> None:
    """Ask the index to look again at every page of a batch."""
    pages_changed(session, session.scalars(select(Page.id).join(Scan).where(Scan.batch_id == batch_id)))
