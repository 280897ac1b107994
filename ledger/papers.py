"""Papers of an entry: linking, unlinking, listing from both sides, and as PDF files for taking away."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid, NotFound
from config.ledger_books import Book
from ledger import rights
from storage import access, audit
from storage.access import Actor
from storage.derived import DerivedStore
from storage.models.base import now
from storage.models.documents import Document
from storage.models.ledger import LedgerAttachment, LedgerEntry
from storage.models.scans import Scan
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment as shown: what it is, where it opens, whether the actor may open it."""

    id: int
    kind: str
    label: str
    document_id: int | None
    scan_id: int | None
    first_page: int | None
    last_page: int | None
    page_id: int | None
    but_luc: str
    may_open: bool

    def as_json(self) -> dict[str, Any]:
        """For the API; a paper that may not be opened shows only that it exists."""
        if not self.may_open:
            return {"id": self.id, "kind": self.kind, "label": "", "may_open": False}
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self.label,
            "document_id": self.document_id,
            "scan_id": self.scan_id,
            "pages": [self.first_page, self.last_page] if self.first_page else None,
            "page_id": self.page_id,
            "but_luc": self.but_luc,
            "may_open": True,
        }


def attach(
    session: Session,
    actor: Actor,
    book: Book,
    entry: LedgerEntry,
    *,
    document_id: int | None = None,
    scan_id: int | None = None,
    first_page: int | None = None,
    last_page: int | None = None,
    label: str = "",
) -> LedgerAttachment:
    """Link a document, a page range of it, or a scan (photo, clip) to an entry. Linking the same again gives the first.

    :raises NotFound: the paper does not exist or may not be seen.
    :raises Invalid: neither or both given, or pages the document does not have.
    """
    if not rights.book_access(session, actor, book).may_enter:
        raise Invalid(what="đính kèm", why="anh/chị chưa được ghi sổ này")
    if (document_id is None) == (scan_id is None):
        raise Invalid(what="hồ sơ đính kèm", why="cần đúng một tài liệu hoặc một tệp quét")
    if document_id is not None:
        document = access.require_document(session, actor, document_id)
        last_page = last_page or first_page
        if first_page is not None and not 1 <= first_page <= (last_page or 0) <= len(document.page_links):
            raise Invalid(what="trang đính kèm", why=f"tài liệu có {len(document.page_links)} trang")
        if entry.case_id is None and document.case_id is not None and document.case_state == "confirmed":
            entry.case_id = document.case_id
    elif scan_id is not None:
        access.require_scan(session, actor, scan_id)
        first_page = last_page = None
    what = {"document_id": document_id, "scan_id": scan_id, "first_page": first_page, "last_page": last_page}
    same = select(LedgerAttachment).filter_by(entry_id=entry.id, **what)
    known = session.scalar(same.where(LedgerAttachment.removed_at.is_(None)).limit(1))
    if known is not None:
        return known
    made = LedgerAttachment(entry_id=entry.id, **what, label=label.strip()[:300], added_by=actor.name)
    session.add(made)
    session.flush()
    session.expire(entry, ["attachments"])
    linked = {"document": document_id, "scan": scan_id, "pages": [first_page, last_page]}
    audit.record(session, actor.name, "ledger.attached", f"ledger_entry:{entry.id}", linked)
    return made


def detach(session: Session, actor: Actor, book: Book, entry: LedgerEntry, attachment_id: int) -> None:
    """Take a paper off an entry; the paper itself and the trace stay.

    :raises NotFound: no such attachment.
    """
    if not rights.book_access(session, actor, book).may_enter:
        raise Invalid(what="bỏ đính kèm", why="anh/chị chưa được ghi sổ này")
    found = session.get(LedgerAttachment, attachment_id)
    if found is None or found.entry_id != entry.id or found.removed_at is not None:
        raise NotFound(what="hồ sơ đính kèm")
    found.removed_at = now()
    session.flush()
    session.expire(entry, ["attachments"])
    audit.record(
        session,
        actor.name,
        "ledger.detached",
        f"ledger_entry:{entry.id}",
        {"document": found.document_id, "scan": found.scan_id},
    )


def of_entry(session: Session, actor: Actor, entry: LedgerEntry) -> list[Paper]:
    """The papers of an entry, in the order they were linked."""
    return [_paper(session, actor, a) for a in entry.attachments if a.removed_at is None]


def of_entries(session: Session, actor: Actor, book: Book, entry_ids: Collection[int]) -> dict[int, list[Paper]]:
    """The papers of several entries of a book, by entry."""
    statement = (
        select(LedgerAttachment)
        .join(LedgerEntry, LedgerEntry.id == LedgerAttachment.entry_id)
        .where(LedgerEntry.book == book.id, LedgerAttachment.removed_at.is_(None))
        .order_by(LedgerAttachment.id)
    )
    found: dict[int, list[Paper]] = {}
    for attachment in session.scalars(statement):
        if attachment.entry_id in entry_ids:
            found.setdefault(attachment.entry_id, []).append(_paper(session, actor, attachment))
    return found


def entries_of_document(session: Session, actor: Actor, books: dict[str, Book], document_id: int) -> list[LedgerEntry]:
    """The other side: rows a document is attached to, those the actor may see."""
    attached = select(LedgerAttachment.id).where(
        LedgerAttachment.entry_id == LedgerEntry.id, LedgerAttachment.document_id == document_id,
        LedgerAttachment.removed_at.is_(None),
    )  # fmt: skip
    statement = select(LedgerEntry).where(attached.exists()).order_by(LedgerEntry.id)
    return [
        e
        for e in session.scalars(statement)
        if e.book in books and rights.book_access(session, actor, books[e.book]).reads(e)
    ]


def _paper(session: Session, actor: Actor, found: LedgerAttachment) -> Paper:
    document, scan = found.document, found.scan
    page_id, but_luc, kind, may_open = None, "", "document", False
    label = found.label
    if document is not None:
        may_open = _may(lambda: access.require_document(session, actor, document.id))
        label = label or document.title or "tài liệu"
        links = document.page_links
        if links:
            page_id = links[min((found.first_page or 1) - 1, len(links) - 1)].page_id
        but_luc = document.but_luc_first or ""
    elif scan is not None:
        may_open = _may(lambda: access.require_scan(session, actor, scan.id))
        kind, label = scan.kind, label or scan.name
    return Paper(
        found.id,
        kind,
        label,
        found.document_id,
        found.scan_id,
        found.first_page,
        found.last_page,
        page_id,
        but_luc,
        may_open,
    )


def _may(ask: Any) -> bool:
    try:
        ask()
    except NotFound:
        return False
    return True


def document_pdf(vault: Vault, derived: DerivedStore, document: Document, first: int | None, last: int | None) -> bytes:
    """The pages of a document (or a range, 1-based) as one PDF: the searchable copy where it was made, else the
    original pages, pictures turned into pages.

    :raises Invalid: when an original is of a kind that has no pages.
    """
    links = document.page_links[(first or 1) - 1 : last or len(document.page_links)]
    target = pypdfium2.PdfDocument.new()
    for link in links:
        source = _source_pdf(vault, derived, link.page.scan)
        target.import_pages(source, [link.page.number - 1])
        source.close()
    out = io.BytesIO()
    target.save(out)
    target.close()
    return out.getvalue()


def _source_pdf(vault: Vault, derived: DerivedStore, scan: Scan) -> Any:
    if scan.sha256 is None:
        raise Invalid(what=scan.name, why="tệp gốc chưa có trong kho")
    made = sorted(derived.folder(scan.sha256).glob("searchable-*.pdf"), key=lambda p: p.stat().st_mtime)
    path = made[-1] if made else vault.path(scan.sha256)
    if made or scan.kind == "pdf":
        return pypdfium2.PdfDocument(path)
    if scan.kind != "image":
        raise Invalid(what=scan.name, why="không phải văn bản hay ảnh nên không in thành trang được")
    return pypdfium2.PdfDocument(_image_pdf(path))


def _image_pdf(path: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(path) as image:
        frames = []
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            frames.append(image.convert("RGB"))
    frames[0].save(out, "PDF", save_all=True, append_images=frames[1:], resolution=300)
    return out.getvalue()
