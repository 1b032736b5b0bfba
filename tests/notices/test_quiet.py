"""Quiet hours: what waits for morning, and what never does."""

from __future__ import annotations

from typing import Any

import pytest

from models import wishes
from models.outgoing import Occasion
from models.pushes import PushState
from models.quiet import Quiet
from models.submitting import Application, submit
from notices.draining import drain
from tests.notices.ground import VILLAGE
from tests.notices.house import House, Someone
from tests.notices.turns import drained, in_talk


def night(house: House) -> Someone:
    """Somebody wrote at nine in the morning; now it is half past ten in the evening."""
    [wang] = in_talk(house)
    house.clock.move(hours=13, minutes=30)
    return wang


def wish(house: House, who: Someone, **wished: Any) -> None:
    with house.ctx.db.begin() as session:
        wishes.change(house.ctx, session, who.person, "page", **wished)


def test_what_can_wait_goes_in_the_morning_in_its_order(either: House) -> None:
    house = either
    wang = night(house)
    first, second = house.push(wang), house.push(wang)
    drained(house.ctx)
    for push in (first, second):
        assert house.state(push)[0] == PushState.PENDING
        assert house.row(push).reason == "本人这时候不想被打扰，过了再发。"
        assert house.row(push).tries == 0
    assert house.inbox(wang) == []
    house.clock.move(hours=10)
    drained(house.ctx)
    assert house.state(first)[0] == house.state(second)[0] == PushState.DELIVERED


def test_an_answer_and_a_danger_go_past_what_waits(either: House) -> None:
    house = either
    wang = night(house)
    waits = house.push(wang)
    drained(house.ctx)
    for occasion, more in (
        (Occasion.LATE_REPLY, {"text": "好的"}), (Occasion.STAFF_ALARM, {}),
    ):
        push = house.push(wang, occasion, details=more)
        drained(house.ctx)
        assert house.state(push)[0] == PushState.DELIVERED, occasion
    assert house.state(waits)[0] == PushState.PENDING


def test_who_is_up_is_told(house: House) -> None:
    wang = night(house)
    house.write(wang)
    push = house.push(wang)
    drained(house.ctx)
    assert house.state(push)[0] == PushState.DELIVERED


@pytest.mark.parametrize(
    ("quiet", "goes"), [(Quiet(0, 0), True), (Quiet(23, 7), True), (Quiet(22, 7), False)]
)
def test_ones_own_hours_stand_before_the_county_s(house: House, quiet: Quiet, goes: bool) -> None:
    wang = night(house)
    wish(house, wang, quiet=quiet)
    push = house.push(wang)
    drain(house.ctx)
    assert (house.state(push)[0] == PushState.DELIVERED) is goes


def test_who_does_not_receive_campaigns_is_told_of_their_own_matter(house: House) -> None:
    [wang] = in_talk(house)
    wish(house, wang, campaigns=False)
    push = house.push(wang)
    drained(house.ctx)
    assert house.state(push)[0] == PushState.DELIVERED


def test_a_case_of_need_does_not_wait(house: House) -> None:
    wang = night(house)
    urgent, calm = (case_of(house, wang, urgent=urgent) for urgent in (True, False))
    told, waits = house.push(wang, case_id=urgent), house.push(wang, case_id=calm)
    drained(house.ctx)
    assert house.state(told)[0] == PushState.DELIVERED
    assert house.state(waits)[0] == PushState.PENDING


def case_of(house: House, who: Someone, *, urgent: bool) -> int:
    with house.ctx.db.begin() as session:
        return submit(
            house.ctx, session, Application(
                "qingshui", who.person, f"{urgent}", "王秀英", "17000005678", urgent, VILLAGE,
                VILLAGE, VILLAGE, False, "temporary", "1",
            ),
        ).id
