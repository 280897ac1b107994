"""Scans as a program or a person is told about them: state, progress, reason, documents."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ingest.errors
import ingest.recognise.errors  # noqa: F401 - known errors register by being defined
from config import document_types
from config.errors import ArchiveError
from storage.models.documents import Document, DocumentPage
from storage.models.records import OPEN_STATES, Job, OutboxEntry
from storage.models.scans import OcrState, Page, Scan, ScanState

#: nothing more happens to a scan in these states until a person acts
FINAL_STATES = frozenset(
    {ScanState.DONE, ScanState.NEEDS_REVIEW, ScanState.FAILED, ScanState.QUARANTINED, ScanState.CANCELLED}
)
_REFUSED = frozenset({ScanState.FAILED, ScanState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is. ``pages`` is 0 until they were counted."""

    pages: int
    ocr_done: int
    indexed: int


def is_refused(scan: Scan) -> bool:
    """Whether the scan was put aside."""
    return scan.state in _REFUSED


def progress_of(session: Session, scan: Scan) -> Progress:
    """Pages known, read (or found unreadable) and in the index."""
    unread = (OcrState.PENDING, OcrState.RUNNING)
    read = select(func.count(Page.id)).where(Page.scan_id == scan.id, Page.ocr_state.not_in(unread))
    waiting = select(OutboxEntry.id).where(OutboxEntry.page_id == Page.id).exists()
    indexed = read.where(~waiting)
    return Progress(scan.page_count or 0, session.scalar(read) or 0, session.scalar(indexed) or 0)


def is_settled(session: Session, scan: Scan) -> bool:
    """Whether everything is done that a person waits for: read, cut, filed and in the index (not the PDF)."""
    if scan.state not in FINAL_STATES:
        return False
    own = select(Job.id).where(
        (Job.scan_id == scan.id) | (Job.batch_id == scan.batch_id),
        Job.stage != "assemble", Job.stage != "render", Job.state.in_(OPEN_STATES),
    ).limit(1)  # fmt: skip
    waiting = select(OutboxEntry.id).join(Page, Page.id == OutboxEntry.page_id).where(Page.scan_id == scan.id).limit(1)
    return session.scalar(own) is None and session.scalar(waiting) is None


def _errors_by_code() -> dict[str, type[ArchiveError]]:
    found: dict[str, type[ArchiveError]] = {}
    waiting = list(ArchiveError.__subclasses__())
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind
        waiting.extend(kind.__subclasses__())
    return found


class _Lenient(dict[str, Any]):
    """Details of an old record may lack what a newer sentence names."""

    def __missing__(self, key: str) -> str:
        return "?"


def error_message(scan: Scan, language: str) -> str:
    """Why a scan is put aside or failed, as one sentence with its code; empty where nothing is wrong."""
    if scan.error_code is None:
        return ""
    kind = _errors_by_code().get(scan.error_code, ArchiveError)
    template = kind.vi if language == "vi" else kind.en
    detail = _Lenient({"what": scan.name, **scan.error_detail, "name": scan.name})
    return f"{template.format_map(detail)} [{scan.error_code}]"


def scan_report(session: Session, scan: Scan) -> dict[str, Any]:
    """A scan with its documents, in the form of ``archive ingest --json``."""
    source = session.get_one(Scan, scan.duplicate_of_id) if scan.duplicate_of_id else scan
    return {
        "id": scan.id,
        "name": scan.name,
        "sha256": scan.sha256,
        "state": str(scan.state),
        "pages": scan.page_count or 0,
        "error": error_of(scan),
        "duplicate_of": scan.duplicate_of_id,
        "documents": [document_report(session, document, source) for document in documents_of(session, source)],
    }


def error_of(scan: Scan) -> dict[str, str] | None:
    """The reason a scan is put aside, in the form of ``--json``; None where nothing is wrong."""
    if scan.error_code is None:
        return None
    return {"code": scan.error_code, "message": error_message(scan, "vi"), "message_en": error_message(scan, "en")}


def documents_of(session: Session, scan: Scan) -> list[Document]:
    """Documents whose first page lies in the scan, in order of that page."""
    first = select(DocumentPage.document_id, func.min(DocumentPage.position).label("position"))
    first_of_each = first.group_by(DocumentPage.document_id).subquery()
    query = (
        select(Document)
        .join(first_of_each, first_of_each.c.document_id == Document.id)
        .join(
            DocumentPage,
            (DocumentPage.document_id == Document.id) & (DocumentPage.position == first_of_each.c.position),
        )
        .join(Page, Page.id == DocumentPage.page_id)
        .where(Page.scan_id == scan.id)
        .order_by(Page.number)
    )
    return list(session.scalars(query))


def _case_number(document: Document) -> str | None:
    """The number of its case, else the one the machine proposes (``case_state`` tells which)."""
    if document.case is not None:
        return document.case.number
    told = (document.fields or {}).get("case", {})
    return str(told["number"]) if document.case_state == "proposed" and told.get("number") else None


def document_report(session: Session, document: Document, scan: Scan) -> dict[str, Any]:
    """A document, in the form of ``archive ingest --json``."""
    placed = session.execute(
        select(Page.scan_id, Page.number).join(DocumentPage, DocumentPage.page_id == Page.id)
        .where(DocumentPage.document_id == document.id).order_by(DocumentPage.position)
    ).all()  # fmt: skip
    here = [row.number for row in placed if row.scan_id == scan.id]
    kind = document_types.document_types().get(document.type_code) if document.type_code else None
    answer = {
        "id": document.id,
        "type": document.type_code,
        "type_name": kind.name if kind else None,
        "title": document.title,
        "folder": document.folder_code,
        "case_number": _case_number(document),
        "case_state": document.case_state,
        "number": document.number,
        "date": document.date.isoformat() if document.date else None,
        "first_page": min(here),
        "last_page": max(here),
        "confidence": round(document.confidence, 3),
        "needs_review": document.needs_review,
        "but_luc": [document.but_luc_first, document.but_luc_last] if document.but_luc_first else None,
    }
    if len(here) != len(placed):
        answer["pages"] = [{"scan_id": row.scan_id, "scan_page": row.number} for row in placed]
    return answer
