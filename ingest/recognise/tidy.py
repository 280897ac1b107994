"""What the engine's words need before anyone uses them: foreign look-alikes replaced, scribbles dropped.

Signatures, seals and specks come out of the engine as runs of signs with low confidence. They are not guessed at:
they are left out, and where several stand together the place is marked as handwriting.
"""

from collections.abc import Sequence
from dataclasses import replace

from ingest.recognise.engine import Found
from storage.vietnamese_syllable import is_possible

#: letters and signs no Vietnamese text has, and what the page shows in their place
LOOK_ALIKES = str.maketrans("ÐðɖƉ⁄∕‚¸`´", "ĐđđĐ//,,''")
#: a word without a letter or digit needs this confidence to stay; a dash that opens a list item needs less
SIGNS_NEED = 78.0
DASH_NEEDS = 30.0
#: one or two letters or digits alone need this; longer words that are no Vietnamese syllable need the last
SHORT_NEEDS = 42.0
ODD_NEEDS = 34.0


def tidied(found: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Words worth keeping, look-alikes replaced, and the scribbles left out."""
    kept: list[Found] = []
    dropped: list[Found] = []
    for position, word in enumerate(found):
        text = word.text.translate(LOOK_ALIKES)
        plain = word if text == word.text else replace(word, text=text, raw=word.text)
        (kept if _is_word(plain, found, position) else dropped).append(plain)
    return kept, dropped


def _is_word(word: Found, found: Sequence[Found], position: int) -> bool:
    letters = sum(c.isalpha() for c in word.text)
    digits = sum(c.isdigit() for c in word.text)
    if letters + digits == 0:
        opens_line = position == 0 or found[position - 1].line != word.line
        is_dash = word.text in {"-", "–", "—", "+", "*", "•"}
        return word.confidence >= (DASH_NEEDS if is_dash and opens_line else SIGNS_NEED)
    if letters + digits <= 2:
        return word.confidence >= SHORT_NEEDS or (letters + digits == 2 and _sensible(word.text))
    return word.confidence >= ODD_NEEDS or _sensible(word.text)


def _sensible(text: str) -> bool:
    """Whether the letters of a word make a syllable Vietnamese has (or it is a number of digits)."""
    bare = text.strip(".,;:()\"'“”-!?*").casefold()
    return len(bare) >= 2 and (bare.isdigit() or is_possible(bare))
