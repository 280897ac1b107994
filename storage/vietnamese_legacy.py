"""Vietnamese in old encodings: TCVN3 (ABC, .Vn fonts), VNI (VNI- fonts) and VIQR, recognised and converted.

Pure. Such text comes out of born-digital PDF and Word files of the 1990s and 2000s as Latin letters with odd accents.
A conversion is offered only when it turns clearly more of the odd words into possible Vietnamese syllables.
"""

import re
import unicodedata
from typing import Final, Literal

from storage.vietnamese import nfc
from storage.vietnamese_syllable import is_possible

Encoding = Literal["tcvn3", "vni", "viqr"]

_TCVN3_FROM: Final = (
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
)
_TCVN3_TO: Final = (
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
)
_TCVN3: Final = str.maketrans(_TCVN3_FROM + "μ", _TCVN3_TO + "à")

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
#: What follows a vowel in VNI: the mark letters, as combining marks.
_VNI_MARKS: Final = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS: Final = {"ö": "ư", "ô": "ơ", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_SINGLE: Final = {ord(form(k)): form(v) for k, v in _VNI_LETTERS.items() for form in (str.lower, str.upper)}
_VNI_PAIR: Final = re.compile("([aeouyöô])([øùûõïâàáåãäêèéúüë])", re.IGNORECASE)

_VIQR_PAIR: Final = re.compile(r"(dd|[aeo]\^|a\(|[ou]\+|[aeiouy])(?<!\\)(['`?~.]?)(?![\^(+])", re.IGNORECASE)
_VIQR_SHAPES: Final = {"^": _CIRCUMFLEX, "(": _BREVE, "+": _HORN}
_VIQR_TONES: Final = {"'": _ACUTE, "`": _GRAVE, "?": _HOOK, "~": _TILDE, ".": _DOT}

_ENDS_SENTENCE: Final = re.compile(r"\s*$|\s*\n|\s+[A-Z0-9]|[\"')\]]")
_WORD: Final = re.compile(r"\S+")
_EDGE: Final = re.compile(r"^[^\w¡-ÿ]+|[^\w¡-ÿ]+$")
_ODD: Final = re.compile(r"[\u00a1-\u00ff\u03bc]|[a-zA-Z][\^(+~'`]|dd")
_TRUE_VIETNAMESE: Final = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯ]")


def convert(text: str, encoding: Encoding) -> str:
    """The text as Unicode (NFC). Characters the encoding does not use stay as they are."""
    if encoding == "tcvn3":
        return text.translate(_TCVN3)
    if encoding == "vni":
        return _from_vni(text)
    return _from_viqr(text)


def _from_vni(text: str) -> str:
    def pair(match: re.Match[str]) -> str:
        vowel, mark = match[1], match[2].lower()
        base = _VNI_LETTERS.get(vowel.lower(), vowel.lower())
        return (base.upper() if vowel.isupper() else base) + _VNI_MARKS[mark]

    marked = _VNI_PAIR.sub(pair, text)
    return nfc(marked.translate(_VNI_SINGLE))


def _from_viqr(text: str) -> str:
    def pair(match: re.Match[str]) -> str:
        letter, tone = match[1], match[2]
        if letter.lower() == "dd":
            return ("Đ" if letter[0] == "D" else "đ") + tone
        if tone in {"?", "."} and tone and _ENDS_SENTENCE.match(text, match.end()):
            return letter[0] + (_VIQR_SHAPES[letter[1]] if len(letter) == 2 else "") + tone
        shape = _VIQR_SHAPES[letter[1]] if len(letter) == 2 else ""
        return letter[0] + shape + _VIQR_TONES.get(tone, "")

    return nfc(_VIQR_PAIR.sub(pair, text))


def detect(text: str) -> Encoding | None:
    """The old encoding a text is in, or None. Needs at least three odd words to judge by, four of five of which become
    possible Vietnamese syllables, and a text that is not Vietnamese in Unicode already."""
    words = [w for w in (_EDGE.sub("", m.group()) for m in _WORD.finditer(text[:20_000])) if _ODD.search(w)]
    if len(words) < 3 or len(_TRUE_VIETNAMESE.findall(text[:20_000])) * 4 > len(words):
        return None
    best: tuple[float, Encoding] | None = None
    encodings: tuple[Encoding, ...] = ("tcvn3", "vni", "viqr")
    for encoding in encodings:
        share = _possible_share([convert(w, encoding) for w in words])
        if best is None or share > best[0]:
            best = (share, encoding)
    if best is None or best[0] < 0.8 or best[0] < _possible_share(words) + 0.3:
        return None
    return best[1]


def _possible_share(words: list[str]) -> float:
    pieces = [p for w in words for p in re.split(r"[^\w^(+~'`.]+", w) if p]
    good = sum(is_possible(unicodedata.normalize("NFC", p.strip(".'`")).casefold()) for p in pieces)
    return good / len(pieces) if pieces else 0.0


def repaired(text: str) -> tuple[str, Encoding | None]:
    """The text in Unicode and the old encoding it was in; unchanged with None when it was in none."""
    encoding = detect(text)
    return (convert(text, encoding), encoding) if encoding else (text, None)
