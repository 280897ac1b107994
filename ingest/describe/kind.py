"""The type of a document: what its title names, weighed with issuer, number, form mark and the kind of case."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config import document_types, folders
from ingest.describe.issuer import issuer_kinds
from ingest.describe.numbers import NumberParts
from ingest.split import catalogue
from ingest.split.header import read_header
from ingest.split.page import PageView
from ingest.split.titles import Title, find_title
from storage.vietnamese import fold

OF_THIS_KIND, OF_OTHER_KIND, HAS_FOLDER = 0.05, -0.07, 0.03
ISSUER_FITS, ISSUER_OFF, FORM_FITS, HEADER_FITS = 0.05, -0.03, 0.25, 0.015
#: a BIÊN BẢN is no LỆNH, whatever else their titles share
OTHER_GENRE = -0.15
#: a type of this kind of case that fits so little worse casts doubt on one of another kind
NEAR_RIVAL = 0.2
#: a title that begins with the whole wording of a type fits at least so well, whatever follows
WHOLE_WORDING = 0.86
#: the decision a case before the administrative court is about: any decision of a people's committee in it
AT_ISSUE = "hc.qd_hanh_chinh"
#: wordings this close are the same title
SAME_TITLE = 0.012
#: chance of a type in a kind of case it is not listed for: with a home folder of ours there, and without
ELSEWHERE_TOO, OUT_OF_PLACE = 0.003, 0.0007
_PARTY_WORDS = {
    "hinh_su": ("bi can", "bi cao", "vu an hinh su", "bo luat hinh su", "khoi to"),
    "nguon_tin": ("nguon tin ve toi pham", "nguoi to giac", "tin bao ve toi pham"),
    "dan_su": ("nguyen don", "bi don", "vu an dan su", "bo luat to tung dan su"),
    "hanh_chinh": ("nguoi khoi kien", "nguoi bi kien", "quyet dinh hanh chinh", "luat to tung hanh chinh"),
    "thads": ("nguoi phai thi hanh an", "nguoi duoc thi hanh an", "chap hanh vien", "luat thi hanh an dan su"),
    "bpxlhc": ("cai nghien", "bien phap xu ly hanh chinh", "giao duc bat buoc", "nguoi bi de nghi"),
}
LETTER, JUDGMENT = "chung.cong_van", {"HS": "hs.ban_an_hs", "HC": "hc.ban_an_hc", "DS": "ds.ban_an_ds"}
_FORM = re.compile(r"mau so\W{0,4}(\d{1,3})\s?[/⁄]?\s?(hs|ds|hc|pl09)?")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type with confidence; ``rivals`` are the next best types. ``title`` as found on the page."""

    code: str | None
    confidence: float
    reason: str
    title: Title | None
    rivals: tuple[str, ...] = ()


def is_judgment(page: PageView) -> bool:
    """A judgment needs no title: "NHÂN DANH NƯỚC …" or "Bản án số" in its head."""
    header = read_header(page)
    if header.number_line is not None and "ban an so" in header.number_line.folded[:14]:
        return True
    return header.in_the_name is not None and not _names_decision(page)


def _names_decision(page: PageView) -> bool:
    title = find_title(page)
    return title is not None and title.score > 0.75 and catalogue.syllables(title.text)[:2] == ("quyet", "dinh")


def _branch(page: PageView, number: NumberParts | None, case_kind: str | None) -> str:
    sign = fold(number.sign).replace("-", "") if number else ""
    about = " ".join(p.folded for p in page.pieces if p.top < 0.5)
    if sign.startswith("hs") or (not sign and case_kind in {"hinh_su", "nguon_tin"}):
        return "HS"
    if sign.startswith("hc"):
        return "HC"
    if not sign and re.search(r"\bbi cao\b|\bcao trang\b", about):
        return "HS"
    return "HC" if not sign and case_kind == "hanh_chinh" else "DS"


def find_kind(pages: Sequence[PageView], number: NumberParts | None, case_kind: str | None) -> Kind:
    """The type of a document by its first page. ``case_kind`` is that of its case where known."""
    page = pages[0]
    title = find_title(page)
    if is_judgment(page):
        branch = _branch(page, number, case_kind)
        sure = 0.98 if number is not None else 0.8
        return Kind(JUDGMENT[branch], sure, "có phần đầu của bản án (NHÂN DANH, Bản án số)", title)
    if title is None:
        return _without_title(page)
    if title.is_letter:
        return _letter(page, title)
    ranked = _ranked(title, page, number, case_kind)
    if not ranked:
        return Kind(None, 0.2, f"không nhận ra loại của “{title.text[:60]}”", title)
    best, best_score = ranked[0]
    margin = best_score - ranked[1][1] if len(ranked) > 1 else 0.3
    raw = {match.type_code: match.score for match in title.matches}
    whole = any(match.whole for match in title.matches if match.type_code == best)
    confidence = _confidence(max(raw[best], WHOLE_WORDING) if whole else raw[best], margin, title)
    if len(ranked) > 1 and raw[ranked[1][0]] > raw[best] - SAME_TITLE and margin < 2 * OF_THIS_KIND:
        confidence = min(confidence, 0.75)  # two types of one name in one kind of case
    if case_kind is not None and _is_foreign(best, case_kind, raw):
        confidence = min(confidence, 0.75)
    if not catalogue.begins_like_title(title.text):
        confidence *= 0.85  # the first word was lost, and with it what kind of paper it is
    if best in document_types.FALLBACKS:
        at_issue = best == AT_ISSUE and case_kind == "hanh_chinh" and "UBND" in issuer_kinds(page)[:1]
        confidence = 0.85 if at_issue else min(confidence, 0.55)
    reason = f"tên văn bản “{title.text[:60]}”"
    return Kind(best, confidence, reason, title, tuple(code for code, _ in ranked[1:4]))


def _is_foreign(best: str, case_kind: str, raw: Mapping[str, float]) -> bool:
    """Whether a type of another kind of case fits best though one of this kind fits nearly as well."""
    if case_kind in document_types.by_code(best).case_kinds:
        return False
    return any(score > raw[best] - NEAR_RIVAL and case_kind in document_types.by_code(code).case_kinds
               and code not in document_types.FALLBACKS for code, score in raw.items())  # fmt: skip


def _confidence(score: float, margin: float, title: Title) -> float:
    """Probability that the type is right, from how well the title fits and how far behind the next type is."""
    fit = min(1.0, max(0.0, (score - 0.5) / 0.42))
    apart = min(1.0, max(0.0, margin / 0.08))
    return round(
        min(0.995, (0.35 + 0.65 * fit) * (0.55 + 0.45 * apart) * (0.8 + 0.2 * min(1.0, title.confidence / 0.75))), 4
    )


def _ranked(title: Title, page: PageView, number: NumberParts | None, case_kind: str | None) -> list[tuple[str, float]]:
    issuers = issuer_kinds(page)
    form = read_header(page).form_mark
    mark = _FORM.search(form.folded) if form else None
    genre = catalogue.genre_of(title.text)
    ranked = []
    for match in title.matches:
        kind = document_types.by_code(match.type_code)
        score = match.score
        if case_kind is not None:
            if case_kind in kind.case_kinds:
                score += OF_THIS_KIND
            else:
                score += HAS_FOLDER if kind.folder(case_kind) else OF_OTHER_KIND
        if genre is not None and not any(catalogue.genre_of(wording) == genre for wording in kind.titles):
            score += OTHER_GENRE
        if issuers:
            score += ISSUER_FITS if set(issuers[:1]) & set(kind.issuers) else ISSUER_OFF
        elif kind.header == "national" and read_header(page).agency is None:
            score += HEADER_FITS
        if mark and any(form.startswith(f"{mark[1]}/{(mark[2] or 'tt119').upper()}") for form in kind.forms):
            score += FORM_FITS
        if number is not None and kind.has_number:
            pattern = document_types.number_patterns()[kind.number]
            score += 0.02 if pattern.code != "so_generic" and pattern.expression.search(f"Số: {number.text}") else 0
        ranked.append((match.type_code, score - (0.2 if match.type_code in document_types.FALLBACKS else 0)))
    return sorted(ranked, key=lambda item: -item[1])


def _letter(page: PageView, title: Title) -> Kind:
    about = re.sub(r"^V/v\s+", "", title.text)
    for called in ("CÔNG VĂN", "VĂN BẢN"):
        found = catalogue.matches(f"{called} {about}")
        if found and found[0].score > 0.9 and found[0].type_code != LETTER:
            return Kind(found[0].type_code, 0.85, f"công văn “{title.text[:60]}”", title, (LETTER,))
    sure = read_header(page).addressed is not None and read_header(page).number_line is not None
    return Kind(LETTER, 0.97 if sure else 0.7, f"không có tên văn bản, có “{title.text[:50]}” và Kính gửi", title)


def _without_title(page: PageView) -> Kind:
    header = read_header(page)
    if header.addressed is not None and header.number_line is not None:
        return Kind(LETTER, 0.75, "có số, có Kính gửi, không có tên văn bản", None)
    captions = sum(bool(re.search(r"\banh (?:so )?\W?\d", p.folded)) for p in page.pieces)
    if captions:
        return Kind("chung.ban_anh_tai_lieu", 0.6, "trang ảnh có chú thích", None)
    return Kind(None, 0.1, "không đọc được tên văn bản", None)


def case_kind_of(
    kinds: Sequence[tuple[str, float]], numbers: Sequence[tuple[str, float]], cover: str, text: str
) -> tuple[str | None, float]:
    """The kind of case a batch speaks for, and how surely; None when it is unclear.

    Each document of a known type is likelier in a kind of case that has this type, and likelier still where few are.
    few; the numbers of the case, the words of its cover and what its parties are called (bị can, nguyên đơn …) add.

    :param kinds: types with their confidence. :param numbers: case numbers with their weight.
    :param cover: folded words of the cover. :param text: folded words of all pages.
    """
    scores = dict.fromkeys(folders.case_kinds(), 0.0)
    sizes = Counter(kind for known in document_types.document_types().values() for kind in known.case_kinds)
    for code, confidence in kinds:
        known = document_types.by_code(code)
        for kind in scores:
            if kind in known.case_kinds:
                scores[kind] += confidence * math.log(1 / sizes[kind])
            else:
                scores[kind] += confidence * math.log(ELSEWHERE_TOO if known.folder(kind) else OUT_OF_PLACE)
    for number, weight in numbers[:3]:
        told = _kind_of_number(number)
        if told:
            scores[told] += min(4.0, 0.7 * weight)
    told = kind_of_words(cover)
    if told:
        scores[told] += 8.0
    for kind, words in _PARTY_WORDS.items():
        scores[kind] += min(4.0, 0.25 * sum(text.count(word) for word in words))
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not kinds and not numbers and not told and ranked[0][1] < 1:
        return None, 0.0
    share = 1 / sum(math.exp(min(0.0, score - ranked[0][1]) / 1.5) for _, score in ranked)
    return (ranked[0][0], share) if share > 0.55 else (None, share)


def kind_of_words(folded: str) -> str | None:
    """The kind of case the words of a cover name."""
    for kind, words in (
        ("bpxlhc", "bien phap xu ly hanh chinh"),
        ("thads", "thi hanh an dan su"),
        ("thads", "ho so thi hanh an"),
        ("nguon_tin", "nguon tin"),
        ("nguon_tin", "tin bao ve toi pham"),
        ("hanh_chinh", "vu an hanh chinh"),
        ("dan_su", "vu an dan su"),
        ("dan_su", "viec dan su"),
        ("dan_su", "hon nhan"),
        ("hinh_su", "vu an hinh su"),
        ("hinh_su", "hinh su"),
    ):
        if words in folded:
            return kind
    return None


def _kind_of_number(number: str) -> str | None:
    bare = fold(number).replace("-", "").replace(" ", "")
    sign = bare.rpartition("/")[2]
    for kind, pattern in (
        ("hinh_su", r"^(tl)?(st|pt)?hs(st|pt|dt)?"),
        ("hanh_chinh", r"^(tl)?(st|pt)?hc(st|pt)?"),
        ("dan_su", r"^(tl)?(st|pt)?(ds|hngd|kdtm|ld|vds)(st|pt)?"),
        ("thads", r"^(qd)?c?ct?hads|^thads"),
    ):
        if re.match(pattern, sign):
            return kind
    return None
