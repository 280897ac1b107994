"""Who is named where in a case ("ai được nhắc ở đâu")."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from search.pages import may_be_indexed
from storage.access import CaseScope
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, Scan
from storage.models.search import PagePerson
from storage.reading import Box


@dataclass(frozen=True, slots=True)
class Mention:
    """A page that names the person."""

    page_id: int
    document_id: int | None
    document_title: str
    place: int | None
    scan_page: int
    but_luc: str | None
    but_luc_volume: str | None
    times: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class CasePerson:
    """A person named in the case: ``name`` as written most, ``certain`` when a word like "bị can" stood before it."""

    name: str
    key: str
    times: int
    certain: bool
    mentions: Sequence[Mention]


def case_persons(session: Session, scope: CaseScope, case_id: int) -> list[CasePerson]:
    """Everybody named on the pages of a case a person may see, most often named first. Names differing by a mark are
    different persons here, for a person to judge."""
    if not scope.allows(case_id, None):
        return []
    query = (
        select(PagePerson, Page, Batch, DocumentPage, Document)
        .join(Page, Page.id == PagePerson.page_id)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
        .outerjoin(Document, Document.id == DocumentPage.document_id)
        .where(or_(Document.case_id == case_id, Document.id.is_(None) & (Batch.case_id == case_id)))
        .order_by(Document.position, DocumentPage.position, Page.id)
    )
    rows: dict[str, list[tuple[PagePerson, Mention]]] = {}
    for person, page, batch, link, document in session.execute(query):
        if may_be_indexed(page, batch):
            rows.setdefault(person.key, []).append((person, _mention(person, page, link, document)))
    found = [_person(key, own) for key, own in rows.items()]
    return sorted(found, key=lambda one: (-one.times, one.key))


def _mention(person: PagePerson, page: Page, link: DocumentPage | None, document: Document | None) -> Mention:
    return Mention(
        page_id=page.id, document_id=document.id if document else None,
        document_title=document.title if document else "",
        place=link.position + 1 if link else None, scan_page=page.number, but_luc=page.but_luc,
        but_luc_volume=page.but_luc_volume, times=person.times, boxes=tuple(tuple(box) for box in person.boxes),
    )  # fmt: skip


def _person(key: str, own: list[tuple[PagePerson, Mention]]) -> CasePerson:
    names: dict[str, int] = {}
    for person, _ in own:
        names[person.name] = names.get(person.name, 0) + person.times
    name = max(names, key=lambda n: (names[n], n))
    certain = any(person.reason == "title" for person, _ in own)
    return CasePerson(name, key, sum(p.times for p, _ in own), certain, [mention for _, mention in own])
