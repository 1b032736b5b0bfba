"""Working-day clocks. Pure: the calendar comes in as a function from day to bool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.lengths import Length

WorkingDay = Callable[[date], bool]


class Nearness(StrEnum):
    """How near a due date is; the desk shows it as a word, a sign and a colour."""

    NONE = "none"
    FAR = "far"
    NEAR = "near"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Due:
    """A due date and the clause that it rests on."""

    on: date
    basis: str


def due(start: date, length: Length, is_working: WorkingDay) -> Due:
    """The last day of a length that starts on `start`.

    The first day does not count (民法典 art. 201); a length in calendar days that ends on
    a day off moves to the next working day (民法典 art. 203).
    """
    return Due(last_day(start, length.days, length.unit, is_working), length.basis)


def last_day(start: date, days: int, unit: str, is_working: WorkingDay) -> date:
    """So many days of a unit (`days` or `working_days`) after a day; see `due`."""
    day = start
    if unit == "days":
        day = start + timedelta(days=days)
        while not is_working(day):
            day += timedelta(days=1)
        return day
    while days > 0:
        day += timedelta(days=1)
        if is_working(day):
            days -= 1
    return day


def working_days_left(today: date, due_on: date, is_working: WorkingDay) -> int:
    """Working days from tomorrow to the due day; negative by those that have passed since."""
    step = 1 if due_on >= today else -1
    count = 0
    day = today
    while day != due_on:
        if step > 0:
            day += timedelta(days=1)
            count += is_working(day)
        else:
            count -= is_working(day)
            day -= timedelta(days=1)
    return count


def nearness(today: date, due_on: date | None, is_working: WorkingDay) -> Nearness:
    """Overdue after the due day, near with one working day left or none, else far."""
    if due_on is None:
        return Nearness.NONE
    if today > due_on:
        return Nearness.OVERDUE
    if working_days_left(today, due_on, is_working) <= 1:
        return Nearness.NEAR
    return Nearness.FAR
