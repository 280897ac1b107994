"""Small archives for the search suites: pages from plain text, with the boxes a recogniser would give."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from storage import pages
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, PageKind, Scan, ScanState, SecretState
from storage.reading import PageReading, Word
from storage.vietnamese import number_key


def reading_of(text: str, tool: str = "test-1") -> PageReading:
    """A reading of a text, one block, its lines as given, words spread evenly."""
    words = []
    lines = text.split("\n")
    for row, line in enumerate(lines):
        parts = line.split()
        for column, part in enumerate(parts):
            box = (0.1 + 0.8 * column / len(parts), 0.05 + 0.9 * row / len(lines), 0.7 / len(parts), 0.02)
            words.append(Word(part, box, 0.95, row, 0))
    return PageReading(tool=tool, width=1240, height=1754, rotation=0, confidence=0.95, words=tuple(words))


def add_batch(session: Session, case: Case | None = None, owner_id: int | None = None) -> Batch:
    """A clear batch."""
    batch = Batch(
        name="đợt thử", case_id=case.id if case else None, owner_id=owner_id, source="test",
        secret_state=SecretState.CLEAR,
    )
    session.add(batch)
    session.flush()
    return batch


def add_pages(
    session: Session, batch: Batch, texts: Iterable[str], *, checked: bool = True, first_but_luc: int | None = None
) -> list[Page]:
    """A scan whose pages were read and, unless told otherwise, found free of marks of secrecy."""
    texts = list(texts)
    scan = Scan(
        batch_id=batch.id, name="thử.pdf", kind="pdf", state=ScanState.DONE, page_count=len(texts),
        owner_id=batch.owner_id,
    )
    session.add(scan)
    session.flush()
    made = []
    for number, text in enumerate(texts, 1):
        page = Page(scan_id=scan.id, number=number, kind=PageKind.DOCUMENT, header_checked=checked)
        if first_but_luc is not None:
            page.but_luc, page.but_luc_state = str(first_but_luc + number - 1), "confirmed"
        session.add(page)
        session.flush()
        pages.store_reading(session, page, reading_of(text))
        made.append(page)
    return made


def add_document(
    session: Session, batch: Batch, document_pages: Iterable[Page], *, title: str = "", type_code: str | None = None,
    number: str | None = None, day: date | None = None, folder_code: str | None = None,
) -> Document:
    """A document of these pages in the batch's case."""
    document = Document(
        batch_id=batch.id, case_id=batch.case_id, case_state="confirmed" if batch.case_id else "unassigned",
        title=title, type_code=type_code, number=number, number_key=number_key(number) if number else None, date=day,
        folder_code=folder_code,
    )
    session.add(document)
    session.flush()
    for position, page in enumerate(document_pages):
        session.add(DocumentPage(page_id=page.id, document_id=document.id, position=position))
    session.flush()
    return document
