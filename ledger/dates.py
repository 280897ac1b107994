"""Dates as people write them in an Excel register: five spellings, impossible ones refused, never guessed."""

import re
from datetime import date, datetime, time

from storage.vietnamese import fold

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_IN_WORDS = re.compile(r"(?:ngay\s*)?(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:h]|gio)\s*(\d{1,2})?(?:\s*phut)?(?::\d{2}(?:\.\d+)?)?")
_CENTURY_PIVOT = 70


def parse_moment(text: str) -> date | datetime | None:
    """Read ``05/3/2026``, ``5-3-26``, ``05.03.2026``, ``2026-03-05`` or ``ngày 05 tháng 3 năm 2026``, with an optional
    time (``10:30``, ``10h30``, ``10 giờ 30``). None when it is not a date or the date does not exist."""
    plain = _plain(text)
    day, rest = _read_date(plain)
    if day is None:
        return None
    rest = rest.strip(" ,;t-")
    if not rest:
        return day
    clock = _TIME.fullmatch(rest)
    if not clock:
        return None
    hour, minute = int(clock.group(1)), int(clock.group(2) or 0)
    return datetime.combine(day, time(hour, minute)) if hour < 24 and minute < 60 else None


def parse_date(text: str) -> date | None:
    """As ``parse_moment``, without the time."""
    value = parse_moment(text)
    return value.date() if isinstance(value, datetime) else value


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("–", "-").split())


def _read_date(text: str) -> tuple[date | None, str]:
    for pattern, order in ((_IN_WORDS, "dmy"), (_YEAR_FIRST, "ymd"), (_DAY_FIRST, "dmy")):
        found = pattern.search(text)
        if found:
            parts = dict(zip(order, (int(x) for x in found.groups()), strict=True))
            if parts["y"] < 100:
                parts["y"] += 2000 if parts["y"] < _CENTURY_PIVOT else 1900
            rest = (text[: found.start()] + " " + text[found.end() :]).strip()
            try:
                return date(parts["y"], parts["m"], parts["d"]), rest
            except ValueError:
                return None, ""
    return None, ""
