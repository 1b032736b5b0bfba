"""How names are shown, and what numbers and days in cells mean."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from notices import values
from notices.kinds import Kind, schemes, shape
from notices.masking import is_masked, masked, shown


@pytest.mark.parametrize(("name", "hidden"), [
    ("张三", "张*"), ("王秀英", "王*英"), ("李小明亮", "李**亮"), ("欧阳修", "欧阳*"),
    ("司马相如", "司马*如"), ("欧阳", "欧*"), ("买买提·吐尔逊", "买**·吐**"), ("王㛃玉", "王*玉"),
    ("李𫍯", "李*"), ("张*三", "张*三"), ("陈某某", "陈某某"),
    ("辻\U000e0100秀英", "辻\U000e0100*英"),
    ("古丽•艾合买提", "古*•艾***"), ("Anna Smith", "A*** S****"),
])
def test_a_name_is_masked(name: str, hidden: str) -> None:
    assert masked(name) == hidden
    assert masked(hidden) == hidden
    assert is_masked(hidden)
    assert shown(name, "full") == name
    assert shown(name, "masked") == hidden
    assert shown(name, "mask") == hidden


@pytest.mark.parametrize(("value", "meant"), [
    ("1,234", 1234), ("１，２３４", 1234), ("1,23", None),
    (3, 3), (3.0, 3), ("３", 3), ("3人", 3), (" 12 ", 12), ("三", 3), ("十二", 12), ("二十", 20),
    (2.5, None), ("几口", None), (-1, None), (True, None), ("", None),
])
def test_a_count(value: object, meant: int | None) -> None:
    assert values.count(value) == meant


@pytest.mark.parametrize(("value", "unit", "meant"), [
    (410, 1, "410.00"), ("1,230.50", 1, "1230.50"), ("１２００", 1, "1200.00"),
    ("0.12万元", 1, "1200.00"),
    (0.041, 10_000, "410.00"), ("410元/月", 10_000, "410.00"), ("¥80", 1, "80.00"),
    ("按标准", 1, None),
    (0.1 + 0.2, 1, "0.30"), (True, 1, None), (float("nan"), 1, None),
])
def test_money(value: object, unit: int, meant: str | None) -> None:
    found = values.money(value, Decimal(unit))
    assert found == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize("value", [
    "2026-11-01", "2026/11/1", "2026.11", "2026年11月1日", "20261101", "202611", 202611, 2026.11,
    "二〇二六年十一月", "2026年11月", datetime(2026, 11, 1, 8), date(2026, 11, 1), 46327.0,
])
def test_a_day(value: object) -> None:
    assert values.day(value) == date(2026, 11, 1)


def test_no_day() -> None:
    for value in ("2026-13-01", "", "17000005678", None, 3, 2026.123):
        assert values.day(value) is None


@pytest.mark.parametrize("value", [
    "1956-03-01", date(1956, 3, 1), datetime(1956, 3, 1, 8), 20515, date(2051, 1, 1), "2051-01-01",
])
def test_a_day_on_which_somebody_was_born_is_none(value: object) -> None:
    assert values.day(value) is None


@pytest.mark.parametrize(("value", "month"), [
    (2026.1, 10), ("2026.10", 10), (2026.01, 1), ("2026.1", 1), (2026.12, 12), (2026.2, 2),
    (2026.9, 9),
    (2026.13, None),
])
def test_the_month_of_a_number(value: object, month: int | None) -> None:
    found = values.day(value)
    assert (found.month if found else None) == month


def test_every_kind_and_scheme_has_a_shape_with_its_basis() -> None:
    for kind in Kind:
        for scheme in ("", *schemes()):
            made = shape(kind, scheme)
            assert made.basis
            assert made.never is (scheme == "child")
            assert not made.wrong
            names = {field.name for field in made.fields}
            assert {"name", "village"} <= names
            assert "group" not in names
            assert ("cause" in names) is (scheme in ("", "temporary"))
