"""Confidences that mean something: the engine's numbers turned into the chance that a word is right.

The engine says 85 where a word is wrong one time in three. The table was fitted on 93 pages with exact truth of three
levels of wear (``bench/read.py`` prints how well it holds); between its points the chance is interpolated.
"""

from collections.abc import Sequence
from itertools import pairwise

from ingest.recognise.engine import Found
from storage.vietnamese_syllable import is_possible

#: engine confidence (0..100) → share of words right
TABLE: tuple[tuple[float, float], ...] = (
    (0, 0.15), (40, 0.33), (55, 0.44), (65, 0.53), (75, 0.58), (85, 0.64), (88.5, 0.77), (91, 0.86), (93, 0.93),
    (95, 0.95), (96, 0.98), (97, 0.993), (100, 0.997),
)  # fmt: skip
#: how much steeper page confidence falls than the mean chance of its words, and what unread ink and words lost inside
#: lines cost
STEEPER, UNREAD_WEIGHT, HIDDEN_WEIGHT = 1.875, 0.4, 2.0
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


def page_confidence(chances: Sequence[float], texts: Sequence[str], unread: float, hidden: float) -> float:
    """The page's confidence, 0..1, on the scale people set ``review_confidence`` on.

    ``unread`` is the share of letter-sized ink no word covers, ``hidden`` what ``pieces.hidden_share`` gives. A page
    whose words are right in 92 of 100 cases has usually more than 5 % of its letters wrong (broken words, lost lines):
    it lies at 0.85, the line for review.
    """
    sure = page_chance(chances, texts) * max(0.0, 1 - UNREAD_WEIGHT * unread - HIDDEN_WEIGHT * hidden)
    return max(0.0, 1 - STEEPER * (1 - sure))


def mean_engine_confidence(found: Sequence[Found]) -> float:
    """Mean word confidence of the engine weighted by letters, 0..1; nothing read counts as 0."""
    letters = sum(len(w.text) for w in found)
    return sum(w.confidence * len(w.text) for w in found) / letters / 100 if letters else 0.0


def _interpolated(value: float) -> float:
    for (low, left), (high, right) in pairwise(TABLE):
        if value <= high:
            return left + (right - left) * max(0.0, value - low) / (high - low)
    return TABLE[-1][1]
