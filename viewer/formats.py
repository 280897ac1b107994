"""How moments, dates, sizes and numbers are written on screen. Moments are shown in the office's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _

from viewer import context

UNITS = ("B", "KB", "MB", "GB", "TB")


def day(value: date | datetime | None) -> str:
    """``05/03/2026``; an empty text for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = local(value)
    return f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """``14:05 ngày 05/03/2026`` shortened to ``14:05 05/03/2026``."""
    return "" if value is None else f"{local(value):%H:%M %d/%m/%Y}"


def local(value: datetime) -> datetime:
    """A moment in the office's time zone."""
    return value.astimezone(ZoneInfo(context.settings().timezone))


def size(count: int | None) -> str:
    """A number of bytes as a person reads it: ``1,4 MB``."""
    if count is None:
        return ""
    amount = float(count)
    for unit in UNITS:
        if amount < 1024 or unit == UNITS[-1]:
            text = f"{amount:.0f}" if unit == "B" or amount >= 100 else f"{amount:.1f}"
            return f"{text.replace('.', ',')} {unit}"
        amount /= 1024
    raise AssertionError("unreachable: the last unit takes everything")


def count(value: int) -> str:
    """A whole number with points between thousands: ``12.450``."""
    return f"{value:,}".replace(",", ".")


def percent(value: float | None) -> str:
    """A share of 1 as a whole percentage, or a dash."""
    return "–" if value is None else f"{value * 100:.0f}%"


def seconds(value: float) -> str:
    """A place in a recording: ``1:02:03`` or ``2:03``."""
    whole = int(value)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def but_luc(first: str | None, last: str | None, volume: str | None = None) -> str:
    """``BL 45–47``, ``tập 2, BL 45``; an empty text where no number is known."""
    if not first:
        return ""
    numbers = first if not last or last == first else f"{first}–{last}"
    return _("tập %(volume)s, BL %(numbers)s", volume=volume, numbers=numbers) if volume else f"BL {numbers}"


def install(app: Flask) -> None:
    """Make the formats filters of every template."""
    for name, function in (
        ("day", day), ("moment", moment), ("size", size), ("count", count), ("percent", percent), ("seconds", seconds),
    ):
        app.add_template_filter(function, name)
    app.add_template_global(but_luc, "but_luc")
