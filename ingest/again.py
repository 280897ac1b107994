"""Doing again at a person's wish: what failed (scans, pages, cuts, PDFs), pages turned by hand, old readings."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ingest import intake, jobs, priorities, progress
from ingest.errors import InputEmpty, InputEncrypted, InputUnknown, SecretStop
from ingest.jobs import NewJob
from storage import audit
from storage.access import Actor
from storage.corrections import rereading_candidates
from storage.models.records import Job
from storage.models.scans import OcrState, Page, Scan, ScanState

#: trying the same bytes again cannot give another answer (a newer version of the service may: then drop it again)
_FINAL = frozenset({InputEmpty.code, InputEncrypted.code, InputUnknown.code, SecretStop.code})
_WAS_READ = (OcrState.DONE, OcrState.RUNNING, OcrState.FAILED)


def candidates(session: Session) -> list[Scan]:
    """Scans of which something failed that may succeed now, oldest first."""
    unread = select(Page.id).where(Page.scan_id == Scan.id, Page.ocr_state == OcrState.FAILED).exists()
    failed = select(Job.id).where(Job.scan_id == Scan.id, Job.state == "failed").exists()
    aside = Scan.state.in_((ScanState.FAILED, ScanState.QUARANTINED))
    may_help = Scan.sha256.is_not(None) & (Scan.error_code.is_(None) | Scan.error_code.not_in(_FINAL))
    query = select(Scan).where(or_(aside, unread, failed), may_help).order_by(Scan.id)
    return list(session.scalars(query))


def may_help(scan: Scan) -> bool:
    """Whether doing again what failed of a scan can give another answer."""
    return scan.sha256 is not None and scan.error_code not in _FINAL


def retry(session: Session, actor: Actor, scan: Scan, now: datetime) -> int:
    """Do again what failed of a scan; returns how many pieces of work were queued."""
    if not may_help(scan):
        return 0
    if scan.state in (ScanState.FAILED, ScanState.QUARANTINED):
        count = _begin_again(session, scan, now)
    else:
        count = _fill_gaps(session, scan, now)
    if count:
        audit.record(session, actor.name, "scan.retried", f"scan:{scan.id}", {"jobs": count})
    return count


def _begin_again(session: Session, scan: Scan, now: datetime) -> int:
    scan.error_code, scan.error_detail, scan.finished_at, scan.duplicate_of_id = None, {}, None, None
    intake.start(session, scan, now)
    return 1


def read_turned(session: Session, page_ids: Iterable[int], now: datetime) -> None:
    """Read pages once more after a person turned them; until then their words stay where they were read."""
    by_scan: dict[Scan, list[Page]] = {}
    for page in session.scalars(select(Page).where(Page.id.in_(list(page_ids)), Page.ocr_state.in_(_WAS_READ))):
        if page.scan.sha256 is not None:
            by_scan.setdefault(page.scan, []).append(page)
    for scan, pages in by_scan.items():
        _read_again(session, scan, pages, now)


def read_anew(session: Session, actor: Actor, tool: str, limit: int, now: datetime) -> int:
    """Queue pages that an older reader or model read, least sure first, behind all other work; gives how many.

    Until then, and where the new reading fails, their words stay as they are.
    """
    pages = rereading_candidates(session, tool, limit)
    jobs.enqueue(session, (
        NewJob("recognise", priorities.reading_anew(rank), page_id=page.id, scan_id=page.scan_id,
               batch_id=page.scan.batch_id)
        for rank, page in enumerate(pages, start=1)
    ), now)  # fmt: skip
    if pages:
        audit.record(session, actor.name, "pages.read_anew", "archive", {"pages": len(pages), "tool": tool})
    return len(pages)


def _read_again(session: Session, scan: Scan, pages: list[Page], now: datetime) -> None:
    for page in pages:
        page.ocr_state, page.ocr_error = OcrState.PENDING, None
    jobs.enqueue(session, progress.readings(scan, pages, progress.scans_before(session, scan)), now)
    if pages:
        scan.state = ScanState.READING


def _fill_gaps(session: Session, scan: Scan, now: datetime) -> int:
    unread = list(session.scalars(select(Page).where(Page.scan_id == scan.id, Page.ocr_state == OcrState.FAILED)))
    _read_again(session, scan, unread, now)
    of_scan = select(Job.id).where(
        (Job.scan_id == scan.id) | (Job.batch_id == scan.batch_id), Job.state == "failed", Job.stage != "recognise"
    )
    return len(unread) + jobs.again(session, session.scalars(of_scan), now)
