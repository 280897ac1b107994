"""What a doubtful syllable may have been: the same letters with other marks, judged by the syllables beside it.

The counts of syllables and pairs (``data/syllables.json.gz``) come from ``bench.build_lexicon``; source and licence
stand in the file itself. Measured on pages with exact truth: it helps words read with little confidence and harms sure
ones, so only doubtful words are looked at, and only search sees the result.
"""

import functools
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from storage.reading import Word
from storage.vietnamese import fold

MODEL = Path(__file__).parent / "data" / "syllables.json.gz"
#: words less sure than this are looked at
DOUBTFUL = 0.74
#: another reading must be this many times likelier than the one read
LIKELIER = 6.0
_EDGES = ".,;:()[]\"'“”‘’!?-"


@functools.cache
def _model() -> tuple[dict[str, int], dict[str, int], dict[str, list[str]], int]:
    """Counts of syllables and of pairs, the spellings of each folded syllable, and the number of syllables counted."""
    with gzip.open(MODEL, "rt", encoding="utf-8") as stream:
        stored = json.load(stream)
    singles: dict[str, int] = stored["singles"]
    pairs: dict[str, int] = stored["pairs"]
    spellings: dict[str, list[str]] = {}
    for syllable in singles:
        spellings.setdefault(fold(syllable), []).append(syllable)
    return singles, pairs, spellings, sum(singles.values())


def with_alternatives(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words; doubtful ones with a likelier spelling as an alternative."""
    if not MODEL.is_file():
        return tuple(words)
    bare = [w.text.strip(_EDGES).lower() for w in words]
    result = []
    for position, word in enumerate(words):
        other = None
        if word.confidence < DOUBTFUL and bare[position].isalpha():
            before = bare[position - 1] if position else ""
            after = bare[position + 1] if position + 1 < len(bare) else ""
            other = likelier(bare[position], before, after)
        result.append(replace(word, alternatives=(*word.alternatives, other)) if other else word)
    return tuple(result)


def likelier(syllable: str, before: str, after: str) -> str | None:
    """Another spelling of the same letters that fits far better between its neighbours, or None."""
    spellings = _model()[2].get(fold(syllable), [])
    others = [s for s in spellings if s != syllable]
    if not others:
        return None
    best = max(others, key=lambda s: _score(s, before, after))
    gain = _score(best, before, after) - _score(syllable, before, after)
    return best if gain > math.log(LIKELIER) else None


def _score(syllable: str, before: str, after: str) -> float:
    return _pair(before, syllable) + _pair(syllable, after) + 0.3 * math.log(_model()[0].get(syllable, 0) + 0.5)


def _pair(first: str, second: str) -> float:
    """Log chance of a pair, falling back on the second syllable alone."""
    singles, pairs, _, total = _model()
    alone = (singles.get(second, 0) + 0.5) / (total + 1)
    together = pairs.get(f"{first} {second}", 0)
    return math.log((together + 4 * alone) / (singles.get(first, 0) + 4)) if first else math.log(alone)
