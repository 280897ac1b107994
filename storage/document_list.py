"""The list of documents of a case (thống kê tài liệu, danh mục) in the order and form of its kind, and statements.

Orders: criminal files by bút lục (TTLT 04/2018 Đ.35), civil files by date with older papers below (BLTTDS Đ.204),
enforcement files: decision, request, judgment, then by time (TT 04/2023/TT-BTP Đ.31).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import document_types, folders
from storage import but_luc
from storage.models.cases import Case
from storage.models.documents import Document
from storage.models.scans import Batch, SecretState
from storage.vietnamese import fold, name_key

#: types that are statements: one person's words, kept in time order per person
STATEMENTS = frozenset(
    {"hs.bb_hoi_cung", "hs.bb_ghi_loi_khai", "hs.ban_tu_khai", "ds.bb_lay_loi_khai", "hs.bb_doi_chat"}
)
_STATUTORY = {"tha.qd_tha": 0, "tha.don_yeu_cau_tha": 1, "ds.ban_an_ds": 2, "hs.ban_an_hs": 2, "hc.ban_an_hc": 2}
#: titles of the list by kind of case
LIST_TITLES = {
    "hinh_su": "THỐNG KÊ TÀI LIỆU CÓ TRONG HỒ SƠ VỤ ÁN", "nguon_tin": "THỐNG KÊ TÀI LIỆU CÓ TRONG HỒ SƠ VỤ VIỆC",
    "thads": "DANH MỤC TÀI LIỆU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line: running number, summary (trích yếu), range of bút lục, features (đặc điểm), remark."""

    order: int
    document: Document
    summary: str
    but_luc: str
    features: str
    remark: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a person: the n-th in time, with the document it is."""

    turn: int
    document: Document


def list_title(kind: str) -> str:
    """What the list is called for a kind of case."""
    return LIST_TITLES.get(kind, "DANH MỤC TÀI LIỆU")


def documents_in_order(session: Session, case: Case, folder_code: str | None = None) -> list[Document]:
    """Documents of a case (or one folder) in the order of its kind; nothing of a halted batch."""
    query = select(Document).join(Batch).where(Document.case_id == case.id, Batch.secret_state != SecretState.HALTED)
    if folder_code:
        query = query.where(Document.folder_code == folder_code)
    found = list(session.scalars(query.order_by(Document.batch_id, Document.position)))
    rule = folders.case_kind(case.kind).order_rule if case.kind in folders.case_kinds() else "but_luc_asc"
    far = date.max
    if rule == "but_luc_asc":
        return sorted(found, key=lambda d: but_luc.sort_key(d.but_luc_first))
    if rule == "date_asc_bottom_up":
        return sorted(found, key=lambda d: d.date or date.min, reverse=True)
    if rule == "statutory_then_date_asc":
        return sorted(found, key=lambda d: (_STATUTORY.get(d.type_code or "", 9), d.date or far))
    return sorted(found, key=lambda d: d.date or far)


def lines(documents: Sequence[Document]) -> list[ListLine]:
    """The lines of the list."""
    found = []
    for order, document in enumerate(documents, 1):
        first, last = document.but_luc_first, document.but_luc_last
        span = "" if not first else first if first == last or not last else f"{first}–{last}"
        remark = "" if document.state == "confirmed" else "máy gợi ý, chưa duyệt"
        found.append(ListLine(order, document, summary(document), span, features(document), remark))
    return found


def features(document: Document) -> str:
    """Đặc điểm: what kind of copy it is where that is known, how many pages, how many of them photos."""
    photos = sum(page.kind == "photo" for page in document.pages)
    counted = f"{len(document.page_links)} trang" + (f" ({photos} trang ảnh)" if photos else "")
    return ", ".join(filter(None, (document.features, counted)))


def summary(document: Document) -> str:
    """Trích yếu: name of the type, number, date, whose it is."""
    parts = [document.title or document_types.name_of(document.type_code)]
    if document.type_code == "chung.cong_van":
        parts = [f"Công văn {document.title}".strip()]
    if document.number:
        parts.append(f"số {document.number}")
    if document.date:
        parts.append(f"ngày {document.date:%d/%m/%Y}")
    if document.issuer:
        parts.append(f"của {document.issuer}")
    named = [person.name for person in document.persons[:1]] if document.type_code in STATEMENTS else []
    return " ".join([*parts, *(f"({name})" for name in named)])


def statements(session: Session, case: Case) -> dict[str, list[Statement]]:
    """Statements (lời khai) per person in time order: lần 1, lần 2 …; those without a date stand last.

    The parties of the case come first, in its order, then others by given name; nobody known comes last.
    """
    by_person: dict[str, list[Document]] = defaultdict(list)
    names: dict[str, str] = {}
    for document in documents_in_order(session, case):
        if document.type_code not in STATEMENTS:
            continue
        persons = document.persons if document.type_code == "hs.bb_doi_chat" else document.persons[:1]
        for person in persons:
            by_person[person.key].append(document)
            names.setdefault(person.key, person.name)
        if not persons:
            by_person[""].append(document)
    found: dict[str, list[Statement]] = {}
    for key, held in by_person.items():
        held.sort(key=lambda d: (d.date or date.max, but_luc.sort_key(d.but_luc_first)))
        found[names.get(key, "")] = [Statement(turn, document) for turn, document in enumerate(held, 1)]
    parties = [party.key for party in case.parties]

    def place(name: str) -> tuple[bool, int, list[str]]:
        key = name_key(name)
        return not name, parties.index(key) if key in parties else len(parties), fold(name).split()[::-1]

    return dict(sorted(found.items(), key=lambda item: place(item[0])))
