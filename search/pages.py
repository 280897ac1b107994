"""From records to what the index holds of each page.

A page whose header was not yet read for marks of secrecy, that lies in a halted batch, or that a rescan has replaced,
is not indexed, and leaves the index when it becomes so.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from typing import Any, Final, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from search import schema
from search.persons import persons
from search.places import PlacedText
from search.schema import IndexPage
from search.tokens import body_terms, legal_terms, pairs_of, person_terms, tokens
from storage import but_luc
from storage.corrections import apply_corrections
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, PageCorrection, PageText, Scan, SecretState
from storage.models.search import PagePerson
from storage.reading import PageReading
from storage.vietnamese import fold
from storage.vietnamese_tokens import legal_tokens

_UNPLACED: Final = 900_000_000  # order of pages without bút lục: behind those that have one
_MOST_PERSONS: Final = 60  # of one page; a list of names is longer than anybody asks for


@dataclass(slots=True)
class Loaded:
    """Pages to put, ids to remove, and the persons named on the pages put."""

    pages: list[IndexPage]
    removed: list[int]
    persons: list[PagePerson]


def load(session: Session, page_ids: Sequence[int]) -> Loaded:
    """Everything the index needs to know of these pages, in a handful of queries."""
    rows = session.execute(
        select(Page, Scan, Batch, DocumentPage)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
        .where(Page.id.in_(page_ids))
    ).all()
    documents = _documents(session, {link.document_id for _, _, _, link in rows if link})
    texts = placed_texts(session, [page.id for page, _, _, _ in rows], keep=False)
    loaded = Loaded([], sorted(set(page_ids) - {page.id for page, _, _, _ in rows}), [])
    for page, scan, batch, link in rows:
        if not may_be_indexed(page, batch):
            loaded.removed.append(page.id)
            continue
        source = _Source(page, scan, batch, link, documents.get(link.document_id) if link else None)
        placed, corrected = texts.get(page.id, (None, False))
        named = _page_persons(page.id, placed) if placed else []
        loaded.pages.append(_index_page(source, placed, corrected, named))
        loaded.persons.extend(named)
    return loaded


class _PageStates(Protocol):
    @property
    def header_checked(self) -> bool: ...

    @property
    def replaced_by_id(self) -> Any: ...


class _BatchStates(Protocol):
    @property
    def secret_state(self) -> Any: ...


def may_be_indexed(page: _PageStates, batch: _BatchStates) -> bool:
    """Whether anybody may find the page at all. Takes records, or rows with these columns."""
    if batch.secret_state == SecretState.HALTED or page.replaced_by_id is not None:
        return False
    return page.header_checked or batch.secret_state == SecretState.RELEASED


_READINGS: Final = (
    select(PageText.page_id, PageText.reading)
    .where(PageText.page_id.in_(bindparam("ids", expanding=True)))
    .order_by(PageText.id)
)
_CORRECTIONS: Final = (
    select(PageCorrection)
    .where(PageCorrection.page_id.in_(bindparam("ids", expanding=True)), PageCorrection.undone_at.is_(None))
    .order_by(PageCorrection.id)
)
#: The reading itself and the corrections over it, not their ids: a reading may be changed in its row.
_Key = tuple[bytes, tuple[str, ...]]
_MOST_KEPT: Final = 500  # pages, of about 80 kB
_kept: OrderedDict[_Key, PlacedText] = OrderedDict()
_keeping = Lock()


def placed_texts(
    session: Session, page_ids: Sequence[int], *, keep: bool = True
) -> dict[int, tuple[PlacedText, bool]]:
    """What people see of each page (newest reading, corrections laid over it), and whether a person corrected it.
    ``keep`` remembers the pages last asked for, as the next page of results or the next search shows them again."""
    newest: dict[int, bytes] = dict(session.execute(_READINGS, {"ids": list(page_ids)}).all())
    corrections: dict[int, list[PageCorrection]] = {}
    for correction in session.scalars(_CORRECTIONS, {"ids": list(page_ids)}):
        corrections.setdefault(correction.page_id, []).append(correction)
    found = {}
    for page_id, packed in newest.items():
        own = corrections.get(page_id, [])
        found[page_id] = (_kept_text(packed, own) if keep else _placed_text(packed, own), bool(own))
    return found


def _placed_text(packed: bytes, corrections: Sequence[PageCorrection]) -> PlacedText:
    if corrections:
        return PlacedText.of(apply_corrections(PageReading.unpack(packed), corrections))
    return PlacedText.packed(packed)


def _kept_text(packed: bytes, corrections: Sequence[PageCorrection]) -> PlacedText:
    key = (blake2b(packed, digest_size=16).digest(), tuple(f"{one.box} {one.after}" for one in corrections))
    with _keeping:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = _placed_text(packed, corrections)
    with _keeping:
        _kept[key] = found
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


@dataclass(slots=True)
class _Source:
    page: Page
    scan: Scan
    batch: Batch
    link: DocumentPage | None
    document: Document | None

    @property
    def case_id(self) -> int | None:
        return self.document.case_id if self.document else self.batch.case_id

    @property
    def is_first(self) -> bool:
        return self.document is not None and self.document.page_links[0].page_id == self.page.id


def _documents(session: Session, ids: Iterable[int]) -> dict[int, Document]:
    found = session.scalars(
        select(Document)
        .where(Document.id.in_(list(ids)))
        .options(selectinload(Document.persons), selectinload(Document.page_links), selectinload(Document.folder))
    )
    return {document.id: document for document in found}


def _index_page(source: _Source, placed: PlacedText | None, corrected: bool, named: list[PagePerson]) -> IndexPage:
    document, page = source.document, source.page
    head = _head_text(document) if document else ""
    others = [*_other_readings(placed), *([head] if source.is_first and head else [])]
    terms = body_terms(placed.text if placed else "", others)
    terms[schema.HEAD] = list(head_terms(head))
    names = [p.name for p in named] + ([p.name for p in document.persons] if document and source.is_first else [])
    terms[schema.PERSON] = list(dict.fromkeys(term for name in names for term in person_terms(name)))
    terms[schema.ACCESS] = _access(source)
    folder = document.folder.code if document and document.folder else (document.folder_code if document else None)
    terms[schema.FOLDER] = [folder] if folder else []
    terms[schema.KIND] = [document.type_code] if document and document.type_code else []
    terms[schema.FLAGS] = [
        *(["checked"] if corrected or (document and document.state == "confirmed") else []),
        *(["unread"] if placed is None else []),
    ]  # fmt: skip
    return IndexPage(page.id, terms, _numbers(source, len(terms[schema.BODY])))


def _head_text(document: Document) -> str:
    known = [document.title, document.number, document.issuer, *(p.name for p in document.persons)]
    return " ¶ ".join(filter(None, known))


@lru_cache(maxsize=1024)
def head_terms(head: str) -> tuple[str, ...]:
    """Terms of what a document is known by: words, pairs of them, and legal tokens. Kept for the document's pages."""
    folded = [t.folded for t in tokens(head)]
    return (*folded, *pairs_of(folded), *legal_terms(legal_tokens(head)))


def _other_readings(placed: PlacedText | None) -> list[str]:
    """Other readings of doubtful words, each between its neighbours so that phrases over it are found."""
    if placed is None:
        return []
    words = placed.words
    return [
        " ".join([*words[max(0, at - 1) : at], other, *words[at + 1 : at + 2]])
        for at, others in enumerate(placed.alternatives)
        for other in others
    ]


def _access(source: _Source) -> list[str]:
    if source.case_id is not None:
        return [schema.case_access(source.case_id)]
    owner = source.batch.owner_id
    return [schema.UNASSIGNED, *([schema.owner_access(owner)] if owner is not None else [])]


def but_luc_order(number: str | None) -> int:
    """A bút lục as one number in their order: 45 is 4500, 45a is 4501; 0 when there is none."""
    found = but_luc.parse(number)
    if found is None:
        return 0
    letter = ord(found.suffix[0]) - ord("a") + 1 if found.suffix else 0
    return found.number * 100 + min(letter, 99)  # đ, beyond z, comes last


def _numbers(source: _Source, length: int) -> dict[str, int]:
    document, page = source.document, source.page
    date = document.date if document else None
    placed = but_luc_order(page.but_luc)
    volume = int(page.but_luc_volume) if page.but_luc_volume and page.but_luc_volume.isdecimal() else 0
    position = source.link.position if source.link else page.number
    unplaced = _UNPLACED + (document.position if document else 0) * 5000 + position
    order = volume * 10_000_000 + placed if placed else unplaced
    return {
        "page": page.id, "document": document.id if document else 0, "scan": page.scan_id, "case": source.case_id or 0,
        "date": int(date.strftime("%Y%m%d")) if date else 0, "year": date.year if date else 0, "but_luc": placed,
        "confidence": round((page.confidence or 0) * 100), "order": order, "length": length,
    }  # fmt: skip


def _page_persons(page_id: int, placed: PlacedText) -> list[PagePerson]:
    found: dict[str, Any] = {}
    for named in persons(placed.text):
        row = found.get(named.key)
        if row is None and len(found) < _MOST_PERSONS:
            boxes = [list(box) for box in placed.boxes(placed.stretches_of([(named.start, named.end)]))]
            found[named.key] = PagePerson(
                page_id=page_id, name=named.name[:200], key=named.key[:200], folded=fold(named.key)[:200],
                reason=named.reason, times=1, boxes=boxes,
            )  # fmt: skip
        elif row is not None:
            row.times += 1
    return list(found.values())
