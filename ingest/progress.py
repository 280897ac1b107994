"""What follows when a piece is done: the last page read has its batch cut, the last cut finishes its scans."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest import jobs, priorities, secrecy
from ingest.jobs import NewJob
from storage.models.documents import Document, DocumentPage
from storage.models.records import OPEN_STATES, Job
from storage.models.scans import Batch, OcrState, Page, Scan, ScanState

_BEFORE_PAGES = ("unpack", "inspect")
_UNREAD = (OcrState.PENDING, OcrState.RUNNING)


def scans_before(session: Session, scan: Scan) -> int:
    """How many other scans of its batch are still being read: what the priorities of a scan's pages count from."""
    unread = select(Page.id).where(Page.scan_id == Scan.id, Page.ocr_state.in_(_UNREAD)).exists()
    query = select(func.count(Scan.id)).where(Scan.batch_id == scan.batch_id, Scan.id != scan.id, unread)
    return session.scalar(query) or 0


def readings(scan: Scan, pages: Iterable[Page], before: int) -> Iterator[NewJob]:
    """The reading of each page, in turn with the pages of everybody else."""
    for page in pages:
        priority = priorities.reading(before + page.number)
        yield NewJob("recognise", priority, page_id=page.id, scan_id=scan.id, batch_id=scan.batch_id)


def after_page(session: Session, batch: Batch, now: datetime) -> None:
    """A page is read, failed or skipped. When it was the last one known of, the batch is cut.

    The batch's row is locked first: on a server two workers that end the last two pages at once would each see the
    other's as unread, and nobody would cut.
    """
    session.flush()
    session.execute(select(Batch.id).where(Batch.id == batch.id).with_for_update(key_share=True))
    if _anything_left(session, batch.id):
        return
    secrecy.note_clear(session, batch)
    jobs.enqueue(session, [NewJob("split", priorities.CUTTING, batch_id=batch.id)], now)


def _anything_left(session: Session, batch_id: int) -> bool:
    unread = select(Page.id).join(Scan).where(Scan.batch_id == batch_id, Page.ocr_state.in_(_UNREAD)).limit(1)
    if session.scalar(unread) is not None:
        return True
    unopened = (
        select(Job.id).join(Scan, Scan.id == Job.scan_id)
        .where(Scan.batch_id == batch_id, Job.stage.in_(_BEFORE_PAGES), Job.state.in_(OPEN_STATES)).limit(1)
    )  # fmt: skip
    return session.scalar(unopened) is not None


def finish_scans(session: Session, batch: Batch, now: datetime) -> list[Scan]:
    """After a cut: every scan whose pages are all read is done, or needs a person's look. Gives back those finished."""
    finished = []
    reading = select(Scan).where(Scan.batch_id == batch.id, Scan.state.in_((ScanState.READING, ScanState.DONE,
                                                                            ScanState.NEEDS_REVIEW)))
    for scan in session.scalars(reading):
        left = select(Page.id).where(Page.scan_id == scan.id, Page.ocr_state.in_(_UNREAD)).limit(1)
        if not scan.page_count or scan.duplicate_of_id or session.scalar(left) is not None:
            continue
        state = ScanState.NEEDS_REVIEW if _needs_review(session, scan.id) else ScanState.DONE
        if scan.state == ScanState.READING:
            scan.finished_at = now
            finished.append(scan)
        scan.state = state
    return finished


def _needs_review(session: Session, scan_id: int) -> bool:
    failed = select(Page.id).where(Page.scan_id == scan_id, Page.ocr_state == OcrState.FAILED).limit(1)
    unsure = (
        select(Document.id).join(DocumentPage).join(Page, Page.id == DocumentPage.page_id)
        .where(Page.scan_id == scan_id, Document.needs_review.is_(True)).limit(1)
    )  # fmt: skip
    return session.scalar(failed) is not None or session.scalar(unsure) is not None
