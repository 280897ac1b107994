"""Words like a word: typing slips, and letters that recognition confuses on Vietnamese print, which count for less."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

#: Pairs of folded letters (or short groups) that look alike in print or lie beside each other as marks fall away.
_LOOK_ALIKE: Final = "li l1 i1 o0 ce co eo ao ae nh nu nr hb tl tf ti gq gy uv vy s5 b6 g9 z2 rt da mn kh xk ji"
_GROUPS: Final = (("m", "rn"), ("m", "nn"), ("u", "ii"), ("d", "cl"), ("h", "li"), ("n", "ri"), ("w", "vv"))
_ALIKE: Final = frozenset(pair for two in _LOOK_ALIKE.split() for pair in ((two[0], two[1]), (two[1], two[0])))
_ALIKE_GROUPS: Final = {**dict.fromkeys(_GROUPS, 0.5), **{(b, a): 0.5 for a, b in _GROUPS}}
_MOST: Final = 12
_MOST_LOOKED_AT: Final = 300


def allowed_cost(word: str) -> float:
    """How far a word may be from what was typed: a short syllable has too many neighbours to be free with it."""
    if any(c.isdigit() for c in word):
        return 0.5
    return 0.5 if len(word) <= 2 else 1.0 if len(word) <= 4 else 1.5 if len(word) <= 7 else 2.0


@lru_cache(maxsize=8192)
def cost(typed: str, other: str) -> float:
    """Edit cost between two folded words: 1 for a letter added, lost or changed, 0.4 for letters that look alike,
    0.5 for groups that do (rn, m) and for a doubled letter, 0.7 for two letters turned round."""
    rows = [[0.0] * (len(other) + 1) for _ in range(len(typed) + 1)]
    for i in range(len(typed) + 1):
        for j in range(len(other) + 1):
            if i or j:
                rows[i][j] = _cell(rows, typed, other, i, j)
    return rows[-1][-1]


def _cell(rows: list[list[float]], typed: str, other: str, i: int, j: int) -> float:
    ways = []
    if i:
        ways.append(rows[i - 1][j] + (0.5 if i > 1 and typed[i - 1] == typed[i - 2] else 1.0))
    if j:
        ways.append(rows[i][j - 1] + (0.5 if j > 1 and other[j - 1] == other[j - 2] else 1.0))
    if i and j:
        one, two = typed[i - 1], other[j - 1]
        ways.append(rows[i - 1][j - 1] + (0.0 if one == two else 0.4 if (one, two) in _ALIKE else 1.0))
        if i > 1 and j > 1 and typed[i - 2] == two and one == other[j - 2]:
            ways.append(rows[i - 2][j - 2] + 0.7)
        for left, right in ((1, 2), (2, 1)):
            if i >= left and j >= right:
                price = _ALIKE_GROUPS.get((typed[i - left : i], other[j - right : j]))
                if price is not None:
                    ways.append(rows[i - left][j - right] + price)
    return min(ways)


def like(word: str, vocabulary: Mapping[str, int], words: Sequence[str]) -> list[tuple[str, float]]:
    """Words of the index like a folded word, nearest first, then the more frequent; each with how sure it is, 0 to 1.

    ``words`` are the vocabulary's words, given beside it so that they are listed once, not at every call.
    """
    limit = allowed_cost(word)
    raw = process.extract(
        word, words, scorer=Levenshtein.distance, score_cutoff=max(1, round(limit + 0.5)), limit=_MOST_LOOKED_AT
    )
    priced = sorted((cost(word, other), -vocabulary[other], other) for other, _, _ in raw if other != word)
    near = [one for one in priced if one[0] <= limit]
    return [(other, round(0.75 - 0.3 * price, 3)) for price, _, other in near[:_MOST]]
