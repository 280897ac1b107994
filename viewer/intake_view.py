"""What came in and how far it is: batches and scans for the home page and the intake pages."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from config.settings import Settings
from ingest import again, inbox, report, stock
from storage.access import Actor, case_scope, visible_batches, visible_documents
from storage.models.documents import Document
from storage.models.people import Role
from storage.models.scans import Batch, OcrState, Page, Scan, ScanState, SecretState
from viewer import languages, queries

UNDER_WAY = (ScanState.WAITING, ScanState.RECEIVED, ScanState.READING)
REFUSED = (ScanState.QUARANTINED, ScanState.FAILED)
#: reasons of unread pages told in a list of files; the file's own page tells more
_REASONS = 3


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A scan in a list. ``read`` counts pages whose words are known, ``unread`` those that could not be read, of which
    the first few reasons are given."""

    scan: Scan
    pages: int | None
    read: int
    problem: str
    unread: int
    reasons: tuple[str, ...]
    #: whether trying again can help
    may_retry: bool

    @property
    def under_way(self) -> bool:
        """Whether the machine still works on it."""
        return self.scan.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch in a list: sums over its files. ``trouble`` counts files put aside, ``unread`` pages that could not be
    read."""

    batch: Batch
    files: int
    pages: int
    read: int
    under_way: bool
    trouble: int
    unread: int
    documents: int
    to_review: int


def scan_row(session: Session, scan: Scan) -> ScanRow:
    """One scan with its progress and what is wrong with it."""
    far = queries.progress(session, scan)
    failed = select(Page.ocr_error).where(Page.scan_id == scan.id, Page.ocr_state == OcrState.FAILED)
    reasons = session.scalars(failed.order_by(Page.number)).all()
    return ScanRow(
        scan, far.pages, far.ocr_done - len(reasons), report.error_message(scan, languages.choose()), len(reasons),
        tuple(reason or "" for reason in reasons[:_REASONS]),
        bool(reasons) or (scan.state in REFUSED and again.may_help(scan)),
    )  # fmt: skip


def scans_of(session: Session, batch: Batch) -> list[ScanRow]:
    """The files of one batch, each with its progress."""
    query = select(Scan).where(Scan.batch_id == batch.id).order_by(Scan.position, Scan.id)
    return [scan_row(session, scan) for scan in session.scalars(query)]


def recent(session: Session, actor: Actor, limit: int = 12) -> list[BatchRow]:
    """The newest batches the actor may see; four queries, however many files they hold (the list polls)."""
    query = (
        select(Batch)
        .where(visible_batches(case_scope(session, actor)))
        .options(joinedload(Batch.case), joinedload(Batch.owner))
        .order_by(Batch.id.desc())
        .limit(limit)
    )
    found = list(session.scalars(query))
    return _rows(session, found)


def handed_over(session: Session, actor: Actor, batch_id: int | None = None) -> list[BatchRow]:
    """Batches the actor brought in for a case nobody assigned them to: that they arrived, nothing of what is in them.

    Screens name them by the person's own files: the name a batch bears may be changed by those who read the case, and
    neither it nor the case's number is for others. A batch halted for secrecy is not among them.
    """
    scope = case_scope(session, actor)
    if scope.everything or actor.user_id is None:
        return []
    query = (
        select(Batch)
        .where(
            Batch.owner_id == actor.user_id, Batch.case_id.is_not(None), Batch.case_id.not_in(scope.case_ids),
            Batch.secret_state != SecretState.HALTED,
        )
        .options(joinedload(Batch.case), joinedload(Batch.owner))
        .order_by(Batch.id.desc())
        .limit(12)
    )
    if batch_id is not None:
        query = query.where(Batch.id == batch_id)
    return _rows(session, list(session.scalars(query)))


def _rows(session: Session, found: list[Batch]) -> list[BatchRow]:
    ids = [batch.id for batch in found]
    of_files = select(
        Scan.batch_id, func.count(), func.sum(Scan.page_count), _count_if(Scan.state.in_(UNDER_WAY)),
        _count_if(Scan.state.in_(REFUSED)),
    ).where(Scan.batch_id.in_(ids)).group_by(Scan.batch_id)  # fmt: skip
    not_read = (OcrState.PENDING, OcrState.RUNNING, OcrState.FAILED)
    of_pages = select(
        Scan.batch_id, _count_if(Page.ocr_state.not_in(not_read)), _count_if(Page.ocr_state == OcrState.FAILED)
    ).join(Page, Page.scan_id == Scan.id).where(Scan.batch_id.in_(ids)).group_by(Scan.batch_id)  # fmt: skip
    of_documents = select(Document.batch_id, func.count(), _count_if(Document.needs_review.is_(True))).where(
        Document.batch_id.in_(ids)
    ).group_by(Document.batch_id)  # fmt: skip
    files, pages, documents = (
        {row[0]: tuple(row[1:]) for row in session.execute(query)} for query in (of_files, of_pages, of_documents)
    )
    rows = []
    for batch in found:
        count, known, busy, refused = files.get(batch.id, (0, 0, 0, 0))
        read, failed = pages.get(batch.id, (0, 0))
        cut, unsure = documents.get(batch.id, (0, 0))
        rows.append(BatchRow(
            batch, count, int(known or 0), int(read or 0), bool(busy), int(refused or 0), int(failed or 0), cut,
            int(unsure or 0),
        ))  # fmt: skip
    return rows


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _unassigned(session: Session, actor: Actor) -> Select[Document]:
    return (
        select(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .where(
            visible_documents(case_scope(session, actor)),
            or_(Document.case_id.is_(None), Document.case_state == "proposed"),
        )
    )


def unassigned(session: Session, actor: Actor) -> list[Document]:
    """Documents that lie in no case yet (or only perhaps) and that the actor may see."""
    query = _unassigned(session, actor).options(
        joinedload(Document.batch), joinedload(Document.case), selectinload(Document.page_links)
    )
    return list(session.scalars(query.order_by(Document.batch_id.desc(), Document.position)))


def _refused(session: Session, actor: Actor) -> Select[Scan]:
    return (
        select(Scan)
        .join(Batch, Batch.id == Scan.batch_id)
        .where(visible_batches(case_scope(session, actor)), Scan.state.in_(REFUSED))
    )


def problems(session: Session, actor: Actor) -> list[ScanRow]:
    """Scans put aside or failed that the actor may see, newest first."""
    query = _refused(session, actor).order_by(Scan.id.desc())
    return [scan_row(session, scan) for scan in session.scalars(query)]


def waiting(session: Session, actor: Actor) -> dict[str, int]:
    """How many things wait for a person in each tray."""
    trays = {"unassigned": _unassigned(session, actor), "problems": _refused(session, actor)}
    return {
        name: session.scalar(select(func.count()).select_from(query.subquery())) or 0 for name, query in trays.items()
    }


def in_the_way(session: Session, settings: Settings, actor: Actor) -> list[str]:
    """What keeps files from being taken in, as sentences: what concerns the whole scan folder for everybody, single
    files for those who look after what came in and for the person in whose folder they lie."""
    own = f"{inbox.PEOPLE}/{actor.name.removeprefix('user:')}/"
    shown: dict[tuple[str, str], str] = {}
    for problem in stock.problems_now(session, settings):
        of_case = problem.path.startswith(f"{inbox.CASES}/")
        if not problem.path or problem.path.startswith(own) or (receives_scans(actor) and not of_case):
            shown.setdefault((problem.path, problem.code), problem.message)
    return list(shown.values())


def halted(session: Session) -> list[Batch]:
    """Batches stopped for secrecy; for the secrecy officer only."""
    query = select(Batch).where(Batch.secret_state == SecretState.HALTED).options(joinedload(Batch.owner))
    return list(session.scalars(query.order_by(Batch.id.desc())))


def receives_scans(actor: Actor) -> bool:
    """Whether the actor is one of those who look after what came in."""
    return actor.role in (Role.CLERK, Role.LEADER)
