"""Local rules: the nearest area's, in force on the day, else the configuration's default."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models import migrate, rules
from models.areas import Area, Gazetteer, Place
from models.moves import Clocks
from models.rules import LocalRule, Rule, length, read_rules
from models.sealed import KeyRing
from models.session import Database
from tests.service import DEADLINES
from webhooks.demo.county import AREAS, COUNTY

ALL = Gazetteer.of([Place(*row) for row in AREAS])
DAWAN, VILLAGE, QINGSHI = "450799101000", "450799101200", "450799102000"
TODAY = date(2026, 11, 24)


def rule(
    area: str, days: int, begins: str = "2026-01-01", until: str | None = None,
    key: str = "registration", unit: str = "working_days",
) -> LocalRule:
    return LocalRule(
        area, f"deadlines.{key}", json.dumps({"days": days, "unit": unit}), f"rule of {area}",
        date.fromisoformat(begins), date.fromisoformat(until) if until else None,
    )


def days_at(place: str, *kept: LocalRule, on: date = TODAY) -> int:
    return length("registration", place, on, kept, ALL, DEADLINES).days


def test_without_a_rule_the_default_holds() -> None:
    assert length("registration", DAWAN, TODAY, (), ALL, DEADLINES) == DEADLINES.registration


def test_a_rule_brings_its_clause_and_its_unit() -> None:
    found = length("registration", DAWAN, TODAY, (rule(DAWAN, 7, unit="days"),), ALL, DEADLINES)
    assert (found.days, found.unit, found.basis) == (7, "days", f"rule of {DAWAN}")
    assert found.from_ == date(2026, 1, 1)


def test_the_nearest_area_s_rule_wins() -> None:
    county, township, village = rule(COUNTY, 9), rule(DAWAN, 7), rule(VILLAGE, 5)
    for kept in ((county, township, village), (village, township, county)):
        assert days_at(VILLAGE, *kept) == 5
        assert days_at(DAWAN, *kept) == 7
        assert days_at(QINGSHI, *kept) == 9
        assert days_at(COUNTY, *kept) == 9
    assert days_at("999999999999", county) == DEADLINES.registration.days


def test_a_rule_for_another_clock_is_another_rule() -> None:
    assert days_at(DAWAN, rule(DAWAN, 7, key="acceptance")) == DEADLINES.registration.days


@pytest.mark.parametrize(("begins", "until", "holds"), [
    ("2026-11-24", None, True), ("2026-11-25", None, False),
    ("2026-01-01", "2026-11-24", True), ("2026-01-01", "2026-11-23", False),
    ("2027-01-01", "2027-12-31", False),
])
def test_a_rule_holds_from_its_first_to_its_last_day(
    begins: str, until: str | None, holds: bool
) -> None:
    found = days_at(DAWAN, rule(DAWAN, 7, begins, until))
    assert (found == 7) is holds


def test_where_the_township_s_rule_is_over_the_county_s_holds() -> None:
    kept = (rule(DAWAN, 7, until="2026-06-30"), rule(COUNTY, 9))
    assert days_at(DAWAN, *kept) == 9
    assert days_at(DAWAN, *kept, on=date(2026, 6, 30)) == 7


def test_of_two_rules_of_one_area_the_newer_holds() -> None:
    older, newer = rule(DAWAN, 7, "2026-01-01"), rule(DAWAN, 4, "2026-07-01")
    assert days_at(DAWAN, older, newer) == days_at(DAWAN, newer, older) == 4
    assert days_at(DAWAN, newer, older, on=date(2026, 3, 1)) == 7


def test_rules_are_read_from_the_table(database: str, tmp_path: Path) -> None:
    db = Database(database, KeyRing.parse(KeyRing.generate()))
    migrate.upgrade(db)
    kept = rule(COUNTY, 9, until="2026-12-31")
    with db.begin() as session:
        session.add(Area(code=COUNTY, name="云溪县", level="county"))
        session.flush()
        session.add(Rule(
            area=kept.area, key=kept.key, value=kept.value, basis=kept.basis, from_=kept.from_,
            until=kept.until, created_at=datetime(2026, 11, 24, tzinfo=UTC),
        ))
    with db.read() as session:
        assert read_rules(session) == (kept,)
    db.close()


def test_every_clock_has_a_default() -> None:
    for clock in Clocks:
        assert rules.length(clock, DAWAN, TODAY, (), ALL, DEADLINES).days > 0
