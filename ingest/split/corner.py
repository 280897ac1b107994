"""The bút lục number stamped, printed or written in the corner of one page, as far as this page alone tells."""

import re
from dataclasses import dataclass

from ingest.split.page import PageView
from storage.reading import Box
from storage.vietnamese import fold

#: the stamp stands at the top right; the number of the page at the top middle is none
CORNER_LEFT, CORNER_BOTTOM = 0.7, 0.105
_LABELLED = re.compile(r"(?:but\W{0,2}luc|b\W{0,2}l\b|luc so|uc so)\W{0,4}(?:so)?\W{0,4}(\d{1,4}[a-d]?)\b")
_LABEL_ONLY = re.compile(r"but\W{0,2}luc|luc so")
_BARE = re.compile(r"^\W{0,2}0{0,3}(\d{1,4}[a-d]?)\W{0,2}$")


@dataclass(frozen=True, slots=True)
class CornerNumber:
    """``number`` as read (45a possible); ``suffix`` is kept inside it. ``has_mark``: a mark is there, read or not."""

    number: str | None
    confidence: float
    box: Box | None
    raw: str = ""
    has_mark: bool = False

    @property
    def value(self) -> int | None:
        """The number without its letter."""
        digits = re.match(r"\d+", self.number or "")
        return int(digits[0]) if digits else None


NOTHING = CornerNumber(None, 0.0, None)


def clean_number(text: str) -> str | None:
    """ "0021" → "21", "45A" → "45a"; None when it is no bút lục number."""
    found = re.fullmatch(r"0*(\d{1,4})\s?([a-d]?)", text.strip().lower())
    if not found or not int(found[1]):
        return None
    return found[1] + found[2]


def read_corner(page: PageView) -> CornerNumber:
    """What the corner of a page says; cached on the page."""
    if page.fixed_number:
        return CornerNumber(page.fixed_number, 1.0, None, page.fixed_number, has_mark=True)
    return page.remember("corner", lambda it: _from_blocks(it) or _from_words(it))


def _from_blocks(page: PageView) -> CornerNumber | None:
    """What the reader found when it looked at the corner itself."""
    seen: CornerNumber | None = None
    for block in page.blocks:
        if block.kind != "corner":
            continue
        text = block.text or ""
        folded = fold(text)
        labelled = _LABELLED.search(folded) or re.search(r"(\d{1,4}[a-d]?)\b", folded)
        number = clean_number(labelled[1]) if labelled else None
        confidence = block.confidence if block.confidence is not None else 0.5
        if number and confidence > (seen.confidence if seen else -1):
            seen = CornerNumber(number, confidence, block.box, text, has_mark=True)
        elif seen is None:
            seen = CornerNumber(None, 0.0, block.box, text, has_mark=True)
    return seen


def _from_words(page: PageView) -> CornerNumber:
    corner = [p for p in page.pieces if p.left > CORNER_LEFT and p.top < CORNER_BOTTOM]
    for piece in corner:
        found = _LABELLED.search(piece.folded)
        number = clean_number(found[1]) if found else None
        if number:
            confidence = min(0.97, piece.words[-1].confidence)
            return CornerNumber(number, confidence, piece.box, piece.text, has_mark=True)
    for piece in corner:
        found = _BARE.match(piece.folded)
        number = clean_number(found[1]) if found else None
        if number and piece.top < 0.075:
            return CornerNumber(number, 0.85 * piece.confidence, piece.box, piece.text, has_mark=True)
    marked = next((p for p in corner if _LABEL_ONLY.search(p.folded) or (p.left > 0.78 and p.top < 0.07)), None)
    return CornerNumber(None, 0.0, marked.box, marked.text, has_mark=True) if marked else NOTHING
