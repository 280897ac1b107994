"""Documents: changing what is known of one by hand, and moving pages between them.

Every change is audited with before and after, marks the field as set by a person, and tells the index.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import document_types
from config.errors import Conflict, Invalid
from storage import audit, cases, outbox
from storage.access import Actor, require_case, require_case_for_filing
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.documents import Document, DocumentPage
from storage.vietnamese import nfc, number_key

EDITABLE = ("type_code", "title", "number", "date", "issuer", "features")
#: the longest text of đặc điểm tài liệu
LONGEST_FEATURES = 80


def edit(
    session: Session, actor: Actor, document: Document, changes: dict[str, Any], *, version: int | None = None
) -> None:
    """Set fields of a document by hand.

    :param changes: any of ``EDITABLE``; an empty text clears a field.
    :param version: the version the person saw.
    :raises Conflict: the document was changed since that version.
    :raises Invalid: an unknown type, or a date that is no date.
    """
    if version is not None and version != document.version:
        raise Conflict(what=f"Tài liệu {document.title or document.id}")
    before = {key: getattr(document, key) for key in changes}
    for key, value in changes.items():
        if key not in EDITABLE:
            raise Invalid(what=key, why="không phải trường sửa được")
        if key != "features":
            setattr(document, key, _clean(key, value))
    if "number" in changes:
        document.number_key = number_key(document.number) if document.number else None
    mark_set_by_person(document, actor, changes)
    if "features" in changes:
        told = {**document.fields["features"], "value": _clean("features", changes["features"])}
        document.fields = {**document.fields, "features": told}
    session.flush()
    audit.record(
        session, actor.name, "document.edited", f"document:{document.id}", {"before": before, "after": changes}
    )
    outbox.document_changed(session, document.id)


def file_to_case(
    session: Session, actor: Actor, document: Document, case: Case | None, folder_code: str | None = None
) -> None:
    """Move a document to a case and folder (or out of any case, with ``None``). Needs the right to write on both.

    :raises Invalid: the case has no such folder.
    """
    if document.case_id is not None:
        require_case(session, actor, document.case_id, Right.WRITE)
    if case is not None:
        require_case_for_filing(session, actor, case.id)
    folder = cases.folder_of(session, case, folder_code) if case else None
    if case and folder_code and folder is None:
        raise Invalid(what=f"nhóm tài liệu {folder_code}", why="hồ sơ này không có nhóm đó")
    before = {"case": document.case_id, "folder": document.folder_code}
    document.case_id = case.id if case else None
    document.case_state = "confirmed" if case else "unassigned"
    document.folder_id = folder.id if folder else None
    document.folder_code = folder.code if folder else None
    mark_set_by_person(document, actor, ("case", "folder"))
    session.flush()
    session.expire(document, ["case", "folder"])
    audit.record(session, actor.name, "document.moved", f"document:{document.id}",
                 {"before": before, "after": {"case": document.case_id, "folder": document.folder_code}})
    outbox.document_changed(session, document.id)


def confirm(session: Session, actor: Actor, document: Document) -> None:
    """A person vouches for a document as it stands."""
    document.state, document.needs_review = "confirmed", False
    document.confirmed_by_id, document.confirmed_at = actor.user_id, now()
    audit.record(session, actor.name, "document.confirmed", f"document:{document.id}")
    outbox.document_changed(session, document.id)


def move_pages(
    session: Session, actor: Actor, page_ids: list[int], target: Document, position: int | None = None
) -> None:
    """Put pages into a document, at a position (else at its end). A document left without pages is removed.

    Pages keep their readings, notes and bút lục numbers: only the link moves.
    """
    sources = set(session.scalars(select(DocumentPage.document_id).where(DocumentPage.page_id.in_(page_ids))))
    moved = session.scalars(select(DocumentPage).where(DocumentPage.page_id.in_(page_ids)))
    links = {link.page_id: link for link in moved}
    rest = [link.page_id for link in target.page_links if link.page_id not in set(page_ids)]
    place = len(rest) if position is None else max(0, min(position, len(rest)))
    order = [*rest[:place], *page_ids, *rest[place:]]
    for page_id in page_ids:
        if page_id not in links:
            session.add(DocumentPage(page_id=page_id, document_id=target.id, position=0))
        else:
            links[page_id].document_id = target.id
    session.flush()
    session.expire_all()
    renumber(session, target.id, order)
    for source_id in sources - {target.id}:
        _renumber_or_remove(session, actor, source_id)
    audit.record(session, actor.name, "document.pages_moved", f"document:{target.id}",
                 {"pages": page_ids, "from": sorted(sources)})
    outbox.pages_changed(session, order)


def renumber(session: Session, document_id: int, order: list[int]) -> None:
    """Write the order of a document's pages."""
    held = session.scalars(select(DocumentPage).where(DocumentPage.document_id == document_id))
    links = {link.page_id: link for link in held}
    for position, page_id in enumerate(order):
        links[page_id].position = position
    session.flush()
    session.expire_all()


def mark_set_by_person(document: Document, actor: Actor, names: Any) -> None:
    """Note in ``fields`` that a person set these fields: the machine must not overwrite them."""
    fields = dict(document.fields or {})
    for name in names:
        fields[name] = {"by": actor.name, "confidence": 1.0}
    document.fields = fields


def _clean(key: str, value: Any) -> Any:
    if isinstance(value, str):
        value = nfc(value).strip() or None
    if key == "title":
        return value or ""
    if key == "features" and len(value or "") > LONGEST_FEATURES:
        raise Invalid(what="đặc điểm tài liệu", why=f"dài quá {LONGEST_FEATURES} ký tự")
    if key == "type_code" and value is not None and value not in document_types.document_types():
        raise Invalid(what=f"loại tài liệu {value}", why="không có trong danh mục")
    if key == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Invalid(what=f"ngày {value}", why="không phải ngày có thật; viết năm-tháng-ngày") from None
    return value


def _renumber_or_remove(session: Session, actor: Actor, document_id: int) -> None:
    order = list(session.scalars(
        select(DocumentPage.page_id).where(DocumentPage.document_id == document_id).order_by(DocumentPage.position)
    ))
    if order:
        renumber(session, document_id, order)
        return
    document = session.get(Document, document_id)
    if document is not None:
        session.delete(document)
        session.flush()
        audit.record(session, actor.name, "document.removed", f"document:{document_id}", {"why": "no pages left"})
