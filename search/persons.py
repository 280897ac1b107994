"""Persons named on a page, by rules and a list of Vietnamese family names. No statistics, no guessing of roles.

A person is a family name (from ``config/data/surnames.toml``) followed by one to four more syllables, all written with
capitals; or, after a word that only stands before persons (ông, bà, bị can, người làm chứng…), two to five capitalised
syllables whatever the family name. Streets, schools and wards named after people are left out by the word before them.
"""

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Final

from config.data_file import SHIPPED
from storage.vietnamese import fold, name_key, nfc, normal
from storage.vietnamese_syllable import is_possible

_FILE: Final = "surnames.toml"
_LONGEST: Final = 5
_TWO_NAMES: Final = 8  # words of two names that stand side by side, as under a record that two have signed
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # H'Bia, Y'Moan
_BETWEEN: Final = re.compile(r"[ \t\u00a0]+|[ \t]*\n[ \t]*(?!\n)")


@dataclass(frozen=True, slots=True)
class Named:
    """A person at one place of the text: offsets, name as written (in capitals only where it was so), and why."""

    name: str
    key: str
    start: int
    end: int
    reason: str


@cache
def _data() -> dict[str, frozenset[str]]:
    raw = tomllib.loads((SHIPPED / _FILE).read_text("utf-8"))
    found = {
        name: frozenset(normal(entry) for entry in raw[name]["list"])
        for name in ("surnames", "before_persons", "before_places", "never_names")
    }
    # A name read without any mark is still a name; one read with other marks is another word (Viên, Viện).
    return {**found, "surnames": found["surnames"] | {fold(entry) for entry in found["surnames"]}}


def persons(text: str) -> list[Named]:
    """Persons in order of the text; the same person as often as he is named."""
    words = [(nfc(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
    joined = [
        bool(_BETWEEN.fullmatch(text[one[2] : other[1]])) for one, other in itertools.pairwise(words)
    ] + [False]
    line_ends = frozenset(
        at for at, (one, other) in enumerate(itertools.pairwise(words)) if "\n" in text[one[2] : other[1]]
    )
    found: list[Named] = []
    at = 0
    while at < len(words):
        after_name = bool(found) and at > 0 and found[-1].end == words[at - 1][2]
        reason, length = _person_at(words, joined, at, line_ends, after_name=after_name)
        if length:
            run = words[at : at + length]
            name = " ".join(w for w, _, _ in run)
            name = name.title() if name.isupper() else name
            found.append(Named(name, name_key(name), run[0][1], run[-1][2], reason))
            at += length
        else:
            at += 1
    return found


def _person_at(
    words: list[tuple[str, int, int]], joined: list[bool], at: int, line_ends: frozenset[int], *, after_name: bool
) -> tuple[str, int]:
    data = _data()
    length = _capital_run(words, joined, at, line_ends)
    if length < 2:
        return "", 0
    before = [normal(w) for w, _, _ in words[max(0, at - 3) : at]]
    after_title = any(" ".join(before[-n:]) in data["before_persons"] for n in (1, 2, 3))
    if any(" ".join(before[-n:]) in data["before_places"] for n in (1, 2)):
        return "", 0
    run = [normal(w) for w, _, _ in words[at : at + length]]
    if length > _LONGEST:
        length = next((n for n in (3, 4, 2) if run[n] in data["surnames"]), _LONGEST)  # names have mostly three words
    in_line = at > 0 and joined[at - 1] and at - 1 not in line_ends
    if not after_title and not after_name and in_line and _alike(words[at - 1][0], words[at][0]):
        return "", 0  # the middle of a heading: CƠ QUAN CẢNH SÁT, Công An Huyện
    known = run[0] in data["surnames"]
    if not known and not after_title:
        return "", 0
    for end in range(2, length + 1):
        if " ".join(run[:end]) in data["never_names"] or " ".join(run[end - 2 : end]) in data["never_names"]:
            length = end - 2
            break
    if length < 2 or (length == 2 and not after_title and not all(is_possible(w) for w in run)):
        return "", 0
    return ("title" if after_title else "surname"), length


def _alike(one: str, other: str) -> bool:
    return one[0].isupper() and (one.isupper() and len(one) > 1) == (other.isupper() and len(other) > 1)


def _new_line_of_list(words: list[tuple[str, int, int]], at: int, line_ends: frozenset[int]) -> bool:
    """A name on a line of its own is not the beginning of the name on the next."""
    return at - 1 in line_ends and at < len(words) and normal(words[at][0]) in _data()["surnames"]


def _capital_run(words: list[tuple[str, int, int]], joined: list[bool], at: int, line_ends: frozenset[int]) -> int:
    """How many words from here on are capitalised alike (Nguyễn Văn A, or NGUYỄN VĂN A) with only spaces between."""
    first = words[at][0]
    shout = len(first) > 1 and first.isupper()
    length = 0
    while length < _TWO_NAMES and at + length < len(words):
        word = re.split("['’]", words[at + length][0])[-1]
        if not word[0].isupper() or (len(word) > 1 and word.isupper() != shout):
            break
        if not word[1:].islower() and not word.isupper():
            break
        length += 1
        if not joined[at + length - 1] or (length > 1 and _new_line_of_list(words, at + length, line_ends)):
            break
    return length
