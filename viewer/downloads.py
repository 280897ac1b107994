"""What people take away: a document as searchable PDF/A, a scan as it arrived."""

import hashlib
import re
from pathlib import Path

from sqlalchemy.orm import Session

from ingest import jobs, priorities
from ingest.assemble_scan import searchable_pdf_path
from ingest.document_pdf import PagePlace, write_document_pdf
from ingest.jobs import NewJob
from storage.derived import DerivedStore
from storage.models.base import now
from storage.models.documents import Document
from storage.models.scans import Page, Scan
from storage.vietnamese import fold

VERSION = "v1"


def document_pdf(session: Session, derived: DerivedStore, document: Document) -> Path | list[int]:
    """The document's PDF/A, or the ids of scans whose searchable PDF has to be made first."""
    places: list[PagePlace] = []
    missing: dict[int, None] = {}
    for page in document.pages:
        path = searchable_pdf_path(session, derived, page.scan)
        if not path.is_file():
            missing[page.scan_id] = None
        places.append(PagePlace(path, page.number, page.but_luc))
    if missing or not places:
        return list(missing)
    mark = hashlib.sha256(repr([(str(p.pdf.name), p.number, p.but_luc) for p in places]).encode()).hexdigest()[:12]
    sha256 = str(document.pages[0].scan.sha256)
    target = derived.path(sha256, f"document-{document.id}-{mark}-{VERSION}.pdf")
    if not target.is_file():
        write_document_pdf(places, target, title=document.title or f"Tài liệu {document.id}")
    return target


def ask_for_pdfs(session: Session, scan_ids: list[int]) -> None:
    """Have the searchable PDFs of scans made soon: somebody waits."""
    wanted = [NewJob("assemble", priorities.reading(1), scan_id=scan_id) for scan_id in scan_ids]
    jobs.enqueue(session, wanted, now())


def file_name(document: Document) -> str:
    """A name every system takes, from what people call the document: ``BL45-47 Bien ban hoi cung bi can.pdf``."""
    numbers = "-".join(one for one in (document.but_luc_first, document.but_luc_last) if one)
    words = re.sub(r"[^0-9A-Za-z]+", " ", fold(document.title or f"tai lieu {document.id}")).strip()
    return f"{f'BL{numbers} ' if numbers else ''}{words[:80].capitalize()}.pdf"


def scans_of(document: Document) -> list[Scan]:
    """The files a document's pages came in, each once, in order."""
    pages: list[Page] = document.pages
    return list({page.scan_id: page.scan for page in pages}.values())
