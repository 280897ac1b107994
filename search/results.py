"""From page ids found to what a person sees of each; every hit is checked against his rights once more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from search.compile import Wanted
from search.engine import Hit as EngineHit
from search.highlight import Level, Span, show
from search.pages import may_be_indexed, placed_texts
from storage.access import CaseScope
from storage.models.cases import Case, CaseNumber, EvidenceFolder
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, Scan
from storage.reading import Box

_AT_ONCE: Final = 500


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
    hits: list[Hit] = []
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        ids = [hit.page_id for hit in part]
        rows = {row.page_id: row for row in session.execute(_ROWS, {"ids": ids}) if _visible(row, scope)}
        places = _places(session, {row.document_id for row in rows.values() if row.document_id is not None})
        cases = case_labels(session, {row.case_id for row in rows.values() if row.case_id is not None})
        texts = placed_texts(session, list(rows)) if wanted is not None else {}
        for hit in part:
            row = rows.get(hit.page_id)
            if row is not None:
                placed = texts.get(hit.page_id)
                shown = show(placed[0], wanted) if placed and wanted is not None else None
                hits.append(_hit(row, cases.get(row.case_id), places.get(hit.page_id), hit.score, shown))
    return hits


@dataclass(frozen=True, slots=True)
class CaseLabel:
    """How a case is named: its first number (its name where it has none) and its name."""

    number: str
    name: str

    @property
    def full(self) -> str:
        """Number and name, or the name alone."""
        return self.name if self.number == self.name else f"{self.number} – {self.name}"


def case_labels(session: Session, ids: Iterable[int]) -> dict[int, CaseLabel]:
    """Names of cases, by id."""
    labels: dict[int, CaseLabel] = {}
    for case_id, name, number in session.execute(_CASES, {"ids": list(ids)}):
        labels.setdefault(case_id, CaseLabel(number or name, name))
    return labels


#: Columns, not objects: making objects of rows that are only shown took most of a reply's time.
_ROWS: Final = (
    select(
        Page.id.label("page_id"), Page.number.label("scan_page"), Page.width, Page.height, Page.but_luc,
        Page.but_luc_volume, Page.header_checked, Page.replaced_by_id, Scan.id.label("scan_id"),
        Scan.name.label("scan_name"), Batch.secret_state, Batch.owner_id,
        case((Document.id.is_(None), Batch.case_id), else_=Document.case_id).label("case_id"),
        case((Document.id.is_(None), Batch.folder_code),
             else_=func.coalesce(EvidenceFolder.code, Document.folder_code)).label("folder"),
        Document.id.label("document_id"), Document.type_code, Document.title, Document.number, Document.date,
        Document.state,
    )
    .join(Scan, Scan.id == Page.scan_id)
    .join(Batch, Batch.id == Scan.batch_id)
    .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
    .outerjoin(Document, Document.id == DocumentPage.document_id)
    .outerjoin(EvidenceFolder, EvidenceFolder.id == Document.folder_id)
    .where(Page.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
_CASES: Final = (
    select(Case.id, Case.name, CaseNumber.number)
    .outerjoin(CaseNumber, CaseNumber.case_id == Case.id)
    .where(Case.id.in_(bindparam("ids", expanding=True)))
    .order_by(Case.id, CaseNumber.id)
)
_PLACES: Final = (
    select(DocumentPage.page_id, DocumentPage.document_id)
    .where(DocumentPage.document_id.in_(bindparam("ids", expanding=True)))
    .order_by(DocumentPage.document_id, DocumentPage.position)
)


def _places(session: Session, documents: set[int]) -> dict[int, int]:
    """Place of every page in its document, from 1."""
    counts: dict[int, int] = {}
    places = {}
    for page_id, document_id in session.execute(_PLACES, {"ids": list(documents)}):
        counts[document_id] = counts.get(document_id, 0) + 1
        places[page_id] = counts[document_id]
    return places


def _visible(row: Any, scope: CaseScope) -> bool:
    return may_be_indexed(row, row) and scope.allows(row.case_id, row.owner_id)


def _hit(row: Any, label: CaseLabel | None, place: int | None, score: float, shown: Any) -> Hit:
    return Hit(
        page_id=row.page_id, document_id=row.document_id, scan_id=row.scan_id, case_id=row.case_id,
        case_number=label.number if label else None, case_name=label.name if label else None, folder=row.folder,
        document_type=row.type_code, title=row.title or "", number=row.number,
        date=row.date.isoformat() if row.date else None, page_number=place, scan_page=row.scan_page,
        scan_name=row.scan_name, but_luc=row.but_luc, but_luc_volume=row.but_luc_volume,
        confirmed=row.state == "confirmed", width=row.width, height=row.height, score=round(score, 4),
        snippet=shown.snippet if shown else "", marks=shown.marks if shown else (),
        boxes=shown.boxes if shown else (), why=shown.why if shown else (),
    )  # fmt: skip
