"""The shape of a Vietnamese syllable: onset, vowels, coda and tone; where the tone stands; which syllables can exist.

Pure: knows nothing of ours. Everything here works on one casefolded, composed (NFC) syllable.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

#: Tone marks as combining characters: huyền, sắc, hỏi, ngã, nặng.
TONES: Final = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TONE_OF_KEY: Final = {key: mark for mark, key in TONES.items()}

_ONSETS: Final = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x",
)  # fmt: skip
_CODAS: Final = ("ch", "ng", "nh", "c", "m", "n", "p", "t", "")
_VOWELS: Final = frozenset("aăâeêioôơuưy")
_SHAPED: Final = frozenset("ăâêôơư")

#: Rhymes without tone that occur in Vietnamese (open and closed). Written from the spelling rules of the language;
#: loan rhymes seen in official papers (oong, ec) are kept in, because a valid word must never be called garbage.
_RHYME_TABLE: Final = """
    a ac ach ai am an ang anh ao ap at au ay  ăc ăm ăn ăng ăp ăt  âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et  ê êch êm ên ênh êp êt êu  i ia ich im in inh ip it iu
    iêc iêm iên iêng iêp iêt iêu  o oc oi om on ong op ot  oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt  oe oen oeo oet oong ooc  ô ôc ôi ôm ôn ông ôp ôt  ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut  uân uâng uât uây  uê uêch uênh uên uơ  uôc uôi uôm uôn uông uôt
    uy uya uych uyên uyêt uynh uyt uyp uyu uyn  ư ưa ưc ưi ưm ưn ưng ưt ưu  ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêt yêu yêng ych ynh ym yp
"""
_RHYMES: Final = frozenset(_RHYME_TABLE.split())


@dataclass(frozen=True, slots=True)
class Parts:
    """Onset, vowels and coda without tone; ``tone`` is the combining mark or an empty string."""

    onset: str
    vowels: str
    coda: str
    tone: str


def strip_tone(syllable: str) -> tuple[str, str, int]:
    """The syllable without tone marks, the last tone mark found (or empty) and how many marks there were."""
    tone = ""
    count = 0
    kept = []
    for char in unicodedata.normalize("NFD", syllable):
        if char in TONES:
            tone = char
            count += 1
        else:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)), tone, count


def _split(toneless: str) -> tuple[str, str, str] | None:
    onset = next((o for o in _ONSETS if toneless.startswith(o)), "")
    rest = toneless[len(onset) :]
    if onset == "gi" and (not rest or rest[0] not in _VOWELS):  # "gì", "gìn": the i is the vowel
        onset, rest = "g", "i" + rest
    if onset == "qu" and (not rest or rest[0] not in _VOWELS):
        return None
    end = 0
    while end < len(rest) and rest[end] in _VOWELS:
        end += 1
    vowels, coda = rest[:end], rest[end:]
    if not vowels or len(vowels) > 3 or coda not in _CODAS:
        return None
    return onset, vowels, coda


@lru_cache(maxsize=65536)
def parse(syllable: str) -> Parts | None:
    """Parts of a casefolded NFC syllable with at most one tone, or None when it has no Vietnamese shape."""
    toneless, tone, count = strip_tone(syllable)
    if count > 1:
        return None
    parts = _split(toneless)
    return Parts(*parts, tone) if parts else None


def join(parts: Parts) -> str:
    """Write the syllable with the tone where the traditional rule puts it (hòa, thúy, hoàn, quý, già)."""
    if not parts.tone:
        return parts.onset + parts.vowels + parts.coda
    at = _tone_place(parts)
    vowels = parts.vowels[: at + 1] + parts.tone + parts.vowels[at + 1 :]
    return unicodedata.normalize("NFC", parts.onset + vowels + parts.coda)


def _tone_place(parts: Parts) -> int:
    shaped = [i for i, v in enumerate(parts.vowels) if v in _SHAPED]
    if shaped:
        return shaped[-1]
    if len(parts.vowels) == 1:
        return 0
    if len(parts.vowels) == 3:
        return 1
    return 1 if parts.coda else 0


def has_variants(parts: Parts) -> bool:
    """Whether people spell this syllable in more than one accepted way (hoà/hòa, lý/lí, quý/quí)."""
    if parts.coda:
        return False
    if parts.vowels in {"oa", "oe", "uy"}:
        return bool(parts.tone) and parts.onset != "qu"
    return _swaps_i_and_y(parts)


def _swaps_i_and_y(parts: Parts) -> bool:
    return not parts.coda and parts.vowels in {"i", "y"} and parts.onset in {"h", "k", "l", "m", "s", "t", "qu"}


def canonical(parts: Parts) -> Parts:
    """One spelling for i/y variants: i after h k l m s t (lí), y after qu (quý); the tone's place is ``join``'s."""
    if _swaps_i_and_y(parts):
        return Parts(parts.onset, "y" if parts.onset == "qu" else "i", "", parts.tone)
    return parts


@lru_cache(maxsize=65536)
def is_possible(syllable: str) -> bool:
    """Whether a casefolded NFC syllable can be Vietnamese: known onset and rhyme, and c ch p t only with sắc or nặng.

    A syllable typed without any mark counts when its plain letters could stand for one ("dieu" no: that rhyme needs
    its ê; use this for text that should carry marks).
    """
    parts = parse(syllable)
    if parts is None:
        return False
    rhyme = parts.vowels + parts.coda
    if parts.onset == "qu":
        if rhyme not in _RHYMES and "u" + rhyme not in _RHYMES:
            return False
    elif rhyme not in _RHYMES and not (parts.onset == "gi" and "i" + rhyme in _RHYMES):
        return False
    stopped = parts.coda in {"c", "ch", "p", "t"}
    return parts.tone in {"\u0301", "\u0323"} if stopped else True
