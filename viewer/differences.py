"""Where the wording of two texts differs, word by word, ignoring only case and the marks around words."""

import difflib
from dataclasses import dataclass

from storage.reading import Word

#: longer texts are compared page by page upwards of this many words, or comparing would take minutes
MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the same on the other side, or not."""

    text: str
    differs: bool


def _plain(word: str) -> str:
    return word.casefold().strip(".,;:!?()[]\"'“”‘’–-…")


def compare(left: list[Word], right: list[Word]) -> tuple[list[Piece], list[Piece], float]:
    """Both texts in pieces, and how much of them is the same (0..1)."""
    left, right = left[:MOST_WORDS], right[:MOST_WORDS]
    matcher = difflib.SequenceMatcher(
        None, [_plain(word.text) for word in left], [_plain(word.text) for word in right], autojunk=False
    )
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        for side, words in ((0, left[left_from:left_to]), (1, right[right_from:right_to])):
            if words:
                pieces[side].append(Piece(" ".join(word.text for word in words), kind != "equal"))
    return pieces[0], pieces[1], matcher.ratio()
