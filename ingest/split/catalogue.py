"""Which document type a printed title names, tolerant of wrong letters, added words and missing words.

A title is compared with every known wording as a sequence of syllables: each syllable is first put in place of the
nearest one of the catalogue's vocabulary (one wrong letter), then the longest common subsequence is weighed by how
telling its syllables are. "QUYẾT ĐỊNH KHỞI TỐ BỊ CAN" and "QUYẾT ĐỊNH BỔ SUNG QUYẾT ĐỊNH KHỞI TỐ BỊ CAN" share much;
what they do not share counts against both.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import LCSseq, Levenshtein

from config import document_types
from storage.vietnamese import fold

_SYLLABLE = re.compile(r"[a-z0-9]+")
#: wordings compared in full per title, those that share most telling syllables
SHORTLIST = 48
#: a wording that shares no more than this is not an answer
FLOOR = 0.45
#: words of a title that may stand before or between those of a wording it begins with (về việc)
MOST_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of one type, as syllables."""

    type_code: str
    syllables: tuple[str, ...]
    #: 1 for the title itself, slightly less for other wordings, so that ties go to the form's own title
    rank: float


@dataclass(frozen=True, slots=True)
class Match:
    """How well a title fits a type: ``score`` 0..1 (1 = every syllable of both); ``whole``: the title begins with all
    of the type's wording, and only goes on (… của ông A, … lần 2)."""

    type_code: str
    score: float
    whole: bool = False


def syllables(text: str) -> tuple[str, ...]:
    """Folded syllables of a text; letters printed apart (Q U Y Ế T) are put together again where the words allow."""
    found = tuple(_SYLLABLE.findall(fold(text)))
    if len(found) >= 5 and sum(len(s) == 1 for s in found) / len(found) > 0.7:
        return _respaced("".join(found))
    return found


def _respaced(letters: str) -> tuple[str, ...]:
    """Letters without spaces cut into the catalogue's syllables, as few as possible; whole when that fails."""
    vocabulary = _vocabulary()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 7), end):
            before = best[start]
            now = best[end]
            if before is not None and letters[start:end] in vocabulary and (now is None or len(before) + 1 < len(now)):
                best[end] = (*before, letters[start:end])
    return best[-1] or (letters,)


@cache
def wordings() -> tuple[Wording, ...]:
    """Every wording of every type."""
    found: list[Wording] = []
    for kind in document_types.document_types().values():
        for place, title in enumerate(kind.titles):
            parts = tuple(_SYLLABLE.findall(fold(title)))
            if len("".join(parts)) > 4:  # "V/v" names no type by itself
                found.append(Wording(kind.code, parts, 1.0 if place == 0 else 0.995))
    return tuple(found)


@cache
def _vocabulary() -> dict[str, float]:
    """Weight of each syllable: the rarer in the catalogue, the more it tells."""
    counts: dict[str, int] = defaultdict(int)
    for wording in wordings():
        for syllable in set(wording.syllables):
            counts[syllable] += 1
    total = len(wordings())
    return {syllable: 1 + 0.35 * math.log(total / count) for syllable, count in counts.items()}


@cache
def _by_syllable() -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for number, wording in enumerate(wordings()):
        for syllable in set(wording.syllables):
            index[syllable].append(number)
    return index


@lru_cache(maxsize=16384)
def repaired(syllable: str) -> str:
    """The catalogue's syllable within one wrong letter, itself when there is none or more than one as good."""
    vocabulary = _vocabulary()
    if syllable in vocabulary or len(syllable) < 3:
        return syllable
    near = [
        known
        for known in vocabulary
        if abs(len(known) - len(syllable)) <= 1
        and len(known) >= 2
        and Levenshtein.distance(known, syllable, score_cutoff=1) <= 1
    ]
    same_length = [known for known in near if len(known) == len(syllable)]
    for choice in (same_length, near):
        if len(choice) == 1:
            return choice[0]
    return syllable


def _weight(parts: Sequence[str]) -> float:
    vocabulary = _vocabulary()
    return sum(vocabulary.get(part, 0.8) for part in parts)


def _begins_with(title: tuple[str, ...], wording: tuple[str, ...]) -> bool:
    """Whether a title begins with a wording of at least three syllables, with two small words between at most."""
    found = [op for op in LCSseq.opcodes(title, wording) if op.tag == "equal"]
    if len(wording) < 3 or sum(op.src_end - op.src_start for op in found) < len(wording):
        return False
    return found[-1].src_end - len(wording) <= MOST_BETWEEN


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Weight of the longest common subsequence."""
    return sum(_weight(left[op.src_start : op.src_end]) for op in LCSseq.opcodes(left, right) if op.tag == "equal")


@lru_cache(maxsize=4096)
def _matches(parts: tuple[str, ...]) -> tuple[Match, ...]:
    hits: dict[int, float] = defaultdict(float)
    vocabulary, index, known = _vocabulary(), _by_syllable(), wordings()
    for part in set(parts):
        for number in index.get(part, ()):
            hits[number] += vocabulary[part]
    shortlist = sorted(hits, key=lambda n: -hits[n] / math.sqrt(_weight(known[n].syllables)))[:SHORTLIST]
    own = _weight(parts)
    best: dict[str, float] = {}
    whole: set[str] = set()
    for number in shortlist:
        wording = known[number]
        shared = _shared(parts, wording.syllables)
        score = wording.rank * 2 * shared / (own + _weight(wording.syllables))
        if score > best.get(wording.type_code, FLOOR):
            best[wording.type_code] = score
        if _begins_with(parts, wording.syllables):
            whole.add(wording.type_code)
    ranked = sorted(best.items(), key=lambda item: -item[1])
    return tuple(Match(code, score, code in whole) for code, score in ranked[:8])


def matches(title: str) -> tuple[Match, ...]:
    """Types whose title fits, best first."""
    return _matches(tuple(repaired(part) for part in syllables(title)))


@cache
def genres() -> frozenset[tuple[str, ...]]:
    """The first two syllables of every wording: how a title can begin (quyết định, biên bản, lệnh tạm …)."""
    return frozenset(wording.syllables[:2] for wording in wordings() if len(wording.syllables) > 1) | frozenset(
        wording.syllables[:1] for wording in wordings() if len(wording.syllables) == 1
    )


def begins_like_title(text: str) -> bool:
    """Whether a line begins as some title does."""
    parts = tuple(repaired(part) for part in syllables(text)[:3])
    return (
        any(tuple(parts[skip : skip + size]) in genres() for skip in (0, 1) for size in (2, 1))
        or parts[:2] in genre_words()
    )


def genre_of(text: str) -> tuple[str, ...] | None:
    """The kind of paper a title begins with (biên bản, quyết định, lệnh); None when it begins otherwise."""
    parts = tuple(repaired(part) for part in syllables(text)[:2])
    return next((parts[:size] for size in (2, 1) if parts[:size] in genre_words()), None)


@cache
def genre_words() -> frozenset[tuple[str, ...]]:
    """The kinds of paper that stand alone on the first line of a two-line title (QUYẾT ĐỊNH / khởi tố bị can)."""
    alone = (
        "lenh",
        "quyet dinh",
        "thong bao",
        "bien ban",
        "yeu cau",
        "de nghi",
        "kien nghi",
        "giay",
        "don",
        "bao cao",
        "ke hoach",
        "phieu",
        "ban",
        "to trinh",
        "hop dong",
        "ket luan",
        "khang nghi",
        "danh sach",
        "bang ke",
    )
    return frozenset(tuple(words.split()) for words in alone)
