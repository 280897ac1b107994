"""Which papers may belong to a row, and which rows a paper may belong to: by number, then date and issuer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.ledger_books import Book
from ledger import from_scan, rights
from ledger.office import Office
from storage.access import Actor, case_scope, visible_documents
from storage.models.documents import Document
from storage.models.ledger import LedgerAttachment, LedgerEntry
from storage.models.scans import Batch
from storage.vietnamese import fold, number_key

MOST = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document and a row that may belong together; ``reasons`` in Vietnamese, the strongest first."""

    entry_id: int
    book: str
    entry_title: str
    document_id: int
    document_title: str
    score: int
    reasons: tuple[str, ...]


def for_entry(session: Session, actor: Actor, book: Book, entry: LedgerEntry) -> list[Suggestion]:
    """Documents not attached yet whose number is one the row names, or which lie in the row's case."""
    numbers = _numbers(book, entry.data)
    attached = {a.document_id for a in entry.attachments if a.removed_at is None}
    wanted = or_(Document.number_key.in_(numbers), Document.case_id == (entry.case_id or 0))
    scope = case_scope(session, actor)
    statement = select(Document).join(Batch, Batch.id == Document.batch_id).where(wanted, visible_documents(scope))
    found = [
        _judge(book, entry, document, [document.number or ""])
        for document in session.scalars(statement.order_by(Document.id.desc()).limit(60))
        if document.id not in attached
    ]
    return sorted((s for s in found if s.score > 0), key=lambda s: -s.score)[:MOST]


def for_document(session: Session, actor: Actor, office: Office, document: Document) -> list[Suggestion]:
    """Rows of any book the document may belong to."""
    found = []
    for book in office.kept():
        access = rights.book_access(session, actor, book)
        hits = [LedgerEntry.case_id == document.case_id] if document.case_id is not None else []
        # the number of acceptance named in the body binds a paper to its row more often than the paper's own
        named = from_scan.named_numbers(session, book, document)
        hits += [LedgerEntry.search_text.contains(fold(number), autoescape=True) for number in named]
        for hit in hits:
            statement = select(LedgerEntry).where(LedgerEntry.book == book.id, access.rows(), hit)
            for entry in session.scalars(statement.limit(30)):
                if not _is_attached(session, entry, document):
                    found.append(_judge(book, entry, document, named))
    best: dict[int, Suggestion] = {}
    for suggestion in found:
        if suggestion.score > 0 and suggestion.entry_id not in best:
            best[suggestion.entry_id] = suggestion
    return sorted(best.values(), key=lambda s: -s.score)[:MOST]


def _is_attached(session: Session, entry: LedgerEntry, document: Document) -> bool:
    statement = select(LedgerAttachment.id).where(
        LedgerAttachment.entry_id == entry.id,
        LedgerAttachment.document_id == document.id,
        LedgerAttachment.removed_at.is_(None),
    )
    return session.scalar(statement.limit(1)) is not None


def _numbers(book: Book, data: dict[str, Any]) -> list[str]:
    texts = [
        str(data[f.id]) for f in book.data_fields if f.type == "text" and f.id.startswith("so_") and data.get(f.id)
    ]
    keys = {number_key(t) for t in texts}
    # a bare "12" says nothing: every book has a twelfth paper
    return [k for k in keys if "/" in k]


def _judge(book: Book, entry: LedgerEntry, document: Document, named: list[str]) -> Suggestion:
    reasons, score = [], 0
    own = set(_numbers(book, entry.data))
    same = [number for number in named if number_key(number) in own]
    if same:
        reasons.append(f"cùng số {same[0]}")
        score += 4
    dates = {str(v)[:10] for f in book.data_fields if f.type in ("date", "moment") and (v := entry.data.get(f.id))}
    if document.date and document.date.isoformat() in dates:
        reasons.append(f"cùng ngày {document.date:%d/%m/%Y}")
        score += 2
    agency = fold(str(entry.data.get(book.agency) or ""))
    if document.issuer and agency and (agency in fold(document.issuer) or fold(document.issuer) in agency):
        reasons.append("cùng cơ quan ban hành")
        score += 1
    if entry.case_id is not None and entry.case_id == document.case_id:
        reasons.append("cùng hồ sơ")
        score += 3
    title = " – ".join(str(entry.data[f]) for f in book.title_fields if entry.data.get(f))
    return Suggestion(
        entry.id, book.id, f"số {entry.number_text} {title}", document.id, document.title, score, tuple(reasons)
    )
