"""Describing single documents again after a person moved a cut: only those pages are looked at, nothing is read anew.

What a person set stays; everything else of the document is proposed from its new pages, with the scan's own list of
documents as second opinion.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from ingest.describe.describe import describe
from ingest.filing.batch import UNREAD, field_reports
from ingest.filing.folder import choose_folder
from ingest.filing.plan import PlannedDocument
from ingest.split.but_luc import PageNumber
from ingest.split.document_list import read_list
from ingest.split.page import PageView
from ingest.split.propose import Proposal, ProposedDocument
from storage.batch_pages import ordered_pages
from storage.corrections import displayed_reading
from storage.models.documents import Document, DocumentPerson
from storage.models.review import BatchOpinion
from storage.models.scans import Batch, Page, PageKind
from storage.vietnamese import name_key

#: fields of Document the machine may set, and the name each has in ``fields``
MACHINE_FIELDS = ("type_code", "title", "number", "date", "issuer")


def describe_again(session: Session, document_ids: Iterable[int]) -> None:
    """Propose type, title, number, date, issuer, persons and folder of these documents from their pages."""
    found = (session.get(Document, document_id) for document_id in document_ids)
    documents = [document for document in found if document is not None and document.page_links]
    lists = _list_pages(session, documents[0].batch_id) if documents else []
    for document in documents:
        _describe(session, document, lists)


def _list_pages(session: Session, batch_id: int) -> list[Page]:
    batch = session.get_one(Batch, batch_id)
    return [page for page in ordered_pages(session, batch) if page.kind == PageKind.DOCUMENT_LIST]


def _numbers(pages: Sequence[Page]) -> dict[int, PageNumber]:
    """Bút lục numbers as they stand, so that rows of the list are found by them."""
    return {place: PageNumber(page.but_luc, page.but_luc_confidence or 0.0, "số đã ghi của trang", None)
            for place, page in enumerate(pages) if page.but_luc}  # fmt: skip


def _describe(session: Session, document: Document, lists: Sequence[Page]) -> None:
    pages = [*document.pages, *lists]
    views = [
        PageView(place, None if page.ocr_state in UNREAD else displayed_reading(session, page.id), page.dpi)
        for place, page in enumerate(pages)
    ]
    own = len(document.page_links)
    proposed = ProposedDocument(tuple(range(own)), 1.0, (), ())
    proposal = Proposal((proposed,), (), tuple(read_list(views[own:])), numbers=_numbers(document.pages))
    opinion = session.get(BatchOpinion, document.batch_id)
    case_kind = document.case.kind if document.case else opinion.case_kind if opinion else None
    told = describe(proposed, proposal, views, case_kind)
    fields = dict(document.fields or {})
    by_person = {name for name, value in fields.items() if "by" in value}
    values = {
        "type_code": told.kind.code, "title": told.title.value if told.title else "",
        "number": told.number.value.text if told.number else None, "date": told.date.value if told.date else None,
        "issuer": told.issuer.value if told.issuer else None,
    }  # fmt: skip
    for name in MACHINE_FIELDS:
        if name not in by_person:
            setattr(document, name, values[name])
    if "number" not in by_person:
        document.number_key = told.number.value.key if told.number else None
    folder = choose_folder(document.type_code, told.kind.confidence, case_kind)
    if folder is not None and "folder" not in by_person:
        document.folder_code = folder.code
        homes = document.case.folders if document.case else []
        document.folder_id = next((home.id for home in homes if home.code == folder.code), None)
    unsure = [name for name, sure in told.sure.items() if not sure and name != "cut"]
    if folder is None or not folder.sure:
        unsure.append("folder")
    planned = PlannedDocument(proposed, told, folder, tuple(unsure))
    reports = field_reports(planned, pages)
    document.fields = {**{k: v for k, v in reports.items() if k not in by_person},
                       **{k: v for k, v in fields.items() if k in by_person or k == "case"}}
    document.needs_review = bool({"type_code" if name == "type" else name for name in unsure} - by_person)
    document.confidence = told.kind.confidence
    document.persons = [
        DocumentPerson(name=p.name, key=name_key(p.name), role=p.role or "", page_id=pages[p.page].id,
                       box=list(p.box) if p.box else None, confidence=p.confidence)
        for p in told.persons
    ]  # fmt: skip
    session.flush()
