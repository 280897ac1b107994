"""One value of an entry: from what a person typed, pasted or imported to what is stored, or the reason it cannot be.

Stored forms: dates ``2026-03-05``, minutes ``2026-03-05T10:30``, whole numbers, ``có``/``không``, text in NFC, and
lists of
rows for repeatable columns. Nothing is guessed: what cannot be read is refused with a sentence for the person.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from config.ledger_books import Field
from ledger.dates import parse_moment
from storage.vietnamese import fold, nfc

FIRST_YEAR = 1900
MOST_TEXT = 20_000
YES, NO = "có", "không"
_YES = {"co", "x", "yes", "true", "1", "da", "roi", "✓", "✔", "v", "dung"}
_NO = {"khong", "no", "false", "0", "chua", "k", "sai"}
_NOT_TEXT = {"\x7f", "\ufffe", "\uffff"}
_BLANK = {"", "-", "–", "—", "…", "...", "/"}
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")
_DECIMAL_ZERO = re.compile(r"(\d+)[.,]0+")


class BadValue(ValueError):
    """A value cannot be taken; the text is the reason, for a person (Vietnamese)."""


def clean(field: Field, raw: Any, today: date) -> Any:
    """The stored form of ``raw``; None for an empty value.

    :raises BadValue: saying why it cannot be taken.
    """
    if raw is None:
        return None
    if field.type == "repeat":
        return _repeat(field, raw)
    text = nfc(raw).strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and (not text or (field.type != "text" and text in _BLANK)):
        return None
    if field.type in ("date", "moment"):
        return _moment(field, text, today)
    if field.type in ("integer", "money"):
        return _year_of(text) if "năm sinh" in field.name.lower() else whole_number(text)
    if field.type == "yes_no":
        return _yes_no(text)
    if field.type == "choice":
        return choice_of(field, text)
    return _text(text) or None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = f"{value:%d/%m/%Y}" if not (value.hour or value.minute) else f"{value:%H:%M %d/%m/%Y}"
    elif isinstance(value, date):
        value = f"{value:%d/%m/%Y}"
    # control signs, lone surrogates and non-characters cannot stand in a workbook or a Word file
    seen = "".join(c for c in str(value).replace("\r\n", "\n") if (c >= " " or c in "\n\t") and c not in _NOT_TEXT)
    text = nfc(seen.encode("utf-8", "ignore").decode())
    text = text.strip() if "\n" in text else " ".join(text.split())
    if len(text) > MOST_TEXT:
        raise BadValue(f"dài quá {MOST_TEXT} chữ")
    return text


def _moment(field: Field, value: Any, today: date) -> str:
    moment: date | datetime | None
    moment = value if isinstance(value, date) else parse_moment(str(value))
    if moment is None:
        raise BadValue(f"“{value}” không phải là ngày có thật; viết như 05/03/2026")
    day = moment.date() if isinstance(moment, datetime) else moment
    # midnight is what Excel writes where nobody gave a time: a period in hours must not be counted from it
    if field.type == "date" or (isinstance(moment, datetime) and not (moment.hour or moment.minute)):
        moment = day
    if day.year < FIRST_YEAR:
        raise BadValue(f"năm {day.year} quá xa; kiểm tra lại")
    if not field.future and day > today:
        raise BadValue(f"{day:%d/%m/%Y} ở sau hôm nay; kiểm tra lại năm")
    if field.future and day.year > today.year + 60:
        raise BadValue(f"năm {day.year} quá xa; kiểm tra lại")
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def whole_number(value: Any) -> int:
    """A whole number as written in Vietnam: ``1.250.000``, ``1,250,000``, ``1 250 000 đ``.

    :raises BadValue: when it is not one.
    """
    if isinstance(value, bool):
        raise BadValue(f"“{value}” không phải là số")
    if isinstance(value, int | float):
        if value != int(value):
            raise BadValue(f"“{value}” không phải là số nguyên")
        return int(value)
    text = re.sub(r"(?i)\s*(đồng|đ|vnđ|vnd)\s*$", "", str(value).strip()).replace("\u00a0", " ")
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-").strip()
    decimal = _DECIMAL_ZERO.fullmatch(text)
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.,\s]", "", text)
    elif decimal:
        text = decimal.group(1)
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadValue(f"“{value}” không phải là số")
    return sign * int(text)


def _year_of(value: Any) -> int:
    """A year of birth, also where the whole date was written."""
    moment = value if isinstance(value, date) else parse_moment(str(value))
    return moment.year if moment is not None else whole_number(value)


def _yes_no(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    plain = fold(str(value)).strip(" .")
    first = plain.split()[0] if plain else ""
    if plain in _YES or first in _YES:
        return YES
    if plain in _NO or first in _NO:
        return NO
    raise BadValue(f"“{value}” phải là Có hoặc Không")


def choice_of(field: Field, value: Any) -> str:
    """The choice that is meant: as written, without marks, by initials (HNGĐ), or the only one containing it.

    :raises BadValue: when none or several fit.
    """
    found = _match_choice(field.choices, fold(" ".join(str(value).split())))
    if found is None:
        raise BadValue(f"“{value}” không có trong danh sách: {', '.join(field.choices)}")
    return found


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split())


@lru_cache(maxsize=8192)
def _match_choice(choices: tuple[str, ...], plain: str) -> str | None:
    folded = {c: fold(c) for c in choices}
    for choice, text in folded.items():
        if text == plain:
            return choice
    letters = re.sub(r"[^a-z0-9]", "", plain)
    # CNBB is "cơ sở cai nghiện bắt buộc": offices leave out the first words
    initials = [c for c, text in folded.items() if len(letters) > 1 and _initials(text).endswith(letters)]
    initials = [c for c in initials if _initials(folded[c]) == letters] or initials
    if len(initials) == 1:
        return initials[0]
    if len(plain) < 3:
        return None
    inside = [c for c, text in folded.items() if plain in text]
    if len(inside) == 1:
        return inside[0]
    # the longest choice written inside a longer remark: "không khởi tố vụ án" is not "khởi tố"
    holding = sorted((c for c, text in folded.items() if text in plain), key=len, reverse=True)
    if holding and all(folded[c] in folded[holding[0]] for c in holding):
        return holding[0]
    return None


def _repeat(field: Field, raw: Any) -> list[dict[str, str]] | None:
    if isinstance(raw, str):
        rows = [
            dict(zip([c.id for c in field.columns], (p.strip() for p in line.split("|")), strict=False))
            for line in nfc(raw).splitlines()
            if line.strip()
        ]
        # one bare cell is a name, whichever column comes first
        name = next((c.id for c in field.columns if c.id == "ho_ten"), field.columns[0].id)
        rows = [{name: r[field.columns[0].id]} if len(r) == 1 else r for r in rows]
    elif isinstance(raw, list):
        rows = raw
    else:
        rows = [{field.columns[0].id: str(raw)}]
    known = {c.id for c in field.columns}
    clean_rows = []
    for row in rows:
        if not isinstance(row, dict) or any(k not in known for k in row):
            raise BadValue(f"chỉ có các mục {', '.join(c.name for c in field.columns)}")
        values = {k: _text(v) for k, v in row.items() if v not in (None, "")}
        if values:
            clean_rows.append(values)
    return clean_rows or None


def show(field: Field, value: Any) -> str:
    """A stored value as written on screen and in Excel text: dates ``05/03/2026``."""
    if value is None or value == "":
        return ""
    if field.type in ("date", "moment"):
        return show_date(str(value))
    if field.type == "money":
        return f"{int(value):,}".replace(",", ".")
    if field.type == "repeat":
        return "\n".join(" | ".join(row.get(c.id, "") for c in field.columns) for row in value)
    return str(value)


@lru_cache(maxsize=65536)
def show_date(text: str) -> str:
    """``2026-03-05`` as ``05/03/2026``; with its minute where there is one."""
    moment = as_moment(text)
    return f"{moment:%H:%M %d/%m/%Y}" if isinstance(moment, datetime) else f"{moment:%d/%m/%Y}"


@lru_cache(maxsize=65536)
def as_moment(text: str) -> date | datetime:
    """A stored date or minute as a value to count with."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
