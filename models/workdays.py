"""China's working days (节假日 and 调休): the kept `holidays` library, a year at a time."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=8)
def _year(year: int) -> holidays.HolidayBase:
    # A later year's New Year holiday can borrow days of this one: ask for both.
    return holidays.country_holidays("CN", years=(year, year + 1), language="en_US")


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """True on days when offices work, Saturdays and Sundays moved by 调休 included."""
    return bool(_year(day.year).is_working_day(day))


@lru_cache(maxsize=64)
def is_settled(year: int) -> bool:
    """Whether the State Council has said which days of a year are moved (调休).

    Before it has, its notice is not in the library: the statutory days alone are known.
    """
    return any(day.year == year for day in _year(year).weekend_workdays)


@lru_cache(maxsize=16)
def statutory_days(year: int) -> frozenset[date]:
    """The 13 days of 全国年节及纪念日放假办法第二条 (2024 revision, in force since 2025).

    Without what the library adds to them: 补假 ("observed") and 调休 ("Day off").
    """
    found = _year(year)
    return frozenset(
        day for day, name in found.items()
        if day.year == year and not name.startswith("Day off") and "(observed)" not in name
    )
