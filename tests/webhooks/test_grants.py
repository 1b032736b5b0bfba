"""Subscription messages: allowed in WeChat, kept in the ledger, used for the next step, told."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.messages import Kind
from models.grants import Grant
from models.people import Identity
from models.pushes import Push, PushAttempt
from tests.service import COUNTY, VILLAGE, Phone, Service, running
from tests.webhooks.pages import moved
from tests.webhooks.test_main_job import ANSWERS, TOLD
from webhooks.wechat_xml import read

SUB = "SUB_CASE"


@pytest.fixture
def house(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(database, tmp_path_factory.mktemp("grants")) as made:
        yield made


def handed_in(phone: Phone) -> str:
    """A case, with its first pushes out and the window of its messages over."""
    found = re.search(r"\d{4}-\d{6}-\d{2}", phone.talk(TOLD, *ANSWERS, "对"))
    assert found
    phone.service.clock.advance(timedelta(days=3))
    phone.service.drain()
    return found[0]


def step(house: Service, receipt: str, move: str) -> None:
    """A step of the case, and what is to be said of it sent."""
    moved(house, receipt, move, **({"missing": ("户口本照片",)} if move == "return" else {}))
    house.drain()


def answer(phone: Phone, *, accept: bool = True) -> None:
    """The prompt is answered; events of one second are told apart by what they say."""
    phone.service.clock.advance(timedelta(seconds=2))
    phone.act(popup={"template": SUB, "accept": accept})


def ledger(phone: Phone) -> tuple[int, bool, bool]:
    """How many are left, whether it lasts, whether it was refused."""
    ctx = phone.service.ctx
    key = ctx.keys.lookup("openid", phone.openid)
    with ctx.db.read() as db:
        row = db.scalars(
            select(Grant).join(Identity, Identity.id == Grant.identity_id)
            .where(Identity.openid_key == key, Grant.template == SUB)
        ).one()
    return row.left, row.lasting, row.refused_at is not None


def last_push(house: Service, receipt: str) -> tuple[str, str]:
    """State and channel of the newest push to the resident about this case, once it has ended."""
    until = time.monotonic() + 10
    while True:
        with house.ctx.db.read() as db:
            rows = db.scalars(select(Push).where(Push.occasion == "case_moved").order_by(Push.id))
            row = [one for one in rows if one.details.get("receipt") == receipt][-1]
        if row.ended_at is not None or time.monotonic() > until:
            return row.state, row.channel
        time.sleep(0.05)


def test_the_next_step_goes_by_what_was_allowed(house: Service) -> None:
    phone = house.follower()
    receipt = handed_in(phone)
    answer(phone)
    assert ledger(phone) == (1, False, False)
    step(house, receipt, "register")
    assert last_push(house, receipt) == ("delivered", "subscribe")
    assert len(phone.inbox("subscribe")) == 1
    assert receipt in phone.inbox("subscribe")[0]
    assert ledger(phone) == (0, False, False)
    # Used up: the step after it goes by the template.
    step(house, receipt, "return")
    assert last_push(house, receipt) == ("delivered", "template")


def test_a_repeated_event_allows_nothing_more(house: Service) -> None:
    phone = house.follower()
    phone.say("您好")
    house.fault(callback="repeat")
    answer(phone)
    assert ledger(phone) == (1, False, False)
    answer(phone)
    assert ledger(phone) == (2, False, False)


def test_refused_in_the_settings_nothing_stands(house: Service) -> None:
    phone = house.follower()
    receipt = handed_in(phone)
    answer(phone)
    answer(phone, accept=False)
    # In the prompt a no takes back nothing that was allowed before.
    assert ledger(phone) == (1, False, True)
    phone.act(refuse={"template": SUB})
    assert ledger(phone) == (0, False, True)
    step(house, receipt, "register")
    assert phone.inbox("subscribe") == []
    assert last_push(house, receipt) == ("delivered", "template")


def test_where_the_platform_knows_of_none_the_next_rung_is_taken(house: Service) -> None:
    phone = house.follower()
    receipt = handed_in(phone)
    answer(phone)
    house.fault(api="message/subscribe/bizsend", errcode=43101)
    step(house, receipt, "register")
    assert last_push(house, receipt) == ("delivered", "template")
    assert ledger(phone) == (0, False, False)


def test_who_blocks_is_told_apart_from_who_got_it(house: Service) -> None:
    phone = house.follower(blocks=True)
    receipt = handed_in(phone)
    answer(phone)
    step(house, receipt, "register")
    assert last_push(house, receipt) == ("refused", "subscribe")


def test_it_reaches_who_has_unfollowed(house: Service) -> None:
    phone = house.follower()
    receipt = handed_in(phone)
    answer(phone)
    phone.act(unfollow=True)
    for move, ending in (("register", ("delivered", "subscribe")), ("return", ("unfollowed", ""))):
        step(house, receipt, move)
        assert last_push(house, receipt) == ending


def test_a_long_term_one_is_not_used_up(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lasting = (replace(COUNTY, subscriptions_last=True), VILLAGE)
    with running(database, tmp_path_factory.mktemp("grants"), accounts=lasting) as house:
        phone = house.follower()
        receipt = handed_in(phone)
        answer(phone)
        assert ledger(phone) == (0, True, False)
        for move in ("register", "return"):
            step(house, receipt, move)
            assert last_push(house, receipt) == ("delivered", "subscribe")
        phone.act(refuse={"template": SUB})
        assert ledger(phone) == (0, False, True)


def test_every_attempt_is_on_record(house: Service) -> None:
    phone = house.follower()
    receipt = handed_in(phone)
    answer(phone)
    step(house, receipt, "register")
    with house.ctx.db.read() as db:
        rows = db.execute(
            select(PushAttempt.channel, PushAttempt.outcome)
            .where(PushAttempt.channel == "subscribe")
        ).all()
    assert [tuple(row) for row in rows] == [("subscribe", "done")]


def event(name: str, tag: str, *items: str) -> str:
    """An event's XML as the official page shows it, about these items."""
    rows = "".join(f"<List>{item}</List>" for item in items)
    return (
        "<xml><ToUserName><![CDATA[gh_a]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
        "<CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[{name}]]></Event><{tag}>{rows}</{tag}></xml>"
    )


def sent(number: int, code: str = "0", status: str = "success") -> str:
    return (
        f"<TemplateId><![CDATA[T]]></TemplateId><MsgID>{number}</MsgID>"
        f"<ErrorCode>{code}</ErrorCode><ErrorStatus><![CDATA[{status}]]></ErrorStatus>"
    )


SAID = (
    "<TemplateId><![CDATA[{0}]]></TemplateId>"
    "<SubscribeStatusString><![CDATA[{1}]]></SubscribeStatusString>"
)


def test_events_are_read_with_one_item_or_many_under_either_tag() -> None:
    yes, no = SAID.format("A", "accept"), SAID.format("B", "reject")
    both = read(event("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", yes, no))
    assert both is not None
    assert (both.heard.kind, both.heard.detail) == (Kind.SUBSCRIPTION, "popup")
    assert both.heard.told == (("A", "accept", ""), ("B", "reject", ""))
    for tag in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"):
        one = read(event("subscribe_msg_change_event", tag, no))
        assert one is not None
        assert (one.heard.detail, one.heard.told) == ("change", (("B", "reject", ""),))
    none = read(event("subscribe_msg_sent_event", "SubscribeMsgSentEvent"))
    assert none is not None
    assert none.heard.told == ()


def test_events_of_one_second_are_told_apart_and_repeats_are_not() -> None:
    tag = "SubscribeMsgSentEvent"
    first, second, again = (
        read(event("subscribe_msg_sent_event", tag, sent(number))) for number in (1, 2, 1)
    )
    assert first is not None
    assert second is not None
    assert again is not None
    assert first.key == again.key != second.key
    assert first.heard.told == (("T", "success", "1"),)
    failed = read(event("subscribe_msg_sent_event", tag, sent(3, "9", "user block")))
    assert failed is not None
    assert failed.heard.told == (("T", "user block", "3"),)
