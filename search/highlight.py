"""What of a page found is shown: the places to box, a snippet of the text round them, and why the page is there."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from search.compile import ANY, Wanted
from search.places import PlacedText, Stretch
from search.tokens import legal_terms
from storage.reading import Box
from storage.vietnamese_tokens import legal_tokens

Level = Literal["marks", "spelling", "folded", "tolerant", "head", "token"]

_BEFORE: Final = 12  # words of the snippet before its densest place
_LENGTH: Final = 46
_MOST_STRETCHES: Final = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """``marks`` are offsets into ``snippet``; ``why`` says for each word typed how it was found on this page."""

    snippet: str
    marks: tuple[Span, ...]
    boxes: tuple[Box, ...]
    why: tuple[tuple[str, Level], ...]


def show(placed: PlacedText, wanted: Wanted) -> Shown:
    """Find what was wanted on the words of a page."""
    folded = [form[0] for form in placed.forms]
    syllables = [*_phrases(placed, folded, wanted), *_runs(folded, wanted)]
    found = {(placed.owners[start], placed.owners[end - 1] + 1) for start, end in syllables}
    stretches = sorted({*found, *_legal(placed, wanted)})[:_MOST_STRETCHES]
    snippet, marks = _snippet(placed.words, _merged(stretches))
    return Shown(snippet, tuple(marks), tuple(placed.boxes(stretches)), tuple(_why(placed, set(folded), wanted)))


def _phrases(placed: PlacedText, folded: list[str], wanted: Wanted) -> list[Stretch]:
    found = [place for phrase in wanted.phrases for place in _places(folded, phrase)]
    if wanted.marked_phrases:
        marked = [form[1] for form in placed.forms]
        found += [place for phrase in wanted.marked_phrases for place in _places(marked, phrase)]
    return found


def _places(forms: list[str], phrase: tuple[str, ...]) -> list[Stretch]:
    length = len(phrase)
    return [
        (at, at + length)
        for at, form in enumerate(forms)
        if form == phrase[0] and tuple(forms[at : at + length]) == phrase
    ]


def _legal(placed: PlacedText, wanted: Wanted) -> list[Stretch]:
    if not wanted.legal:
        return []
    found = [t for t in legal_tokens(placed.text) if wanted.legal.intersection(legal_terms([t]))]
    return placed.stretches_of((token.start, token.end) for token in found)


def _runs(folded: list[str], wanted: Wanted) -> list[Stretch]:
    """Longest stretches of each run of words typed; single words only where they stand in no longer stretch."""
    present = set(folded)
    found: list[Stretch] = []
    for wide in wanted.runs:
        run = [_best_present(options, present) for options in wide]
        stretches = _stretches(folded, run)
        long = [s for s in stretches if s[1] - s[0] >= min(2, len(run))]
        covered = {folded[at] for start, end in long for at in range(start, end)}
        found += [*long, *(s for s in stretches if s[1] - s[0] < min(2, len(run)) and folded[s[0]] not in covered)]
    return found


def _best_present(options: Sequence[str], present: set[str]) -> frozenset[str]:
    """The word as typed where it stands on the page, else the likeliest that does; of a beginning, all that do."""
    if options[-1] == ANY:
        return frozenset(options)
    return frozenset(itertools.islice((word for word in options if word in present), 1))


def _stretches(folded: list[str], run: list[frozenset[str]]) -> list[Stretch]:
    places: dict[str, list[int]] = {}
    for at, options in enumerate(run):
        for word in options:
            places.setdefault(word, []).append(at)
    stretches = []
    at = 0
    while at < len(folded):
        if folded[at] not in places:
            at += 1
            continue
        best = max(_matching(folded, at, run, place) for place in places[folded[at]])
        stretches.append((at, at + best))
        at += best
    return stretches


def _matching(folded: list[str], at: int, run: list[frozenset[str]], place: int) -> int:
    length = 0
    while at + length < len(folded) and place + length < len(run) and folded[at + length] in run[place + length]:
        length += 1
    return length


def _why(placed: PlacedText, folded: set[str], wanted: Wanted) -> list[tuple[str, Level]]:
    marked = {form[1] for form in placed.forms}
    variants = {form[2] for form in placed.forms if form[2]}
    reasons: list[tuple[str, Level]] = [(term.partition(":")[2], "token") for term in sorted(wanted.legal)]
    options = list(itertools.chain.from_iterable(wanted.runs))
    for token in wanted.typed:
        level: Level = "head"
        if token.marked in marked:
            level = "spelling" if token.variant and token.variant not in variants else "marks"
        elif token.folded in folded:
            level = "folded"
        elif any(token.folded in one and folded.intersection(one) for one in options):
            level = "tolerant"
        reasons.append((token.marked, level))
    return reasons


def _snippet(words: list[str], stretches: list[Stretch]) -> tuple[str, list[Span]]:
    """The words round the place where most was found, with the offsets of what was found among them; … where the page
    goes on."""
    if not stretches:
        return " ".join(words[:_LENGTH]) + (" …" if len(words) > _LENGTH else ""), []
    reach = _LENGTH - _BEFORE
    centre = max(stretches, key=lambda s: sum(e - b for b, e in stretches if s[0] <= b < s[0] + reach))
    start = max(0, centre[0] - _BEFORE)
    end = min(len(words), start + _LENGTH)
    before, after = "… " if start else "", " …" if end < len(words) else ""
    starts = list(itertools.accumulate((len(word) + 1 for word in words[start:end]), initial=len(before)))
    inside = [(max(b, start), min(e, end)) for b, e in stretches if b < end and e > start]
    return before + " ".join(words[start:end]) + after, [(starts[b - start], starts[e - start] - 1) for b, e in inside]


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for begin, finish in stretches:
        if merged and begin <= merged[-1][1] - 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], finish))
        else:
            merged.append((begin, finish))
    return merged
