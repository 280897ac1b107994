"""Scans, documents, pages and cases in the JSON API."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from ingest import report
from storage import access, corrections
from storage.models.cases import Case
from storage.models.documents import Document
from storage.models.scans import Scan
from viewer import languages, queries, uploads
from viewer.api import schemas
from viewer.api.endpoints import checked, operation
from viewer.context import actor, db, note_event, settings
from viewer.review_board import reasons_of

UPLOAD_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "the scan; its name is kept as given"},
        "case": {"type": "string", "description": "any number of the case, or its id"},
        "folder": {"type": "string", "description": "code of the evidence folder"},
        "batch": {"type": "integer", "minimum": 1, "description": "id of an open batch this file belongs to"},
    },
}


@operation(
    "POST", "/scans", tag="scans", summary="Take a file in", answer=schemas.ScanAnswer, form=UPLOAD_FORM, status=201
)
def add_scan() -> schemas.ScanAnswer:
    """Take a file in; it is read and indexed in the background."""
    form = checked(schemas.UploadForm, request.form.to_dict())
    received = uploads.receive(settings(), request.files.getlist("file")[:1])
    case = uploads.case_from(db(), actor(), form.case or "")
    _batch, scans = uploads.register(
        db(), actor(), received, case=case, name=received[0].name, folder_code=form.folder, batch_id=form.batch,
        source="api",
    )
    return scan_answer(db(), scans[0])


@operation("GET", "/scans/<int:scan_id>", tag="scans", summary="One scan and how far it is", answer=schemas.ScanAnswer)
def scan(scan_id: int) -> schemas.ScanAnswer:
    """One scan."""
    return scan_answer(db(), access.require_scan(db(), actor(), scan_id))


@operation(
    "GET", "/documents/<int:document_id>", tag="documents", summary="One document", answer=schemas.DocumentAnswer
)
def document(document_id: int) -> schemas.DocumentAnswer:
    """One document."""
    found = access.require_document(db(), actor(), document_id)
    note_event("document.viewed", f"document:{found.id}", by="api")
    return document_answer(found)


@operation(
    "GET", "/pages/<int:page_id>/text", tag="pages", summary="Displayed text of a page", answer=schemas.PageTextAnswer
)
def page_text(page_id: int) -> schemas.PageTextAnswer:
    """Text and words of a page."""
    page = access.require_page(db(), actor(), page_id)
    reading = corrections.displayed_reading(db(), page.id)
    if reading is None:
        return schemas.PageTextAnswer(text="", words=[])
    words = [schemas.WordOut(t=word.text, box=word.box, conf=word.confidence) for word in reading.words]
    return schemas.PageTextAnswer(text=reading.text, words=words)


@operation("GET", "/cases", tag="cases", summary="Cases", query=schemas.CasesQuery, answer=schemas.CasesAnswer)
def list_cases(query: schemas.CasesQuery) -> schemas.CasesAnswer:
    """Cases the caller may see."""
    total, found = queries.cases(
        db(), actor(), text=query.q or "", status=query.status, limit=query.limit, offset=query.offset
    )
    return schemas.CasesAnswer(total=total, cases=[case_answer(db(), one) for one in found])


@operation("GET", "/cases/<int:case_id>", tag="cases", summary="One case", answer=schemas.CaseAnswer)
def case(case_id: int) -> schemas.CaseAnswer:
    """One case."""
    return case_answer(db(), access.require_case(db(), actor(), case_id))


def scan_answer(session: Session, found: Scan) -> schemas.ScanAnswer:
    """A scan as the API gives it."""
    far = queries.progress(session, found)
    error = None
    if found.error_code:
        error = schemas.ScanError(code=found.error_code, message=report.error_message(found, languages.choose()))
    return schemas.ScanAnswer(
        id=found.id, sha256=found.sha256, name=found.name, state=found.state, error=error,
        progress=schemas.Progress(pages=far.pages, ocr_done=far.ocr_done, indexed=far.indexed),
        documents=[one.id for one in queries.documents_of_scan(session, actor(), found)],
    )


def document_answer(found: Document) -> schemas.DocumentAnswer:
    """A document as the API gives it."""
    first, last = found.but_luc_first, found.but_luc_last
    return schemas.DocumentAnswer(
        id=found.id, case_number=found.case.number if found.case else None, folder=found.folder_code,
        type=found.type_code, title=found.title, number=found.number, date=found.date, issuer=found.issuer,
        persons=[schemas.PersonOut(name=one.name, role=one.role) for one in found.persons],
        but_luc=(first, last or first) if first else None,
        pages=[
            schemas.DocumentPageOut(
                id=page.id, scan_id=page.scan_id, scan_page=page.number, width=page.width, height=page.height,
                confidence=page.confidence,
            )
            for page in found.pages
        ],
        confirmed=found.state == "confirmed", reasons=[words for words, _ in reasons_of(found)],
    )


def case_answer(session: Session, found: Case) -> schemas.CaseAnswer:
    """A case as the API gives it."""
    documents = queries.documents_of(session, actor(), found.id)
    in_folder: dict[int | None, list[int]] = {}
    for one in documents:
        in_folder.setdefault(one.folder_id, []).append(one.id)
    return schemas.CaseAnswer(
        id=found.id, number=found.number, numbers=[one.number for one in found.numbers], name=found.name,
        kind=found.kind, status=found.status, unfiled=in_folder.get(None, []),
        folders=[
            schemas.FolderOut(code=folder.code, name=folder.name, documents=in_folder.get(folder.id, []))
            for folder in found.folders
        ],
    )
