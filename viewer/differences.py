"""Where the wording of two texts differs, word by word, ignoring only case and the marks around words."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from storage.reading import Word

#: of longer texts only the beginning is compared: the time grows faster than the length
MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the same on the other side, or not."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pieces of each page, left and right; how much is the same (0..1); whether both texts were compared whole."""

    left: list[list[Piece]]
    right: list[list[Piece]]
    alike: float
    complete: bool


def _plain(word: Word) -> str:
    return word.text.casefold().strip(".,;:!?()[]\"'“”‘’–-…")


def compare(left: Sequence[Sequence[Word]], right: Sequence[Sequence[Word]]) -> Comparison:
    """Compare two texts given as the words of their pages; a difference may reach over the end of a page."""
    texts = [[_plain(word) for page in side for word in page] for side in (left, right)]
    complete = all(len(text) <= MOST_WORDS for text in texts)
    matcher = difflib.SequenceMatcher(None, texts[0][:MOST_WORDS], texts[1][:MOST_WORDS], autojunk=False)
    same = [[False] * len(text) for text in texts]
    for block in matcher.get_matching_blocks():
        same[0][block.a : block.a + block.size] = [True] * block.size
        same[1][block.b : block.b + block.size] = [True] * block.size
    return Comparison(_pieces(left, same[0]), _pieces(right, same[1]), matcher.ratio(), complete)


def _pieces(pages: Sequence[Sequence[Word]], same: list[bool]) -> list[list[Piece]]:
    """Each page cut where sameness changes. Words past the compared beginning are left out."""
    found, flags = [], iter(same[:MOST_WORDS])
    for page in pages:
        marked = list(zip(page, flags, strict=False))
        found.append([
            Piece(" ".join(word.text for word, _ in stretch), not is_same)
            for is_same, stretch in groupby(marked, key=lambda one: one[1])
        ])
    return found
