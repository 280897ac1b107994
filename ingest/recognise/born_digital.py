"""Pages that carry their own text: read by pdfplumber, unless the text layer lies.

Fonts of the years before Unicode (TCVN3 ".Vn…", "VNI-…") store other letters under Vietnamese shapes: a page whose
letters turn cleanly into Vietnamese is turned into Unicode, better than any recogniser reads it. Otherwise a layer lies
when its letters are not what the page shows: a page of several encodings, broken encodings that give ``(cid:12)``, a
scan's invisible layer put there by some other recogniser. Such a page is recognised like a scan.
"""

import re
from pathlib import Path
from typing import Any

import pdfplumber

from ingest.recognise.errors import PageUnreadable
from storage import vietnamese, vietnamese_legacy
from storage.reading import PageReading, Word
from storage.vietnamese_syllable import is_possible

TOOL = f"pdfplumber {pdfplumber.__version__}"

#: pixels per point that ``width`` and ``height`` are stated in (150 dpi, as pages are rendered)
SCALE = 150 / 72
#: fewest letters for which a text layer is believed to be the page's text
FEWEST_LETTERS = 15
#: a picture covering more of the page than this makes the page a scan, whatever text lies over it
SCAN_COVERS = 0.6
#: more foreign letters than this share: the encoding is broken
MOST_FOREIGN = 0.02

#: share of the words with marks that must be possible syllables once an old encoding was turned into Unicode
_SURE_OF_OLD = 0.95
_OLD_FONTS = "fonts of the years before Unicode"
_OLD_LETTERS = "letters of an old encoding"
_OLD = (_OLD_FONTS, _OLD_LETTERS)

_LEGACY_FONT = re.compile(r"(^|\+)(\.?Vn[A-Z]|VNI-|VNtime|\.VN)", re.IGNORECASE)
_FOREIGN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f]|\\(cid:\\d+\\)")
#: letters TCVN3 and VNI text is full of when read as Latin-1, and Vietnamese never is
_MOJIBAKE = re.compile(
    "[µ¸¶·¹¨©®¬«»¼½¾ÆÇÈÉË§¦¡¢£¤¥][a-zà-ÿ]|[a-z][µ¸¶·¹¨©®¬«»¼½¾ÆÇË§×ØÞßÿ]"
    "|[a-zA-Z][ùøûõïâêôáàåãäéèëúüÙØÛÕÏ][ùøûõï]"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def read_text_page(pdf_path: Path, page_number: int) -> PageReading | None:
    """The text of page ``page_number`` (from 1), or None where it must be recognised from its image."""
    try:
        with pdfplumber.open(pdf_path, pages=[page_number]) as pdf:
            if not pdf.pages:
                raise PageUnreadable(what=f"{pdf_path.name}, {page_number}", why="no such page")
            return _read(pdf.pages[0])
    except PageUnreadable:
        raise
    except Exception as error:  # pdfminer raises many kinds on damaged files; the page is then recognised or refused
        raise PageUnreadable(what=f"{pdf_path.name}, {page_number}", why=f"{type(error).__name__}: {error}") from error


def _read(page: Any) -> PageReading | None:
    found = page.extract_words(x_tolerance=1.5, y_tolerance=3, extra_attrs=["fontname"])
    text = " ".join(w["text"] for w in found)
    why = lies(text, {str(w["fontname"]) for w in found}, _image_share(page))
    notes = ["text layer of the file"]
    if why in _OLD:
        encoding = _legacy_encoding(text)
        if encoding is not None:
            found = [{**w, "text": vietnamese_legacy.convert(str(w["text"]), encoding)} for w in found]
            notes.append(f"turned into Unicode from {encoding}")
            why = None
    if why is not None:
        return None
    width, height = float(page.width), float(page.height)
    return PageReading(
        tool=TOOL,
        width=round(width * SCALE),
        height=round(height * SCALE),
        rotation=0,
        confidence=0.99,
        words=_words(found, width, height),
        notes=tuple(notes),
    )


def _legacy_encoding(text: str) -> vietnamese_legacy.Encoding | None:
    """The one old encoding of a whole page, or None when what it gives is not believable Vietnamese throughout (fonts
    in capitals, a page of two encodings)."""
    encoding = vietnamese_legacy.detect(text)
    if encoding is None or encoding == "viqr":
        return None
    converted = vietnamese_legacy.convert(text, encoding)
    syllables = [s for s in vietnamese.words(converted) if s.isalpha()]
    odd = [s for s in syllables if not s.isascii()]
    possible = sum(is_possible(vietnamese.nfc(s).casefold()) for s in odd)
    return encoding if odd and possible >= _SURE_OF_OLD * len(odd) else None


def lies(text: str, fonts: set[str], image_share: float) -> str | None:
    """Why a page's text layer is not its text, or None where it may be believed."""
    letters = sum(c.isalpha() for c in text)
    if letters < FEWEST_LETTERS:
        return "no text"
    if image_share > SCAN_COVERS:
        return "a scan with a text layer by another program"
    if any(_LEGACY_FONT.search(font) for font in fonts):
        return _OLD_FONTS
    if len(_FOREIGN.findall(text)) > MOST_FOREIGN * letters:
        return "broken encoding"
    words = _WORD.findall(text)
    broken = sum(1 for w in words if _MOJIBAKE.search(w))
    if words and broken > 0.08 * len(words):
        return _OLD_LETTERS
    return None


def _image_share(page: Any) -> float:
    area = float(page.width) * float(page.height)
    largest = max((float(i["width"]) * float(i["height"]) for i in page.images), default=0.0)
    return largest / area if area else 0.0


def _words(found: list[dict[str, Any]], width: float, height: float) -> tuple[Word, ...]:
    """Words in lines (shared height), lines in blocks (a gap of more than a line and a half between them)."""
    words: list[Word] = []
    line = block = -1
    bottom = top = -1.0
    for item in sorted(found, key=lambda w: (round(float(w["bottom"])), float(w["x0"]))):
        x0, x1, y0, y1 = (float(item[k]) for k in ("x0", "x1", "top", "bottom"))
        if line < 0 or y1 - bottom > 0.4 * (y1 - y0):
            if line < 0 or y0 - bottom > 0.9 * (bottom - top):
                block += 1
            line += 1
            top, bottom = y0, y1
        box = (x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height)
        words.append(Word(str(item["text"]), box, 0.99, line, block))
    return tuple(words)
