"""The register that lists and payments come from: in one order, in the area, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import kindeclaring, register
from models.register import GIVEN, Look
from models.statuses import Role
from tests.models.helped import DAWAN, QINGSHI, VILLAGES, Ground, ground, money
from webhooks.demo.county import COUNTY


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


def receipts(here: Ground, area: str, look: Look | None = None) -> list[str]:
    with here.ctx.db.read() as session:
        found = register.entries(session, area, look or Look(), here.ctx.today())
        return [row.receipt for row in found]


def test_the_register_lies_in_one_order_and_within_its_area(here: Ground) -> None:
    far, first, second = here.helped(QINGSHI), here.helped(), here.helped(amount="250.50")
    assert receipts(here, COUNTY) == [first, second, far]
    assert receipts(here, DAWAN) == [first, second]
    assert receipts(here, VILLAGES[QINGSHI]) == [far]
    assert receipts(here, COUNTY, Look(township=QINGSHI)) == [far]
    assert receipts(here, COUNTY, Look(scheme="dibao")) == []
    with here.ctx.db.read() as session:
        entry = register.entries(session, DAWAN, Look(), here.ctx.today())[1]
        sums = register.totals(session, COUNTY, Look(), here.ctx.today())
        assert (entry.name, entry.amount, entry.village) == (
            "王秀英", Decimal("250.50"), VILLAGES[DAWAN],
        )
        assert (sums.households, sums.persons, sums.monthly) == (3, 6, Decimal("850.50"))
        assert len(register.entries(session, COUNTY, Look(), here.ctx.today(), page=1)) == 3
        assert register.entries(session, COUNTY, Look(), here.ctx.today(), page=2) == ()


def test_only_rechecks_whose_day_has_come_are_due(here: Ground) -> None:
    receipt = here.helped()
    here.helped(recheck="stable", recheck_why="孩子父母都不在")
    today = here.later(200)
    assert receipts(here, COUNTY, Look(states=GIVEN, due=today)) == [receipt]
    with here.ctx.db.read() as session:
        assert register.counts(session, DAWAN, today) == ({"running": 2}, 1)


def test_a_change_is_paid_from_its_day_on_and_an_end_ends_it(here: Ground) -> None:
    receipt, today = here.helped(), here.ctx.today()
    later = today + timedelta(days=10)
    more = {"grant": money("400.00"), "from_on": later, "words": "又病了一个"}
    here.forward(receipt, here.staff(Role.OFFICER), "adjust", **more)
    here.move(receipt, here.county, "adjust", words="又病了一个")

    def paid(on: object) -> list[Decimal | None]:
        with here.ctx.db.read() as session:
            return [row.amount for row in register.payable(session, COUNTY, on)]

    assert paid(today - timedelta(days=1)) == []
    assert paid(later - timedelta(days=1)) == [Decimal("300.00")]
    assert paid(later) == [Decimal("400.00")]
    here.later(20)
    here.move(receipt, here.staff(Role.OFFICER), "settle_death", died_on=here.ctx.today())
    assert paid(here.ctx.today()) == []
    assert paid(later) == [Decimal("400.00")]


def test_a_change_that_begins_later_is_not_in_the_sums_of_today(here: Ground) -> None:
    receipt, today = here.helped(), here.ctx.today()
    more = {"grant": money("400.00"), "from_on": today + timedelta(days=10), "words": "又病了"}
    here.forward(receipt, here.staff(Role.OFFICER), "adjust", **more)
    here.move(receipt, here.county, "adjust", words="又病了")
    for days, amount in ((0, "300.00"), (10, "400.00")):
        day = today + timedelta(days=days)
        with here.ctx.db.read() as session:
            entry, = register.entries(session, DAWAN, Look(), day)
            assert entry.amount == Decimal(amount)
            assert register.totals(session, DAWAN, Look(), day).monthly == Decimal(amount)


def test_a_relative_s_household_is_not_in_the_register_of_who_declared(here: Ground) -> None:
    here.helped()
    officer = here.staff(Role.OFFICER)
    here.do(kindeclaring.declare, officer, kindeclaring.Said("王秀英", "parent"))
    assert receipts(here, DAWAN, Look(reader=officer)) == []
    with here.ctx.db.read() as session:
        assert register.counts(session, DAWAN, here.ctx.today(), officer) == ({}, 0)
        assert register.totals(session, DAWAN, Look(reader=officer), here.ctx.today()) == (
            register.Totals(0, 0, Decimal("0.00"))
        )
    assert len(receipts(here, DAWAN, Look(reader=here.staff(Role.HEAD)))) == 1
