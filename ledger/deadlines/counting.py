"""The counting rules: from an event and a length to the last day, with the arithmetic day by day.

Sources: BLDS 2015 Đ.147–148 (``blds``; applied by BLTTDS Đ.183, LTTHC Đ.116 k5, Luật XLVPHC Đ.8 and, for want of its
own,
to Luật THADS: ``thads``), BLTTHS 2015 Đ.134 (``bltths``), Đ.118 k4, Đ.134 and TTLT 04/2018 Đ.17 (``detention``); the
word "ngày làm việc" of the statutes (``working_day``). Pure functions of dates and a calendar.

Moments are local time of the office without zone. The end of a day is the date itself: a period "until 03/08" includes
all of 3 August.
"""

import calendar as months
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.deadline_rules import Length
from config.holidays import Calendar, Day

ONE_DAY = timedelta(days=1)
DETENTION_MONTH = 30
#: Longer day counts are told in one line instead of one line per day.
MOST_STEPS = 400
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: the day, which count it has (None = not counted), and why (Vietnamese)."""

    date: date
    count: int | None
    why: str

    def in_words(self) -> str:
        """Vietnamese line for a person."""
        number = f"{self.count}. " if self.count is not None else "– "
        return f"{number}{_WEEKDAYS[self.date.weekday()]} {self.date:%d/%m/%Y}: {self.why}"


IsOff = Callable[[Day], bool]


def known_off(day: Day) -> bool:
    """Off as far as the calendar knows."""
    return day.off


def possibly_off(day: Day) -> bool:
    """Off if every unconfirmed day off is one: the reading most favourable to whoever is bound."""
    return day.may_be_off


def add_months(start: date, count: int) -> date:
    """The corresponding day ``count`` months on, or the last day of the month where there is none."""
    index = start.year * 12 + start.month - 1 + count
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def merge(lengths: Sequence[Length]) -> list[Length]:
    """Add up neighbouring lengths of one unit, so that 4 + 2 months from 31/10 is 6 months, not 4 and then 2."""
    merged: list[Length] = []
    for length in lengths:
        if merged and merged[-1].unit == length.unit:
            merged[-1] = Length(merged[-1].amount + length.amount, length.unit)
        else:
            merged.append(length)
    return merged


def after(start: date, length: Length, calendar: Calendar, is_off: IsOff, steps: list[Step] | None) -> date:
    """Last day of a period that begins with an event of ``start``; that day is not counted. No roll-over here."""
    if length.unit == "working_day":
        return _working_days(start, length.amount, ONE_DAY, calendar, is_off, steps)
    if length.unit == "day":
        end = start + timedelta(days=length.amount)
        if steps is not None:
            if length.amount <= MOST_STEPS:
                steps.extend(
                    Step(start + timedelta(days=i), i, "tính vào thời hạn") for i in range(1, length.amount + 1)
                )
            else:
                steps.append(Step(end, length.amount, f"cộng {length.amount} ngày"))
        return end
    months_in_unit = 12 if length.unit == "year" else 1
    end = add_months(start, length.amount * months_in_unit)
    if steps is not None:
        for i in range(1, length.amount + 1):
            day = add_months(start, i * months_in_unit)
            why = f"hết {'năm' if months_in_unit == 12 else 'tháng'} thứ {i}"
            steps.append(
                Step(
                    day,
                    i,
                    why + ("" if day.day == start.day else "; tháng không có ngày tương ứng nên lấy ngày cuối tháng"),
                )
            )
    return end


def before(end: date, length: Length, calendar: Calendar, is_off: IsOff, steps: list[Step] | None) -> date:
    """Last day on which something to be done at least ``length`` before ``end`` is still in time."""
    if length.unit == "working_day":
        return _working_days(end, length.amount, -ONE_DAY, calendar, is_off, steps)
    if length.unit == "day":
        if steps is not None:
            steps.extend(Step(end - timedelta(days=i), i, "lùi một ngày") for i in range(1, length.amount + 1))
        return end - timedelta(days=length.amount)
    day = add_months(end, -length.amount * (12 if length.unit == "year" else 1))
    if steps is not None:
        steps.append(Step(day, length.amount, f"lùi {length.in_words()}"))
    return day


def _working_days(
    start: date, amount: int, stride: timedelta, calendar: Calendar, is_off: IsOff, steps: list[Step] | None
) -> date:
    day, count = start, 0
    while count < amount:
        day += stride
        kind = calendar.day(day)
        off = is_off(kind)
        count += not off
        if steps is not None:
            why = f"không tính ({kind.reason})" if off else f"tính vào thời hạn ({kind.reason})"
            steps.append(Step(day, None if off else count, why))
    return day


def roll_over(day: date, calendar: Calendar, is_off: IsOff, steps: list[Step] | None) -> date:
    """A last day that is a day off moves to the next working day (BLDS Đ.148 k5, BLTTHS Đ.134)."""
    kind = calendar.day(day)
    while is_off(kind):
        day += ONE_DAY
        following = calendar.day(day)
        if steps is not None:
            steps.append(Step(day, None, f"ngày cuối rơi vào ngày nghỉ ({kind.reason}) nên kết thúc ngày tiếp theo"))
        kind = following
    return day


def detention_days(lengths: Sequence[Length]) -> int:
    """Length of a detention in days: a month is 30 days (BLTTHS Đ.134 k1)."""
    return sum(x.amount * (DETENTION_MONTH if x.unit == "month" else 1) for x in lengths)


def detention(start: date, days: int, deducted: int, steps: list[Step] | None) -> date:
    """Last day of a detention: first and last day count, days off too; custody already served is deducted.

    TTLT 04/2018 Đ.17. ``days`` and ``deducted`` are whole days.
    """
    left = days - deducted
    if left < 1:
        raise ValueError(f"{deducted} days deducted of {days}")
    end = start + timedelta(days=left - 1)
    if steps is not None:
        if deducted:
            steps.append(Step(start, None, f"{days} ngày, trừ {deducted} ngày tạm giữ, còn {left} ngày"))
        if left <= MOST_STEPS:
            steps.extend(
                Step(start + timedelta(days=i), i + 1, "tính cả ngày đầu, ngày cuối và ngày nghỉ") for i in range(left)
            )
        else:
            steps.append(Step(end, left, f"ngày thứ {left}, tính cả ngày đầu"))
    return end


def hours_after(start: datetime, hours: int) -> datetime:
    """The minute in which a period in hours ends; days off make no difference."""
    return start + timedelta(hours=hours)
