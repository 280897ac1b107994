"""Registers in the JSON API: rows with their computed deadlines, adding rows, attaching papers."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from ledger import assess, entries, papers, rights
from ledger import query as reading
from ledger.office import load_office
from storage.access import require_case
from storage.models.cases import Right
from storage.models.ledger import LedgerEntry
from viewer.api.endpoints import Strict, operation
from viewer.api.schemas import Id
from viewer.context import actor, db, note_event, settings

BOOK = "/ledgers/<book>/entries"


class EntriesQuery(Strict):
    """Which rows: ``q`` words without regard to marks, ``state`` as on the page, ``period`` first day of the year."""

    q: Annotated[str, Field(max_length=200)] = ""
    state: Annotated[str, Field(max_length=20, pattern=f"^({'|'.join(reading.STATES)})?$")] = ""
    period: date | None = None
    limit: Annotated[int, Field(ge=1, le=reading.MOST_ROWS)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class FindingOut(Strict):
    """One deadline of a row, graded; ``deadline`` is its id in the data files."""

    check: str
    deadline: str
    about: str
    article: str
    trigger_date: str | None
    due: str | None
    latest: str | None
    actual: str | None
    received: str | None
    state: str
    reason: str
    kind: str
    bound: str
    confidence: str
    agency: str


class PaperOut(Strict):
    """An attached paper; one that may not be opened shows only that it is there."""

    id: int
    kind: str
    label: str
    may_open: bool
    document_id: int | None = None
    scan_id: int | None = None
    pages: list[int | None] | None = None
    page_id: int | None = None
    but_luc: str = ""


class EntryOut(Strict):
    """A row with its computed deadlines; ``violations`` are those late for certain."""

    id: int
    book: str
    number: str
    period: str
    version: int
    case_id: int | None
    struck: bool
    fields: dict[str, Any]
    deadlines: list[FindingOut]
    violations: list[str]
    attachments: list[PaperOut]


class EntriesAnswer(Strict):
    """Rows and how many there are in all."""

    total: int
    entries: list[EntryOut]


class NewEntry(Strict):
    """A row to add: fields by id, values as a person would write them."""

    fields: dict[str, Any]
    case_id: Id | None = None


class NewAttachment(Strict):
    """A document, pages of it (1-based), or a scan."""

    document_id: Id | None = None
    scan_id: Id | None = None
    first_page: Annotated[int | None, Field(ge=1, le=100_000)] = None
    last_page: Annotated[int | None, Field(ge=1, le=100_000)] = None
    label: Annotated[str, Field(max_length=300)] = ""


@operation("GET", BOOK, tag="ledgers", summary="Rows of a register", query=EntriesQuery, answer=EntriesAnswer)
def ledger_entries(book: str, query: EntriesQuery) -> EntriesAnswer:
    """Rows the caller may see, with their deadlines."""
    office = load_office(settings())
    chosen = office.book(book)
    access = rights.book_access(db(), actor(), chosen)
    asked = reading.Query(
        text=query.q,
        state=query.state,
        period=query.period.isoformat() if query.period else "",
        today=entries.office_today(),
    )
    found = reading.rows(db(), chosen, access, asked, query.offset, query.limit)
    note_event("ledger.read", f"ledger:{chosen.id}", rows=len(found), by="api")
    return EntriesAnswer(total=reading.count(db(), chosen, access, asked), entries=[_out(e) for e in found])


@operation("POST", BOOK, tag="ledgers", summary="Add a row", body=NewEntry, answer=EntryOut, status=201)
def add_ledger_entry(book: str, body: NewEntry) -> EntryOut:
    """Add a row; it gets the next number of its period."""
    office = load_office(settings())
    chosen = office.book(book)
    if body.case_id is not None:
        require_case(db(), actor(), body.case_id, Right.WRITE)
    made = entries.create(db(), actor(), chosen, office.engine, body.fields, case_id=body.case_id)
    return _out(made)


@operation(
    "POST",
    BOOK + "/<int:entry_id>/attachments",
    tag="ledgers",
    summary="Attach a paper to a row",
    body=NewAttachment,
    answer=PaperOut,
    status=201,
)
def add_ledger_attachment(book: str, entry_id: int, body: NewAttachment) -> PaperOut:
    """Attach a document, a page range or a scan."""
    chosen = load_office(settings()).book(book)
    entry = rights.require_entry(db(), actor(), chosen, entry_id)
    made = papers.attach(
        db(),
        actor(),
        chosen,
        entry,
        document_id=body.document_id,
        scan_id=body.scan_id,
        first_page=body.first_page,
        last_page=body.last_page,
        label=body.label,
    )
    shown = next(p for p in papers.of_entry(db(), actor(), entry) if p.id == made.id)
    return PaperOut(**shown.as_json())


def _out(entry: LedgerEntry) -> EntryOut:
    office = load_office(settings())
    found = assess.unpack(office.book(entry.book), office.engine, entry.computed, entries.office_today())
    return EntryOut(
        id=entry.id,
        book=entry.book,
        number=entry.number_text,
        period=entry.period,
        version=entry.version,
        case_id=entry.case_id,
        struck=entry.struck_at is not None,
        fields=entry.data,
        deadlines=[FindingOut(**f.as_json()) for f in found],
        violations=[f.deadline for f in found if f.state == "late"],
        attachments=[PaperOut(**p.as_json()) for p in papers.of_entry(db(), actor(), entry)],
    )
