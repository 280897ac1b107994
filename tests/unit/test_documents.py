"""Correcting documents by hand: fields, filing, and pages that are never in two places."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.errors import Conflict, Invalid
from storage import batches, documents
from storage.access import SERVICE
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.records import AuditEvent, OutboxEntry
from storage.models.scans import Page


def bundle(session: Session, sizes: list[int]) -> list[Document]:
    batch = batches.open_batch(session, SERVICE, name="đợt", source="test")
    scan = batches.add_scan(session, SERVICE, batch, name="a.pdf", sha256="b" * 64, size=1)
    made, number = [], 0
    for size in sizes:
        document = Document(batch_id=batch.id, position=len(made))
        session.add(document)
        session.flush()
        for position in range(size):
            number += 1
            page = Page(scan_id=scan.id, number=number)
            session.add(page)
            session.flush()
            session.add(DocumentPage(page_id=page.id, document_id=document.id, position=position))
        made.append(document)
    session.flush()
    return made


def numbers(document: Document) -> list[int]:
    return [page.number for page in document.pages]


def test_moved_pages_stand_in_one_document_and_an_empty_one_goes(session: Session) -> None:
    first, second, third = bundle(session, [2, 1, 2])
    third_page = third.pages[0].id
    documents.move_pages(session, SERVICE, [third_page, second.pages[0].id], first, position=1)
    assert numbers(first) == [1, 4, 3, 2]
    assert numbers(third) == [5]
    assert session.get(Document, second.id) is None
    assert session.scalar(select(func.count()).select_from(DocumentPage)) == 5


def test_an_edit_is_audited_marked_and_told_to_the_index(session: Session) -> None:
    (document,) = bundle(session, [2])
    documents.edit(session, SERVICE, document, {"number": "45/2024/TLST-DS", "date": "2024-03-12"})
    assert document.number_key == "45/2024/tlstds" and str(document.date) == "2024-03-12"
    assert document.fields["number"]["by"] == "service"
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event is not None and event.action == "document.edited" and event.detail["before"]["number"] is None
    assert session.scalar(select(func.count()).select_from(OutboxEntry)) == 2


def test_an_edit_of_an_older_version_is_refused(session: Session) -> None:
    (document,) = bundle(session, [1])
    seen = document.version
    documents.edit(session, SERVICE, document, {"title": "QUYẾT ĐỊNH"}, version=seen)
    with pytest.raises(Conflict):
        documents.edit(session, SERVICE, document, {"title": "LỆNH"}, version=seen)


@pytest.mark.parametrize("change", [{"date": "2024-02-30"}, {"type_code": "khong.co"}, {"case_id": 1}])
def test_impossible_values_are_refused(session: Session, change: dict[str, object]) -> None:
    (document,) = bundle(session, [1])
    with pytest.raises(Invalid):
        documents.edit(session, SERVICE, document, change)


def test_filing_puts_a_document_into_the_cases_own_folder(
    session: Session, make_case: Callable[..., Case]
) -> None:
    (document,) = bundle(session, [1])
    case = make_case(session, "7/2026/HSST")
    code = case.folders[1].code
    documents.file_to_case(session, SERVICE, document, case, code)
    assert document.folder is not None and document.folder.code == code and document.case_state == "confirmed"
    with pytest.raises(Invalid):
        documents.file_to_case(session, SERVICE, document, case, "ZZ99")
