"""*Tạo dòng sổ mới* from a scanned notice or decision: what the paper says, field by field, each with the box it was
read from and how sure the reading is. A person sees every value beside its place on the page and accepts with Enter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from config.ledger_books import Book, Field
from ledger.dates import parse_date
from ledger.entries import office_today
from ledger.values import BadValue, clean
from storage import pages
from storage.models.documents import Document
from storage.reading import Box, PageReading, Word
from storage.vietnamese import fold, number_key

_PLAINTIFF = ("nguyên đơn", "người khởi kiện", "người yêu cầu", "người được thi hành án")
_DEFENDANT = ("bị đơn", "người bị kiện", "người phải thi hành án", "người bị yêu cầu")
_SUBJECT_PERSON = ("người bị đề nghị", "bị can", "bị cáo", "người tố giác", "người bị tố giác", "người vi phạm")
_ACCEPTED_NUMBER = re.compile(r"thu ly(?: \w+){0,8}? so\s*:?\s*([0-9]{1,5}\s*/\s*[0-9]{4}\s*/\s*[a-z0-9-]+)")
_ACCEPTED_DATE = re.compile(
    r"(?:ngay\s*)?([0-9]{1,2}\s*thang\s*[0-9]{1,2}\s*nam\s*[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
    r"(?:[^.;]{0,80}?)da thu ly"
    r"|thu ly(?:[^.;]{0,60}?)ngay\s*([0-9]{1,2}\s*thang\s*[0-9]{1,2}\s*nam\s*[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
)
_SUBJECT = re.compile(r"(?:ve viec|tranh chap|v/v)\s*:?\s*[\"“”']?\s*([^\"“”.;\n]{6,160})")
#: a value read from running text is less sure than one the description of the document stands by
_FROM_TEXT = 0.7
#: a stamp says "ĐẾN, Số: …, Ngày: …, Chuyển: …"
_STAMP_WORDS = 9


@dataclass(frozen=True, slots=True)
class Reading:
    """One value read from the paper. ``box`` in fractions of the upright page; None where it has no single place."""

    field: str
    value: Any
    confidence: float
    document_id: int
    page_id: int | None
    box: list[float] | None
    reason: str

    def source(self) -> dict[str, Any]:
        """What history keeps about where the value came from."""
        return {
            "document_id": self.document_id,
            "page_id": self.page_id,
            "box": self.box,
            "confidence": self.confidence,
        }


@dataclass(slots=True)
class _Text:
    """The first page as folded text with the words behind every character."""

    page_id: int
    plain: str
    words: list[tuple[int, int, Word]]

    def box(self, start: int, end: int) -> list[float] | None:
        boxes = [w.box for first, last, w in self.words if first < end and last > start]
        return _around(boxes) if boxes else None

    def written(self, start: int, end: int) -> str:
        return " ".join(w.text for first, last, w in self.words if first < end and last > start)


def read_document(session: Session, book: Book, document: Document, today: date | None = None) -> list[Reading]:
    """Values for the book's fields from one document. Read rights are the caller's affair."""
    today = today or office_today()
    text = _first_page(session, document)
    found = []
    for field in book.data_fields:
        if not field.scan:
            continue
        reading = _read_field(session, field, document, text)
        if reading is None:
            continue
        try:
            value = clean(field, reading.value, today)
        except BadValue:
            continue
        if value is not None:
            found.append(
                Reading(
                    field.id,
                    value,
                    reading.confidence,
                    reading.document_id,
                    reading.page_id,
                    reading.box,
                    reading.reason,
                )
            )
    return found


def named_numbers(session: Session, book: Book, document: Document) -> list[str]:
    """Numbers that bind a paper to a row: its own, and that of the case it names, when they can tell rows apart."""
    field = next((f for f in book.data_fields if f.scan == "number"), None)
    accepted = _accepted(field, document, _first_page(session, document), _ACCEPTED_NUMBER) if field else None
    numbers = [document.number or "", str(accepted.value) if accepted else ""]
    return [n for n in dict.fromkeys(numbers) if "/" in number_key(n)]


def _read_field(session: Session, field: Field, document: Document, text: _Text | None) -> Reading | None:
    kind = field.scan
    if kind == "number":
        return _accepted(field, document, text, _ACCEPTED_NUMBER) or _described(
            field, document, "number", document.number
        )
    if kind == "paper_number":
        return _described(field, document, "number", document.number)
    if kind == "date":
        day = document.date.isoformat() if document.date else None
        return _accepted(field, document, text, _ACCEPTED_DATE) or _described(field, document, "date", day)
    if kind == "issuer":
        return _described(field, document, "issuer", document.issuer)
    if kind == "arrival":
        return _arrival(session, field, document)
    if kind == "subject":
        return _subject(field, document, text)
    roles = {"plaintiff": _PLAINTIFF, "defendant": _DEFENDANT, "person": _SUBJECT_PERSON}[kind]
    return _person(field, document, roles, anyone=kind == "person")


def _described(field: Field, document: Document, name: str, value: Any) -> Reading | None:
    if not value:
        return None
    known = document.fields.get(name, {})
    by_person = "by" in known
    return Reading(
        field.id,
        value,
        1.0 if by_person else float(known.get("confidence") or document.confidence),
        document.id,
        known.get("page_id"),
        known.get("box"),
        "người đã xác nhận" if by_person else str(known.get("reason") or ""),
    )


def _accepted(field: Field, document: Document, text: _Text | None, pattern: re.Pattern[str]) -> Reading | None:
    """Number or date of acceptance (thụ lý) named in the body, which is not the paper's own."""
    hit = pattern.search(text.plain) if text else None
    if hit is None or text is None:
        return None
    group = next(i for i in range(1, len(hit.groups()) + 1) if hit.group(i))
    start, end = hit.span(group)
    value = re.sub(r"\s*/\s*", "/", text.written(start, end)).strip(" ,.;:")
    if pattern is _ACCEPTED_DATE:
        day = parse_date(hit.group(group))
        if day is None:
            return None
        value = day.isoformat()
    return Reading(field.id, value, _FROM_TEXT, document.id, text.page_id, text.box(start, end), "câu ghi việc thụ lý")


def _subject(field: Field, document: Document, text: _Text | None) -> Reading | None:
    hit = _SUBJECT.search(text.plain) if text else None
    if hit is None or text is None:
        return _described(field, document, "title", document.title) if field.type == "long_text" else None
    start, end = hit.span(1)
    value = text.written(start, end).strip(' "“”,.;:')
    return Reading(field.id, value, _FROM_TEXT, document.id, text.page_id, text.box(start, end), "sau chữ “về việc”")


def _person(field: Field, document: Document, roles: tuple[str, ...], *, anyone: bool) -> Reading | None:
    persons = [p for p in document.persons if p.role in roles] or (list(document.persons) if anyone else [])
    if not persons:
        return None
    person = persons[0]
    return Reading(
        field.id,
        person.name,
        person.confidence,
        document.id,
        person.page_id,
        list(person.box) if person.box else None,
        person.role or "người có tên trong văn bản",
    )


def _arrival(session: Session, field: Field, document: Document) -> Reading | None:
    """Date in the ĐẾN stamp of the first page."""
    first = document.pages[0] if document.page_links else None
    reading = pages.machine_reading(session, first.id) if first else None
    if reading is None or first is None:
        return None
    for block in reading.blocks:
        if block.kind == "stamp" and block.stamp == "den" and block.text:
            day = parse_date(block.text) or _loose_date(block.text)
            if day is not None:
                box = list(block.box)
                return Reading(
                    field.id, day.isoformat(), block.confidence or 0.5, document.id, first.id, box, "dấu ĐẾN"
                )
    return _arrival_in_words(field, document, first.id, reading.words)


def _arrival_in_words(field: Field, document: Document, page_id: int, words: Sequence[Word]) -> Reading | None:
    """The same where the stamp was read as text: ĐẾN in capitals, and a date among the next words."""
    for start, word in enumerate(words):
        if word.text.strip(" :.,") == "ĐẾN":
            near = words[start : start + _STAMP_WORDS]
            day = _loose_date(" ".join(w.text for w in near))
            if day is not None:
                box = _around([w.box for w in near if any(ch.isdigit() for ch in w.text)])
                return Reading(field.id, day.isoformat(), _FROM_TEXT, document.id, page_id, box, "chữ ĐẾN trên trang")
    return None


def _loose_date(text: str) -> date | None:
    """The date among the other words of a stamp: number, date, "Chuyển"."""
    found = re.search(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}", text)
    return parse_date(found.group()) if found else None


def _first_page(session: Session, document: Document) -> _Text | None:
    first = document.pages[0] if document.page_links else None
    reading = pages.machine_reading(session, first.id) if first else None
    return _flow(first.id, reading) if reading is not None and first is not None else None


def _flow(page_id: int, reading: PageReading) -> _Text:
    plain, words, position = [], [], 0
    for word in reading.words:
        folded = fold(word.text)
        words.append((position, position + len(folded), word))
        plain.append(folded)
        position += len(folded) + 1
    return _Text(page_id, " ".join(plain), words)


def _around(boxes: list[Box]) -> list[float]:
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return [round(v, 5) for v in (left, top, right - left, bottom - top)]
