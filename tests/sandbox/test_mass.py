"""An article sent to many at once: who gets it, who is left out, and what is told afterwards."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from webhooks.sandbox import platform_mass

from .stage import ACCOUNT, LI, WANG, Stage, staged

API = "message/mass/send"
BOTH = [WANG.openid, LI.openid]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def draft(stage: Stage) -> str:
    """A draft of one article, by its media id."""
    query = {"access_token": stage.token(), "type": "image"}
    path = f"{stage.root}/platform/cgi-bin/material/add_material"
    files = {"media": ("cover.png", PNG, "image/png")}
    cover = stage.http.post(path, params=query, files=files, timeout=20).json()["media_id"]
    row = {"title": "大湾村低保公示", "digest": "4 户，10 人", "content": "名单在下面。"}
    answer = stage.call("draft/add", {"articles": [{**row, "thumb_media_id": cover}]})
    return str(answer["media_id"])


def send(stage: Stage, **changes: Any) -> dict[str, Any]:
    """One call to both people, with a draft of its own unless one is given."""
    media_id = changes.pop("media_id", None) or draft(stage)
    body = {"touser": BOTH, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    return stage.call(API, body | changes)


def finished(stage: Stage, number: int = 1) -> list[dict[str, Any]]:
    """What was told afterwards, once there are so many."""
    def found() -> list[dict[str, Any]]:
        events = [heard.fields for heard in stage.callback.heard]
        return [event for event in events if event.get("Event") == "MASSSENDJOBFINISH"]

    stage.wait_for(lambda: len(found()) >= number)
    return found()


def counts(event: dict[str, Any]) -> tuple[int, int, int, int]:
    total, left, sent = int(event["TotalCount"]), int(event["FilterCount"]), int(event["SentCount"])
    return total, left, sent, int(event["ErrorCount"])


def test_it_reaches_everybody_and_an_event_counts_them(stage: Stage) -> None:
    answer = send(stage)
    assert (answer["errcode"], type(answer["msg_id"])) == (0, int)
    for openid in BOTH:
        (item,) = stage.inbox(openid)
        assert (item["channel"], item["type"]) == ("mass", "news")
        assert item["text"] == "大湾村低保公示\n4 户，10 人"
        assert item["url"].startswith("https://mp.weixin.qq.com/s/")
    (event,) = finished(stage)
    assert (int(event["MsgID"]), event["Status"]) == (answer["msg_id"], "send success")
    assert counts(event) == (2, 2, 2, 0)
    results = event["ArticleUrlResult"]
    assert results["Count"] == "1"
    assert results["ResultList"]["item"] == {"ArticleIdx": "1", "ArticleUrl": item["url"]}


def test_the_fifth_of_a_month_is_filtered_and_the_next_month_begins_anew(stage: Stage) -> None:
    for _ in range(platform_mass.MONTHLY):
        assert send(stage)["errcode"] == 0
    assert send(stage)["errcode"] == 0
    assert [len(stage.inbox(openid)) for openid in BOTH] == [4, 4]
    assert sorted(map(counts, finished(stage, 5)))[0] == (2, 0, 0, 0)
    # 24 November becomes 30 November 15:59 UTC, which is still November in China.
    stage.later(days=6, hours=14, minutes=59)
    assert send(stage)["errcode"] == 0
    assert len(stage.inbox()) == 4
    stage.later(minutes=2)
    assert send(stage)["errcode"] == 0
    assert len(stage.inbox()) == 5


def test_who_has_left_or_refuses_or_is_nobody_is_filtered(stage: Stage) -> None:
    stage.send(LI.openid, unfollow=True)
    assert send(stage, touser=[*BOTH, "o_nobody"])["errcode"] == 0
    assert counts(finished(stage)[0]) == (3, 1, 1, 0)
    stage.post(f"/api/people/{WANG.openid}/settings", {"blocks": True})
    assert send(stage)["errcode"] == 0
    assert len(stage.inbox()) == 1
    assert counts(finished(stage, 2)[1]) == (2, 0, 0, 0)


def test_the_same_clientmsgid_is_sent_once_and_says_its_number(stage: Stage) -> None:
    first = send(stage, clientmsgid="mass-1")
    assert send(stage, clientmsgid="mass-1")["errcode"] == 45066
    stage.later(seconds=61)
    again = send(stage, clientmsgid="mass-1")
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    calls = [row["errcode"] for row in stage.get("/api/calls").json() if row["api"] == API]
    assert calls == [0, 45066, 45065]
    assert len(stage.inbox()) == 1
    assert send(stage, clientmsgid="mass-2")["msg_id"] != first["msg_id"]
    stage.later(days=1)
    assert send(stage, clientmsgid="mass-1")["errcode"] == 0


def test_a_draft_is_sent_once(stage: Stage) -> None:
    media_id = draft(stage)
    assert send(stage, media_id=media_id)["errcode"] == 0
    assert send(stage, media_id=media_id)["errcode"] == 40007
    assert stage.call("freepublish/submit", {"media_id": media_id})["errcode"] == 40007


@pytest.mark.parametrize(("changes", "code"), [
    ({"touser": BOTH[:1]}, 40032), ({"touser": ["o"] * 10_001}, 40032),
    ({"touser": BOTH[0]}, 47001), ({"msgtype": "text"}, 40008), ({"mpnews": {}}, 41006),
    ({"media_id": "gone"}, 40007), ({"clientmsgid": "群" * 22}, 40035),
    ({"clientmsgid": ""}, 40035),
])
def test_what_is_wrong_with_it(stage: Stage, changes: dict[str, Any], code: int) -> None:
    assert send(stage, **changes)["errcode"] == code
    assert stage.inbox() == []


@pytest.mark.parametrize("changes", [{"verified": False}, {"kind": "subscription"}])
def test_only_verified_service_accounts_may(changes: dict[str, Any]) -> None:
    with staged(replace(ACCOUNT, **changes)) as stage:
        assert send(stage, media_id="any")["errcode"] == 48001


def test_the_days_and_the_minutes_quota(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_mass, "A_MINUTE", 2)
    monkeypatch.setattr(platform_mass, "DAILY", 3)
    assert [send(stage)["errcode"] for _ in "123"] == [0, 0, 45011]
    stage.later(minutes=1)
    assert [send(stage)["errcode"] for _ in "12"] == [0, 45009]
    # The day turns at midnight in China: 16:00 UTC.
    stage.later(hours=15)
    assert send(stage)["errcode"] == 0


def test_a_restart_forgets_no_clientmsgid(tmp_path: Path) -> None:
    kept = tmp_path / "sandbox.json"
    with staged(data_file=kept) as stage:
        first = send(stage, clientmsgid="mass-1")
        stage.wait_for(lambda: kept.exists() and str(first["msg_id"]) in kept.read_text("utf-8"))
    with staged(data_file=kept) as stage:
        stage.later(minutes=2)
        again = send(stage, clientmsgid="mass-1", media_id="any")
        assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
