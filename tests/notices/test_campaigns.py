"""Campaigns on their way: each person once, behind the steps of a case, held up and ended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models import campaigning, wishes
from models.audiences import Audience, count
from models.campaigns import Campaign, CampaignRun, State
from models.people import Staff, view_of
from models.policy import StaffView
from models.pushes import Push, PushState
from models.statuses import Role
from models.steps import MoveRefused
from notices import campaign, claims
from notices.campaign import advance
from notices.draining import drain
from tests.notices.ground import COUNTY, NEXT_TOWN, TOWN, VILLAGE
from tests.notices.house import House, Someone
from tests.notices.turns import drained, in_talk

AUDIENCE = Audience(TOWN, Role.ASSISTANT)


def assistants(house: House, people: list[Someone], area: str = VILLAGE) -> None:
    for someone in people:
        house.staff(someone, Role.ASSISTANT, area)


def officer(house: House, role: str = Role.OFFICER, area: str = TOWN) -> StaffView:
    who = house.follow("李明")
    number = house.staff(who, role, area)
    with house.ctx.db.read() as session:
        return view_of(session.get_one(Staff, number))


def written(house: House, staff: StaffView, **more: Any) -> int:
    with house.ctx.db.begin() as session:
        return campaigning.write(
            house.ctx, session, staff, "镇上有件事告诉您",
            more.pop("text", "明天上午九点在{单位}开会。"),
            more.pop("audience", AUDIENCE), campaigning.Timing(**more),
        ).id


def act(house: House, what: Any, staff: StaffView, number: int) -> Any:
    with house.ctx.db.begin() as session:
        return what(house.ctx, session, staff, number)


def pushes(house: House, number: int) -> list[Push]:
    with house.ctx.db.read() as session:
        found = select(Push).where(Push.campaign_id == number).order_by(Push.id)
        return list(session.scalars(found))


def test_everybody_meant_hears_it_once_with_the_office_and_its_number(either: House) -> None:
    house = either
    people = in_talk(house, 3)
    assistants(house, people)
    assistants(house, people[:1], TOWN)
    assistants(house, in_talk(house, 1), NEXT_TOWN)
    me = officer(house)
    number = written(house, me)
    assert act(house, campaigning.send, me, number) == State.RUNNING
    advance(house.ctx)
    advance(house.ctx)
    assert sorted(p.person_id for p in pushes(house, number)) == [p.person for p in people]
    drained(house.ctx)
    for someone in people:
        assert house.texts(someone) == [
            "镇上有件事告诉您\n明天上午九点在大湾镇开会。\n有事打大湾镇电话 0777-6210001。"
        ]
    advance(house.ctx)
    with house.ctx.db.read() as session:
        assert session.get_one(Campaign, number).state == State.DONE


def test_who_wants_none_is_left_in_peace_also_when_they_say_so_late(house: House) -> None:
    early, late, waiting = [*in_talk(house, 2), house.follow("吴村医")]
    assistants(house, [early, late, waiting])
    me = officer(house)

    def refuse(who: Someone) -> None:
        with house.ctx.db.begin() as session:
            wishes.change(house.ctx, session, who.person, "chat", campaigns=False)

    refuse(early)
    with house.ctx.db.read() as session:
        counted = count(house.ctx, session, AUDIENCE)
    assert (counted.all, counted.now, counted.waits, counted.refused) == (2, 1, 1, 1)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    advance(house.ctx)
    refuse(late)
    drained(house.ctx)
    states = {p.person_id: p.state for p in pushes(house, number)}
    assert states == {late.person: PushState.REFUSED, waiting.person: PushState.HELD}
    assert house.texts(early) == house.texts(late) == []


def test_a_step_of_a_case_never_waits_behind_a_campaign(either: House) -> None:
    house = either
    (wang,) = in_talk(house)
    assistants(house, [wang])
    me = officer(house)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    advance(house.ctx)
    step = house.push(wang)
    with house.ctx.db.begin() as session:
        first = claims.claim(house.ctx, session, 10)
    # The later step alone: the campaign waits until it is through.
    assert [one.id for one in first] == [step]
    with house.ctx.db.begin() as session:
        assert claims.claim(house.ctx, session, 10) == []


def test_a_campaign_leaves_one_message_of_the_window_for_the_case(house: House) -> None:
    (wang,) = in_talk(house)
    assistants(house, [wang])
    for n in range(4):
        house.push(wang, key=f"step:{n}")
        drained(house.ctx)
    me = officer(house)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    advance(house.ctx)
    drained(house.ctx)
    assert [p.state for p in pushes(house, number)] == [PushState.HELD]
    step = house.push(wang, key="step:last")
    drained(house.ctx)
    assert house.state(step) == (PushState.DELIVERED, "custom")


def test_nothing_goes_out_in_quiet_hours(house: House) -> None:
    (wang,) = in_talk(house)
    assistants(house, [wang])
    me = officer(house)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    # Nine in the evening where the people are.
    house.clock.move(hours=12)
    advance(house.ctx)
    drained(house.ctx)
    assert [p.state for p in pushes(house, number)] == [PushState.PENDING]
    assert house.inbox(wang) == []
    house.clock.move(hours=11)
    drained(house.ctx)
    assert [p.state for p in pushes(house, number)] == [PushState.DELIVERED]


def test_held_up_goes_on_later_and_ended_never(either: House) -> None:
    house = either
    people = in_talk(house, 3)
    assistants(house, people)
    me = officer(house)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    advance(house.ctx)
    assert drain(house.ctx, limit=1) == 1
    act(house, campaigning.pause, me, number)
    # At once, before the worker has come by.
    assert drain(house.ctx) == 0
    advance(house.ctx)
    with house.ctx.db.read() as session:
        assert campaigning.progress(session, number) == {"delivered": 1, "paused": 2}
    act(house, campaigning.resume, me, number)
    advance(house.ctx)
    assert drain(house.ctx, limit=1) == 1
    act(house, campaigning.stop, me, number)
    advance(house.ctx)
    with house.ctx.db.read() as session:
        assert campaigning.progress(session, number) == {"delivered": 2, "stopped": 1}
    with pytest.raises(MoveRefused):
        act(house, campaigning.resume, me, number)


def test_a_worker_that_died_goes_on_where_it_was(
    either: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = either
    people = [house.follow(f"居民{n}") for n in range(5)]
    assistants(house, people)
    me = officer(house)
    number = written(house, me)
    act(house, campaigning.send, me, number)
    monkeypatch.setattr(campaign, "BATCH", 2)
    turns = iter((False, True))
    advance(house.ctx, lambda: next(turns, True))
    assert len(pushes(house, number)) == 2
    advance(house.ctx)
    advance(house.ctx)
    assert [p.person_id for p in pushes(house, number)] == [p.person for p in people]
    with house.ctx.db.read() as session:
        assert session.scalars(select(CampaignRun.written)).all() == [5]


def test_every_month_it_goes_out_once_and_what_was_missed_is_one_run(either: House) -> None:
    house = either
    assistants(house, [house.follow()])
    me = officer(house)
    number = written(house, me, month_day=28, month_hour=10)
    act(house, campaigning.send, me, number)
    advance(house.ctx)
    assert pushes(house, number) == []
    house.clock.move(days=5)
    for _ in range(3):
        advance(house.ctx)
    assert len(pushes(house, number)) == 1
    house.clock.move(days=62)
    for _ in range(3):
        advance(house.ctx)
    with house.ctx.db.read() as session:
        assert session.scalar(select(func.count()).select_from(CampaignRun)) == 2
        assert session.get_one(Campaign, number).state == State.RUNNING


def test_to_many_a_second_person_signs_and_never_who_wrote_it(house: House) -> None:
    assistants(house, [house.follow(f"居民{n}") for n in range(31)])
    me, head = officer(house), officer(house, Role.HEAD)
    number = written(house, me)
    assert act(house, campaigning.send, me, number) == State.SIGNING
    advance(house.ctx)
    assert pushes(house, number) == []
    with pytest.raises(campaigning.NotAllowed):
        act(house, campaigning.sign, me, number)
    with pytest.raises(LookupError):
        act(house, campaigning.sign, officer(house, Role.HEAD, NEXT_TOWN), number)
    assert act(house, campaigning.sign, head, number) == State.RUNNING
    advance(house.ctx)
    assert len(pushes(house, number)) == 31
    own = written(house, head)
    act(house, campaigning.send, head, own)
    with pytest.raises(campaigning.NotAllowed):
        act(house, campaigning.sign, head, own)
    county = officer(house, Role.COUNTY, COUNTY)
    assert act(house, campaigning.sign, county, own) == State.RUNNING


def test_a_township_writes_to_nobody_elsewhere(house: House) -> None:
    assistants(house, [house.follow()])
    me = officer(house)
    for area in (NEXT_TOWN, COUNTY, "999999999999"):
        with pytest.raises(LookupError):
            written(house, me, audience=Audience(area, Role.ASSISTANT))
