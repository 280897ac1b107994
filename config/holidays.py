"""Days off: which days are not working days, and how sure we are of each.

The official list of a year (``holidays.toml``, editable by the office) replaces everything computed for that year.
For a
year without a list the days are computed (BLLĐ 2019 Đ.111–112 and the lunar calendar) and marked as not confirmed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from config.data_file import DataFile, check_keys, data_files, read_data_file
from config.lunar import solar_date

SATURDAY = 5
_LISTS = {
    "holidays": ("off", "nghỉ lễ"),
    "compensatory": ("off", "nghỉ bù"),
    "swapped_off": ("off", "nghỉ hoán đổi"),
    "makeup_working": ("working", "làm bù"),
    "holidays_unverified": ("maybe_off", "nghỉ lễ, chưa xác nhận"),
    "compensatory_unverified": ("maybe_off", "nghỉ bù, chưa xác nhận"),
    "swapped_off_unverified": ("maybe_off", "nghỉ hoán đổi, chưa xác nhận"),
    "makeup_working_unverified": ("maybe_working", "làm bù, chưa xác nhận"),
}
_KEYS = {"year", "confidence", "source", "note", *_LISTS}


@dataclass(frozen=True, slots=True)
class Day:
    """What one day is: off or not as far as known, whether it may be off after all, and why (Vietnamese)."""

    off: bool
    may_be_off: bool
    reason: str


_WORKING = Day(off=False, may_be_off=False, reason="ngày làm việc")
_WEEKEND = (Day(off=True, may_be_off=True, reason="thứ Bảy"), Day(off=True, may_be_off=True, reason="Chủ nhật"))


@dataclass(slots=True)
class Calendar:
    """Days off of all years. ``special`` holds the days that differ from the weekly rhythm."""

    special: dict[date, tuple[str, str]] = field(default_factory=dict)
    listed_years: set[int] = field(default_factory=set)
    #: years whose list is only remembered or secondary, with the confidence mark written in the file
    confidence: dict[int, str] = field(default_factory=dict)
    _computed: set[int] = field(default_factory=set)
    _days: dict[date, Day] = field(default_factory=dict)

    def day(self, day: date) -> Day:
        """What kind of day this is."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._look_up(day)
        return known

    def _look_up(self, day: date) -> Day:
        if day.year not in self.listed_years and day.year not in self._computed:
            self._computed.add(day.year)
            for when, why in computed_days_off(day.year).items():
                self.special.setdefault(when, ("off", f"{why}, máy tính – chưa có danh sách chính thức"))
        weekend = day.weekday() >= SATURDAY
        kind, why = self.special.get(day, ("", ""))
        if kind == "off":
            return Day(off=True, may_be_off=True, reason=why)
        if kind == "working":
            return Day(off=False, may_be_off=False, reason=why)
        if kind == "maybe_off":
            return Day(off=weekend, may_be_off=True, reason=why)
        return _WEEKEND[day.weekday() - SATURDAY] if weekend else _WORKING

    def confirmed(self, year: int) -> bool:
        """Whether the office or the product holds a list for the year that is better than memory."""
        return year in self.listed_years and self.confidence.get(year, "V1") not in ("M", "P")


def fixed_names() -> dict[tuple[int, int], str]:
    """Names of the holidays with a solar date."""
    return {(1, 1): "Tết Dương lịch", (4, 30): "ngày Chiến thắng", (5, 1): "Quốc tế Lao động", (9, 2): "Quốc khánh"}


@lru_cache(maxsize=128)
def computed_days_off(year: int) -> dict[date, str]:
    """Days off of a year for which no list exists: fixed days, Tết (the eve and four days after), Giỗ Tổ, 1/9, and the
    days in lieu for those falling on a weekend."""
    tet = solar_date(year, 1, 1)
    days = {date(year, month, day): name for (month, day), name in fixed_names().items()}
    days |= {tet + timedelta(days=i): "Tết Âm lịch" for i in range(-1, 4)}
    days[solar_date(year, 3, 10)] = "Giỗ Tổ Hùng Vương"
    days[date(year, 9, 1)] = "Quốc khánh"
    for day in sorted(days):
        if day.weekday() >= SATURDAY:
            lieu = day
            while lieu in days or lieu.weekday() >= SATURDAY:
                lieu += timedelta(days=1)
            days[lieu] = "nghỉ bù"
    return days


def load_calendar(office_folder: Path | None = None, file: Path | None = None) -> Calendar:
    """The calendar from the shipped list, the office's own, and then one more file given by hand.

    :raises DataFileError: when a file has a mistake; names file, line and reason.
    """
    calendar = Calendar()
    for path in [*data_files("holidays*.toml", office_folder), *([file] if file else [])]:
        _add_file(calendar, read_data_file(path))
    return calendar


def _add_file(calendar: Calendar, file: DataFile) -> None:
    rows = file.content.get("holiday_year", [])
    if not isinstance(rows, list) or not rows:
        file.fail("không có mục [[holiday_year]] nào / no [[holiday_year]]")
    for position, row in enumerate(rows):
        check_keys(file, row, _KEYS, "holiday_year", position)
        year = row.get("year")
        if not isinstance(year, int):
            file.fail("thiếu year / year is missing", "holiday_year", position, "year")
        calendar.special = {d: v for d, v in calendar.special.items() if d.year != year}
        calendar.listed_years.add(year)
        calendar.confidence[year] = str(row.get("confidence", "V1"))
        for key, (kind, why) in _LISTS.items():
            for value in row.get(key, []):
                day = _as_date(file, value, position, key)
                if day.year != year:
                    file.fail(f"{day} không thuộc năm {year}", "holiday_year", position, key)
                calendar.special[day] = (kind, why)


def _as_date(file: DataFile, value: Any, position: int, key: str) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        file.fail(f"{value!r} không phải là ngày / not a date", "holiday_year", position, key)
