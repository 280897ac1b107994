"""A proposed document described: type, title, number, date, issuer, persons, bút lục, each with confidence and reason.

The scan's own list of documents is a second opinion on number and date: agreement makes sure, disagreement is shown.
"""

import datetime
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from config import document_types
from ingest.describe.dates import find_date, has_unread_date
from ingest.describe.features import find_features
from ingest.describe.issuer import find_issuer
from ingest.describe.kind import Kind, find_kind
from ingest.describe.numbers import NumberParts, find_number, has_known_sign, is_left_blank, parse_number
from ingest.describe.persons import Person, find_persons
from ingest.describe.value import Read
from ingest.split import catalogue
from ingest.split.but_luc import PageNumber
from ingest.split.document_list import ListRow
from ingest.split.header import read_header
from ingest.split.page import PageView
from ingest.split.propose import Proposal, ProposedDocument
from ingest.split.titles import Title, find_heading
from storage.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Description:
    """What a document says of itself. ``sure``: per field, whether the machine stands by it (also by its absence)."""

    kind: Kind
    title: Read[str] | None
    number: Read[NumberParts] | None
    date: Read[datetime.date] | None
    issuer: Read[str] | None
    persons: tuple[Person, ...]
    but_luc: tuple[PageNumber, PageNumber] | None
    row: ListRow | None = None
    #: what kind of copy it is, where the paper says so
    features: Read[str] | None = None
    sure: Mapping[str, bool] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


#: a field is stood by from this confidence on (calibrated on bundles made for it, see docs/splitting.md)
SURE_CUT, SURE_TYPE, SURE_NUMBER, SURE_DATE = 0.9, 0.8, 0.82, 0.82


def describe(
    document: ProposedDocument, proposal: Proposal, pages: Sequence[PageView], case_kind: str | None,
    familiar: Set[str] = frozenset(),
) -> Description:  # fmt: skip
    """Describe one proposed document. ``pages`` are all pages of the batch, ``familiar`` signs of its numbers."""
    own = [pages[index] for index in document.pages]
    first = own[0]
    if not first.is_read:
        return Description(
            Kind(None, 0.0, "trang đầu chưa nhận dạng được chữ", None),
            None,
            None,
            None,
            None,
            (),
            None,
            sure={"cut": False, "type": False, "number": False, "date": False},
        )
    number = find_number(first, familiar)
    kind = find_kind(own, number.value if number else None, case_kind)
    known = document_types.document_types().get(kind.code or "")
    date = find_date(own, is_judgment=known is not None and known.header == "court_ba")
    span = _but_luc(document, proposal.numbers)
    row = _row_of(document, proposal, kind, span)
    notes: list[str] = []
    kind = _listed_kind(kind, row)
    number, date = _second_opinion(row, number, date, notes)
    number, date = _of_one_year(number, date, notes)
    sure = {
        "cut": document.confidence >= SURE_CUT,
        "type": kind.confidence >= SURE_TYPE and kind.code is not None,
        "number": _number_is_sure(number, kind, first),
        "date": _date_is_sure(date, kind, own),
    }
    return Description(
        kind,
        _title(kind.title or find_heading(first), kind.code, first.index),
        number,
        date,
        find_issuer(first),
        tuple(find_persons(own, kind.code)),
        span,
        row,
        find_features(own),
        sure,
        tuple(notes),
    )


def first_kind(own: Sequence[PageView]) -> Kind:
    """The type of a document as far as it can be told before the kind of case is known."""
    if not own[0].is_read:
        return Kind(None, 0.0, "trang đầu chưa nhận dạng được chữ", None)
    number = find_number(own[0])
    return find_kind(own, number.value if number else None, None)


def _but_luc(document: ProposedDocument, numbers: Mapping[int, PageNumber]) -> tuple[PageNumber, PageNumber] | None:
    own = [numbers[index] for index in document.pages if index in numbers]
    return (min(own, key=lambda n: n.value), max(own, key=lambda n: n.value)) if own else None


def _row_of(
    document: ProposedDocument, proposal: Proposal, kind: Kind, span: tuple[PageNumber, PageNumber] | None
) -> ListRow | None:
    """The row of the scan's own list that speaks of this document: same first bút lục, or same place in order."""
    if span is not None and span[0].confidence >= 0.6:
        for row in proposal.rows:
            if row.first == span[0].value and _speaks_of(row, kind):
                return row
    if len(proposal.rows) == len(proposal.documents):
        row = proposal.rows[proposal.documents.index(document)]
        name = document_types.name_of(kind.code) if kind.code else ""
        if name and fuzz.partial_ratio(fold(name), fold(row.name)) > 80:
            return row
    return None


def _speaks_of(row: ListRow, kind: Kind) -> bool:
    """Whether a row of the list can be this document: a row with another kind of paper is another document's row."""
    if kind.code is None or kind.confidence < 0.5 or len(row.name) < 6:
        return True
    return kind.code in {match.type_code for match in catalogue.matches(row.name) if match.score > 0.6}


def _listed_kind(kind: Kind, row: ListRow | None) -> Kind:
    """What the scan's own list calls the document, where its own title could not be read."""
    if row is None or len(row.name) < 6:
        return kind
    listed = catalogue.matches(row.name)
    if not listed or listed[0].score < 0.7:
        return kind
    if kind.confidence >= 0.6:
        alike = {match.type_code for match in listed if match.score > listed[0].score - 0.04}
        if kind.code in alike:
            return replace(kind, confidence=(1 + kind.confidence) / 2)
        if listed[0].score > 0.9 and listed[0].type_code in kind.rivals:
            return replace(kind, confidence=min(kind.confidence, 0.7))  # the list calls it by its rival's name
        return kind
    reason = f"theo bảng thống kê tài liệu, mục {row.order}: “{row.name[:60]}”"
    agrees = listed[0].type_code in (kind.code, *kind.rivals)
    return Kind(
        listed[0].type_code,
        (0.9 if agrees else 0.82) * min(1.0, listed[0].score + 0.05),
        reason,
        kind.title,
        tuple(code for code in (kind.code, *kind.rivals) if code)[:3],
    )


def _second_opinion(
    row: ListRow | None, number: Read[NumberParts] | None, date: Read[datetime.date] | None, notes: list[str]
) -> tuple[Read[NumberParts] | None, Read[datetime.date] | None]:
    if row is None:
        return number, date
    reason = f"theo bảng thống kê tài liệu, mục {row.order}"
    listed = parse_number(row.number) if row.number else None
    if listed is not None:
        number = _agreed_number(number, listed, row, reason, notes)
    if row.date is not None:
        try:
            told = datetime.date(*row.date)
        except ValueError:
            return number, date
        if date is not None and date.value == told:
            date = Read(date.value, max(date.confidence, 0.99), date.reason, date.page, date.box, date.repaired_from)
        elif date is None or date.confidence < 0.6:
            date = Read(
                told,
                0.85 if date is None else 0.7,
                reason,
                row.page_index,
                None,
                date.value.isoformat() if date else None,
            )
        else:
            notes.append(f"Ngày trên trang {date.value:%d/%m/%Y} khác bảng thống kê ({told:%d/%m/%Y})")
            date = Read(date.value, min(date.confidence, 0.72), date.reason, date.page, date.box, date.repaired_from)
    return number, date


def _of_one_year(
    number: Read[NumberParts] | None, date: Read[datetime.date] | None, notes: list[str]
) -> tuple[Read[NumberParts] | None, Read[datetime.date] | None]:
    """Numbers begin anew each year (NĐ 30/2020 Đ.15): a year inside the number that is not the date's is a misreading
    of one of them."""
    if number is None or date is None or number.value.year in (None, date.value.year) or not number.value.sign:
        return number, date
    notes.append(f"Năm trong số {number.value.text} khác năm của ngày {date.value:%d/%m/%Y}")
    return (replace(number, confidence=min(number.confidence, 0.75)),
            replace(date, confidence=min(date.confidence, 0.75)))  # fmt: skip


def _agreed_number(
    number: Read[NumberParts] | None, listed: NumberParts, row: ListRow, reason: str, notes: list[str]
) -> Read[NumberParts]:
    alone = 0.87 if has_known_sign(listed) else 0.7
    if number is None:
        return Read(listed, alone, reason, row.page_index)
    if number.value.key == listed.key:
        # the same but for marks (DTTH, ĐTTH): the one that keeps the marks was read better
        better = max((number.value, listed), key=lambda parts: sum(c == "Đ" for c in parts.text))
        raw = number.repaired_from or (number.value.text if better.text != number.value.text else None)
        return Read(better, max(number.confidence, 0.99), number.reason, number.page, number.box, raw)
    if number.value.running == listed.running and has_known_sign(number.value) and not has_known_sign(listed):
        return replace(number, confidence=max(number.confidence, 0.97))  # the list has a wrong letter in the sign
    if number.confidence < 0.7 and fuzz.ratio(number.value.key, listed.key) > 60:
        return Read(listed, alone, reason, number.page, number.box, number.value.text)
    notes.append(f"Số trên trang {number.value.text} khác bảng thống kê ({listed.text})")
    return Read(
        number.value, min(number.confidence, 0.75), number.reason, number.page, number.box, number.repaired_from
    )


def _number_is_sure(number: Read[NumberParts] | None, kind: Kind, page: PageView) -> bool:
    if number is not None:
        return number.confidence >= SURE_NUMBER
    known = document_types.document_types().get(kind.code or "")
    if known is not None and known.header == "none" and not known.has_number and kind.confidence >= SURE_TYPE:
        return True  # the number of a card or a receipt is none of an office's series
    if read_header(page).number_line is not None:
        return is_left_blank(page)
    if known is None or known.title.startswith("BIÊN BẢN"):
        return known is not None  # records of proceedings rarely carry one, whatever their form says
    return not (known.has_number and known.header in {"agency", "court_ba"})


def _date_is_sure(date: Read[datetime.date] | None, kind: Kind, pages: Sequence[PageView]) -> bool:
    """Whether a date, or that there is none, is stood by: all but cards, plans and photos carry one."""
    if date is not None:
        return date.confidence >= SURE_DATE
    known = document_types.document_types().get(kind.code or "")
    dated = known is None or known.header != "none"
    header = read_header(pages[0])
    return not dated and header.agency is None and header.place_date is None and not has_unread_date(pages)


def _title(title: Title | None, code: str | None, page: int) -> Read[str] | None:
    """The title as printed; letters the recogniser got wrong are put right where the type's wording has them."""
    if title is None:
        return None
    known = document_types.document_types().get(code or "")
    if known is not None and known.header == "court_ba" and title.is_letter:
        return Read(known.title, title.confidence, "bản án không in tên, có NHÂN DANH", page, title.box)
    text = re.sub(r"\s+", " ", title.text).strip(" -_.,:;'\"“”„«»‘’`|*~")
    mended = _mended_title(text, code)
    return Read(mended, title.confidence, "tên văn bản ở đầu trang", page, title.box, text if mended != text else None)


def _mended_title(text: str, code: str | None) -> str:
    known = document_types.document_types().get(code or "")
    if known is None:
        return text
    spelled: dict[str, str] = {}
    for wording in known.titles:
        for word in re.findall(r"\w+", wording):
            spelled.setdefault(fold(word), word)

    def mend(found: re.Match[str]) -> str:
        word = found[0]
        right = spelled.get(catalogue.repaired(fold(word)))
        if right is None or (fold(right) != fold(word) and len(word) < 3):
            return word
        return right if word.isupper() else right.lower() if word.islower() else right.capitalize()

    return str(re.sub(r"\w+", mend, text))
