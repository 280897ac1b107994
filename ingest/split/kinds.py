"""What kind of page it is before it can belong to a document: blank, cover, document list, separator, photo, unread."""

import re
from dataclasses import dataclass

from config import document_types
from ingest.split import marks
from ingest.split.fuzzy import likeness, starts
from ingest.split.header import read_header
from ingest.split.page import PageView
from ingest.split.titles import find_title

#: a page with hardly a word and less ink than this is blank; with a little more it may hold writing too faint to read
BLANK_INK, FAINT_INK = 0.0008, 0.03
_COVER_WORDS = (
    "thoi han bao quan",
    "ngay thu ly",
    "kiem sat vien thu ly",
    "so to",
    "tong so but luc",
    "ho so so",
    "tap so",
    "ngay mo ho so",
    "ngay dong",
    "ngay ket thuc",
    "luu tru",
    "vu:",
    "ho ten:",
    "bat dau",
    "ket thuc",
    "tap",
    "chap hanh vien",
    "dieu tra vien thu ly",
    "tham phan thu ly",
    "quyen so",
    "nguyen don:",
    "bi don:",
    "bi can:",
    "nguoi phai thi hanh an:",
    "nguoi duoc thi hanh an:",
    "nguoi bi de nghi:",
)
_LIST_COLUMNS = ("stt", "but luc", "ten tai lieu", "trich yeu", "dac diem", "ghi chu", "so to", "ten loai", "so, ngay")
_SEPARATOR_WORDS = ("to ngan", "tu but luc", "den but luc", "bia ngan", "phan cach")
_ROW = re.compile(r"^\W{0,2}\d{1,3}\s?[|_.\])]{0,2}\s")
#: what stands alone in a cell of a list: 24, 29-30, 142/CT-VKS, 07/05/2023
_CELL = re.compile(r"\W{0,2}\d[\w/⁄.,\-–ĐÐ]*\W{0,2}")
_NUMBERED_CAPTION = re.compile(r"\b(?:anh|hinh)(?: so)?\W{0,2}(\d{1,3})\b")
_CAPTION = re.compile(r"\banh so\W{0,2}\d|\bhinh so\W{0,2}\d|\bban anh\b|\banh \d")


@dataclass(frozen=True, slots=True)
class PageKind:
    """The kind, how sure (0..1) and why, in Vietnamese."""

    kind: str
    confidence: float
    reason: str


def captions(page: PageView) -> list[int]:
    """The numbers of photos by the lines below them (Ảnh số 3), in order."""
    lines = (_NUMBERED_CAPTION.match(piece.folded) for piece in page.pieces if len(piece.folded) < 80)
    return [int(found[1]) for found in lines if found]


def judge_kind(page: PageView, before: PageKind | None) -> PageKind:
    """The kind of one page; ``before`` is the kind of the page scanned before it (a list goes on over pages)."""
    if page.fixed_kind:
        return PageKind(page.fixed_kind, 1.0, "do người kiểm tra đánh dấu")
    if page.reading is None:
        return PageKind("unknown", 0.0, "trang chưa nhận dạng được chữ")
    mark = marks.separator_mark(page.marks)
    if mark:
        return PageKind("separator", 1.0, mark)
    for judge in (_blank, _cover, _document_list, _separator):
        found = judge(page, before)
        if found:
            return found
    if _CAPTION.search(" ".join(p.folded for p in page.pieces)) and page.good_words < 90:
        return PageKind("photo", 0.8, "trang ảnh có chú thích")
    if page.good_words < 15 and (page.reading.ink or 0) > 0.12:
        return PageKind("photo", 0.6, "hầu như không có chữ, nhiều mảng tối")
    return PageKind("document", 0.9, "trang có chữ")


def _blank(page: PageView, _: PageKind | None) -> PageKind | None:
    reading = page.reading
    if reading is None:
        return None
    if reading.is_blank:
        return PageKind("blank", 0.97, "trang trắng")
    if page.good_words > 2:
        return None
    if reading.ink is None or reading.ink < BLANK_INK:
        return PageKind("blank", 0.85, "hầu như không có nét chữ")
    if reading.ink < FAINT_INK and page.good_words == 0:
        return PageKind("unknown", 0.3, "có nét mờ mà không đọc được chữ nào")
    return None


def _cover(page: PageView, _: PageKind | None) -> PageKind | None:
    if page.good_words > 160:
        return None
    title = find_title(page)
    hits = sum(any(likeness(words, p.folded) for p in page.pieces) for words in _COVER_WORDS)
    big = [p for p in page.pieces if starts("ho so", p.folded) and p.capitals > 0.7 and len(p.folded) < 70]
    named = (
        title is not None
        and title.best is not None
        and title.best.type_code == document_types.COVER
        and title.score > 0.6
    )
    enough = hits >= 2 or (named and big and page.good_words < 90)
    if (big or named) and enough and read_header(page).addressed is None:
        return PageKind("cover", min(0.97, 0.7 + 0.08 * hits), "bìa hồ sơ")
    return None


def _document_list(page: PageView, before: PageKind | None) -> PageKind | None:
    title = find_title(page)
    columns = sum(any(words in p.folded.replace("butluc", "but luc") for p in page.pieces) for words in _LIST_COLUMNS)
    named = title is not None and any(
        m.type_code in document_types.DOCUMENT_LISTS and m.score > 0.6 for m in title.matches[:2]
    )
    if named and columns >= 2:
        return PageKind("document_list", 0.97, "bảng thống kê (mục lục) tài liệu")
    other = (title is not None and title.score > 0.6) or read_header(page).motto is not None
    if columns >= 4 and not other and any("luc" in p.folded for p in page.pieces):
        return PageKind("document_list", 0.85, "bảng có cột STT, tên tài liệu, bút lục")
    goes_on = before is not None and before.kind == "document_list"
    if goes_on and read_header(page).is_empty and title is None:
        rows = sum(
            bool(_ROW.match(p.folded)) or bool(re.search(r"\d{1,2}[/⁄]\d{1,2}[/⁄]\d{4}", p.text)) for p in page.pieces
        )
        cells = sum(bool(_CELL.fullmatch(p.text)) for p in page.pieces)
        if rows >= 2 and (rows >= 0.25 * len(page.pieces) or cells >= 0.5 * len(page.pieces)):
            return PageKind("document_list", 0.9, "tiếp bảng thống kê tài liệu của trang trước")
    return None


def _separator(page: PageView, _: PageKind | None) -> PageKind | None:
    if page.good_words > 30:
        return None
    header = read_header(page)
    if header.motto or header.number_line:
        return None
    for piece in page.pieces:
        if any(likeness(words, piece.folded) for words in _SEPARATOR_WORDS):
            return PageKind("separator", 0.9, "tờ ngăn")
    if 1 <= page.good_words <= 12 and len(page.pieces) <= 3 and 0.2 < page.pieces[0].top < 0.7:
        big = max(p.box[3] for p in page.pieces) * page.shape
        if big > 0.03 and page.pieces[0].capitals > 0.7:
            return PageKind("separator", 0.75, "một dòng chữ lớn giữa trang")
    return None
