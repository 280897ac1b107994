"""The one place that decides who may see and change what.

Rights follow the assignment (phân công) to a case. A leader sees every case; the administrator runs the system and
reads none; văn thư (clerk) receives scans, so sees what is not yet in a case; everyone sees the shared collection of
laws. What an actor may not see does not exist for him: every refusal to read is ``NotFound``.
"""

from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from config.errors import CaseClosed, Forbidden, NotFound
from storage.database import READ_ONLY
from storage.models.base import now
from storage.models.cases import LAW_COLLECTION, Case, Grant, Right
from storage.models.documents import Document, DocumentPage
from storage.models.people import Role, User
from storage.models.scans import Batch, Page, Scan, SecretState


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``operator`` is the machine's own operator at the command line, or the service itself."""

    name: str
    user_id: int | None = None
    role: str | None = None
    operator: bool = False
    secrecy_officer: bool = False
    clerks_see_cases: bool = False

    @staticmethod
    def of(user: User, *, clerks_see_cases: bool = False) -> "Actor":
        """The actor a logged-in person is."""
        return Actor(f"user:{user.login}", user.id, user.role, False, user.secrecy_officer, clerks_see_cases)

    @staticmethod
    def cli(login: str) -> "Actor":
        """The machine's operator at the command line."""
        return Actor(f"cli:{login}", operator=True)


SERVICE = Actor("service", operator=True)

_ORDER = {Right.READ: 1, Right.WRITE: 2, Right.LEAD: 3}


class _Level(IntEnum):
    NONE = 0
    READ = 1
    WRITE = 2
    LEAD = 3


@dataclass(frozen=True, slots=True)
class CaseScope:
    """What an actor may read, in the form queries and the index need.

    :ivar everything: no limit by case at all.
    :ivar case_ids: cases readable when not everything is.
    :ivar unassigned: also what lies in no case yet.
    :ivar owner_id: also what this person brought in and lies in no case yet.
    """

    everything: bool
    case_ids: frozenset[int]
    unassigned: bool
    owner_id: int | None

    def allows(self, case_id: int | None, owner_id: int | None) -> bool:
        """Whether something of this case (None: of none yet), brought in by this person, may be read."""
        if self.everything:
            return True
        if case_id is not None:
            return case_id in self.case_ids
        return self.unassigned or (self.owner_id is not None and owner_id == self.owner_id)


def case_scope(session: Session, actor: Actor) -> CaseScope:
    """What the actor may read right now. Cheap; ask again for every request, so that a revoked right ends at once.

    A session that only reads sees one state of the records, so it asks once for each actor: a document of 300 pages
    asks for every page.
    """
    if not session.info.get(READ_ONLY):
        return _scope_now(session, actor)
    known: dict[Actor, CaseScope] = session.info.setdefault("scopes", {})
    if actor not in known:
        known[actor] = _scope_now(session, actor)
    return known[actor]


def _scope_now(session: Session, actor: Actor) -> CaseScope:
    if actor.operator:
        return CaseScope(True, frozenset(), True, None)
    everything = actor.role == Role.LEADER or (actor.role == Role.CLERK and actor.clerks_see_cases)
    if everything:
        return CaseScope(True, frozenset(), True, actor.user_id)
    laws = select(Case.id).where(Case.kind == LAW_COLLECTION)
    if actor.user_id is None:
        return CaseScope(False, frozenset(), False, None)
    granted = select(Grant.case_id).where(Grant.user_id == actor.user_id, _in_force())
    ids = frozenset(session.scalars(laws.union(granted)))
    return CaseScope(False, ids, actor.role == Role.CLERK, actor.user_id)


def visible_cases(scope: CaseScope) -> ColumnElement[bool]:
    """Condition on ``Case`` rows for a select."""
    return true() if scope.everything else Case.id.in_(scope.case_ids)


def visible_documents(scope: CaseScope) -> ColumnElement[bool]:
    """Condition on ``Document`` rows; the select must join ``Batch``."""
    return and_(_not_halted(), true() if scope.everything else _by_case(Document.case_id, scope))


def visible_batches(scope: CaseScope) -> ColumnElement[bool]:
    """Condition on ``Batch`` rows."""
    return and_(_not_halted(), true() if scope.everything else _by_case(Batch.case_id, scope))


def require_case(session: Session, actor: Actor, case_id: int, right: Right = Right.READ) -> Case:
    """The case, if the actor has the right on it.

    :raises NotFound: it does not exist, or may not be read.
    :raises Forbidden: it may be read, but not changed as asked.
    :raises CaseClosed: it is closed and the right asked for is more than reading.
    """
    case = session.get(Case, case_id)
    level = _level(session, actor, case) if case else _Level.NONE
    if case is None or level < _Level.READ:
        raise NotFound(what=f"hồ sơ {case_id}")
    if level < _ORDER[right]:
        raise Forbidden(what=f"sửa hồ sơ {case.number}")
    if right == Right.WRITE and case.status == "closed":
        raise CaseClosed(what=case.number)
    return case


def require_case_for_filing(session: Session, actor: Actor, case_id: int) -> Case:
    """The case, if the actor may put papers into it: who may write to it, and văn thư, who hands papers over unseen.

    Văn thư gains no sight of the case by it: what was handed over is gone from their tray.

    :raises NotFound, Forbidden, CaseClosed: as ``require_case``.
    """
    case = session.get(Case, case_id)
    if actor.role == Role.CLERK and case is not None and case.status == "open":
        return case
    return require_case(session, actor, case_id, Right.WRITE)


def require_batch(session: Session, actor: Actor, batch_id: int, right: Right = Right.READ) -> Batch:
    """The batch, if the actor may see it (or change it) and it is not halted for secrecy."""
    batch = session.get(Batch, batch_id)
    if batch is None or not _may_read_batch(session, actor, batch):
        raise NotFound(what=f"đợt quét {batch_id}")
    if right != Right.READ and batch.case_id is not None:
        require_case(session, actor, batch.case_id, right)
    return batch


def require_scan(session: Session, actor: Actor, scan_id: int, right: Right = Right.READ) -> Scan:
    """The scan, under the rights of what it holds: its batch, or any document with one of its pages."""
    scan = session.get(Scan, scan_id)
    if scan is None:
        raise NotFound(what=f"tệp quét {scan_id}")
    try:
        require_batch(session, actor, scan.batch_id, right)
    except NotFound:
        raise NotFound(what=f"tệp quét {scan_id}") from None
    # A scan may hold pages of a second case: the whole file is for those who may see all of it.
    others = select(Document.case_id).join(DocumentPage).join(Page, Page.id == DocumentPage.page_id).where(
        Page.scan_id == scan.id, Document.case_id.is_not(None)
    )
    scope = case_scope(session, actor)
    if not all(scope.allows(case_id, scan.batch.owner_id) for case_id in session.scalars(others.distinct())):
        raise NotFound(what=f"tệp quét {scan_id}")
    return scan


def require_document(session: Session, actor: Actor, document_id: int, right: Right = Right.READ) -> Document:
    """The document, if its case (or, without a case, its batch) may be read or changed."""
    document = session.get(Document, document_id)
    if document is None or not _may_read_document(session, actor, document):
        raise NotFound(what=f"tài liệu {document_id}")
    if right != Right.READ and document.case_id is not None:
        require_case(session, actor, document.case_id, right)
    return document


def require_page(session: Session, actor: Actor, page_id: int, right: Right = Right.READ) -> Page:
    """The page, under the rights of its document, or of its batch while it is in none.

    Until a page's header was read for marks of secrecy, only its owner and văn thư may see it.
    """
    page = session.get(Page, page_id)
    if page is None or not _may_read_page(session, actor, page):
        raise NotFound(what=f"trang {page_id}")
    link = session.get(DocumentPage, page_id)
    if right != Right.READ:
        case_id = link.document.case_id if link else page.scan.batch.case_id
        if case_id is not None:
            require_case(session, actor, case_id, right)
    return page


def _may_read_document(session: Session, actor: Actor, document: Document) -> bool:
    batch = document.batch
    if batch.secret_state == SecretState.HALTED:
        return False
    return case_scope(session, actor).allows(document.case_id, batch.owner_id)


def _may_read_batch(session: Session, actor: Actor, batch: Batch) -> bool:
    if batch.secret_state == SecretState.HALTED:
        return False
    return case_scope(session, actor).allows(batch.case_id, batch.owner_id)


def _may_read_page(session: Session, actor: Actor, page: Page) -> bool:
    batch = page.scan.batch
    if batch.secret_state == SecretState.HALTED:
        return False
    if not page.header_checked and batch.secret_state != SecretState.RELEASED:
        is_owner = actor.user_id is not None and actor.user_id == batch.owner_id
        return actor.operator or is_owner or actor.role == Role.CLERK
    link = session.get(DocumentPage, page.id)
    case_id = link.document.case_id if link else batch.case_id
    return case_scope(session, actor).allows(case_id, batch.owner_id)


def _level(session: Session, actor: Actor, case: Case) -> _Level:
    if actor.operator or actor.role == Role.LEADER:
        return _Level.LEAD
    if actor.user_id is None:
        return _Level.NONE
    rights = session.scalars(
        select(Grant.right).where(Grant.case_id == case.id, Grant.user_id == actor.user_id, _in_force())
    )
    best = max((_Level(_ORDER[Right(right)]) for right in rights), default=_Level.NONE)
    if actor.role == Role.CLERK and (actor.clerks_see_cases or case.kind == LAW_COLLECTION):
        best = max(best, _Level.WRITE)
    if case.kind == LAW_COLLECTION:
        best = max(best, _Level.READ)
    return best


def _in_force() -> ColumnElement[bool]:
    moment = now()
    return and_(Grant.since <= moment, or_(Grant.until.is_(None), Grant.until > moment))


def _not_halted() -> ColumnElement[bool]:
    return Batch.secret_state != SecretState.HALTED


def _by_case(column: ColumnElement[int | None] | object, scope: CaseScope) -> ColumnElement[bool]:
    case_id: ColumnElement[int | None] = column  # type: ignore[assignment]
    conditions: list[ColumnElement[bool]] = [case_id.in_(scope.case_ids)]
    if scope.unassigned:
        conditions.append(case_id.is_(None))
    elif scope.owner_id is not None:
        conditions.append(and_(case_id.is_(None), Batch.owner_id == scope.owner_id))
    return or_(*conditions) if conditions else false()
