"""What came in and how far it is: batches and scans for the home page and the intake pages."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from ingest import report
from storage.access import Actor, case_scope, visible_batches, visible_documents
from storage.models.documents import Document
from storage.models.people import Role
from storage.models.scans import Batch, OcrState, Page, Scan, ScanState, SecretState
from viewer import languages, queries

UNDER_WAY = (ScanState.WAITING, ScanState.RECEIVED, ScanState.READING)
REFUSED = (ScanState.QUARANTINED, ScanState.FAILED)


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A scan in a list."""

    scan: Scan
    pages: int | None
    read: int
    indexed: int
    problem: str
    unread: int

    @property
    def under_way(self) -> bool:
        """Whether the machine still works on it."""
        return self.scan.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in a list, with its scans."""

    batch: Batch
    scans: list[ScanRow]
    documents: int
    to_review: int

    @property
    def pages(self) -> int:
        """Pages known so far."""
        return sum(row.pages or 0 for row in self.scans)

    @property
    def read(self) -> int:
        """Pages read (or found unreadable)."""
        return sum(row.read for row in self.scans)

    @property
    def under_way(self) -> bool:
        """Whether the machine still works on any of it."""
        return any(row.under_way for row in self.scans)

    @property
    def problems(self) -> list[ScanRow]:
        """Scans that need a person."""
        return [row for row in self.scans if row.problem or row.unread]


def scan_row(session: Session, scan: Scan) -> ScanRow:
    """One scan with its progress and what is wrong with it."""
    far = queries.progress(session, scan)
    failed = select(func.count(Page.id)).where(Page.scan_id == scan.id, Page.ocr_state == OcrState.FAILED)
    return ScanRow(
        scan, far.pages, far.ocr_done, far.indexed, report.error_message(scan, languages.choose()),
        session.scalar(failed) or 0,
    )


def batch_row(session: Session, batch: Batch) -> BatchRow:
    """One batch with its scans and how many documents were cut from it."""
    scans = session.scalars(select(Scan).where(Scan.batch_id == batch.id).order_by(Scan.position, Scan.id))
    documents = select(func.count(Document.id)).where(Document.batch_id == batch.id)
    unsure = documents.where(Document.needs_review)
    return BatchRow(
        batch, [scan_row(session, scan) for scan in scans], session.scalar(documents) or 0,
        session.scalar(unsure) or 0,
    )


def recent(session: Session, actor: Actor, limit: int = 12) -> list[BatchRow]:
    """The newest batches the actor may see."""
    query = (
        select(Batch)
        .where(visible_batches(case_scope(session, actor)))
        .options(joinedload(Batch.case), joinedload(Batch.owner))
        .order_by(Batch.id.desc())
        .limit(limit)
    )
    return [batch_row(session, batch) for batch in session.scalars(query)]


def unassigned(session: Session, actor: Actor) -> list[Document]:
    """Documents that lie in no case yet (or only perhaps) and that the actor may see."""
    query = (
        select(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .where(
            visible_documents(case_scope(session, actor)),
            or_(Document.case_id.is_(None), Document.case_state == "proposed"),
        )
        .options(joinedload(Document.batch), joinedload(Document.case))
        .order_by(Document.batch_id.desc(), Document.position)
    )
    return list(session.scalars(query))


def problems(session: Session, actor: Actor) -> list[ScanRow]:
    """Scans put aside or failed that the actor may see, newest first."""
    query = (
        select(Scan)
        .join(Batch, Batch.id == Scan.batch_id)
        .where(visible_batches(case_scope(session, actor)), Scan.state.in_(REFUSED))
        .order_by(Scan.id.desc())
    )
    return [scan_row(session, scan) for scan in session.scalars(query)]


def halted(session: Session) -> list[Batch]:
    """Batches stopped for secrecy; for the secrecy officer only."""
    query = select(Batch).where(Batch.secret_state == SecretState.HALTED).options(joinedload(Batch.owner))
    return list(session.scalars(query.order_by(Batch.id.desc())))


def receives_scans(actor: Actor) -> bool:
    """Whether the actor is one of those who look after what came in."""
    return actor.role in (Role.CLERK, Role.LEADER)
