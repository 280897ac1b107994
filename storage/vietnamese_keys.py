"""Half-composed words: what an input method leaves behind when it is off or slow ("thij", "hanhf", "thi5", "d9ie6u2").

Pure. ``composed`` reads one word as Telex, then as VNI keys, and answers only when the result can be a Vietnamese
syllable; the caller keeps the word as typed beside it, because "as" or "a1" may be meant.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from storage.vietnamese import nfc, normal
from storage.vietnamese_syllable import TONE_OF_KEY, is_possible, strip_tone

_VNI_TONES: Final = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j"}
_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORN: Final = {"o": "ơ", "u": "ư", "a": "ă"}


@lru_cache(maxsize=16384)
def composed(word: str) -> str | None:
    """The syllable the keys stand for, in normal spelling, or None. "thij" → "thị", "ddieeuf" → "điều"."""
    typed = nfc(word).casefold()
    for read in (_telex, _vni):
        result = read(typed)
        if result is not None and result != typed and is_possible(result):
            return normal(result)
    return None


def _telex(typed: str) -> str | None:
    if not typed.isalpha() or len(typed) < 2:
        return None
    letters, tone = typed, ""
    if letters[-1] in TONE_OF_KEY and len(letters) > 1:
        letters, tone = letters[:-1], letters[-1]
    else:  # the tone key typed right after its vowel: "thijt"
        inner = re.fullmatch(r"(.*[aăâeêioôơuưy])([sfrxj])([cmnptgh]{1,2})", letters)
        if inner:
            letters, tone = inner[1] + inner[3], inner[2]
    letters = letters.replace("dd", "đ")
    letters = re.sub(r"([aeo])([a-z]*?)\1", _circumflexed, letters, count=1)
    letters = re.sub(r"uow|uwow|ươw|uơ(?=.)|ưo", "ươ", letters)
    letters = re.sub(r"uo(ng|n|c|t|i|u|p|m)w", r"ươ\1", letters)
    letters = re.sub(r"([oua])([a-z]?)w", lambda m: _HORN[m[1]] + m[2], letters)
    letters = re.sub(r"(?<![aeiouy])w", "ư", letters)
    if re.fullmatch(r"d.+d", letters):  # the stroke typed last: "dieud"
        letters = "đ" + letters[1:-1]
    return _with_tone(letters, tone)


def _circumflexed(match: re.Match[str]) -> str:
    between = match[2]
    if between and not re.fullmatch(r"[iuy]|n|ng|nh|m|p|t|c|ch|u[a-z]?", between):
        return match[0]
    return _CIRCUMFLEX[match[1]] + between


def _vni(typed: str) -> str | None:
    if not re.fullmatch(r"[^\W\d_][^\W\d_1-9]*(?:[1-9][^\W\d_]*){1,3}", typed):
        return None
    letters, tone = "", ""
    for char in typed:
        if char in _VNI_TONES:
            if tone:
                return None
            tone = _VNI_TONES[char]
        elif char == "6":
            letters = _shape_last(letters, _CIRCUMFLEX)
        elif char == "7":
            letters = _shape_last(letters.replace("uo", "ươ"), {"o": "ơ", "u": "ư"})
        elif char == "8":
            letters = _shape_last(letters, {"a": "ă"})
        elif char == "9":
            letters = "đ" + letters[1:] if letters.startswith("d") else letters
        else:
            letters += char
    return _with_tone(letters, tone)


def _shape_last(letters: str, table: dict[str, str]) -> str:
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in table:
            return letters[:at] + table[letters[at]] + letters[at + 1 :]
    return letters


def _with_tone(letters: str, tone: str) -> str | None:
    """Put the tone on some vowel (``normal`` moves it to its place); None when a tone is there already."""
    if not tone:
        return letters
    toneless, standing, _ = strip_tone(letters)
    if standing:
        return None
    for at, char in enumerate(toneless):
        start = 2 if toneless.startswith(("qu", "gi")) and len(toneless) > 2 else 0
        if at >= start and char in "aăâeêioôơuưy":
            return unicodedata.normalize("NFC", normal_tone(toneless, at, TONE_OF_KEY[tone]))
    return None


def normal_tone(letters: str, at: int, mark: str) -> str:
    """``letters`` with ``mark`` on the vowel at ``at``, moved to where the spelling rule wants it."""
    return normal(letters[: at + 1] + mark + letters[at + 1 :])
