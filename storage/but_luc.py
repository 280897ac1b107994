"""Bút lục: the number stamped or written on each page (or sheet) of a paper file, and how people cite it.

Numbers run through a case from 1 and may carry a letter (45a) where a paper was put in later. Citations in a kết luận
điều tra, cáo trạng or luận tội read "(BL 45–47, 112)", "bút lục số 12 và 15", "tập 2, BL 45". Pure functions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MAX_NUMBER = 99_999
#: no real citation spans more; a longer "range" is a misreading (a date, a number of an article)
MAX_RANGE = 500

_ONE = re.compile(r"\s*0*(\d{1,5})\s*([a-zđ]?)\s*", re.IGNORECASE)
_NUMBER = r"\d{1,5}\s?[a-zđ]?(?![\w/])"
_RANGE = rf"{_NUMBER}(?:\s*(?:[-–—]|đến|tới)\s*(?:BL\s*)?{_NUMBER})?"
_SEPARATOR = r"\s*(?:,|;|và|&)\s*(?:(?:BL|bút lục)(?:\s+số)?\s*)?"
_CITATION = re.compile(
    rf"(?:tập\s+(?P<volume>\d{{1,3}}|[IVX]{{1,5}})\s*[,:]?\s*)?"
    rf"(?<!\w)(?:các\s+)?(?:BL|bút\s+lục)\s*(?:số)?\s*[:.]?\s*(?P<list>{_RANGE}(?:{_SEPARATOR}{_RANGE})*)",
    re.IGNORECASE,
)
_RANGE_PARTS = re.compile(rf"({_NUMBER})(?:\s*(?:[-–—]|đến|tới)\s*(?:BL\s*)?({_NUMBER}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class ButLuc:
    """A number and its letter, in their order: 45 < 45a < 46."""

    number: int
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.number}{self.suffix}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a text that names bút lục: characters ``start`` to ``end``, volume, ranges (both ends included)."""

    start: int
    end: int
    volume: str | None
    ranges: tuple[tuple[ButLuc, ButLuc], ...]


def parse(text: str | None) -> ButLuc | None:
    """A single number, or None if the text is none."""
    found = _ONE.fullmatch(text or "")
    return ButLuc(int(found[1]), found[2].lower()) if found and int(found[1]) > 0 else None


def sort_key(text: str | None) -> tuple[int, int, str]:
    """Orders numbers as they lie in the file; what has no number comes last."""
    found = parse(text)
    return (1, 0, "") if found is None else (0, found.number, found.suffix)


def gaps(numbers: Iterable[str | None]) -> list[tuple[int, int]]:
    """Ranges of whole numbers missing between the lowest and the highest present."""
    present = sorted({found.number for found in map(parse, numbers) if found})
    return [(low + 1, high - 1) for low, high in pairwise(present) if high > low + 1]


def repeats(numbers: Iterable[str | None]) -> list[str]:
    """Numbers that stand on more than one page, in order."""
    seen: dict[ButLuc, int] = {}
    for found in map(parse, numbers):
        if found:
            seen[found] = seen.get(found, 0) + 1
    return [str(number) for number in sorted(seen) if seen[number] > 1]


def citations(text: str) -> list[Citation]:
    """Every citation of bút lục in a text, in order; ranges that run backwards or are absurdly long are left out."""
    found = []
    for match in _CITATION.finditer(text):
        ranges = tuple(
            (first, last)
            for first, last in map(_range, _RANGE_PARTS.finditer(match["list"]))
            if first and last and first <= last and last.number - first.number <= MAX_RANGE
        )
        if ranges:
            found.append(Citation(match.start(), match.end(), match["volume"], ranges))
    return found


def _range(match: re.Match[str]) -> tuple[ButLuc | None, ButLuc | None]:
    first = parse(match[1])
    return first, parse(match[2]) if match[2] else first
