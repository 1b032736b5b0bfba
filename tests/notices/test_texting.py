"""Text messages: to whom, when, what they say, and how honestly each try ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from models import wishes
from models.outgoing import Occasion
from models.pushes import PushState
from models.sms import Sms
from notices.brief import brief
from notices.channel import Outcome, Way
from notices.ladder import Chat, Hold, NoWay, Send, Text, Wanted, next_rung
from notices.occasions import spoken
from notices.teller import Teller
from notices.texting import wake
from tests.notices.ground import NEXT_TOWN, RECEIPT, TOWN, served
from tests.notices.house import House, Someone, built
from tests.notices.turns import drained

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OPEN = Chat(1, "a", "o", True, True, False, last_message=NOW)
SHUT = replace(OPEN, last_message=None)
LEFT = replace(SHUT, followed=False)
NUMBER = "17000001234"


@dataclass
class Gateway:
    """A county's gateway, as the manual describes it."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    app, made = Flask("gateway"), Gateway()

    @app.post("/send")
    def send() -> tuple[str, int]:
        made.got.append({"bearer": request.headers["Authorization"], **request.get_json()})
        return "", made.answers.pop(0) if made.answers else 202

    with served(app) as base:
        made.url = f"{base}/send"
        yield made


@pytest.fixture
def door(database: str) -> Iterator[tuple[House, Gateway]]:
    """A house whose gateway takes texts, on both databases."""
    with gateway() as made:
        sms = Sms("gateway", made.url, "【清水民政】")
        with built(database, sms=sms, sms_token="s3cret") as house:
            yield house, made


def wish(house: House, who: Someone, **wished: Any) -> None:
    with house.ctx.db.begin() as session:
        wishes.change(house.ctx, session, who.person, "chat", **wished)


def villager(house: House, **wished: Any) -> Someone:
    """Follows an account that can only answer; wishes for texts."""
    someone = house.follow("陈阿婆", account="xiaowan")
    wish(house, someone, sms=True, phone=NUMBER, **wished)
    return someone


def test_the_ladder_takes_a_text_where_nothing_else_is_left() -> None:
    later = Wanted("a", text_at=NOW + timedelta(hours=4))
    due = Wanted("a", text_at=NOW)
    assert next_rung(due, [OPEN], NOW) == Send(1, Way.CUSTOM)
    assert next_rung(later, [SHUT], NOW) == Hold()
    assert next_rung(due, [SHUT], NOW) == Text()
    assert next_rung(later, [LEFT], NOW) == Text()
    assert isinstance(next_rung(Wanted("a"), [LEFT], NOW), NoWay)
    assert next_rung(Wanted("a"), [SHUT], NOW) == Hold()


def test_who_still_follows_is_given_time_to_write_first(door: tuple[House, Gateway]) -> None:
    house, sent = door
    aunt = villager(house)
    push = house.push(aunt)
    drained(house.ctx)
    assert house.state(push) == (PushState.HELD, "")
    house.clock.move(hours=3, minutes=59)
    assert wake(house.ctx) == 0
    house.clock.move(minutes=2)
    assert wake(house.ctx) == 1
    drained(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "sms")
    assert "收没收到，它不说" in house.row(push).reason
    assert house.tries(push) == [("sms", "done", None)]
    [one] = sent.got
    assert one["bearer"] == "Bearer s3cret"
    assert one["to"] == NUMBER
    assert one["text"] == (
        f"【清水民政】您在镇上办的事有新进展。编号 {RECEIPT}，问大湾镇打 0777-6210001。"
    )
    assert wake(house.ctx) == 0


def test_who_has_left_is_written_to_at_once_and_what_was_held_too(
    door: tuple[House, Gateway],
) -> None:
    house, sent = door
    aunt = villager(house)
    held = house.push(aunt)
    drained(house.ctx)
    house.write(aunt, unfollow=True)
    assert wake(house.ctx) == 1
    later = house.push(aunt)
    drained(house.ctx)
    assert [house.state(push) for push in (held, later)] == [(PushState.DELIVERED, "sms")] * 2
    assert len(sent.got) == 2
    # Who follows again is told in the chat as before.
    house.write(aunt, follow=True)
    back = house.push(aunt)
    drained(house.ctx)
    assert house.state(back) == (PushState.HELD, "")


@pytest.mark.parametrize("said", [{}, {"sms": False}])
def test_without_a_yes_nobody_is_sent_one(door: tuple[House, Gateway], said: Any) -> None:
    house, sent = door
    aunt = house.follow("陈阿婆", account="xiaowan")
    wish(house, aunt, phone=NUMBER, **said)
    house.write(aunt, unfollow=True)
    push = house.push(aunt)
    drained(house.ctx)
    assert house.state(push) == (PushState.UNFOLLOWED, "")
    assert sent.got == []


def test_only_what_is_worth_a_knock_goes_as_a_text(door: tuple[House, Gateway]) -> None:
    house, sent = door
    aunt = villager(house)
    house.write(aunt, unfollow=True)
    push = house.push(aunt, Occasion.LATE_REPLY, details={"text": "好的"})
    drained(house.ctx)
    assert house.state(push) == (PushState.UNFOLLOWED, "")
    assert sent.got == []


def test_a_gateway_in_trouble_is_tried_again_and_one_that_refuses_is_not(
    door: tuple[House, Gateway],
) -> None:
    house, sent = door
    aunt = villager(house)
    house.write(aunt, unfollow=True)
    sent.answers = [500, 429, 202]
    push = house.push(aunt)
    for _ in range(3):
        drained(house.ctx)
        house.clock.move(minutes=30)
    assert [outcome for _, outcome, _ in house.tries(push)] == ["retry", "retry", "done"]
    assert len({one["id"] for one in sent.got}) == 1
    sent.answers = [400]
    refused = house.push(aunt)
    drained(house.ctx)
    assert house.state(refused) == (PushState.UNFOLLOWED, "")
    assert house.tries(refused) == [("sms", "drop", 400)]


def test_the_console_reaches_nobody_and_says_so(tmp_path: Path) -> None:
    with built(f"sqlite:///{tmp_path / 'x.db'}", sms=Sms("console", after_hours=0)) as house:
        aunt = villager(house)
        push = house.push(aunt)
        drained(house.ctx)
        assert house.state(push) == (PushState.HELD, "")
        assert house.row(push).reason == "短信没有接通，没有真的发给人。"
        assert house.tries(push) == [("sms", Outcome.NOBODY, None)]
        house.clock.move(hours=5)
        assert wake(house.ctx) == 0


def test_a_text_says_whom_to_call_or_is_not_sent(house: House) -> None:
    said = {"receipt": RECEIPT, "kind": "return", "words": "低保申请还差病历"}
    full = spoken(house.ctx, Occasion.CASE_MOVED, said, TOWN, "").brief
    assert RECEIPT in full
    assert len(full) <= 70
    assert not any(word in full for word in ("低保", "病历", "http"))
    # 石桥镇 has no telephone of its own: then the county's.
    assert "0777-6210000" in spoken(house.ctx, Occasion.CASE_MOVED, said, NEXT_TOWN, "").brief
    assert spoken(house.ctx, Occasion.CASE_MOVED, {"kind": "return"}, TOWN, "").brief == ""


def test_a_long_title_gives_way_to_a_short_one(house: House) -> None:
    ctx = house.ctx
    teller = Teller(
        ctx.speak(""), ctx.directory.areas, ctx.today(), ctx.is_working, {"receipt": RECEIPT}, TOWN
    )
    assert brief(teller, "长" * 40, "").startswith("您的事有消息了。")
    assert brief(teller, "好", "【" + "签" * 40 + "】") == ""
