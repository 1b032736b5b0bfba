"""A county's own words of schemes, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models import localschemes, schemework
from models.areas import Level
from models.context import Context
from models.localschemes import LocalScheme
from models.people import Staff, view_of
from models.policy import NotAllowed, StaffView
from models.schemes import catalogue
from models.statuses import Role
from models.steps import MoveRefused

DIBAO = catalogue().schemes["dibao"]
NEW = {"standard": "每人每月700元", "from": "2026-07-01"}


@pytest.fixture
def two(ctx: Context) -> Iterator[tuple[StaffView, StaffView]]:
    """Two people of the county; what they put is gone afterwards."""
    area = schemework.county_of(ctx, ctx.settings.accounts[0].area)
    with ctx.db.begin() as db:
        made = [
            Staff(
                name=name, name_key=bytes([number]) * 16, role=Role.COUNTY, area=area,
                created_at=ctx.now(),
            ) for number, name in enumerate(("甲", "乙"), 1)
        ]
        db.add_all(made)
        db.flush()
        views = view_of(made[0]), view_of(made[1])
    yield views
    with ctx.db.begin() as db:
        db.query(LocalScheme).delete()
    ctx.directory.forget()


def put(ctx: Context, staff: StaffView, **said: str) -> int:
    with ctx.db.begin() as db:
        return schemework.put(ctx, db, staff, DIBAO, said or NEW).id


def sign(ctx: Context, staff: StaffView, number: int) -> None:
    with ctx.db.begin() as db:
        schemework.sign(ctx, db, staff, number)
    ctx.directory.forget()


def test_it_holds_once_another_signed(ctx: Context, two: tuple[StaffView, StaffView]) -> None:
    first, second = two
    area, number = first.area, put(ctx, first)
    with pytest.raises(NotAllowed):
        sign(ctx, first, number)
    assert schemework.standing(ctx, area, "dibao") is None
    sign(ctx, second, number)
    told = schemework.told(ctx, "dibao", area)
    assert told.own == NEW
    assert told.signed is not None
    assert str(told.signed.from_) == "2026-07-01"
    assert told.lacking == ("conditions",)
    with pytest.raises(MoveRefused):
        sign(ctx, second, number)


def test_a_village_is_told_its_countys(ctx: Context, two: tuple[StaffView, StaffView]) -> None:
    first, second = two
    sign(ctx, second, put(ctx, first))
    village = ctx.directory.areas.within(first.area, Level.VILLAGE)[0]
    assert schemework.told(ctx, "dibao", village.code).own == NEW
    assert schemework.told(ctx, "tekun", village.code).own == {}


def test_the_last_that_was_signed_holds(ctx: Context, two: tuple[StaffView, StaffView]) -> None:
    first, second = two
    sign(ctx, second, put(ctx, first))
    later = NEW | {"standard": "每人每月720元"}
    sign(ctx, first, put(ctx, second, **later))
    assert schemework.told(ctx, "dibao", first.area).own == later
    with ctx.db.read() as db:
        kept = [one.state for one in localschemes.versions(db, first.area, "dibao")]
        assert localschemes.waiting(db, first.area) == []
    assert kept == ["signed", "signed"]


def test_nobody_else_puts_or_signs(ctx: Context, two: tuple[StaffView, StaffView]) -> None:
    first, second = two
    officer = replace(second, role=Role.OFFICER)
    with pytest.raises(NotAllowed):
        put(ctx, officer)
    number = put(ctx, first)
    with pytest.raises(NotAllowed):
        sign(ctx, officer, number)
    with pytest.raises(LookupError):
        sign(ctx, replace(second, area="459999000000"), number)


def test_everything_is_lacking_until_it_is_filled_in(ctx: Context) -> None:
    area = ctx.settings.accounts[0].area
    lacking = schemework.lacking(ctx, area)
    assert set(lacking) == set(catalogue().schemes)
    assert all("standard" in fields for fields in lacking.values())
    assert lacking["tekun"] == ("standard",)
