"""Each month a standing list is drawn from the register, gated, looked over, signed, or late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import noticechecking, noticedrafts, noticequeries, noticesigning, renewals
from models.publishing import Renewal, State, Version
from models.rules import Rule
from models.statuses import Role
from models.steps import MoveRefused
from notices import renewing
from tests.models.helped import DAWAN, VILLAGES, Ground, ground, money
from tests.notices.lists import of_village, published
from webhooks.demo.county import COUNTY

DAWAN_VILLAGE, XIAOWAN = VILLAGES[DAWAN], "450799101201"


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Ground]:
    made = ground(database, tmp_path)
    yield made
    made.ctx.db.close()


def on(here: Ground, month: int, day: int, year: int = 2027) -> None:
    here.clock.at = datetime(year, month, day, 2, tzinfo=UTC)


def renewed(here: Ground) -> list[Renewal]:
    renewing.renew(here.ctx)
    with here.ctx.db.read() as session:
        return list(session.scalars(select(Renewal).order_by(Renewal.month, Renewal.id)))


def versions(here: Ground) -> list[Version]:
    with here.ctx.db.read() as session:
        return list(session.scalars(select(Version).order_by(Version.id)))


def rows(here: Ground, number: int) -> list[dict[str, str]]:
    with here.ctx.db.read() as session:
        return [row.shown for row in noticequeries.rows(session, number)]


def sign(here: Ground, number: int) -> None:
    here.do(noticedrafts.ask, here.staff(Role.OFFICER), number)
    here.do(noticesigning.sign, here.staff(Role.HEAD), number)


def two_helped(here: Ground) -> tuple[str, str]:
    """Two households of one village, and the time is the January after."""
    found = here.listed("王秀英"), here.listed("李桂花", "820.00")
    on(here, 1, 10)
    return found


def test_it_is_drawn_once_a_month_from_its_day_on_and_signed_by_two(here: Ground) -> None:
    two_helped(here)
    on(here, 1, 9)
    # The day before: December's was missed, and is what is caught up.
    assert [one.month for one in renewed(here)] == [date(2026, 12, 1)]
    on(here, 1, 10)
    found = renewed(here)
    assert [(one.month, one.state, one.area) for one in found] == [
        (date(2026, 12, 1), "missed", DAWAN_VILLAGE), (date(2027, 1, 1), "drafted", DAWAN_VILLAGE),
    ]
    assert [one.id for one in renewed(here)] == [one.id for one in found]
    drawn = versions(here)
    assert [(one.state, one.drafted_by, one.title) for one in drawn] == [
        (State.DRAFT, None, "大湾镇大湾村最低生活保障长期公示（2027年1月）")
    ]
    assert [(one["name"], one["members"], one["amount"]) for one in rows(here, drawn[0].id)] == [
        ("王秀英", "2", "410"), ("李桂花", "2", "820"),
    ]
    assert drawn[0].figures == {DAWAN_VILLAGE: ["2", "4", "1230"]}
    # Who looked it over and asked does not sign it.
    here.do(noticedrafts.ask, here.staff(Role.HEAD), drawn[0].id)
    assert here.refused(noticesigning.sign, here.staff(Role.HEAD), drawn[0].id)
    here.do(noticesigning.sign, here.county, drawn[0].id)
    assert renewed(here)[-1].state == "done"
    assert versions(here)[0].state == State.LIVE


def test_what_changed_since_the_last_is_signed_with_it(here: Ground) -> None:
    first, other = two_helped(here)
    renewed(here)
    sign(here, versions(here)[-1].id)
    on(here, 1, 20)
    more = {"grant": money("500.00"), "from_on": here.ctx.today(), "words": "又病了一个"}
    here.forward(first, here.staff(Role.OFFICER), "adjust", **more)
    here.move(first, here.county, "adjust", words="又病了一个")
    here.move(other, here.staff(Role.OFFICER), "settle_death", died_on=here.ctx.today())
    here.listed("覃月娥", "300.00")
    on(here, 2, 10)
    found = renewed(here)[-1]
    assert (found.month, found.state) == (date(2027, 2, 1), "drafted")
    second = versions(here)[-1]
    assert (second.number, second.reason) == (2, "2027年2月照救助名册换新")
    assert second.changes == {DAWAN_VILLAGE: [1, 1, 1]}
    assert second.reading["ended"] == [[DAWAN_VILLAGE, "李桂花", "820"]]
    assert [(one["name"], one["amount"], one.get("was")) for one in rows(here, second.id)] == [
        ("王秀英", "500", "410"), ("覃月娥", "300", ""),
    ]
    sign(here, second.id)
    assert [one.state for one in versions(here)] == [State.SUPERSEDED, State.LIVE]
    with here.ctx.db.read() as session:
        assert noticechecking.verify(here.ctx, session).wrong == ()
    # The count of changes is held by the signature.
    with here.ctx.db.begin() as session:
        session.get_one(Version, second.id).changes = {DAWAN_VILLAGE: [0, 0, 0]}
    with here.ctx.db.read() as session:
        assert [one.what for one in noticechecking.verify(here.ctx, session).wrong] == ["header"]


def test_nothing_new_is_still_due_and_says_so(here: Ground) -> None:
    two_helped(here)
    renewed(here)
    sign(here, versions(here)[-1].id)
    on(here, 2, 10)
    assert renewed(here)[-1].state == "drafted"
    assert versions(here)[-1].changes == {}


def test_it_comes_down_when_nobody_is_helped_any_more(here: Ground) -> None:
    receipts = two_helped(here)
    renewed(here)
    sign(here, versions(here)[-1].id)
    on(here, 2, 10)
    renewed(here)
    for receipt in receipts:
        here.move(receipt, here.staff(Role.OFFICER), "settle_death", died_on=here.ctx.today())
    assert renewed(here)[-1].state == "over"
    # The draft for February is gone, the list is over, and no more is asked for.
    ended = versions(here)
    assert [(one.state, one.over_reason) for one in ended] == [
        (State.ENDED, renewals.ALL_ENDED)
    ]
    on(here, 3, 10)
    assert renewed(here)[-1].month == date(2027, 2, 1)


def test_a_list_from_a_spreadsheet_is_not_taken_down_by_the_register(here: Ground) -> None:
    number = published(here.ctx, of_village())
    on(here, 1, 12)
    renewing.renew(here.ctx)
    assert [(one.id, one.state) for one in versions(here)] == [(number, State.LIVE)]


def test_where_more_goes_than_stays_somebody_looks_first(here: Ground) -> None:
    here.listed("王秀英")
    on(here, 12, 31, 2026)
    published(here.ctx, of_village())
    on(here, 1, 10)
    renewed(here)
    # Four stood there; one of them is on the register, with another case behind it or none.
    drawn = versions(here)[-1]
    assert drawn.changes == {DAWAN_VILLAGE: [0, 1, 3]}
    said = [one["message"] for one in drawn.reading["warnings"]]
    assert ["少了 3 户，只留下 1 户" in one for one in said] == [True]


def test_a_scheme_that_may_not_be_published_is_never_drawn(here: Ground) -> None:
    here.helped()
    on(here, 1, 12)
    assert renewed(here) == []
    object.__setattr__(here.ctx.settings.notices, "renew_schemes", ("child", "dibao", "nothing"))
    try:
        assert renewals.schemes(here.ctx) == ("dibao",)
        assert renewed(here) == []
    finally:
        object.__setattr__(here.ctx.settings.notices, "renew_schemes", ("dibao", "tekun"))


def test_the_countys_rules_hold_for_what_is_drawn(here: Ground) -> None:
    two_helped(here)
    with here.ctx.db.begin() as session:
        session.add_all(
            Rule(
                area=DAWAN, key=f"notices.{name}", value=value, basis="县定",
                from_=date(2026, 7, 1), created_at=here.ctx.now(),
            )
            for name, value in (("names", '"masked"'), ("without", '["members"]'))
        )
    here.ctx.directory.forget()
    renewed(here)
    drawn = versions(here)[-1]
    assert [(one["name"], "members" in one) for one in rows(here, drawn.id)] == [
        ("王*英", False), ("李*花", False),
    ]


def test_what_the_gate_refuses_is_said_and_can_be_drawn_again(here: Ground) -> None:
    here.listed("王秀英")
    here.listed("13800138000")
    on(here, 1, 10)
    found = renewed(here)[-1]
    assert (found.state, found.version_id, versions(here)) == ("refused", None, [])
    assert found.problems[0].startswith("第 2 户：")
    assert "13800138000" not in str(found.problems)
    # It is not tried over and over; somebody asks once the register is right.
    assert renewed(here)[-1].state == "refused"
    here.do(renewing.again, here.staff(Role.OFFICER), found.id)
    assert renewed(here)[-1].state == "refused"


def test_who_throws_it_away_can_draw_it_again_and_no_other_township(here: Ground) -> None:
    two_helped(here)
    found = renewed(here)[-1]
    here.do(noticedrafts.drop, here.staff(Role.OFFICER), versions(here)[-1].id)
    assert (renewed(here)[-1].state, versions(here)) == ("dropped", [])
    with pytest.raises(LookupError):
        here.do(renewing.again, here.staff(Role.OFFICER, "450799102000"), found.id)
    here.do(renewing.again, here.staff(Role.OFFICER), found.id)
    assert [one.state for one in versions(here)] == [State.DRAFT]
    # What somebody is about to sign is not drawn over.
    here.do(noticedrafts.ask, here.staff(Role.OFFICER), versions(here)[-1].id)
    with here.ctx.db.begin() as session:
        session.get_one(Renewal, found.id).version_id = None
    with pytest.raises(MoveRefused):
        here.do(renewing.again, here.staff(Role.OFFICER), found.id)


def test_a_township_that_hangs_one_list_gets_one(here: Ground) -> None:
    here.listed("黄志明", village=XIAOWAN)
    two_helped(here)
    on(here, 12, 31, 2026)
    published(here.ctx, of_village(), DAWAN)
    on(here, 1, 10)
    found = renewed(here)
    assert [one.area for one in found] == [DAWAN]
    drawn = versions(here)[-1]
    assert (drawn.number, sorted(drawn.figures)) == (2, [DAWAN_VILLAGE, XIAOWAN])


def test_late_it_is_told_to_officer_head_and_county_each_once(here: Ground) -> None:
    here.listed("黄志明", village=XIAOWAN)
    two_helped(here)
    on(here, 1, 10)
    renewed(here)

    def told() -> list[tuple[str, str | None, Any]]:
        return [(p.role, p.township, p.details["count"]) for p in here.pushes("staff_renewal")]

    drawn = [(Role.OFFICER, DAWAN, 2)]
    # Ten working days after Sunday the 10th.
    due_on = renewed(here)[0].due_on
    assert due_on == date(2027, 1, 22)
    assert told() == drawn
    on(here, 1, 22)
    renewed(here)
    assert told() == drawn
    on(here, 1, 25)
    renewed(here)
    late = [*drawn, (Role.OFFICER, DAWAN, 2)]
    assert told() == late
    on(here, 1, 26)
    renewed(here)
    assert told() == [*late, (Role.HEAD, DAWAN, 2)]
    sign(here, versions(here)[0].id)
    on(here, 1, 28)
    for _ in range(2):
        renewed(here)
    # One is signed by now: the county hears of the other alone.
    assert told() == [*late, (Role.HEAD, DAWAN, 2), (Role.COUNTY, COUNTY, 1)]


def test_two_runs_at_once_make_one(here: Ground) -> None:
    two_helped(here)
    assert renewals.begin_month(here.ctx) == 1
    assert renewals.begin_month(here.ctx) == 0


def test_the_desk_sees_its_own(here: Ground) -> None:
    two_helped(here)
    renewed(here)
    with here.ctx.db.read() as session:
        assert len(renewals.of_desk(session, here.staff(Role.OFFICER))) == 1
        assert renewals.of_desk(session, here.staff(Role.OFFICER, "450799102000")) == []
