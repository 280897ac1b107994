"""The evidence of each page for a cut before it or against it, with its weight and its reason.

Weights are log-odds and are added up: a motto in the upper part alone says "probably", with a title and a number
"surely". Reasons are Vietnamese sentences shown beside the cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ingest.split.but_luc import PageNumber
from ingest.split.closing import begins_in_sentence, is_signature_label, read_closing
from ingest.split.corner import read_corner
from ingest.split.document_list import ListRow
from ingest.split.fuzzy import starts
from ingest.split.header import PrintedPage, printed_page, read_header
from ingest.split.kinds import PageKind, captions
from ingest.split.page import PageView
from ingest.split.titles import find_title, is_inside_heading
from storage.reading import Box

#: weights of the signs, as log-odds; one page in two or three starts a document, so there is no standing bias
MOTTO, SMALL_MOTTO, AGENCY, NUMBER, PLACE_DATE, FORM, IN_THE_NAME, ADDRESSED = 3.6, 1.2, 1.6, 1.9, 1.5, 1.5, 1.8, 1.0
TITLE_WITH_HEADER, TITLE_ALONE, TITLE_AT_TOP = 2.6, 1.2, 2.6
NO_HEADER, INSIDE_HEADING, IN_SENTENCE, SIGNATURE_ONLY = -2.3, -1.8, -1.8, -1.6
CLOSED_BEFORE, OPEN_BEFORE, RUNS_ON_BEFORE = 2.3, -1.1, -1.6
OTHER_TYPE_HEIGHT, OTHER_PAPER, AFTER_BLANK, AFTER_SEPARATOR = 0.7, 1.0, 0.7, 3.0
SAME_BUT_LUC, SAME_PAGE_TWICE, PHOTOS_GO_ON = -1.2, -2.6, -2.2
LIST_STARTS, LIST_GOES_ON = 1.6, -1.6
AFTER_HELD = 30.0
LAST_OF_TOTAL, NOT_LAST_OF_TOTAL = 1.5, -1.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign: positive weight speaks for a document beginning here, negative for one going on."""

    sign: str
    weight: float
    reason: str
    box: Box | None = None


@dataclass(slots=True)
class PageEvidence:
    """All signs of one page; ``printed`` is the page number it carries, judged together with its neighbours."""

    index: int
    signs: list[Evidence] = field(default_factory=list)
    printed: PrintedPage | None = None
    is_read: bool = True

    @property
    def weight(self) -> float:
        return sum(sign.weight for sign in self.signs)

    def add(self, sign: str, weight: float, reason: str, box: Box | None = None) -> None:
        self.signs.append(Evidence(sign, weight, reason, box))


def gather(
    pages: Sequence[PageView], kinds: Sequence[PageKind], rows: Sequence[ListRow], numbers: Mapping[int, PageNumber]
) -> list[PageEvidence]:
    """The evidence of every page that can belong to a document, in order."""
    found: list[PageEvidence] = []
    before: PageView | None = None
    between = ""
    for page, kind in zip(pages, kinds, strict=True):
        if page.is_held:
            before, between = None, "held"
            continue
        if kind.kind not in {"document", "photo", "unknown"}:
            between = kind.kind if kind.kind != "blank" or not between else between
            continue
        found.append(_of_page(page, kind, before, between, rows, numbers))
        before, between = page, ""
    return found


def _of_page(
    page: PageView,
    kind: PageKind,
    before: PageView | None,
    between: str,
    rows: Sequence[ListRow],
    numbers: Mapping[int, PageNumber],
) -> PageEvidence:
    evidence = PageEvidence(page.index, is_read=page.is_read)
    if page.is_read:
        evidence.printed = printed_page(page)
        _own_signs(page, kind, evidence)
    else:
        evidence.add("unread", 0.6, "Trang chưa nhận dạng được chữ, để riêng cho người xem")
    if between == "held":
        evidence.add("held", AFTER_HELD, "Đứng sau tài liệu người kiểm tra đã duyệt")
    elif between in {"separator", "cover", "document_list"}:
        evidence.add("after_separator", AFTER_SEPARATOR, "Đứng ngay sau tờ ngăn, bìa hoặc bảng thống kê")
    elif between == "blank":
        evidence.add("after_blank", AFTER_BLANK, "Trang trước để trắng")
    if before is not None:
        _signs_of_pair(page, before, evidence)
    number = numbers.get(page.index)
    if number is not None:
        _signs_of_list(number, rows, evidence)
    return evidence


def _own_signs(page: PageView, kind: PageKind, evidence: PageEvidence) -> None:
    header, title = read_header(page), find_title(page)
    found = (
        (header.motto, MOTTO * (header.motto_likeness or 1.0), "motto", "Có quốc hiệu ở đầu trang"),
        (header.small_motto, SMALL_MOTTO, "small_motto", "Có tiêu ngữ ở đầu trang"),
        (header.agency, AGENCY, "agency", "Có tên cơ quan ở góc trái"),
        (header.number_line, NUMBER, "number", "Có dòng số, ký hiệu"),
        (header.place_date, PLACE_DATE, "place_date", "Có địa danh, ngày tháng ở đầu trang"),
        (header.form_mark, FORM, "form", "Có ký hiệu mẫu biểu"),
        (header.in_the_name, IN_THE_NAME, "in_the_name", "Có dòng NHÂN DANH"),
        (header.addressed, ADDRESSED, "addressed", "Có dòng Kính gửi"),
    )
    for piece, weight, sign, reason in found:
        if piece is not None:
            evidence.add(sign, weight, f"{reason}: “{piece.text[:60]}”", piece.box)
    if title is not None and not title.is_letter and title.score >= 0.6:
        weight = TITLE_WITH_HEADER if not header.is_empty else TITLE_AT_TOP if title.box[1] < 0.2 else TITLE_ALONE
        evidence.add(
            "title", weight * (0.4 + 0.6 * title.look) * title.score, f"Có tên văn bản: “{title.text[:80]}”", title.box
        )
    elif title is not None and title.is_letter and header.addressed is not None:
        evidence.add("letter", 1.5, f"Công văn: “{title.text[:80]}”", title.box)
    elif header.is_empty and kind.kind != "photo":
        evidence.add("no_header", NO_HEADER, "Không có phần đầu văn bản")
    elif header.is_empty:
        evidence.add("photo", NO_HEADER * 0.6, "Trang ảnh không có tên, đi theo tài liệu trước")
    _signs_of_going_on(page, evidence)


def _signs_of_going_on(page: PageView, evidence: PageEvidence) -> None:
    top = [p for p in page.pieces if 0.04 < p.top < 0.2]
    inside = next((p for p in top[:3] if is_inside_heading(p)), None)
    if inside is not None:
        evidence.add(
            "inside_heading", INSIDE_HEADING, f"Đầu trang là đề mục bên trong: “{inside.text[:40]}”", inside.box
        )
    if begins_in_sentence(page):
        evidence.add("in_sentence", IN_SENTENCE, "Câu đầu trang tiếp từ trang trước")
    first = next((p for p in page.pieces if len(p.folded) > 5 and p.top > 0.04), None)
    if first is not None and first.top < 0.25 and (is_signature_label(first) or starts("noi nhan", first.folded)):
        evidence.add("signature_only", SIGNATURE_ONLY, "Đầu trang là phần ký, nơi nhận của trang trước", first.box)


def _signs_of_pair(page: PageView, before: PageView, evidence: PageEvidence) -> None:
    if before.is_read and page.is_read:
        closing = read_closing(before)
        if closing.strength >= 0.3:
            evidence.add(
                "closed_before", CLOSED_BEFORE * closing.strength, "Trang trước có phần kết thúc (nơi nhận, chữ ký)"
            )
        elif before.good_words > 40:
            evidence.add("open_before", OPEN_BEFORE, "Trang trước chưa có phần kết thúc")
        if closing.runs_on:
            evidence.add("runs_on_before", RUNS_ON_BEFORE, "Trang trước dừng giữa câu")
        if before.type_height and page.type_height:
            change = page.type_height / before.type_height
            if change > 1.13 or change < 0.885:
                evidence.add("type_height", OTHER_TYPE_HEIGHT, "Cỡ chữ khác trang trước")
        _signs_of_repetition(page, before, evidence)
        here, there = captions(page), captions(before)
        if here and there and here[0] == there[-1] + 1:
            evidence.add("photos_go_on", PHOTOS_GO_ON, f"Ảnh số {here[0]} tiếp theo ảnh số {there[-1]} ở trang trước")
        total = printed_page(before)
        if total is not None and total.total:
            if total.number == total.total:
                evidence.add(
                    "last_of_total", LAST_OF_TOTAL, f"Trang trước là trang cuối ({total.number}/{total.total})"
                )
            else:
                evidence.add("not_last", NOT_LAST_OF_TOTAL, f"Trang trước là trang {total.number}/{total.total}")
    if page.area_cm2 and before.area_cm2 and not 0.88 < page.area_cm2 / before.area_cm2 < 1.14:
        evidence.add("paper", OTHER_PAPER, "Khổ giấy khác trang trước")


def _signs_of_repetition(page: PageView, before: PageView, evidence: PageEvidence) -> None:
    """The same sheet scanned twice, or one bút lục number on several sheets (a judgment in an enforcement file)."""
    here, there = read_corner(page), read_corner(before)
    both_sure = min(here.confidence, there.confidence) > 0.6
    same_number = both_sure and here.number is not None and here.number == there.number
    if page.good_words > 30 and before.good_words > 30 and abs(page.good_words - before.good_words) < 25:
        alike = fuzz.ratio(" ".join(p.folded for p in page.pieces), " ".join(p.folded for p in before.pieces))
        if alike > 88 and (same_number or here.number is None or there.number is None):
            evidence.add("twice", SAME_PAGE_TWICE, "Giống hệt trang trước: có thể quét hai lần")
            return
    if same_number:
        evidence.add("same_but_luc", SAME_BUT_LUC, f"Cùng số bút lục {here.number} với trang trước", here.box)


def _signs_of_list(number: PageNumber, rows: Sequence[ListRow], evidence: PageEvidence) -> None:
    trust = max(0.0, 2 * number.confidence - 1)
    for row in rows:
        if row.first is None or row.last is None:
            continue
        if row.first == number.value:
            evidence.add(
                "list_starts", LIST_STARTS * trust, f"Bảng thống kê: mục {row.order} bắt đầu từ BL {row.first}"
            )
        elif row.first < number.value <= row.last:
            evidence.add(
                "list_goes_on", LIST_GOES_ON * trust, f"Bảng thống kê: mục {row.order} gồm BL {row.first}–{row.last}"
            )
