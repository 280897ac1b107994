"""The best way to cut a row of pages into documents, and how sure each cut is.

Every way of cutting has a score: the evidence of each first page, minus that of pages that go on, plus how well printed
page numbers fit the place in the document. The best way is found by dynamic programming over documents; the
confidence of a cut is the share of all ways of cutting, weighed by their scores, that have it (forward-backward).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.split.evidence import PageEvidence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: a document is looked for up to this many pages long; longer ones are still joined by a person
LONGEST = 600
NUMBER_FITS, NUMBER_NEAR, NUMBER_OFF, NUMBER_NOT_FIRST, NUMBER_FIRST = 3.0, 1.2, -0.4, -2.4, 1.0
#: scores are divided by this before they become probabilities: the signs are not independent of each other
TEMPERATURE = 1.35


@dataclass(frozen=True, slots=True)
class Cuts:
    """``starts``: places (in the row of pages) where documents begin; ``probability`` of a beginning at every place."""

    starts: tuple[int, ...]
    probability: tuple[float, ...]
    #: how well the whole row hangs together, to compare two orders of the same pages
    score: float


def _fit(printed: int, places: Ints) -> Floats:
    """How well a printed page number fits being the n-th page of a document, for each n (1-based)."""
    off = np.abs(places - printed)
    fit = np.where(off == 0, NUMBER_FITS, np.where(off == 1, NUMBER_NEAR, NUMBER_OFF)).astype(float)
    fit[places == 1] = NUMBER_FIRST if printed == 1 else NUMBER_NOT_FIRST
    return fit


def _segments(evidence: Sequence[PageEvidence]) -> list[Floats]:
    """For each start, the scores of the documents that begin there and end after 1, 2, 3 … pages."""
    count = len(evidence)
    own = np.array([e.weight for e in evidence])
    fits = {
        place: _fit(e.printed.number, np.arange(1, LONGEST + 1))
        for place, e in enumerate(evidence)
        if e.printed is not None
    }
    found = []
    for start in range(count):
        length = min(LONGEST, count - start)
        steps = -own[start : start + length] / 2
        steps[0] = own[start] / 2
        for place in range(start, start + length):
            if place in fits:
                steps[place - start] += fits[place][place - start]
        found.append(np.cumsum(steps))
    return found


def best_cuts(evidence: Sequence[PageEvidence]) -> Cuts:
    """Cut a row of pages; the first page always begins a document."""
    count = len(evidence)
    if count == 0:
        return Cuts((), (), 0.0)
    segments = _segments(evidence)
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    came = np.zeros(count + 1, dtype=int)
    for start in range(count):
        reach = best[start] + segments[start]
        ends = slice(start + 1, start + 1 + len(reach))
        better = reach > best[ends]
        best[ends] = np.where(better, reach, best[ends])
        came[ends] = np.where(better, start, came[ends])
    starts: list[int] = []
    place = count
    while place > 0:
        place = int(came[place])
        starts.append(place)
    return Cuts(tuple(reversed(starts)), _marginals(segments, count), float(best[count]))


def _marginals(segments: list[Floats], count: int) -> tuple[float, ...]:
    """Probability that a document begins at each place."""
    forward = np.full(count + 1, -np.inf)
    forward[0] = 0.0
    for start in range(count):
        scaled = forward[start] + segments[start] / TEMPERATURE
        ends = slice(start + 1, start + 1 + len(scaled))
        forward[ends] = np.logaddexp(forward[ends], scaled)
    backward = np.full(count + 1, -np.inf)
    backward[count] = 0.0
    for start in range(count - 1, -1, -1):
        scaled = segments[start] / TEMPERATURE + backward[start + 1 : start + 1 + len(segments[start])]
        top = scaled.max()
        backward[start] = top + np.log(np.exp(scaled - top).sum())
    total = forward[count]
    return tuple(float(np.exp(min(0.0, forward[p] + backward[p] - total))) for p in range(count))
