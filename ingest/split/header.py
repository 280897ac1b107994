"""What the upper part of a page shows: national motto, agency, number line, place and date, form mark, page number."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ingest.split.closing import is_signature_label
from ingest.split.fuzzy import cue, find_cue, likeness, starts
from ingest.split.page import PageView, Piece

#: the header of a first page ends above this part of the page
HEADER_BOTTOM = 0.3
_NUMBER_LINE = re.compile(r"^\W{0,3}(?:so|s0|86|sd|ban an so|quyet dinh so)\W{0,3}[:;.]?\s*\S")
_NUMBER_SHAPE = re.compile(r"\d{0,6}\w?\s?[/⁄]\s?[a-zđ0-9]")
_PAGE_OF = re.compile(r"^\W{0,3}(?:trang|tr|page)\W{0,3}(\d{1,3})(?:\s?[/⁄]\s?(\d{1,3}))?\W{0,3}$")
_BARE_PAGE = re.compile(r"^[-–—_.\s]{0,3}(\d{1,3})[-–—_.\s]{0,3}$")
_FORM = re.compile(r"mau so\W{0,4}\d{1,3}|bh theo tt|theo tt so|theo qd so|theo thong tu so")


@dataclass(frozen=True, slots=True)
class Header:
    """Pieces found in the upper part, None where absent; likeness of the motto 0..1."""

    motto: Piece | None = None
    motto_likeness: float = 0.0
    small_motto: Piece | None = None
    agency: Piece | None = None
    number_line: Piece | None = None
    place_date: Piece | None = None
    form_mark: Piece | None = None
    addressed: Piece | None = None
    in_the_name: Piece | None = None

    @property
    def is_empty(self) -> bool:
        return not (
            self.motto
            or self.small_motto
            or self.agency
            or self.number_line
            or self.place_date
            or self.form_mark
            or self.in_the_name
        )


def read_header(page: PageView) -> Header:
    """The header of a page; cached on the page."""
    return page.remember("header", _read_header)


def _read_header(page: PageView) -> Header:
    upper = page.above(HEADER_BOTTOM)
    motto = find_cue("quoc_hieu", upper) or _parted_motto(upper)
    small = find_cue("tieu_ngu", upper)
    agency = next((p for p in upper if p.left < 0.45 and p.capitals > 0.6 and _is_agency(p)), None)
    number = next((p for p in upper if p.left < 0.6 and _is_number_line(p)), None)
    date = next((p for p in upper if p.left > 0.3 and p.capitals < 0.5 and _is_date(p)), None)
    if date is not None and not motto and not agency and _is_signed(date, page):
        date = None
    form = next((p for p in upper if _FORM.search(p.folded)), None)
    addressed = next((p for p in page.above(0.55) if starts("kinh gui", p.folded) or "kinh gui" in p.folded[:14]), None)
    name = next((p for p in page.above(0.4) if _is_in_the_name(p, page)), None)
    return Header(
        motto=motto[0] if motto else None,
        motto_likeness=motto[1] if motto else 0.0,
        small_motto=small[0] if small else None,
        agency=agency,
        number_line=number,
        place_date=date,
        form_mark=form,
        addressed=addressed,
        in_the_name=name,
    )


def _parted_motto(upper: list[Piece]) -> tuple[Piece, float] | None:
    """The motto of which a stamp or a fold left only a half: three of its telling words are enough."""
    words = ("cong hoa", "xa hoi", "chu nghia", "viet nam")
    for piece in upper:
        if piece.capitals > 0.6:
            hits = sum(likeness(word, piece.folded) > 0 for word in words)
            if hits >= 2:
                return piece, hits / len(words)
    return None


def _is_date(piece: Piece) -> bool:
    """"…, ngày 12 tháng 3 năm 2024", two of the three words at least, each with a wrong letter at most."""
    if piece.folded.startswith(("hoi", "vao hoi", "hom nay", "luc")) or not any(c.isdigit() for c in piece.folded):
        return False
    words = re.findall(r"[a-z]+", piece.folded)
    return sum(any(Levenshtein.distance(word, right, score_cutoff=1) <= 1 for word in words if len(word) > 1)
               for right in ("ngay", "thang", "nam")) >= 2


def _is_signed(piece: Piece, page: PageView) -> bool:
    """A place and date right above a signature ends a document, wherever on the page it stands."""
    return any(is_signature_label(p) for p in page.pieces if 0 < p.top - piece.top < 0.06 and p.left > 0.4)


def _is_in_the_name(piece: Piece, page: PageView) -> bool:
    """NHÂN DANH alone on its line (NHẬN DẠNG differs by one letter, so a misreading needs the line below it too)."""
    if piece.capitals < 0.8 or len(piece.folded) > 60:
        return False
    if piece.folded.startswith("nhan danh"):
        return True
    below = [p for p in page.pieces if 0 < p.top - piece.top < 0.04]
    return bool(starts("nhan danh", piece.folded)) and any(likeness("nuoc cong hoa xa hoi", p.folded) for p in below)


def _is_agency(piece: Piece) -> bool:
    return any(starts(words, piece.folded) for words in cue("agency_prefix") if len(words) > 6)


def _is_number_line(piece: Piece) -> bool:
    if not _NUMBER_LINE.match(piece.folded):
        return False
    return bool(_NUMBER_SHAPE.search(piece.folded)) or piece.folded.startswith(("so:", "so :"))


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page number as printed; ``total`` where "2/5" is printed."""

    number: int
    total: int | None
    piece: Piece


def printed_page(page: PageView) -> PrintedPage | None:
    """The page number printed at the top or bottom centre ("2", "- 2 -", "Trang 2/5"), not the bút lục."""
    edge = [p for p in page.pieces if p.top < 0.1 or p.bottom > 0.92]
    for piece in edge:
        found = _PAGE_OF.match(piece.folded)
        if found:
            return PrintedPage(int(found[1]), int(found[2]) if found[2] else None, piece)
    for piece in edge:
        found = _BARE_PAGE.match(piece.text)
        if found and abs(piece.centre - 0.52) < 0.12 and 1 <= int(found[1]) < 400:
            return PrintedPage(int(found[1]), None, piece)
    return None
