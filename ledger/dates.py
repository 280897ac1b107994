"""Dates as people write them in an Excel register: five spellings, impossible ones refused, never guessed."""

import re
from datetime import date, datetime, time

from storage.vietnamese import fold, nfc

_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*[/.,\\\-]\s*(\d{1,2})\s*[/.,\\\-]\s*(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_IN_WORDS = re.compile(r"(\d{1,2})\s*thang\s*(\d{1,2})\s*(?:nam|[/.,\-])\s*(\d{4})")
#: what may stand around a date and says nothing more: "thứ Năm, ngày 05/3/2026 (lúc 10 giờ)"
_AROUND = re.compile(r"\b(?:ngay|luc|hoi|vao|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b|[(),;.]")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:h]|gio)\s*(\d{1,2})?(?:\s*phut)?(?::\d{2}(?:\.\d+)?)?")
_CENTURY_PIVOT = 70
#: a day at the end or the beginning of a cell that also holds a number: "12/TB-TA ngày 05/01/2026"
_AT_END = re.compile(
    r"[\s,;:(\-–]*(?:ng[aà]y\s*)?(\d{1,2}\s*th[aá]ng\s*\d{1,2}\s*n[aă]m\s*\d{4}|\d{4}-\d{1,2}-\d{1,2}"
    r"|(?<![\d/.\-])\d{1,2}\s*([/.\-])\s*\d{1,2}\s*\2\s*(?:\d{4}|\d{2}))[\s).;,]*$",
    re.IGNORECASE,
)
_AT_START = re.compile(
    r"^(?:ng[aà]y\s*)?(\d{1,2}\s*([/.\-])\s*\d{1,2}\s*\2\s*\d{4})(?![\d/])[\s,;:\-–]*", re.IGNORECASE
)


def parse_moment(text: str) -> date | datetime | None:
    """Read ``05/3/2026``, ``5-3-26``, ``05.03.2026``, ``2026-03-05`` or ``ngày 05 tháng 3 năm 2026``, with an optional
    time (``10:30``, ``10h30``, ``10 giờ 30``). None when it is not a date or the date does not exist."""
    plain = _plain(text)
    day, rest = _read_date(plain)
    if day is None:
        return None
    rest = " ".join(_AROUND.sub(" ", rest).split()).strip(" t-")
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


def split_day(text: str) -> tuple[str, str]:
    """Take the day out of a cell that holds a number and its day: ``("12/2026/TLST", "05/01/2026")``. The day is given
    as written, so that an impossible one can be refused by ``parse_moment``; empty when there is none."""
    text = nfc(text).strip()
    found = _AT_END.search(text) or _AT_START.search(text)
    if not found:
        return text, ""
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip(" ,;:-–")
    return re.sub(r"(?i)^số\s*:?\s*(?=\d)", "", rest), found.group(1)


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
