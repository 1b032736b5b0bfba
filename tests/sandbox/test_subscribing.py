"""Subscription messages at the platform: allowed, used up, refused, and the events of each."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .stage import WANG, Stage

API = "message/subscribe/bizsend"
VALUES = {"thing1": "办事进展", "time2": "2026年11月24日", "phrase3": "已受理"}


def send(stage: Stage, template: str = "SUB1", **changes: Any) -> int:
    values = VALUES if template == "SUB1" else {"thing1": "办事进展"}
    data = {name: {"value": value} for name, value in values.items()}
    body = {"touser": WANG.openid, "template_id": template, "data": data} | changes
    answer = stage.call(API, body)
    assert "msgid" not in answer
    code: int = answer["errcode"]
    return code


def last_event(stage: Stage) -> dict[str, Any]:
    """The last event about subscriptions that the callback heard."""
    for heard in reversed(stage.callback.heard):
        if heard.fields.get("Event", "").startswith("subscribe_msg"):
            return heard.fields
    return {}


def test_one_that_is_allowed_is_good_for_one(stage: Stage) -> None:
    assert send(stage) == 43101
    stage.send(popup={"template": "SUB1", "accept": True})
    event = last_event(stage)
    assert event["Event"] == "subscribe_msg_popup_event"
    item = event["SubscribeMsgPopupEvent"]["List"]
    assert item == {
        "TemplateId": "SUB1", "SubscribeStatusString": "accept", "PopupScene": "1",
    }
    assert [send(stage) for _ in "12"] == [0, 43101]
    assert stage.inbox()[-1]["channel"] == "subscribe"
    until = time.monotonic() + 5
    while last_event(stage).get("Event") != "subscribe_msg_sent_event":
        assert time.monotonic() < until
        time.sleep(0.05)
    sent = last_event(stage)["SubscribeMsgSentEvent"]["List"]
    assert (sent["TemplateId"], sent["ErrorCode"], sent["ErrorStatus"]) == ("SUB1", "0", "success")


def test_a_refusal_in_the_prompt_takes_nothing_back(stage: Stage) -> None:
    stage.send(popup={"template": "SUB1", "accept": True})
    stage.send(popup={"template": "SUB1", "accept": False})
    item = last_event(stage)["SubscribeMsgPopupEvent"]["List"]
    assert item["SubscribeStatusString"] == "reject"
    assert send(stage) == 0


def test_a_long_term_one_lasts_until_it_is_refused_in_the_settings(stage: Stage) -> None:
    stage.send(popup={"template": "SUB2", "accept": True})
    assert [send(stage, "SUB2") for _ in "123"] == [0, 0, 0]
    stage.send(refuse={"template": "SUB2"})
    assert last_event(stage)["Event"] == "subscribe_msg_change_event"
    assert send(stage, "SUB2") == 43101


def test_it_reaches_who_has_unfollowed(stage: Stage) -> None:
    stage.send(popup={"template": "SUB1", "accept": True})
    stage.send(unfollow=True)
    assert send(stage) == 0


@pytest.mark.parametrize(("changes", "code"), [
    ({"template_id": "TPL1"}, 40037), ({"touser": "o_nobody"}, 40003),
    ({"data": {"thing1": {"value": "x"}}}, 47003),
])
def test_what_is_wrong_with_it(stage: Stage, changes: dict[str, Any], code: int) -> None:
    assert send(stage, **changes) == code


@pytest.mark.parametrize("act", [
    {"popup": {"template": "nope", "accept": True}}, {"popup": {"template": "SUB1"}},
    {"popup": "SUB1"}, {"refuse": {"template": "TPL1"}},
])
def test_what_a_phone_cannot_do(stage: Stage, act: dict[str, Any]) -> None:
    answer = stage.post(f"/api/people/{WANG.openid}/send", act)
    assert answer.status_code == 400
