"""Working-day clocks against China's calendar: holidays, moved Saturdays, calendar days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadlines import Nearness, due, nearness, working_days_left
from models.lengths import Length
from models.workdays import is_working_day

FROM = date(2026, 7, 1)


def length(days: int, unit: str = "working_days") -> Length:
    return Length(days, "a clause", FROM, unit)


# start, days, unit, due, why
EXAMPLES = (
    ("2026-11-24", 3, "working_days", "2026-11-27", "the first day is not counted"),
    ("2026-11-27", 1, "working_days", "2026-11-30", "over a weekend"),
    ("2026-11-28", 1, "working_days", "2026-11-30", "begun on a Saturday"),
    ("2026-11-24", 20, "working_days", "2026-12-22", "four weeks"),
    ("2026-09-30", 1, "working_days", "2026-10-08", "国庆 2026: 1 to 7 October off"),
    ("2026-09-30", 3, "working_days", "2026-10-10", "调休: Saturday, 10 October is worked"),
    ("2026-09-24", 1, "working_days", "2026-09-28", "中秋 2026: 25 to 27 September off"),
    ("2026-09-18", 1, "working_days", "2026-09-20", "调休: Sunday, 20 September is worked"),
    ("2026-02-13", 1, "working_days", "2026-02-14", "调休: Saturday, 14 February is worked"),
    ("2026-02-14", 1, "working_days", "2026-02-24", "春节 2026: 15 to 23 February off"),
    ("2026-12-31", 1, "working_days", "2027-01-04", "New Year 2027: 1 January off, then a weekend"),
    ("2026-12-28", 5, "working_days", "2027-01-05", "over New Year"),
    ("2026-11-24", 7, "days", "2026-12-01", "calendar days"),
    ("2026-11-22", 6, "days", "2026-11-30", "its last day a Saturday: on to Monday"),
    ("2026-09-28", 5, "days", "2026-10-08", "its last day in 国庆: on to the first working day"),
    ("2026-10-03", 7, "days", "2026-10-10", "its last day a Saturday that is worked: it stays"),
    ("2026-12-25", 7, "days", "2027-01-04", "its last day New Year's"),
)


@pytest.mark.parametrize(("start", "days", "unit", "on", "why"), EXAMPLES)
def test_a_length_ends_on_its_day(start: str, days: int, unit: str, on: str, why: str) -> None:
    found = due(date.fromisoformat(start), length(days, unit), is_working_day)
    assert found.on == date.fromisoformat(on), why
    assert found.basis == "a clause"


@pytest.mark.parametrize(("day", "works"), [
    ("2026-10-01", False), ("2026-10-07", False), ("2026-10-08", True), ("2026-10-10", True),
    ("2026-09-20", True), ("2026-05-09", True), ("2026-05-04", False), ("2026-01-01", False),
    ("2026-11-28", False), ("2026-11-30", True), ("2027-01-01", False),
])
def test_the_calendar_knows_holidays_and_moved_days(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(("today", "on", "left"), [
    ("2026-11-24", "2026-11-27", 3),
    ("2026-11-27", "2026-11-27", 0),
    ("2026-11-28", "2026-11-27", 0),
    ("2026-11-30", "2026-11-27", -1),
    ("2026-12-01", "2026-11-27", -2),
    ("2026-09-30", "2026-10-10", 3),
    ("2026-10-10", "2026-09-30", -3),
    ("2026-10-05", "2026-09-30", 0),
])
def test_days_left_count_working_days_and_go_below_nothing(
    today: str, on: str, left: int
) -> None:
    found = working_days_left(date.fromisoformat(today), date.fromisoformat(on), is_working_day)
    assert found == left


@pytest.mark.parametrize(("today", "on", "how"), [
    ("2026-11-24", None, Nearness.NONE),
    ("2026-11-24", "2026-11-27", Nearness.FAR),
    ("2026-11-26", "2026-11-27", Nearness.NEAR),
    ("2026-11-27", "2026-11-27", Nearness.NEAR),
    ("2026-11-28", "2026-11-27", Nearness.OVERDUE),
    ("2026-09-30", "2026-10-08", Nearness.NEAR),
    ("2026-09-29", "2026-10-08", Nearness.FAR),
])
def test_nearness_goes_by_working_days(today: str, on: str | None, how: Nearness) -> None:
    day = date.fromisoformat(on) if on else None
    assert nearness(date.fromisoformat(today), day, is_working_day) is how


DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


@given(DAYS, st.integers(1, 60))
def test_as_many_working_days_lie_between_as_were_given(start: date, days: int) -> None:
    on = due(start, length(days), is_working_day).on
    assert is_working_day(on)
    assert working_days_left(start, on, is_working_day) == days
    between = [start + timedelta(n) for n in range(1, (on - start).days + 1)]
    assert sum(map(is_working_day, between)) == days


@given(DAYS, st.integers(1, 90))
def test_calendar_days_never_end_early_or_on_a_day_off(start: date, days: int) -> None:
    on = due(start, length(days, "days"), is_working_day).on
    last = start + timedelta(days)
    assert on >= last
    assert is_working_day(on)
    assert not any(is_working_day(last + timedelta(n)) for n in range((on - last).days))


@given(DAYS, DAYS)
def test_days_left_and_days_late_mirror_each_other(one: date, other: date) -> None:
    there = working_days_left(one, other, is_working_day)
    assert working_days_left(other, one, is_working_day) == -there
    assert (there >= 0) == (other >= one) or there == 0
