"""Finding fixed words in badly read text: folded, with a bounded number of wrong letters."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from config import document_types
from ingest.split.page import Piece
from storage.vietnamese import fold

#: letters that may be wrong: one in seven (one or two in ten with short words spared), as court scans show
WRONG_LETTERS = 7


@lru_cache(maxsize=65536)
def likeness(needle: str, hay: str) -> float:
    """How well ``needle`` is found somewhere in ``hay``, 0..1; 0 when more letters are wrong than allowed.

    Both must be folded. A needle of up to five letters must be found exactly.
    """
    if needle in hay:
        return 1.0
    if len(needle) <= 5 or len(hay) < len(needle) - len(needle) // WRONG_LETTERS:
        return 0.0
    allowed = max(1, len(needle) // WRONG_LETTERS)
    found = fuzz.partial_ratio_alignment(needle, hay, score_cutoff=100 * (1 - (allowed + 1) / len(needle)))
    if found is None:
        return 0.0
    window = hay[max(0, found.dest_start) : found.dest_end]
    wrong = Levenshtein.distance(needle, window, score_cutoff=allowed)
    return 1 - wrong / len(needle) if wrong <= allowed else 0.0


def starts(needle: str, hay: str) -> float:
    """How well ``hay`` begins with ``needle`` (leading dirt of up to two letters is passed over), 0..1."""
    best = 0.0
    for skip in range(3):
        head = hay[skip : skip + len(needle)]
        if len(head) < len(needle) - 1:
            break
        allowed = len(needle) // WRONG_LETTERS if len(needle) > 5 else 0
        wrong = Levenshtein.distance(needle, head, score_cutoff=allowed)
        if wrong <= allowed:
            best = max(best, 1 - wrong / len(needle))
    return best


@cache
def cue(name: str) -> tuple[str, ...]:
    """The folded words of a cue of ``page_cues.toml``."""
    return tuple(dict.fromkeys(" ".join(fold(text).split()) for text in document_types.cues()[name]))


def find_cue(name: str, pieces: Iterable[Piece]) -> tuple[Piece, float] | None:
    """The piece that best holds any wording of a cue, with its likeness; None when none does."""
    best: tuple[Piece, float] | None = None
    for piece in pieces:
        for words in cue(name):
            score = likeness(words, piece.folded)
            if score > (best[1] if best else 0.0):
                best = (piece, score)
    return best


def find_words(wordings: Sequence[str], pieces: Iterable[Piece]) -> Piece | None:
    """The first piece holding one of these folded wordings."""
    for piece in pieces:
        if any(likeness(words, piece.folded) for words in wordings):
            return piece
    return None
