"""What of a page found is shown: the places to box, a snippet of the text round them, and why the page is there."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from search.compile import ANY, Wanted
from search.places import PlacedText
from search.tokens import Token, legal_terms, tokens
from storage.reading import Box
from storage.vietnamese_tokens import legal_tokens

Level = Literal["marks", "spelling", "folded", "tolerant", "head", "token"]

_AROUND: Final = 110  # characters of the snippet on either side of its densest place
_MOST_SPANS: Final = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """``marks`` are offsets into ``snippet``; ``why`` says for each word typed how it was found on this page."""

    snippet: str
    marks: tuple[Span, ...]
    boxes: tuple[Box, ...]
    why: tuple[tuple[str, Level], ...]


def show(placed: PlacedText, wanted: Wanted) -> Shown:
    """Find what was wanted on the page's displayed text."""
    found = tokens(placed.text)
    spans = sorted({*_phrases(found, wanted), *_legal(placed.text, wanted), *_runs(found, wanted)})[:_MOST_SPANS]
    snippet, marks = _snippet(placed.text, spans)
    return Shown(snippet, tuple(marks), tuple(placed.boxes(spans)), tuple(_why(found, wanted)))


def _phrases(found: list[Token], wanted: Wanted) -> list[Span]:
    spans = []
    for phrases, forms in (
        (wanted.phrases, [t.folded for t in found]), (wanted.marked_phrases, [t.marked for t in found]),
    ):  # fmt: skip
        for phrase in phrases:
            starts = [at for at, form in enumerate(forms) if form == phrase[0]]
            spans += [
                (found[at].start, found[at + len(phrase) - 1].end)
                for at in starts
                if tuple(forms[at : at + len(phrase)]) == phrase
            ]
    return spans


def _legal(text: str, wanted: Wanted) -> list[Span]:
    if not wanted.legal:
        return []
    return [(t.start, t.end) for t in legal_tokens(text) if wanted.legal.intersection(legal_terms([t]))]


def _runs(found: list[Token], wanted: Wanted) -> list[Span]:
    """Longest stretches of each run of words typed; single words only where they stand in no longer stretch."""
    spans: list[Span] = []
    present = {t.folded for t in found}
    for wide in wanted.runs:
        run = [_best_present(options, present) for options in wide]
        stretches = _stretches([t.folded for t in found], run)
        long = [s for s in stretches if s[1] - s[0] >= min(2, len(run))]
        covered = {found[at].folded for start, end in long for at in range(start, end)}
        alone = [s for s in stretches if s not in long and found[s[0]].folded not in covered]
        spans += [(found[start].start, found[end - 1].end) for start, end in (*long, *alone)]
    return spans


def _best_present(options: Sequence[str], present: set[str]) -> frozenset[str]:
    """The word as typed where it stands on the page, else the likeliest that does; of a beginning, all that do."""
    if options[-1] == ANY:
        return frozenset(options)
    return frozenset(itertools.islice((word for word in options if word in present), 1))


def _stretches(folded: list[str], run: list[frozenset[str]]) -> list[Span]:
    places: dict[str, list[int]] = {}
    for at, options in enumerate(run):
        for word in options:
            places.setdefault(word, []).append(at)
    stretches = []
    at = 0
    while at < len(folded):
        best = 0
        for place in places.get(folded[at], ()):
            best = max(best, _matching(folded[at:], run[place:]))
        if best:
            stretches.append((at, at + best))
        at += max(best, 1)
    return stretches


def _matching(folded: list[str], run: list[frozenset[str]]) -> int:
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] in pair[1], zip(folded, run, strict=False)))


def _why(found: list[Token], wanted: Wanted) -> list[tuple[str, Level]]:
    folded = {t.folded for t in found}
    marked = {t.marked for t in found}
    variants = {t.variant for t in found if t.variant}
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


def _snippet(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """A stretch of text round the place where most was found, on word ends, with line breaks as spaces."""
    if not spans:
        return " ".join(text[: 2 * _AROUND].split()), []
    centre = max(spans, key=lambda s: sum(e - b for b, e in spans if s[0] <= b < s[0] + _AROUND))
    start = max(0, centre[0] - _AROUND // 2)
    end = min(len(text), max(centre[1], centre[0] + 2 * _AROUND - _AROUND // 2))
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", end) if text.find(" ", end) >= 0 else len(text)
    inside = _merged([(max(b, start), min(e, end)) for b, e in spans if b < end and e > start])
    snippet, marks = "", []
    at = start
    for begin, finish in inside:
        snippet += _one_line(text[at:begin])
        piece = _one_line(text[begin:finish])
        marks.append((len(snippet), len(snippet) + len(piece)))
        snippet += piece
        at = finish
    return snippet + _one_line(text[at:end]), marks


_SPACES: Final = re.compile(r"\s+")


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, finish in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], finish))
        else:
            merged.append((begin, finish))
    return merged
