"""The query language. Everything a person can type is a valid query; what is no operator is text.

Words are joined by AND. ``"…"`` is a phrase (marks typed inside bind), ``"a b"~5`` both within five words,
``-word`` leaves out, ``word*`` is a beginning, ``~word`` is tolerant of errors. Filters: ``vụ:45/2024``,
``tập:lời khai``, ``loại:cáo trạng``, ``người:"Nguyễn Văn A"``, ``số:…``, ``từ:01/2024 đến:06/2024``, ``bl:120-150``;
their names may be typed without marks. A filter that names nothing known is text again.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from storage.vietnamese import fold

FilterName = Literal["case", "folder", "type", "person", "number", "from", "to", "but_luc", "scan", "document"]

_NAMES: Final[dict[str, FilterName]] = {
    "vu": "case", "vuan": "case", "vuviec": "case", "hoso": "case", "case": "case",
    "tap": "folder", "nhom": "folder", "folder": "folder",
    "loai": "type", "type": "type",
    "nguoi": "person", "ten": "person", "person": "person",
    "so": "number", "number": "number",
    "tu": "from", "tungay": "from", "from": "from",
    "den": "to", "denngay": "to", "to": "to",
    "bl": "but_luc", "butluc": "but_luc",
    "tepquet": "scan", "scan": "scan", "tailieu": "document", "document": "document",
}  # fmt: skip

LONGEST: Final = 500  # characters of a query that are looked at
_MOST_PARTS: Final = 40
_QUOTES: Final = "\"“”„«»"
_PART: Final = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:(?P<name>[^\W\d_]{{2,12}}):\s?(?=\S))?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}](?:~(?P<slop>\d{{1,3}}))?|(?P<bare>[^\s{_QUOTES}]+))"
)
_LONGEST_NAME: Final = 7  # words a folder's or a type's name may have without quotes

#: Does this text, as the value of this filter, name something the person may see?
Resolver = Callable[[FilterName, str], bool]


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of free text as typed: words, numbers, legal tokens."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word with an operator."""

    text: str
    prefix: bool = False
    tolerant: bool = False
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase; with ``slop``, words near each other in any order."""

    text: str
    slop: int | None = None
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A field filter whose value named something."""

    name: FilterName
    text: str
    negative: bool = False


Part = Words | Word | Quoted | Filter


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query taken apart, in the order typed."""

    parts: tuple[Part, ...] = field(default=())

    @property
    def text(self) -> str:
        """The free words alone."""
        return " ".join(p.text for p in self.parts if not isinstance(p, Filter))


def parse(query: str, resolves: Resolver) -> Parsed:
    """Take a query apart. Never fails; asks ``resolves`` whether a filter's value names anything."""
    parts: list[Part] = []
    text = query[:LONGEST]
    at = 0
    while len(parts) < _MOST_PARTS and (found := _PART.search(text, at)):
        part, at = _part(text, found, resolves)
        if isinstance(part, Words) and parts and isinstance(parts[-1], Words):
            part = Words(f"{parts.pop().text} {part.text}")
        if part is not None:
            parts.append(part)
    return Parsed(tuple(parts))


def _part(text: str, found: re.Match[str], resolves: Resolver) -> tuple[Part | None, int]:
    negative = found["minus"] is not None
    name = _NAMES.get(fold(found["name"])) if found["name"] else None
    if name is not None:
        value = _filter(name, text, found, resolves, negative=negative)
        if value is not None:
            return value
    if found["quoted"] is not None:
        before = [found["name"]] if found["name"] else []
        if not any(c.isalnum() for c in found["quoted"]):
            return (Words(before[0]) if before else None), found.end()
        if before:  # not a filter after all: the name is a word, and the quotes come next
            return Words(before[0]), found.start("quoted") - 1
        return Quoted(found["quoted"], int(found["slop"]) if found["slop"] else None, negative), found.end()
    start = found.start("name") if found["name"] else found.start("bare")
    return _bare(text[start : found.end()], negative=negative), found.end()


def _bare(text: str, *, negative: bool) -> Part | None:
    core = text.strip("~*")
    if not any(c.isalnum() for c in core):
        return None
    prefix = text.endswith("*") and core[-1].isalnum()
    tolerant = text.startswith("~") or text.endswith("~")
    if negative or prefix or tolerant:
        return Word(core, prefix, tolerant, negative)
    return Words(text)


def _filter(
    name: FilterName, text: str, found: re.Match[str], resolves: Resolver, *, negative: bool
) -> tuple[Filter, int] | None:
    if found["quoted"] is not None:
        value = found["quoted"].strip()
        return (Filter(name, value, negative), found.end()) if value and resolves(name, value) else None
    rest = text[found.start("bare") :]
    words = list(re.finditer(rf"[^\s{_QUOTES}:]+(?!\S*:)|^\S+", rest))[:_LONGEST_NAME]
    for count in range(len(words), 0, -1):
        if words[count - 1].start() > 0 and re.search(rf"[{_QUOTES}:]", rest[words[0].end() : words[count - 1].end()]):
            continue
        value = rest[: words[count - 1].end()].strip().rstrip(",;")
        if value and resolves(name, value):
            return Filter(name, value, negative), found.start("bare") + words[count - 1].end()
    return None


# -- values ----------------------------------------------------------------------------------------------------------

_DAY: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH: Final = re.compile(r"(\d{1,2})[/.\-](\d{4})|(\d{4})-(\d{1,2})")


def date_bounds(text: str) -> tuple[int, int] | None:
    """First and last day a date, month or year means, as 20240131; None when it is none."""
    text = text.strip()
    day = _DAY.fullmatch(text)
    if day:
        d, m, y = (int(v) for v in (day.group(1, 2, 3) if day[1] else day.group(6, 5, 4)))
        valid = 1 <= m <= 12 and 1 <= d <= monthrange(max(y, 1), m)[1]
        return (y * 10000 + m * 100 + d,) * 2 if valid else None
    month = _MONTH.fullmatch(text)
    if month:
        m, y = (int(v) for v in (month.group(1, 2) if month[1] else month.group(4, 3)))
        return (y * 10000 + m * 100 + 1, y * 10000 + m * 100 + 31) if 1 <= m <= 12 else None
    if re.fullmatch(r"(1[89]|20)\d\d", text):
        return int(text) * 10000 + 101, int(text) * 10000 + 1231
    return None


_BUT_LUC: Final = re.compile(r"(\d{1,5}[a-zđ]?)(?:\s*[-–]\s*(\d{1,5}[a-zđ]?))?", re.IGNORECASE)


def but_luc_bounds(text: str) -> tuple[str, str] | None:
    """First and last bút lục a range means; None when it is none."""
    found = _BUT_LUC.fullmatch(text.strip())
    return (found[1], found[2] or found[1]) if found else None
