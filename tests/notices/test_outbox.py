"""How pushes end: by which way they go, and what later news does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from models.context import Context
from models.people import Identity, Person
from models.pushes import PushState
from notices import claims
from notices.channel import Way
from notices.draining import drain
from notices.outbox import Ending, job_finished, settle
from tests.notices.house import House, Someone
from tests.notices.turns import drained, in_talk, wait_for

CUSTOM, TEMPLATE = "message/custom/send", "message/template/send"


def test_window_then_template_then_held(either: House) -> None:
    house = either
    [wang] = in_talk(house)
    pushes = [house.push(wang) for _ in range(6)]
    drained(house.ctx)
    assert [house.state(push) for push in pushes] == [
        *[(PushState.DELIVERED, "custom")] * 5, (PushState.SENT, "template"),
    ]
    house.clock.move(hours=49)
    late = house.push(wang)
    drained(house.ctx)
    assert house.state(late) == (PushState.SENT, "template")
    wait_for(lambda: len(house.finished) == 2)
    wait_for(lambda: house.state(late)[0] == PushState.DELIVERED)
    page = "https://example.test/m/enter?account=qingshui&next=%2Fm%2Fcases%2F2611-483705-72"
    assert house.inbox(wang)[-1]["url"] == page
    # A village account has neither: its push waits for the person.
    aunt = house.follow("陈阿婆", account="xiaowan")
    house.write(aunt)
    held = house.push(aunt)
    drained(house.ctx)
    assert house.state(held) == (PushState.HELD, "")
    assert house.held(aunt)
    # What the platform was asked agrees with what was reckoned: it never had to refuse.
    assert {call["errcode"] for call in house.calls(CUSTOM) + house.calls(TEMPLATE)} == {0}


def test_after_following_three_in_a_minute(house: House) -> None:
    openid = house.control("people", {"name": "新人"})["openid"]
    key = house.ctx.keys.lookup("openid", openid)
    with house.ctx.db.read() as session:
        row = session.scalars(select(Identity).where(Identity.openid_key == key)).one()
    someone = Someone(row.person_id, row.id, openid, "qingshui")
    pushes = [house.push(someone) for _ in range(4)]
    drained(house.ctx)
    assert [house.state(push)[1] for push in pushes] == ["custom"] * 3 + ["template"]


def test_an_arrival_reported_late_still_counts(house: House) -> None:
    [wang] = in_talk(house)
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [slow] = claims.claim(house.ctx, session, 1)
    house.clock.move(seconds=61)
    with house.ctx.db.begin() as session:
        claims.reclaim(house.ctx, session)
    with house.ctx.db.begin() as session:
        settle(house.ctx, session, slow, Ending(PushState.DELIVERED, Way.CUSTOM))
    assert house.state(push) == (PushState.DELIVERED, "custom")
    assert drain(house.ctx) == 0


def test_who_has_left_and_who_never_came(house: House) -> None:
    [wang] = in_talk(house)
    house.write(wang, unfollow=True)
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        stranger = Person(created_at=house.clock.now())
        session.add(stranger)
        session.flush()
        nobody = Someone(stranger.id, 0, "", "")
    other = house.push(nobody)
    drained(house.ctx)
    assert house.state(push)[0] == PushState.UNFOLLOWED
    assert house.state(other)[0] == PushState.NO_CHANNEL
    # Back again, with the window that following opens: what was said before does not count.
    house.write(wang, follow=True)
    back = house.push(wang)
    drained(house.ctx)
    assert house.state(back) == (PushState.DELIVERED, "custom")
    house.clock.move(minutes=2)
    later = house.push(wang)
    drained(house.ctx)
    assert house.state(later) == (PushState.SENT, "template")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("success", PushState.DELIVERED), ("failed:user block", PushState.REFUSED),
        ("failed: user block", PushState.REFUSED), ("failed: system failed", PushState.FAILED),
        ("failed:system failed", PushState.FAILED), ("failed:freq limit", PushState.OVER_QUOTA),
    ],
)
def test_the_event_about_a_template_moves_forward_only(
    house: House, status: str, state: str
) -> None:
    house.heed_events = False
    wang = house.follow()
    push = house.push(wang)
    drained(house.ctx)
    msg_id = house.row(push).msg_id
    assert msg_id
    assert house.state(push) == (PushState.SENT, "template")

    def finished(said: str) -> bool:
        with house.ctx.db.begin() as session:
            return job_finished(session, house.ctx, msg_id, said)

    assert finished(status)
    assert house.state(push)[0] == state
    assert house.row(push).ended_at is not None
    for again in ("success", "failed:user block", status):
        assert not finished(again)
        assert house.state(push)[0] == state


def test_an_event_that_comes_before_its_push_is_written_down(house: House) -> None:
    wang = house.follow()
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [claimed] = claims.claim(house.ctx, session, 1)
    with house.ctx.db.begin() as session:
        assert not job_finished(session, house.ctx, "4242", "success")
    with house.ctx.db.begin() as session:
        settle(
            house.ctx, session, claimed, Ending(PushState.SENT, Way.TEMPLATE, msg_id="4242")
        )
    assert house.state(push) == (PushState.DELIVERED, "template")


def test_who_blocks_templates_is_recorded_as_refusing(house: House) -> None:
    wang = house.follow(blocks=True)
    push = house.push(wang)
    drained(house.ctx)
    wait_for(lambda: house.state(push)[0] == PushState.REFUSED)


def test_no_word_of_a_template_for_a_week_is_no_success(house: House) -> None:
    house.heed_events = False
    push = house.push(house.follow())
    drained(house.ctx)
    house.clock.move(days=8)
    with house.ctx.db.begin() as session:
        claims.expire(house.ctx, session)
    assert house.state(push)[0] == PushState.FAILED
    assert house.row(push).reason == claims.UNCONFIRMED


def test_a_demo_with_a_real_address_messages_nobody(house: House) -> None:

    [wang] = in_talk(house)
    account = replace(house.ctx.settings.accounts[0], api_base_url="https://api.weixin.qq.com")
    demo = Context(
        replace(house.ctx.settings, environment="demo", accounts=(account,)),
        house.ctx.db, house.clock, house.ctx.speak,
    )
    push = house.push(wang)
    drained(demo)
    assert house.state(push) == (PushState.DELIVERED, "console")
    assert house.inbox(wang) == []
