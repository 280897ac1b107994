"""Vietnamese text: composing, folding, normal spelling, syllables with offsets, keys of numbers and names.

The one place that says when two pieces of Vietnamese text are the same. Pure: imports nothing of ours and no library.
Three levels of sameness, each wider than the one before:

* ``nfc``: the same letters, however they were stored (a Mac's decomposed letters, marks typed in another order);
* ``normal``: also without regard to case, to where the tone stands (hoà = hòa, thuý = thúy) and to i/y (lý = lí);
* ``fold``: also without regard to marks (đ = d).

Legal tokens live in ``vietnamese_tokens``, old encodings in ``vietnamese_legacy``, keyboards in ``vietnamese_keys``.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from storage import vietnamese_syllable

_SHAPES: Final = "\u0302\u0306\u031b"
_TONE_BEFORE_SHAPE: Final = re.compile(rf"([\u0300\u0301\u0303\u0309\u0323]+)([{_SHAPES}]+)")
_MARKS: Final = re.compile("[\u0300-\u036f]")
#: Characters that are there but not seen: soft hyphen, zero-width space and joiners, byte order mark.
INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE_TABLE: Final = {ord(c): None for c in INVISIBLE}
_SYLLABLE: Final = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{INVISIBLE}])*")
_COMPOSED_SYLLABLE: Final = re.compile(r"[^\W_]+")
_ODD: Final = re.compile(f"[\u0300-\u036f{INVISIBLE}]|[\u2000-\u2fff\uf900-\ufaff]")
#: Icelandic eth and African d are drawn like đ and stand for it in many Vietnamese files.
_DOUBLES_OF_D: Final = {ord("ð"): "đ", ord("ɖ"): "đ", ord("Ð"): "Đ", ord("Ɖ"): "Đ"}


def nfc(text: str) -> str:
    """Compose letters and marks, also when a tone was stored before the letter's own shape (á + ^ is ấ)."""
    composed = unicodedata.normalize("NFC", text)
    if not _MARKS.search(composed):
        return composed
    apart = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _TONE_BEFORE_SHAPE.sub(r"\2\1", apart))


def fold(text: str) -> str:
    """Without case and marks: ``fold("Định tội") == "dinh toi"``. Keeps spaces and punctuation as they are."""
    if text.isascii():
        return text.lower()
    lowered = nfc(text).casefold().translate(_fold_table())
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFD", lowered)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare).casefold()


@lru_cache(maxsize=1)
def _fold_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("ð"): "d", ord("ɖ"): "d"}
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table.setdefault(code, base)
    return table


def normal(text: str) -> str:
    """Without case, and with every Vietnamese syllable in one spelling (hoà → hòa, lý → lí, quí → quý); marks kept."""
    composed = nfc(text).translate(_INVISIBLE_TABLE)
    return nfc(_SYLLABLE.sub(lambda found: _normal_syllable(found.group()), nfc(composed)))


@lru_cache(maxsize=131072)
def _normal_syllable(syllable: str) -> str:
    lowered = nfc(syllable.casefold().translate(_DOUBLES_OF_D))
    if not lowered.isalpha():
        return lowered
    parts = vietnamese_syllable.parse(lowered)
    return lowered if parts is None else vietnamese_syllable.join(vietnamese_syllable.canonical(parts))


class Syllable(NamedTuple):
    """A run of letters or digits: ``text`` composed, ``start`` and ``end`` offsets into the text as it was given."""

    text: str
    start: int
    end: int


def syllables(text: str) -> list[Syllable]:
    """Syllables (and numbers) in order. A decomposed text gives the same syllables as the composed one, and
    ``text[s.start:s.end]`` is always exactly what the syllable was read from."""
    if not _ODD.search(text):
        return [Syllable(found.group(), *found.span()) for found in _SYLLABLE.finditer(text)]
    return [
        Syllable(nfc(piece.translate(_INVISIBLE_TABLE)), found.start(), found.start() + len(piece))
        for found in _SYLLABLE.finditer(text)
        if (piece := found.group().rstrip(INVISIBLE))
    ]


def words(text: str) -> list[str]:
    """The texts of ``syllables``, quicker where offsets are not needed."""
    if not _ODD.search(text):
        return _COMPOSED_SYLLABLE.findall(text)
    return _SYLLABLE.findall(nfc(text.translate(_INVISIBLE_TABLE)))


_GROUP: Final = re.compile(r"[0-9]+|[^\W\d_]+")


def number_key(text: str) -> str:
    """Key of a số ký hiệu or case number, the same for every way of writing it.

    Rule: fold; leave out a leading "số"; keep only runs of digits and runs of letters; drop leading zeros of digit
    runs; letter runs that follow each other are one run; runs are joined by "/". So "Số: 045 / 2024 / TLST–DS",
    "45/2024/TLST-DS", "45-2024-TLST-DS" and "45/2024/TLSTDS" all give ``45/2024/tlstds``, and 1/12 is not 11/2.
    Digits that were read as letters (2O24) are not repaired here. Empty when there is no letter or digit.
    """
    groups: list[str] = []
    for group in _GROUP.findall(fold(text.translate(_INVISIBLE_TABLE))):
        if group[0] in "0123456789":
            groups.append(group.lstrip("0") or "0")
        elif groups and groups[-1].isalpha():
            groups[-1] += group
        else:
            groups.append(group)
    if len(groups) > 1 and groups[0] == "so":
        del groups[0]
    return "/".join(groups)


_HONORIFICS: Final = frozenset({"ông", "bà", "anh", "chị", "cháu"})


def name_key(text: str) -> str:
    """Key of a person's name: normal spelling, single spaces, no punctuation, no leading ông/bà/anh/chị/cháu.

    Marks stay (Mận is not Mẫn, Quý is Quí); compare ``fold(name_key(x))`` where marks may be missing.
    """
    words = [normal(s.text) for s in syllables(text)]
    if len(words) > 1 and words[0] in _HONORIFICS:
        del words[0]
    return " ".join(words)
