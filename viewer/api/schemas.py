"""What the JSON API takes and gives. The names are a promise to other programs: see docs/api.md before changing one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from viewer.api.endpoints import Strict

Fraction = Annotated[float, Field(ge=-0.01, le=1.01)]
BoxOut = tuple[float, float, float, float]
Id = Annotated[int, Field(ge=0, le=2**53 - 1)]


class SearchQuery(Strict):
    """A search; ``case`` is any number of the case (or its id), ``folder`` and ``type`` are codes."""

    q: Annotated[str, Field(max_length=500)]
    case: Annotated[str | None, Field(max_length=200)] = None
    folder: Annotated[str | None, Field(max_length=40)] = None
    type: Annotated[str | None, Field(max_length=100)] = None
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    person: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=0, le=200)] = 20
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class Hit(Strict):
    """A page that was found; boxes are (x, y, width, height) in fractions of the upright page."""

    page_id: int
    document_id: int | None
    scan_id: int
    case_number: str | None
    folder: str | None
    document_type: str | None
    title: str
    page_number: int | None
    scan_page: int
    but_luc: str | None
    score: float
    snippet: str
    boxes: list[BoxOut]


class FacetValue(Strict):
    """One value a search can be narrowed to, and how many pages that leaves."""

    value: str
    label: str
    count: int


class SearchAnswer(Strict):
    """Hits, best first."""

    total: int
    took_ms: float
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]


class UploadForm(Strict):
    """What may stand beside the file of an upload."""

    case: Annotated[str | None, Field(max_length=200)] = None
    folder: Annotated[str | None, Field(max_length=40)] = None
    batch: Id | None = None


class Progress(Strict):
    """How far a scan is."""

    pages: int | None
    ocr_done: int
    indexed: int


class ScanError(Strict):
    """Why a scan could not be taken further, and what helps."""

    code: str
    message: str
    next: str | None = None


class ScanAnswer(Strict):
    """One file as it arrived."""

    id: int
    sha256: str | None
    name: str
    state: str
    progress: Progress
    error: ScanError | None
    documents: list[int]


class PersonOut(Strict):
    """Somebody a document names."""

    name: str
    role: str


class DocumentPageOut(Strict):
    """A page of a document; width and height in pixels of the upright page."""

    id: int
    scan_id: int
    scan_page: int
    width: int
    height: int
    confidence: float | None


class DocumentAnswer(Strict):
    """One document with what is known of it; ``reasons`` say why the machine set what it set."""

    id: int
    case_number: str | None
    folder: str | None
    type: str | None
    title: str
    number: str | None
    date: date | None
    issuer: str | None
    persons: list[PersonOut]
    but_luc: tuple[str, str] | None
    pages: list[DocumentPageOut]
    confirmed: bool
    reasons: list[str]


class WordOut(Strict):
    """A word as displayed: text, box, confidence."""

    t: str
    box: BoxOut
    conf: float


class PageTextAnswer(Strict):
    """The displayed text of a page: a person's correction, else the machine's reading."""

    text: str
    words: list[WordOut]


class CasesQuery(Strict):
    """Which cases; ``q`` looks in numbers, names and parties."""

    q: Annotated[str | None, Field(max_length=200)] = None
    status: Literal["open", "closed"] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class FolderOut(Strict):
    """A folder of a case with its documents in order."""

    code: str
    name: str
    documents: list[int]


class CaseAnswer(Strict):
    """One case with its folders and the ids of their documents; ``unfiled`` are in no folder yet."""

    id: int
    number: str
    numbers: list[str]
    name: str
    kind: str
    status: str
    folders: list[FolderOut]
    unfiled: list[int]


class CasesAnswer(Strict):
    """A stretch of the list of cases."""

    total: int
    cases: list[CaseAnswer]
