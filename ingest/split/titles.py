"""Finding the title of a document on its first page and the type it names.

A title stands in the upper part, centred, mostly in capitals, over one to four lines, the second often in ordinary
letters ("THÔNG BÁO / Về việc …"). An official letter has none: "V/v …" under its number and "Kính gửi" stand for it.
The same words inside a decision ("QUYẾT ĐỊNH:") are no title.
"""

import re
from dataclasses import dataclass

from config import document_types
from ingest.split import catalogue
from ingest.split.closing import is_signature_label
from ingest.split.fuzzy import cue, likeness, starts
from ingest.split.header import read_header
from ingest.split.page import PageView, Piece, hull
from storage.reading import Box

#: titles begin above this part of the page
LOWEST = 0.56
MAX_LINES = 5
#: a block whose first word could not be read is a title all the same when the rest fits a type this well
SURE_WITHOUT_GENRE = 0.72
#: what a fallback type loses against a telling one, and a match for each printed title line it leaves out
FALLBACK_LOSS = 0.4
UNUSED_LOSS = 0.08
#: a centred line may be off the middle of the writing by this part of the width
OFF_CENTRE = 0.09
#: "Hồi 14 giờ", but not "Hỏi cung bị can"
_HOUR = re.compile(r"^\W{0,2}hoi\W{0,4}(?:\d|gio\b)")
_NUMBER_LINE = re.compile(r"^\W{0,2}(?:so|s0|no)\b\W{0,4}(?:no\b\W{0,3})?[:.\d]")
#: a line of a title in small letters is narrower than this part of the page
SHORT_LINE = 0.55
#: lines at least as wide as this part of the page are running text
LONG_LINE = 0.45
_PARENTHESIS = re.compile(r"^\W{0,2}[(\[].*")
#: "V/v", as badly as it is read
_ABOUT = re.compile(r"^\W{0,2}(?:v(?:\W{1,3}[vu]?|v)|wv?)\W{0,2}\s")
#: what follows a title and is none of it
_AFTER_TITLE = (
    "kinh gui",
    "can cu",
    "toi ten la",
    "toi la",
    "chung toi",
    "ho va ten",
    "so:",
    "xet de nghi", "xet thay", "xet to trinh", "xet quyet dinh",
    "sau khi",
    "thuc hien",
    "hom nay",
    "vao hoi",
    "ben ",
    "1.",
    "i.",
    "nguoi ",
    "ngay ",
    "dia chi",
    "ten toi",
    "tai ",
)
_OFFICE_HOLDERS = (
    "thu truong co quan",
    "vien truong vien",
    "chanh an toa",
    "toa an nhan dan",
    "truong thi hanh an",
    "chi cuc truong",
    "cuc truong",
    "vien kiem sat nhan dan",
    "chu tich uy ban",
    "co quan canh sat dieu tra",
    "pho thu truong co quan",
    "giam doc cong an",
    "chap hanh vien",
    "truong phong",
    "hoi dong xet xu",
    "tham phan",
    "pho chanh an",
    "pho vien truong",
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed (lines joined by spaces) and the types it may name, best first."""

    text: str
    box: Box
    matches: tuple[catalogue.Match, ...]
    confidence: float
    #: the piece of white and letters it began with, for reasons
    first_line: str
    #: title letters are larger, bold or capital: how much it looks like one, 0..1
    look: float
    is_letter: bool = False

    @property
    def best(self) -> catalogue.Match | None:
        return self.matches[0] if self.matches else None

    @property
    def score(self) -> float:
        return self.matches[0].score if self.matches else 0.0


def _middle(page: PageView) -> tuple[float, float]:
    """Centre and width of the writing, by its long lines; those of an upright sheet where there are few."""
    wide = sorted(p.left for p in page.pieces if p.box[2] > LONG_LINE)
    ends = sorted(p.right for p in page.pieces if p.box[2] > LONG_LINE)
    if len(wide) < 4:
        return 0.53, 0.74
    left, right = wide[len(wide) // 10], ends[-1 - len(ends) // 10]
    return (left + right) / 2, max(0.3, right - left)


def is_inside_heading(piece: Piece) -> bool:
    """QUYẾT ĐỊNH: / RA LỆNH: / NHẬN ĐỊNH CỦA TÒA ÁN …, the headings inside a document, mostly ending with a colon."""
    ends_with_colon = piece.text.rstrip(" .,'`’").endswith((":", ";"))
    for words in cue("not_a_start"):
        bare = words.rstrip(":")
        if len(piece.folded) > len(bare) + 4:
            continue
        if ends_with_colon and likeness(bare, piece.folded):
            return True
        if not words.endswith(":") and (starts(bare, piece.folded) if len(bare) > 9 else piece.folded.startswith(bare)):
            return True
    return False


def _is_centred(piece: Piece, centre: float, width: float) -> bool:
    in_middle = abs(piece.centre - centre) < OFF_CENTRE or abs(piece.centre - 0.5) < OFF_CENTRE * 0.8
    return in_middle and piece.box[2] < width * (1.05 if piece.capitals > 0.6 else 0.93)


def _continues(piece: Piece, last: Piece, centre: float, width: float) -> bool:
    """Whether a piece goes on with the title block above it."""
    gap = piece.top - last.bottom
    if gap > 1.6 * max(last.box[3], 0.012) or gap < -0.6 * last.box[3]:
        return False
    if _PARENTHESIS.match(piece.text) or is_inside_heading(piece):
        return False
    if piece.capitals < 0.6 and any(piece.folded.startswith(words) for words in _AFTER_TITLE):
        return False
    if piece.capitals > 0.6 and any(starts(words, piece.folded) for words in _OFFICE_HOLDERS):
        return False
    if piece.text.rstrip().endswith((";", ":")) or _HOUR.match(piece.folded) or _NUMBER_LINE.match(piece.folded):
        return False
    return _is_centred(piece, centre, width)


def _opens_paragraph(piece: Piece, later: list[Piece], width: float) -> bool:
    """A full line in small letters whose next line begins further left: the indented first line of a paragraph."""
    if piece.capitals > 0.6 or piece.box[2] < 0.8 * width:
        return False
    below = next((p for p in later if p.top > piece.top + 0.5 * piece.box[3]), None)
    return below is not None and below.top - piece.bottom < piece.box[3] and below.left < piece.left - 0.015


def _block(pieces: list[Piece], first: int, centre: float, width: float) -> list[Piece]:
    block = [pieces[first]]
    for place, piece in enumerate(pieces[first + 1 :], start=first + 1):
        if len(block) >= MAX_LINES:
            break
        beside = piece.left > block[-1].right or piece.right < block[-1].left
        if beside and abs(piece.top - block[-1].top) < 0.6 * block[-1].box[3]:
            continue  # the same level: a stamp or a mark beside the title
        if not _continues(piece, block[-1], centre, width) or _opens_paragraph(piece, pieces[place + 1 :], width):
            break
        block.append(piece)
    return block


def _judged(block: list[Piece], usual: float, shape: float) -> Title | None:
    """The best reading of a block: its first one to four lines, whichever names a type best; all of it is the title."""
    best: tuple[float, tuple[catalogue.Match, ...], int] = (0.0, (), 0)
    printed = _printed_lines(block)
    for size in range(1, len(block) + 1):
        found = catalogue.matches(" ".join(p.text for p in block[:size]))
        if not found:
            continue
        # the first word alone (QUYẾT ĐỊNH) always fits its own fallback type: more lines, if they fit at all, tell more
        value = found[0].score - (FALLBACK_LOSS if found[0].type_code in document_types.FALLBACKS else 0.0)
        value -= UNUSED_LOSS * max(0, printed - size)
        if value >= best[0]:  # of two that fit alike the longer one tells more
            best = (value, found, size)
    _, found, size = best
    score = found[0].score if found else 0.0
    used = block[: max(size, printed)]
    height = max(p.box[3] for p in used[:1]) * shape * 1000
    upper = used[0].capitals
    look = min(1.0, 0.5 * upper + 0.3 * (height >= usual * 1.02 if usual else 0.5) + 0.2 * (len(used[0].folded) < 45))
    text = " ".join(p.text for p in used)
    confidence = sum(p.confidence for p in used) / len(used)
    if not found and not catalogue.begins_like_title(used[0].text):
        return None
    if score < catalogue.FLOOR and upper < 0.6:
        return None
    return Title(text, hull([p.box for p in used]), found, confidence, used[0].text, look)


def _printed_lines(block: list[Piece]) -> int:
    """How many lines of a block are printed as title: capitals, a short line in small letters below the first one
    ("Phê chuẩn lệnh tạm giam"), or "Về việc …" and what follows it."""
    lines = 1
    for piece in block[1:]:
        short = piece.text[:1].isupper() and piece.box[2] < SHORT_LINE
        if piece.capitals > 0.6 or short or starts("ve viec", piece.folded) or lines > 1:
            lines += 1
        else:
            break
    return lines


def _letter(page: PageView) -> Title | None:
    """An official letter's "V/v …": under the number, at the left or in the middle."""
    upper = [p for p in page.pieces if 0.05 < p.top < 0.4]
    for place, piece in enumerate(upper):
        if _ABOUT.match(piece.folded) or starts("ve viec", piece.folded):
            lines = [piece]
            for later in upper[place + 1 :]:
                close = 0 <= later.top - lines[-1].bottom < 1.2 * piece.box[3]
                if (
                    close
                    and later.left < 0.45
                    and "kinh gui" not in later.folded
                    and len(lines) < 4
                    and abs(later.centre - piece.centre) < 0.12
                ):
                    lines.append(later)
            text = " ".join(p.text for p in lines)
            text = re.sub(r"^\W{0,2}(?:[Vv](?:\W{1,3}[vVuU]?|[vV])|[Ww][Vv]?)\W{0,2}\s", "V/v ", text)
            confidence = sum(p.confidence for p in lines) / len(lines)
            return Title(text, hull([p.box for p in lines]), (), confidence, piece.text, 0.6, is_letter=True)
    return None


def find_heading(page: PageView) -> Title | None:
    """What stands in capitals in the middle of the upper part, for a paper whose kind is in no catalogue."""
    centre, width = _middle(page)
    for piece in page.above(0.35):
        plain = piece.capitals > 0.8 and len(piece.folded) > 5 and _is_centred(piece, centre, width)
        if plain and not (is_inside_heading(piece) or is_signature_label(piece) or _is_of_header(piece, page)):
            return Title(piece.text, piece.box, (), piece.confidence, piece.text, 0.5)
    return None


def _is_of_header(piece: Piece, page: PageView) -> bool:
    header = read_header(page)
    return piece in (header.motto, header.small_motto, header.agency, header.number_line)


def find_title(page: PageView) -> Title | None:
    """The title on a page, None when there is none. Cached on the page."""
    return page.remember("title", _find_title)


def _find_title(page: PageView) -> Title | None:
    mottoes = (read_header(page).motto, read_header(page).small_motto)
    pieces = [p for p in page.pieces if p.top < LOWEST and p not in mottoes]
    centre, width = _middle(page)
    best: Title | None = None
    best_value, used_until = 0.0, -1.0
    for place, piece in enumerate(pieces):
        if len(piece.folded) < 4 or not _is_centred(piece, centre, width) or is_inside_heading(piece):
            continue
        if piece.capitals < 0.5 or piece.folded.startswith("nguoi ") or piece.top < used_until:
            continue
        title = _judged(_block(pieces, place, centre, width), page.type_height, page.shape)
        if title is None or (title.score < SURE_WITHOUT_GENRE and not catalogue.begins_like_title(piece.text)):
            continue
        # a higher place speaks for a title: what stands further down is a heading inside
        value = title.score + 0.35 * title.look - 0.5 * max(0.0, piece.top - 0.2)
        if value > best_value:
            best, best_value = title, value
        if title.score >= SURE_WITHOUT_GENRE:
            used_until = title.box[1] + title.box[3] * 0.9  # a title's own second line is no other title
    if best is not None and best.score >= 0.6:
        return best
    letter = _letter(page)
    return letter if letter is not None and (best is None or best.score < 0.55) else best
