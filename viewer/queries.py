"""Reading for more than one page of the screen: lists of cases, documents in order, how far a scan is.

Every list goes through the actor's scope; single records are fetched with ``storage.access.require_…``.
"""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ingest import report
from storage import but_luc
from storage.access import Actor, CaseScope, case_scope, visible_cases, visible_documents
from storage.models.cases import Case, CaseNumber, CaseParty
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, Scan
from storage.vietnamese import fold, name_key, number_key


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """Pages of a scan, how many were read (or given up), how many can be found."""

    pages: int | None
    ocr_done: int
    indexed: int


def cases(
    session: Session, actor: Actor, *, text: str = "", status: str | None = None, kind: str | None = None,
    limit: int = 50, offset: int = 0,
) -> tuple[int, list[Case]]:
    """Cases the actor may see, newest first; ``text`` looks in every number, the name and the parties."""
    query = select(Case).where(visible_cases(case_scope(session, actor)))
    if status:
        query = query.where(Case.status == status)
    if kind:
        query = query.where(Case.kind == kind)
    if text.strip():
        query = query.where(Case.id.in_(_matching_ids(session, text)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.options(selectinload(Case.numbers), selectinload(Case.folders)).order_by(Case.id.desc())
    return total, list(session.scalars(ordered.limit(limit).offset(offset)))


def _matching_ids(session: Session, text: str) -> list[int]:
    """Ids of cases by number, name or party, however they are spelled. Names are few thousand: folded in memory."""
    number, name, words = number_key(text), name_key(text), fold(text)
    query: Select[tuple[int]] = select(CaseNumber.case_id)
    conditions = [CaseNumber.key.contains(number, autoescape=True)] if number else []
    found: set[int] = set(session.scalars(query.where(or_(*conditions)))) if conditions else set()
    if name:
        found |= set(session.scalars(select(CaseParty.case_id).where(CaseParty.key.contains(name, autoescape=True))))
    names = session.execute(select(Case.id, Case.name))
    found |= {case_id for case_id, case_name in names if words.strip() in fold(case_name)}
    return sorted(found)


def documents_of(session: Session, actor: Actor, case_id: int) -> list[Document]:
    """The documents of a case the actor may see, in the order of the file: bút lục, else as they came."""
    scope = case_scope(session, actor)
    query = (
        select(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .where(Document.case_id == case_id, visible_documents(scope))
        .options(joinedload(Document.folder), selectinload(Document.persons))
    )
    return sorted(session.scalars(query), key=file_order)


def documents_of_batch(session: Session, actor: Actor, batch_id: int) -> list[Document]:
    """The documents cut from a batch that the actor may see, in order."""
    query = (
        select(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .where(Document.batch_id == batch_id, visible_documents(case_scope(session, actor)))
    )
    return sorted(session.scalars(query), key=file_order)


def file_order(document: Document) -> tuple[tuple[int, int, str], int, int, int]:
    """Sorts documents as they lie in the file."""
    return but_luc.sort_key(document.but_luc_first), document.batch_id, document.position, document.id


def page_counts(session: Session, document_ids: list[int]) -> dict[int, int]:
    """How many pages each document has."""
    query = select(DocumentPage.document_id, func.count()).where(DocumentPage.document_id.in_(document_ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(DocumentPage.document_id))}


def document_counts(session: Session, scope: CaseScope, case_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Documents and pages of each case, of what may be seen."""
    query = (
        select(Document.case_id, func.count(func.distinct(Document.id)), func.count(DocumentPage.page_id))
        .join(Batch, Batch.id == Document.batch_id)
        .outerjoin(DocumentPage, DocumentPage.document_id == Document.id)
        .where(Document.case_id.in_(case_ids), visible_documents(scope))
        .group_by(Document.case_id)
    )
    return {case_id or 0: (documents, pages) for case_id, documents, pages in session.execute(query)}


def progress(session: Session, scan: Scan) -> ScanProgress:
    """How far a scan is; a repeated file shows how far the first one is."""
    read = session.get(Scan, scan.duplicate_of_id) if scan.duplicate_of_id else scan
    far = report.progress_of(session, read or scan)
    return ScanProgress(scan.page_count, far.ocr_done, far.indexed)


def documents_of_scan(session: Session, actor: Actor, scan: Scan) -> list[Document]:
    """Documents with a page of this scan, in order, of those the actor may see."""
    query = (
        select(Document, func.min(Page.number))
        .join(Batch, Batch.id == Document.batch_id)
        .join(DocumentPage, DocumentPage.document_id == Document.id)
        .join(Page, Page.id == DocumentPage.page_id)
        .where(Page.scan_id == (scan.duplicate_of_id or scan.id), visible_documents(case_scope(session, actor)))
        .group_by(Document.id)
    )
    return [row[0] for row in sorted(session.execute(query), key=lambda row: (row[1], row[0].id))]
