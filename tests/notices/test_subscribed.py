"""Subscription messages without an id: which push an event is about, and what a try tells."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import grants
from models.grants import Grant
from notices import subscribed
from notices.draining import drain
from notices.fields import fit
from tests.notices.house import House, Someone

SUB = "SUB-CASE"


def allowed(house: House, who: Someone, times: int) -> None:
    """They have allowed so many, here and at the platform; nothing was heard of it in between."""
    for _ in range(times):
        house.control(f"people/{who.openid}/settings", {"grant": SUB})
        with house.ctx.db.begin() as session:
            grants.accept(session, house.clock.now(), who.identity, SUB, lasting=False)


def left(house: House, who: Someone) -> int | None:
    with house.ctx.db.read() as session:
        return session.scalar(select(Grant.left).where(Grant.identity_id == who.identity))


def told(house: House, who: Someone, said: str) -> None:
    """The platform's event about one that was sent."""
    with house.ctx.db.begin() as session:
        subscribed.hear(
            house.ctx, session, who.account, who.identity, subscribed.SENT, [(SUB, said, "7")]
        )


def test_events_are_about_the_oldest_that_waits(house: House) -> None:
    who = house.follow()
    allowed(house, who, 2)
    first, second = house.push(who), house.push(who)
    drain(house.ctx)
    drain(house.ctx)
    assert [house.state(push) for push in (first, second)] == [("sent", "subscribe")] * 2
    assert left(house, who) == 0
    told(house, who, "success")
    assert [house.state(push)[0] for push in (first, second)] == ["delivered", "sent"]
    told(house, who, "user block")
    assert [house.state(push)[0] for push in (first, second)] == ["delivered", "refused"]
    # An end is an end.
    told(house, who, "success")
    assert house.state(second)[0] == "refused"


def test_an_event_that_comes_first_counts_for_one_push_only(house: House) -> None:
    who = house.follow()
    allowed(house, who, 2)
    told(house, who, "success")
    first = house.push(who)
    drain(house.ctx)
    assert house.state(first) == ("delivered", "subscribe")
    second = house.push(who)
    drain(house.ctx)
    assert house.state(second) == ("sent", "subscribe")


def test_events_of_somebody_else_move_nothing(house: House) -> None:
    who, other = house.follow(), house.follow("李桂花")
    allowed(house, who, 1)
    push = house.push(who)
    drain(house.ctx)
    told(house, other, "success")
    assert house.state(push) == ("sent", "subscribe")


def test_a_platform_that_gives_no_answer_uses_up_nothing(house: House) -> None:
    who = house.follow()
    allowed(house, who, 1)
    house.fault("message/subscribe/bizsend", status=503)
    push = house.push(who)
    drain(house.ctx)
    assert (house.state(push)[0], left(house, who)) == ("pending", 1)
    house.clock.move(minutes=2)
    drain(house.ctx)
    assert (house.state(push)[0], left(house, who)) == ("sent", 0)


@pytest.mark.parametrize(("errcode", "way"), [(48001, "template"), (43019, "template")])
def test_where_it_may_not_the_template_goes(house: House, errcode: int, way: str) -> None:
    who = house.follow()
    allowed(house, who, 1)
    house.fault("message/subscribe/bizsend", errcode=errcode)
    push = house.push(who)
    drain(house.ctx)
    assert house.state(push) == ("sent", way)
    assert left(house, who) == 1


def test_who_has_unfollowed_and_is_unknown_there_ends(house: House) -> None:
    """An answer that nobody is there closes this way too, instead of being asked for ever."""
    who = house.follow()
    allowed(house, who, 1)
    house.write(who, unfollow=True)
    house.fault("message/subscribe/bizsend", errcode=40003)
    push = house.push(who)
    drain(house.ctx)
    assert house.state(push)[0] == "unfollowed"


def test_another_account_s_templates_are_not_in_the_ledger(house: House) -> None:
    who = house.follow()
    with house.ctx.db.begin() as session:
        item = [("SOMETHING-ELSE", "accept", "")]
        subscribed.hear(
            house.ctx, session, who.account, who.identity, subscribed.POPUP, item
        )
    assert left(house, who) is None


def test_values_fit_their_fields() -> None:
    assert fit({
        "thing1": "字" * 30, "short_thing2": "六个字太长了", "date3": "2026年11月24日",
        "thing4": "一行\n两行", "character_string5": "2611-483705-72",
    }) == {
        "thing1": "字" * 20, "short_thing2": "六个字太长", "date3": "2026年11月24日",
        "thing4": "一行 两行", "character_string5": "2611-483705-72",
    }
