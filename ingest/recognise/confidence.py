"""Confidences that mean something: the engine's numbers turned into the chance that a word is right.

The engine says 90 where a word is wrong nearly half the time on bad pages. The table was fitted by ``bench/ocr.py
--fit`` on pages with exact truth, level by level; between its points the chance is interpolated.
"""

from collections.abc import Sequence
from itertools import pairwise

from ingest.recognise.engine import Found
from storage.vietnamese_syllable import is_possible

#: engine confidence (0..100) → share of words right
TABLE: tuple[tuple[float, float], ...] = (
    (0, 0.03), (40, 0.12), (60, 0.30), (75, 0.45), (85, 0.58), (90, 0.74), (93, 0.90), (95, 0.97), (97, 0.99),
    (100, 0.995),
)  # fmt: skip
#: a word of letters that is no Vietnamese syllable is less likely right than the engine says
IMPOSSIBLE = 0.75


def chance(engine_confidence: float, text: str) -> float:
    """The chance that a word is right, 0..1."""
    base = _interpolated(engine_confidence)
    bare = text.strip(".,;:()[]\"'“”‘’-–/!?*").casefold()
    odd = bare.isalpha() and len(bare) > 1 and not is_possible(bare)
    return base * IMPOSSIBLE if odd and not text.isupper() else base


def page_chance(chances: Sequence[float], texts: Sequence[str]) -> float:
    """Chance of a letter of the page being part of a right word; 0 where nothing was read."""
    letters = sum(map(len, texts))
    return sum(c * len(t) for c, t in zip(chances, texts, strict=True)) / letters if letters else 0.0


def mean_engine_confidence(found: Sequence[Found]) -> float:
    """Mean word confidence of the engine weighted by letters, 0..1; nothing read counts as 0."""
    letters = sum(len(w.text) for w in found)
    return sum(w.confidence * len(w.text) for w in found) / letters / 100 if letters else 0.0


def _interpolated(value: float) -> float:
    for (low, left), (high, right) in pairwise(TABLE):
        if value <= high:
            return left + (right - left) * max(0.0, value - low) / (high - low)
    return TABLE[-1][1]
