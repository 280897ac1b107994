"""Export of a whole case as a BagIt bag: a folder whose every file is listed with its hash, readable without us.

::

    bag/data/case.json             the case, its documents and which pages of which file they are
    bag/data/originals/…           every file as it arrived
    bag/data/searchable/…          the same as searchable PDF/A, where it could be made
    bag/data/documents/…           each document as a PDF of its own, its pages labelled by bút lục
    bag/data/text/…                what was read, one text per document
    bag/data/history.json          the audit events of the case
    bag/manifest-sha256.txt        BagIt's own list
"""

import json
import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bagit
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.errors import EXIT_USAGE, ArchiveError
from config.settings import Settings
from ingest import assemble_scan
from ingest.document_pdf import PagePlace, write_document_pdf
from ingest.errors import AssembleFailed, AssembleImpossible
from storage import audit
from storage.access import Actor, require_case
from storage.corrections import displayed_reading
from storage.database import Database
from storage.derived import DerivedStore
from storage.models.cases import Case, Right
from storage.models.documents import Document, DocumentPage
from storage.models.records import AuditEvent
from storage.models.scans import Batch, Page, Scan, SecretState
from storage.vault import Vault

_MAX_NAME = 100
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


class ExportTarget(ArchiveError):
    """The folder to export into is there already."""

    code = "EXPORT-TARGET"
    vi = "Thư mục {path} đã có nên chưa xuất hồ sơ. Không có gì thay đổi. Hãy chọn tên khác."
    en = "{path} is there already, so the case was not exported. Nothing was changed. Choose another name."
    exit_code = EXIT_USAGE


@dataclass(slots=True)
class Exported:
    """What went into the bag.

    :ivar without_pdf: files of which no searchable PDF could be made, with the reason.
    :ivar left_out: files that also hold pages of another case, which must not leave with this one.
    """

    path: Path
    scans: int = 0
    documents: int = 0
    without_pdf: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def export_case(
    settings: Settings, database: Database, vault: Vault, actor: Actor, case_id: int, target: Path
) -> Exported:
    """Write one case as a bag.

    :raises NotFound: there is no such case, or the actor may not read it.
    :raises ExportTarget: `target` exists.
    """
    if target.exists():
        raise ExportTarget(path=target)
    with database.read() as session:
        case = require_case(session, actor, case_id, Right.READ)
        partial = target.with_name(f".{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            exported = _write(settings, database, session, vault, case, partial)
            _make_bag(partial, case, settings)
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    exported.path = target
    with database.write() as session:
        audit.record(session, actor.name, "case.exported", f"case:{case_id}",
                     {"path": str(target), "scans": exported.scans, "documents": exported.documents})
    return exported


def safe_name(text: str) -> str:
    """A name that Windows, a USB stick and a person can all read; never a path."""
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", text)).strip(" .-")
    return plain.encode()[:_MAX_NAME].decode(errors="ignore").strip(" .-") or "khong-ten"


def _write(
    settings: Settings, database: Database, session: Session, vault: Vault, case: Case, folder: Path
) -> Exported:
    exported = Exported(folder)
    files: dict[int, str] = {}
    searchable: dict[int, Path] = {}
    for scan in _scans(session, case):
        pdf = _searchable(settings, database, session, scan, exported)
        if pdf:
            searchable[scan.id] = pdf
        if _holds_another_case(session, scan, case):
            exported.left_out.append(scan.name)
            continue
        files[scan.id] = name = f"{scan.id:05d}-{safe_name(scan.name)}"
        exported.scans += 1
        _copy(vault.path(str(scan.sha256)), folder / "originals" / name)
        if pdf:
            _copy(pdf, folder / "searchable" / f"{name}.pdf")
    documents = _documents(session, case)
    (folder / "text").mkdir()
    for position, document in enumerate(documents, 1):
        exported.documents += 1
        name = f"{position:04d}-{safe_name(document.title)}"
        (folder / "text" / f"{name}.txt").write_text(_text(session, document), "utf-8")
        _add_document(document, searchable, folder / "documents" / f"{name}.pdf")
    _write_json(folder / "case.json", _case_record(case, documents, files))
    _write_json(folder / "history.json", _history(session, case, documents))
    return exported


def _documents(session: Session, case: Case) -> list[Document]:
    return list(
        session.scalars(
            select(Document).join(Batch).where(Document.case_id == case.id, Batch.secret_state != SecretState.HALTED)
            .order_by(Document.batch_id, Document.position, Document.id)
        )
    )


def _scans(session: Session, case: Case) -> list[Scan]:
    """Every file of the case's own batches, and every other file of which a document of the case has a page."""
    elsewhere = select(Page.scan_id).join(DocumentPage).join(Document).where(Document.case_id == case.id)
    return list(
        session.scalars(
            select(Scan).join(Batch)
            .where(or_(Batch.case_id == case.id, Scan.id.in_(elsewhere)))
            .where(Scan.sha256.is_not(None), Batch.secret_state != SecretState.HALTED).order_by(Scan.id)
        )
    )


def _holds_another_case(session: Session, scan: Scan, case: Case) -> bool:
    other = (
        select(Document.id).join(DocumentPage).join(Page, Page.id == DocumentPage.page_id)
        .where(Page.scan_id == scan.id, Document.case_id.is_not(None), Document.case_id != case.id).limit(1)
    )
    return session.scalar(other) is not None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)


def _searchable(
    settings: Settings, database: Database, session: Session, scan: Scan, exported: Exported
) -> Path | None:
    """The scan's searchable PDF, made now if it is not there yet; None (and the reason noted) where it cannot be."""
    if not scan.page_count:
        return None
    made = assemble_scan.searchable_pdf_path(session, DerivedStore(settings.derived_folder), scan)
    try:
        if not made.is_file():
            assemble_scan.make(settings, database, scan.id, made)
    except (AssembleFailed, AssembleImpossible) as error:
        exported.without_pdf[scan.name] = str(error)
        return None
    return made


def _add_document(document: Document, searchable: dict[int, Path], target: Path) -> None:
    """One document as a PDF, unless a page of it has no searchable PDF to be taken from."""
    if not document.pages or not all(page.scan_id in searchable for page in document.pages):
        return
    places = [PagePlace(searchable[page.scan_id], page.number, page.but_luc) for page in document.pages]
    write_document_pdf(places, target, title=document.title)


def _text(session: Session, document: Document) -> str:
    readings = [displayed_reading(session, page.id) for page in document.pages]
    return "\n\f\n".join(reading.text if reading else "" for reading in readings)


def _case_record(case: Case, documents: list[Document], files: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": case.kind, "name": case.name, "status": case.status, "unit": case.unit,
        "numbers": [{"number": n.number, "issuer": n.issuer, "stage": n.stage, "date": n.date} for n in case.numbers],
        "parties": [{"name": p.name, "role": p.role, "birth_year": p.birth_year} for p in case.parties],
        "folders": [{"code": f.code, "name": f.name} for f in case.folders],
        "documents": [_document_record(document, files) for document in documents],
    }


def _document_record(document: Document, files: dict[int, str]) -> dict[str, Any]:
    return {
        "id": document.id, "type": document.type_code, "folder": document.folder_code, "title": document.title,
        "number": document.number, "date": document.date, "issuer": document.issuer,
        "but_luc": [document.but_luc_first, document.but_luc_last],
        "confirmed": document.state == "confirmed", "confirmed_at": document.confirmed_at,
        "confidence": document.confidence, "persons": [{"name": p.name, "role": p.role} for p in document.persons],
        "pages": [{"file": files.get(page.scan_id), "page": page.number, "but_luc": page.but_luc}
                  for page in document.pages],
    }


def _history(session: Session, case: Case, documents: list[Document]) -> list[dict[str, Any]]:
    subjects = [f"case:{case.id}", *(f"document:{document.id}" for document in documents)]
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject.in_(subjects)).order_by(AuditEvent.seq))
    return [{"seq": e.seq, "at": e.at, "actor": e.actor, "action": e.action, "subject": e.subject,
             "detail": e.detail, "hash": e.hash} for e in events]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")


def _make_bag(folder: Path, case: Case, settings: Settings) -> None:
    bag = bagit.make_bag(
        str(folder),
        {"Source-Organization": settings.office_name, "External-Description": case.name,
         "External-Identifier": case.number, "Bag-Software-Agent": f"archive_svc {version('archive-svc')}"},
        checksums=["sha256"],
    )
    bag.validate()
