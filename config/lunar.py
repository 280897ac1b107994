"""The Vietnamese lunar calendar, computed from the motions of moon and sun for the meridian of UTC+7.

China counts by UTC+8, so in some years (1985, 2007, 2030) its Tết is another day; a Chinese table would be wrong here.
Series for new moon and solar longitude follow Meeus, *Astronomical Algorithms* (main terms: better than a few minutes).
An official list of days off always wins over what is computed here.
"""

import math
from datetime import date, timedelta
from functools import lru_cache

_MONTH = 29.530588861
_FIRST_NEW_MOON = 2451550.09766  # 2000-01-06
_JULIAN_OF_ORDINAL_0 = 1721424.5
_VIETNAM_DAYS = 7 / 24

# amplitude in days, multiples of: sun's anomaly, moon's anomaly, moon's argument of latitude; power of eccentricity
_NEW_MOON_TERMS = (
    (-0.40720, 0, 1, 0, 0), (0.17241, 1, 0, 0, 1), (0.01608, 0, 2, 0, 0), (0.01039, 0, 0, 2, 0),
    (0.00739, -1, 1, 0, 1), (-0.00514, 1, 1, 0, 1), (0.00208, 2, 0, 0, 2), (-0.00111, 0, 1, -2, 0),
    (-0.00057, 0, 1, 2, 0), (0.00056, 1, 2, 0, 1), (-0.00042, 0, 3, 0, 0), (0.00042, 1, 0, 2, 1),
    (0.00038, 1, 0, -2, 1), (-0.00024, -1, 2, 0, 1),
)  # fmt: skip


def _new_moon(k: int) -> float:
    t = k / 1236.85
    moment = _FIRST_NEW_MOON + _MONTH * k + 0.00015437 * t * t
    sun = math.radians(2.5534 + 29.10535670 * k)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = math.radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = math.radians(124.7746 - 1.56375588 * k)
    eccentricity = 1 - 0.002516 * t
    moment -= 0.00017 * math.sin(node)
    for size, by_sun, by_moon, by_latitude, power in _NEW_MOON_TERMS:
        moment += size * eccentricity**power * math.sin(by_sun * sun + by_moon * moon + by_latitude * latitude)
    return moment - 70 / 86400  # terrestrial to universal time, good enough for 1980–2060


@lru_cache(maxsize=4096)
def _month_start(k: int) -> int:
    """Ordinal of the Vietnamese day on which the k-th new moon falls."""
    return math.floor(_new_moon(k) + _VIETNAM_DAYS - _JULIAN_OF_ORDINAL_0)


def _sun_sector(ordinal: int) -> int:
    """Which twelfth of its path (0 = from the spring equinox) the sun is in at the start of a Vietnamese day."""
    t = (ordinal + _JULIAN_OF_ORDINAL_0 - _VIETNAM_DAYS - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t
    anomaly = math.radians(357.52911 + 35999.05029 * t)
    centre = 1.914602 * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly) + 0.000289 * math.sin(3 * anomaly)
    apparent = mean + centre - 0.00569 - 0.00478 * math.sin(math.radians(125.04 - 1934.136 * t))
    return int((apparent % 360) // 30)


@lru_cache(maxsize=256)
def _eleventh_month(year: int) -> int:
    """Number of the new moon that begins the month holding the winter solstice of ``year``."""
    k = round((date(year, 12, 31).toordinal() + _JULIAN_OF_ORDINAL_0 - _FIRST_NEW_MOON) / _MONTH)
    while _month_start(k) > date(year, 12, 31).toordinal():
        k -= 1
    return k if _sun_sector(_month_start(k)) < 9 else k - 1


def solar_date(year: int, month: int, day: int) -> date:
    """Solar date of a day of the lunar year that begins in ``year`` (leap months are never meant).

    ``solar_date(2026, 1, 1)`` is Tết of 2026. Months 11 and 12 are not supported: no holiday needs them.
    """
    if not 1 <= month <= 10:
        raise ValueError(f"lunar month {month}")
    first = _eleventh_month(year - 1)
    offset = month + 1
    if _eleventh_month(year) - first > 12 and _leap_position(first) <= offset:
        offset += 1
    return date.fromordinal(_month_start(first + offset)) + timedelta(days=day - 1)


def _leap_position(first: int) -> int:
    """Which month after the eleventh holds no change of the sun's sector, in a year of thirteen months."""
    for i in range(1, 14):
        if _sun_sector(_month_start(first + i)) == _sun_sector(_month_start(first + i + 1)):
            return i
    raise ValueError(f"no leap month after new moon {first}")
