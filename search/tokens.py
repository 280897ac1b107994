"""From text to the terms of the index; the query goes through the same functions as the page."""

import itertools
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from search.schema import GAP
from storage.vietnamese import fold, normal, syllables, words
from storage.vietnamese_syllable import has_variants, parse
from storage.vietnamese_tokens import LegalToken, legal_tokens

_LONGEST: Final = 40  # longer runs of letters are noise of a bad scan; their beginning is enough to find them
_PREFIX: Final = {
    "number": "n", "date": "d", "month": "m", "article": "a", "money": "t", "phone": "p", "identity": "i", "plate": "x",
}  # fmt: skip


class Token(NamedTuple):
    """A syllable or number. ``variant`` is the spelling as typed where more than one is accepted (hoà, hòa)."""

    folded: str
    marked: str
    variant: str | None
    start: int
    end: int

    @property
    def has_marks(self) -> bool:
        """Whether it carries a mark that folding takes away."""
        return self.marked != self.folded


#: folded form, form with marks in normal spelling, and the spelling as typed where several are accepted
Form = tuple[str, str, str | None]


def forms(text: str) -> tuple[Form, ...]:
    """Index forms of the syllables of a short text."""
    return tuple(_forms(word) for word in words(text))


@lru_cache(maxsize=131072)
def _forms(text: str) -> Form:
    text = text[:_LONGEST]
    if text.isdecimal() and len(text) <= 3:  # "ngày 03" is "ngày 3"; long numbers keep their zeros
        text = text.lstrip("0") or "0"
    marked = normal(text)
    parts = parse(marked)
    variant = "=" + text.casefold() if parts is not None and has_variants(parts) else None
    return fold(marked), marked, variant


def tokens(text: str) -> list[Token]:
    """Syllables of a text in index form, with offsets into the text."""
    return [Token(*_forms(s.text), s.start, s.end) for s in syllables(text)]


def pairs_of(folded: Iterable[str]) -> list[str]:
    """Neighbouring folded syllables joined by ``_``; a pair with a gap in it is asked for by nobody."""
    return [f"{one}_{other}" for one, other in itertools.pairwise(folded)]


def legal_terms(found: Iterable[LegalToken]) -> list[str]:
    """Index terms of legal tokens; a point is also found by its clause and article, a date by its month."""
    terms: list[str] = []
    for token in found:
        terms.extend(_with_wider(token))
    return terms


def legal_term(token: LegalToken) -> str:
    """The one term a query for this token asks for."""
    return f"{_PREFIX[token.kind]}:{token.key}"


def _with_wider(token: LegalToken) -> list[str]:
    own = [legal_term(token)]
    if token.kind == "article":
        parts = token.key.split("/")
        return [f"a:{'/'.join(parts[:n])}" for n in range(1, len(parts) + 1)]
    if token.kind == "date":
        return [*own, f"m:{token.key[:7]}"]
    return own


@lru_cache(maxsize=16384)
def person_terms(name: str) -> tuple[str, ...]:
    """Every run of words of a name, with marks and folded: the full name and any part of it find the person."""
    own = forms(name)[:6]
    found = []
    for start in range(len(own)):
        for end in range(start + 1, len(own) + 1):
            found.append("_".join(folded for folded, _, _ in own[start:end]))
            found.append("_".join(marked for _, marked, _ in own[start:end]))
    return tuple(dict.fromkeys(found))


def body_terms(text: str, others: Iterable[str] = ()) -> dict[str, list[str]]:
    """Terms of a page's text for the fields body, marked and legal. ``others`` are further stretches (other
    readings of a word with its neighbours, a title) found as well but not joined to the text."""
    body: list[str] = []
    marked: list[str] = []
    variants: list[str] = []
    legal: list[str] = []
    for stretch in (text, *others):
        if body:
            body.append(GAP)
            marked.append(GAP)
        found = [_forms(word) for word in words(stretch)]
        body += [form[0] for form in found]
        marked += [form[1] for form in found]
        variants += [form[2] for form in found if form[2]]
        legal += legal_terms(legal_tokens(stretch))
    if variants:
        marked += [GAP, *dict.fromkeys(variants)]
    return {"body": body, "marked": marked, "legal": legal}
