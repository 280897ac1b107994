"""Persons a paper is about, with the role it gives them.

Only persons named in a telling place are taken (the form's own field, "bị can …", "lời khai của …"), never every
capitalised run of words: officials who sign and places must not become parties.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.describe.flow import Flow, page_flow
from ingest.split.page import PageView
from storage.reading import Box
from storage.vietnamese import fold, name_key

_LETTER = "A-ZÀ-ÝĂÂĐÊÔƠƯẠ-Ỹ"
_NAME = rf"((?:[{_LETTER}][\wÀ-ỹ’'-]*\s+){{1,5}}[{_LETTER}][\wÀ-ỹ’'-]*)"
#: roles by the words before the name, on folded text; the first that fits wins
_ROLES: tuple[tuple[str, str], ...] = (
    (r"(?:hoi cung )?bi can(?: doi voi)?", "bị can"),
    (r"bi cao", "bị cáo"),
    (r"nguoi bi hai|bi hai", "bị hại"),
    (r"nguyen don", "nguyên đơn"),
    (r"bi don", "bị đơn"),
    (r"nguoi khoi kien", "người khởi kiện"),
    (r"nguoi bi kien", "người bị kiện"),
    (r"nguoi co quyen loi,? nghia vu lien quan", "người có quyền lợi, nghĩa vụ liên quan"),
    (r"nguoi lam chung", "người làm chứng"),
    (r"nguoi phai thi hanh an", "người phải thi hành án"),
    (r"nguoi duoc thi hanh an", "người được thi hành án"),
    (r"nguoi bi tam giu|nguoi bi bat|nguoi bi giu", "người bị tạm giữ"),
    (r"nguoi bi de nghi", "người bị đề nghị"),
    (r"nguoi vi pham", "người vi phạm"),
    (r"nguoi bi to giac|nguoi bi to cao", "người bị tố giác"),
    (r"nguoi uy quyen", "người ủy quyền"),
)
#: fields of forms that hold the person the paper is about; the role follows from the type or the text
_FIELDS = re.compile(
    r"(?:ho va ten(?: khai sinh)?|ho ten|ten toi la|toi ten la|toi la|loi khai cua|hoi cung(?: bi can)?|doi voi"
    r"|trieu tap|ben (?:chuyen nhuong|nhan chuyen nhuong|vay|cho vay)[^:]{0,14})"
    r"\s?[:;]?\s*(?:ong|ba|anh|chi)?[\s:]{0,3}$"
)
_STANDING = re.compile(r"tu cach tham gia to tung\s?[:;]?\s*([a-z, ]{4,50})")
_STOP_WORDS = frozenset(
    (  # noqa: SIM905 - a word list reads best as words
        "viện tòa toà công cơ ủy uỷ bộ luật điều tỉnh huyện quận thành phường xã thị chi cục phòng quyết bản "
        "biên lệnh giấy kiểm thẩm chấp thư hội nhà ngân thông nghị việt cộng đảng trường bệnh khu tổ đội ông "
        "bà "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in a document. ``key`` as storage.vietnamese.name_key."""

    name: str
    key: str
    role: str | None
    page: int
    box: Box | None
    confidence: float


#: what a type says of the person it names, where the text does not
_ROLE_OF_TYPE = {
    "hs.bb_hoi_cung": "bị can",
    "hs.ly_lich_bi_can": "bị can",
    "hs.qd_khoi_to_bi_can": "bị can",
    "hs.lenh_tam_giam": "bị can",
    "hs.qd_phe_chuan_ktbc": "bị can",
    "ds.don_khoi_kien": "nguyên đơn",
    "chung.don_khang_cao": "người kháng cáo",
    "nt.don_to_giac": "người tố giác",
    "hs.trich_luc_tien_an": "bị can",
    "tha.don_yeu_cau_tha": "người được thi hành án",
}


def find_persons(pages: Sequence[PageView], type_code: str | None) -> list[Person]:
    """The persons a document names, in the order they appear, each once."""
    found: dict[str, Person] = {}
    for page in pages:
        flow = page_flow(page)
        for match in re.finditer(_NAME, flow.text):
            name = _clean_name(match[1])
            if name is None:
                continue
            role = _role_before(flow, match.start(), type_code)
            if role is None:
                continue
            key = fold(name_key(name))
            if key not in found:
                start, end = match.span(1)
                found[key] = Person(
                    name, name_key(name), role or None, page.index, flow.box(start, end), flow.confidence(start, end)
                )
    return list(found.values())


def _clean_name(text: str) -> str | None:
    parts = [re.sub(r"[^\wÀ-ỹ]", "", part) for part in text.split()]
    parts = [part for part in parts if part]
    while parts and parts[-1].lower() in {"sinh", "là", "và", "về", "năm", "trú"}:
        parts.pop()
    if not 2 <= len(parts) <= 5 or parts[0].lower() in _STOP_WORDS or any(any(c.isdigit() for c in p) for p in parts):
        return None
    if any(len(part) > 8 for part in parts):
        return None
    return " ".join(part.capitalize() if part.isupper() else part for part in parts)


def _role_before(flow: Flow, at: int, type_code: str | None) -> str | None:
    """The role the words before a name give; "" when they only say that it is a party; None when they say nothing."""
    before = flow.folded[max(0, at - 60) : at].rstrip()
    for words, role in _ROLES:
        if re.search(rf"\b(?:{words})\s?[:;,]?\s*(?:ong|ba|anh|chi)?\s?$", before):
            return role
    if _FIELDS.search(before + " ") or _FIELDS.search(before):
        standing = _STANDING.search(flow.folded, at)
        if standing:
            for words, role in _ROLES:
                if re.match(words, standing[1].strip()):
                    return role
        return _ROLE_OF_TYPE.get(type_code or "", "")
    return None
