"""Reading what people type into forms."""

import re
from datetime import date

from flask_babel import gettext as _

from config.errors import Invalid

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")


def date_of(text: str, what: str) -> date | None:
    """A date as the browser sends it (2024-02-05) or as people write it (5/2/2024); None for an empty text.

    :raises Invalid: it is no real date.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(what=f"{what} {text}", why=_("không phải ngày có thật; viết ngày/tháng/năm")) from None


def year_of(text: str, what: str) -> int | None:
    """A year; None for an empty text.

    :raises Invalid: it is no year a living person was born in.
    """
    text = text.strip()
    if not text:
        return None
    if not (text.isdecimal() and 1900 <= int(text) <= date.today().year):  # noqa: DTZ011 - only a plausibility check
        raise Invalid(what=f"{what} {text}", why=_("không phải năm"))
    return int(text)


def ids_of(texts: list[str]) -> list[int]:
    """Ids ticked in a list, in their order, each once."""
    return list(dict.fromkeys(int(text) for text in texts if text.isdecimal() and len(text) < 16))
