"""From page ids found to what a person sees of each; every hit is checked against his rights once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from search.compile import Wanted
from search.engine import Hit as EngineHit
from search.highlight import Level, Span, show
from search.pages import may_be_indexed, placed_texts
from storage.access import CaseScope
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, Scan
from storage.reading import Box


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found. ``page_number`` counts in the document, ``scan_page`` in the scan, both from 1; ``boxes`` are
    fractions of the upright page; ``marks`` are offsets into ``snippet``; ``why`` tells how each word was found."""

    page_id: int
    document_id: int | None
    scan_id: int
    case_id: int | None
    case_number: str | None
    case_name: str | None
    folder: str | None
    document_type: str | None
    title: str
    number: str | None
    date: str | None
    page_number: int | None
    scan_page: int
    scan_name: str
    but_luc: str | None
    but_luc_volume: str | None
    confirmed: bool
    width: int
    height: int
    score: float
    snippet: str = ""
    marks: tuple[Span, ...] = ()
    boxes: tuple[Box, ...] = ()
    why: tuple[tuple[str, Level], ...] = ()

    _API = (
        "page_id", "document_id", "scan_id", "case_number", "folder", "document_type", "title", "page_number",
        "scan_page", "but_luc", "score", "snippet",
    )  # fmt: skip

    def as_api(self) -> dict[str, Any]:
        """The hit under the API's stable names."""
        return {**{name: getattr(self, name) for name in self._API}, "boxes": [list(box) for box in self.boxes]}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow to, its label on the screen, and how many pages that leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """``tolerant`` says that nothing was found as typed and these are pages with words like them; ``suggestions``
    are other spellings that do find something, for the same person."""

    total: int
    took_ms: float
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    tolerant: bool = False
    suggestions: Sequence[str] = ()

    def as_api(self) -> dict[str, Any]:
        """The answer as JSON, under the API's stable names."""
        return {
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "hits": [hit.as_api() for hit in self.hits],
            "facets": {
                name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
                for name, values in self.facets.items()
            },
        }


def describe(session: Session, scope: CaseScope, found: Sequence[EngineHit], wanted: Wanted | None) -> list[Hit]:
    """What is shown of each hit, in the order given. A page the index still holds but the records no longer give to
    this person (moved, halted, replaced a moment ago) is left out. ``wanted`` None = no snippets and boxes."""
    ids = [hit.page_id for hit in found]
    rows = {}
    for start in range(0, len(ids), 500):
        rows.update({row.Page.id: row for row in session.execute(_query(ids[start : start + 500]))})
    documents = {row.Document.id for row in rows.values() if row.Document}
    places = _places(session, documents)
    hits = []
    for start in range(0, len(found), 500):
        texts = placed_texts(session, ids[start : start + 500]) if wanted is not None else {}
        for hit in found[start : start + 500]:
            row = rows.get(hit.page_id)
            if row is None or not _visible(row, scope):
                continue
            placed = texts.get(hit.page_id)
            shown = show(placed[0], wanted) if placed and wanted is not None else None
            hits.append(_hit(row, places.get(hit.page_id), hit.score, shown))
    return hits


def _query(ids: Sequence[int]) -> Any:
    return (
        select(Page, Scan, Batch, Document)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
        .outerjoin(Document, Document.id == DocumentPage.document_id)
        .options(
            selectinload(Document.case).selectinload(Case.numbers), selectinload(Document.folder),
            selectinload(Batch.case).selectinload(Case.numbers),
        )
        .where(Page.id.in_(ids))
    )  # fmt: skip


def _places(session: Session, documents: set[int]) -> dict[int, int]:
    """Place of every page in its document, from 1."""
    query = select(DocumentPage.page_id, DocumentPage.document_id).where(DocumentPage.document_id.in_(documents))
    counts: dict[int, int] = {}
    places = {}
    for page_id, document_id in session.execute(query.order_by(DocumentPage.document_id, DocumentPage.position)):
        counts[document_id] = counts.get(document_id, 0) + 1
        places[page_id] = counts[document_id]
    return places


def _visible(row: Any, scope: CaseScope) -> bool:
    case_id = row.Document.case_id if row.Document else row.Batch.case_id
    return may_be_indexed(row.Page, row.Batch) and scope.allows(case_id, row.Batch.owner_id)


def _hit(row: Any, place: int | None, score: float, shown: Any) -> Hit:
    page, scan, document = row.Page, row.Scan, row.Document
    day = document.date if document else None
    case = document.case if document else row.Batch.case
    folder = (document.folder.code if document.folder else document.folder_code) if document else row.Batch.folder_code
    return Hit(
        page_id=page.id, document_id=document.id if document else None, scan_id=scan.id,
        case_id=case.id if case else None, case_number=case.number if case else None,
        case_name=case.name if case else None, folder=folder,
        document_type=document.type_code if document else None, title=document.title if document else "",
        number=document.number if document else None, date=day.isoformat() if day else None, page_number=place,
        scan_page=page.number, scan_name=scan.name, but_luc=page.but_luc, but_luc_volume=page.but_luc_volume,
        confirmed=bool(document and document.state == "confirmed"), width=page.width, height=page.height,
        score=round(score, 4), snippet=shown.snippet if shown else "", marks=shown.marks if shown else (),
        boxes=shown.boxes if shown else (), why=shown.why if shown else (),
    )  # fmt: skip
