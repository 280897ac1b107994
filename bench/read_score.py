"""Scores of one reading against exact truth: error rates that do not punish a right order that differs from ours.

Text is compared in NFC with white space collapsed, dash and quote variants equal and runs of dotted leaders removed
from both sides. Each block of the truth may have several reading orders that are equally right; the one nearest to
the reading counts. Everything read beyond the truth (stamps, signatures, specks) counts as insertions.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

import edlib
from rapidfuzz.distance import Levenshtein

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−­"), "-")
_QUOTES = {**dict.fromkeys(map(ord, "“”„‟«»″"), '"'), **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'")}
_LEADERS = re.compile(r"[.…·_]{3,}|…|(?:\. ){3,}\.?")
_FOLD = str.maketrans("đĐ", "dD")


def normal(text: str) -> str:
    """The form texts are compared in."""
    text = unicodedata.normalize("NFC", text).translate(_DASHES).translate(_QUOTES)
    return " ".join(_LEADERS.sub(" ", text).split())


def without_marks(text: str) -> str:
    """Letters without Vietnamese marks."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c))).translate(_FOLD)


def distance(a: str, b: str, mode: str = "NW") -> int:
    """Edit distance in letters (NW), or of ``a`` as a part of ``b`` (HW)."""
    if not a or not b:
        return len(a) if mode == "HW" else max(len(a), len(b))
    return int(edlib.align(*_as_bytes(a, b), mode=mode, task="distance")["editDistance"])


def _as_bytes(a: str, b: str) -> tuple[str, str]:
    """edlib takes at most 256 different letters: map the ones used to the lowest code points."""
    table = {ord(c): i + 1 for i, c in enumerate(sorted(set(a) | set(b)))}
    return a.translate(table), b.translate(table)


@dataclass(slots=True)
class Score:
    """Sums over one or more pages; rates are properties."""

    letters: int = 0
    errors: int = 0
    plain_errors: int = 0
    words: int = 0
    word_errors: int = 0
    found: int = 0
    line_letters: int = 0
    line_errors: int = 0

    def add(self, other: "Score") -> None:
        """Add another page's sums."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def rates(self) -> dict[str, float]:
        """CER, CER without marks, WER, word recall and per-line CER in per cent."""
        return {
            "cer": _percent(self.errors, self.letters),
            "cer_without_marks": _percent(self.plain_errors, self.letters),
            "wer": _percent(self.word_errors, self.words),
            "recall": _percent(self.found, self.words),
            "line_cer": _percent(self.line_errors, self.line_letters),
        }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def score(reading: str, blocks: list[dict[str, Any]]) -> Score:
    """Score the text read of one page against its truth blocks."""
    read = normal(reading)
    truth = nearest_truth(read, blocks)
    truth_words, read_words = truth.split(), read.split()
    lines = [normal(line) for block in blocks if block["kind"] != "but_luc" for line in block["alts"][0]]
    return Score(
        letters=len(truth),
        errors=distance(truth, read),
        plain_errors=distance(without_marks(truth), without_marks(read)),
        words=len(truth_words),
        word_errors=_word_distance(truth_words, read_words),
        found=sum((Counter(truth_words) & Counter(read_words)).values()),
        line_letters=sum(map(len, lines)),
        line_errors=sum(distance(line, read, "HW") for line in lines if line),
    )


def nearest_truth(read: str, blocks: list[dict[str, Any]]) -> str:
    """The truth in the allowed order that is nearest to the reading: one alternative changed at a time."""
    alternatives = [[normal(" ".join(lines)) for lines in block["alts"]] for block in blocks]
    chosen = [
        min(range(len(a)), key=lambda i, a=a: distance(a[i], read, "HW") / max(1, len(a[i]))) for a in alternatives
    ]
    best = distance(_joined(alternatives, chosen), read)
    for position, options in enumerate(alternatives):
        for option in range(len(options)):
            trial = [*chosen[:position], option, *chosen[position + 1 :]]
            now = distance(_joined(alternatives, trial), read)
            if now < best:
                best, chosen = now, trial
    return _joined(alternatives, chosen)


def _joined(alternatives: list[list[str]], chosen: list[int]) -> str:
    return " ".join(a[c] for a, c in zip(alternatives, chosen, strict=True) if a[c])


def _word_distance(a: list[str], b: list[str]) -> int:
    return int(Levenshtein.distance(a, b))
