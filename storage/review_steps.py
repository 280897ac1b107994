"""Steps of a review: every change to a batch by a person in one transaction, audited, told to the index, and undoable.

``step`` looks at the batch before and after the change and keeps what was there before for what differs only. Undoing
puts exactly that back. Readings, notes and page identities are never touched, so a correction costs no reading.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from config.errors import Conflict, Invalid
from storage import audit, outbox
from storage.access import Actor, require_batch, require_case
from storage.models.base import now
from storage.models.cases import Right
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.review import ReviewStep
from storage.models.scans import Batch, Page, Scan
from storage.turning import turn_page

DOCUMENT_VALUES = (
    "batch_id", "case_id", "case_state", "folder_id", "folder_code", "type_code", "title", "number",
    "number_key", "date", "issuer", "position", "but_luc_first", "but_luc_last", "state", "confirmed_by_id",
    "confirmed_at", "needs_review", "confidence", "reasons", "fields",
)  # fmt: skip
PAGE_VALUES = ("kind", "kind_confirmed", "rotation", "rotation_confirmed", "but_luc", "but_luc_volume", "but_luc_state",
               "but_luc_confidence")  # fmt: skip
_MOMENTS, _DAYS = {"confirmed_at"}, {"date"}
Snapshot = dict[str, dict[str, Any]]


def writable_batch(session: Session, actor: Actor, batch_id: int) -> Batch:
    """The batch, if the actor may change all of it: the batch itself and every case its documents lie in.

    :raises NotFound, Forbidden, CaseClosed: as in ``storage.access``.
    """
    batch = require_batch(session, actor, batch_id, Right.WRITE)
    held = select(Document.case_id).where(Document.batch_id == batch_id, Document.case_id.is_not(None)).distinct()
    for case_id in session.scalars(held):
        if case_id is not None:
            require_case(session, actor, case_id, Right.WRITE)
    return batch


@contextmanager
def step(session: Session, actor: Actor, batch: Batch, label: str, action: str) -> Iterator[None]:
    """Do a change inside; afterwards it is audited as ``action`` and can be undone by its ``label``."""
    session.flush()
    before = _snapshot(session, batch.id)
    yield
    session.flush()
    session.expire_all()
    after = _snapshot(session, batch.id)
    changed = _difference(before, after)
    if not any(changed.values()):
        return
    session.add(ReviewStep(batch_id=batch.id, user_id=actor.user_id, label=label, before=changed))
    audit.record(session, actor.name, action, f"batch:{batch.id}", {
        "label": label, "documents": sorted(int(i) for i in changed["documents"]),
        "pages": sorted(int(i) for i in changed["pages"]),
    })  # fmt: skip
    outbox.pages_changed(session, _touched_pages(changed, after))


def last_step(session: Session, batch_id: int) -> ReviewStep | None:
    """What ``undo`` would take back; None when there is nothing."""
    return session.scalar(
        select(ReviewStep).where(ReviewStep.batch_id == batch_id, ReviewStep.undone_at.is_(None))
        .order_by(ReviewStep.id.desc()).limit(1)
    )  # fmt: skip


def turned_by_undo(session: Session, batch_id: int) -> list[int]:
    """Pages that undoing the last step would turn."""
    last = last_step(session, batch_id)
    told = last.before["pages"].items() if last else ()
    return [int(key) for key, values in told if values["rotation"] != session.get_one(Page, int(key)).rotation]


def undo(session: Session, actor: Actor, batch_id: int) -> str:
    """Take back the last step of a batch; gives its label.

    :raises Invalid: there is nothing to take back.
    :raises Conflict: a page of it has since gone to a document of another batch.
    """
    batch = writable_batch(session, actor, batch_id)
    last = last_step(session, batch_id)
    if last is None:
        raise Invalid(what="hoàn tác", why="không còn bước nào của đợt quét này")
    before: Snapshot = last.before
    _restore(session, batch, before)
    last.undone_at = now()
    session.flush()
    session.expire_all()
    audit.record(session, actor.name, "batch.step_undone", f"batch:{batch.id}", {"step": last.id, "label": last.label})
    outbox.pages_changed(session, _touched_pages(before, _snapshot(session, batch.id)))
    return last.label


def _snapshot(session: Session, batch_id: int) -> Snapshot:
    """Everything a step can change, as plain values by id."""
    documents: dict[str, Any] = {}
    whole = select(Document).where(Document.batch_id == batch_id).options(
        selectinload(Document.page_links), selectinload(Document.persons))  # fmt: skip
    for document in session.scalars(whole):
        values = {name: getattr(document, name) for name in DOCUMENT_VALUES}
        values["pages"] = [link.page_id for link in document.page_links]
        values["persons"] = [
            [p.name, p.key, p.role, p.page_id, p.box, p.confidence] for p in document.persons
        ]  # fmt: skip
        documents[str(document.id)] = _plain(values)
    pages: dict[str, Any] = {}
    for page in session.scalars(select(Page).join(Scan).where(Scan.batch_id == batch_id)):
        pages[str(page.id)] = _plain({name: getattr(page, name) for name in PAGE_VALUES})
    batch = session.get_one(Batch, batch_id)
    return {"documents": documents, "pages": pages, "batch": {str(batch.id): {"case_id": batch.case_id}}}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON gives it back, so that comparing before and after is fair."""
    answer: dict[str, Any] = json.loads(json.dumps(values, default=lambda value: value.isoformat()))
    return answer


def _difference(before: Snapshot, after: Snapshot) -> Snapshot:
    """The values before, for everything that is different after; null for what was not there."""
    changed: Snapshot = {"documents": {}, "pages": {}, "batch": {}}
    for part in changed:
        for key in before[part].keys() | after[part].keys():
            if before[part].get(key) != after[part].get(key):
                changed[part][key] = before[part].get(key)
    return changed


def _touched_pages(changed: Snapshot, now_there: Snapshot) -> list[int]:
    found = {int(key) for key in changed["pages"]}
    for key, values in changed["documents"].items():
        for side in (values, now_there["documents"].get(key)):
            found.update(side["pages"] if side else ())
    return sorted(found)


def _restore(session: Session, batch: Batch, before: Snapshot) -> None:
    for values in before["batch"].values():
        batch.case_id = values["case_id"]
    for key, values in before["pages"].items():
        page = session.get_one(Page, int(key))
        if values and values["rotation"] != page.rotation:
            turn_page(session, page, values["rotation"] - page.rotation)
        for name, value in (values or {}).items():
            setattr(page, name, value)
    ids = [int(key) for key in before["documents"]]
    wanted = [page for values in before["documents"].values() if values for page in values["pages"]]
    elsewhere = session.scalar(
        select(DocumentPage.page_id).join(Document)
        .where(DocumentPage.page_id.in_(wanted), Document.batch_id != batch.id).limit(1)
    )  # fmt: skip
    if elsewhere is not None:
        raise Conflict(what=f"Trang {elsewhere}")
    session.execute(delete(DocumentPage).where(DocumentPage.document_id.in_(ids)))
    session.execute(delete(DocumentPage).where(DocumentPage.page_id.in_(wanted)))
    session.expire_all()
    for key, values in before["documents"].items():
        _restore_document(session, int(key), values)
    _remove_empty(session, batch.id)


def _restore_document(session: Session, document_id: int, values: dict[str, Any] | None) -> None:
    document = session.get(Document, document_id)
    if values is None:
        if document is not None:
            session.delete(document)
            session.flush()
        return
    if document is None:
        document = Document(id=document_id, batch_id=values["batch_id"])
        session.add(document)
    for name in DOCUMENT_VALUES:
        setattr(document, name, _revived(name, values[name]))
    session.flush()
    session.add_all(
        DocumentPage(page_id=page_id, document_id=document_id, position=place)
        for place, page_id in enumerate(values["pages"])
    )
    document.persons = [
        DocumentPerson(name=n, key=k, role=r, page_id=p, box=b, confidence=c) for n, k, r, p, b, c in values["persons"]
    ]
    session.flush()


def _revived(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else value


def _remove_empty(session: Session, batch_id: int) -> None:
    """A document all of whose pages went back elsewhere is gone."""
    held = select(DocumentPage.document_id)
    for document in session.scalars(select(Document).where(Document.batch_id == batch_id, Document.id.not_in(held))):
        session.delete(document)
    session.flush()
