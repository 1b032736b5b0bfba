"""Pushes to one role of a place, and what is said of a clock."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.outgoing import Occasion
from models.pushes import Push, PushState
from models.statuses import EventKind
from notices.claims import NO_STAFF
from notices.draining import drain
from notices.occasions import spoken
from tests.notices.ground import COUNTY, TOWN
from tests.notices.house import House
from tests.notices.test_occasions import say


def reached(house: House, parent: int) -> list[int | None]:
    with house.ctx.db.read() as session:
        query = select(Push.person_id).where(Push.key.startswith(f"{house.row(parent).key}:"))
        return list(session.scalars(query.order_by(Push.id)))


@pytest.mark.parametrize(("role", "area"), [
    ("head", TOWN), ("officer", TOWN), ("county", COUNTY),
])
def test_a_push_can_be_for_one_role_of_a_place(house: House, role: str, area: str) -> None:
    people = {name: house.follow(name) for name in ("officer", "head", "county")}
    for name, who in people.items():
        house.staff(who, role=name, area=COUNTY if name == "county" else TOWN)
    push = house.push(
        None, Occasion.STAFF_CLOCK, "clock", township=area, role=role,
        details={"receipt": "2611-483705-72", "ask": "late", "clock": "decision",
                 "due_on": "2026-12-04"},
    )
    drain(house.ctx)
    assert house.state(push)[0] == PushState.EXPANDED
    assert reached(house, push) == [people[role].person]


def test_where_nobody_has_the_role_a_colleague_hears_of_it_and_else_it_says_so(
    house: House,
) -> None:
    push = house.push(None, Occasion.STAFF_CLOCK, "clock", township=TOWN, role="head")
    drain(house.ctx)
    assert (house.row(push).state, house.row(push).reason) == (PushState.NO_CHANNEL, NO_STAFF)
    officer = house.follow()
    house.staff(officer, role="officer")
    push = house.push(None, Occasion.STAFF_CLOCK, "again", township=TOWN, role="head")
    drain(house.ctx)
    assert reached(house, push) == [officer.person]


def test_what_staff_read_of_a_clock(house: House) -> None:
    details = {"clock": "decision", "due_on": "2026-12-04"}
    assert say(house, Occasion.STAFF_CLOCK, ask="near", **details).splitlines()[:2] == [
        "有一件事快到期了",
        "编号 2611-483705-72：“从受理到给结果”12月4日到期，请到工作台办一下。",
    ]
    for ask in ("near", "late", "taper", "call"):
        said = spoken(
            house.ctx, Occasion.STAFF_CLOCK,
            {"receipt": "2611-483705-72", "ask": ask, **details}, TOWN, "",
        )
        assert len(said.title) <= 20
        assert said.fields["thing1"] == said.title
        assert said.page == "/desk/cases/2611-483705-72"


def test_what_a_resident_reads_when_papers_are_awaited(house: House) -> None:
    text = say(house, Occasion.CASE_MOVED, kind=EventKind.REMINDED, until="2026-12-24", due_on="")
    assert text.splitlines()[:4] == [
        "您在镇上办的事还差材料", "还差这几样，12月24日前补来就接着办：", "1 户口本", "2 残疾证",
    ]
    text = say(house, Occasion.CASE_MOVED, kind="lapse", reason="没等到要补的材料。", due_on="")
    assert text.splitlines()[1:] == [
        "这件事先收起来了。没等到要补的材料。您随时可以再来，接着帮您办。",
        "编号 2611-483705-72。有事打大湾镇电话 0777-6210001。",
    ]


def test_what_a_resident_reads_when_the_promise_moved(house: House) -> None:
    lines = say(house, Occasion.CASE_MOVED, kind=EventKind.RECALENDARED).splitlines()
    assert lines[1:3] == [
        "放假安排定了，日子跟着改了。", "12月4日前给您回话（还剩 8 个工作日）。",
    ]
