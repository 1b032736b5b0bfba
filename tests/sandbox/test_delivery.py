"""Deliveries to callbacks that answer well, slowly, wrongly or not at all."""

import base64
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from werkzeug.wrappers import Response

from webhooks.sandbox.replies import OUTAGE

from .stage import ACCOUNT, WANG, Answer, Callback, Heard, Stage, say, staged


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
def test_a_text_goes_there_and_its_answer_comes_back(mode: str) -> None:
    with staged(replace(ACCOUNT, mode=mode), say("您好")) as stage:
        result = stage.send(text="在吗")
        heard = stage.callback.heard[0]
        assert result["replies"] == [{"type": "text", "text": "您好", "url": None}]
        assert isinstance(result["elapsed_ms"], int)
        assert heard.fields["Content"] == "在吗"
        assert heard.fields["FromUserName"] == WANG.openid == heard.query["openid"]
        assert 2**53 < int(heard.fields["MsgId"]) < 2**63
        assert ("encrypt_type" in heard.query) == (mode != "plain")
        assert ("<Content>" in heard.body) == (mode != "safe")
        assert ("<Encrypt>" in heard.body) == (mode != "plain")
        item = stage.inbox()[-1]
        assert (item["channel"], item["type"], item["text"]) == ("passive", "text", "您好")
        assert item["at"].startswith("2026-11-24T01:00:00")


def test_every_message_and_event_arrives_in_the_platform_s_shape(stage: Stage) -> None:
    stage.send(image=base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode())
    stage.send(voice="我要低保")
    stage.send(voice="")
    stage.send(location={"latitude": 22.5, "longitude": 108.25, "label": "大湾村"})
    stage.send(click="HELP")
    stage.send(view="http://127.0.0.1/notices/")
    stage.send(scan="staff-7")
    stage.send(text="好", menu_id="101")
    image, voice, mute, place, click, view, scan, option = (h.fields for h in stage.callback.heard)
    assert stage.http.get(image["PicUrl"]).headers["Content-Type"] == "image/png"
    got = stage.get(
        "/platform/cgi-bin/media/get",
        params={"access_token": stage.token(), "media_id": voice["MediaId"]},
    )
    assert got.content.startswith(b"#!AMR\n")
    assert "attachment" in got.headers["Content-Disposition"]
    assert (voice["Format"], voice["Recognition"]) == ("amr", "我要低保")
    assert "Recognition" not in mute
    assert (place["Location_X"], place["Location_Y"], place["Label"]) == (
        "22.5",
        "108.25",
        "大湾村",
    )
    assert (click["Event"], click["EventKey"]) == ("CLICK", "HELP")
    assert "MsgId" not in click
    assert (view["Event"], view["EventKey"]) == ("VIEW", "http://127.0.0.1/notices/")
    assert (scan["Event"], scan["EventKey"]) == ("SCAN", "staff-7")
    assert scan["Ticket"].startswith("gQ")
    assert option["bizmsgmenuid"] == "101"


def test_control_characters_and_cdata_ends_are_forwarded_as_they_are() -> None:
    raw: list[str] = []

    class Raw(Callback):
        def respond(self, request: Any) -> Response:
            raw.append(request.get_data().decode())
            return Response("success")

    with staged(replace(ACCOUNT, mode="plain")) as stage:
        stage.callback.__class__ = Raw
        stage.send(text="a\x1db]]>c")
    assert "a\x1db]]]]><![CDATA[>c" in raw[0]


def test_following_by_name_by_code_and_leaving(stage: Stage) -> None:
    made = stage.post("/api/people", {"name": "赵六"}).json()
    assert set(made) == {"openid", "replies"}
    openid = made["openid"]
    assert stage.callback.heard[-1].fields["Event"] == "subscribe"
    assert stage.callback.heard[-1].fields["EventKey"] is None
    stage.send(openid, unfollow=True)
    assert stage.callback.heard[-1].fields["Event"] == "unsubscribe"
    refused = stage.post(f"/api/people/{openid}/send", {"text": "还在吗"})
    assert refused.status_code == 400
    assert "follow" in refused.json()["error"]
    stage.send(openid, scan="poster-12")
    again = stage.callback.heard[-1].fields
    assert (again["Event"], again["EventKey"]) == ("subscribe", "qrscene_poster-12")
    assert again["Ticket"]


def test_a_slow_callback_gets_the_same_message_three_times() -> None:
    def slow(_callback: Callback, _heard: Heard) -> str:
        time.sleep(0.6)
        return "success"

    with staged(answer=slow) as stage:
        result = stage.send(text="急")
        stage.wait_for(lambda: len(stage.callback.heard) == 3)
        time.sleep(0.7)
        heard = stage.callback.heard
        assert len(heard) == 3
        assert len({h.fields["MsgId"] for h in heard}) == 1
        assert len({h.fields["CreateTime"] for h in heard}) == 1
        assert len({h.query["nonce"] for h in heard}) == 3
        assert [reply["type"] for reply in result["replies"]] == ["outage"]
        assert stage.inbox()[-1]["text"] == OUTAGE
        ends = [row["outcome"] for row in stage.get("/api/deliveries").json()]
        assert ends == ["late", "late", "late"]


def test_the_second_delivery_may_still_be_answered() -> None:
    def slow_once(callback: Callback, heard: Heard) -> Any:
        if len(callback.heard) == 1:
            time.sleep(0.6)
        return say("收到了")(callback, heard)

    with staged(answer=slow_once) as stage:
        result = stage.send(text="急")
        assert [reply["text"] for reply in result["replies"]] == ["收到了"]
        assert len(stage.inbox()) == 1
        time.sleep(0.4)


def test_a_callback_that_is_down_is_tried_three_times() -> None:
    account = replace(ACCOUNT, callback_url="http://127.0.0.1:1/wechat/x")
    with staged(account) as stage:
        result = stage.send(text="在吗")
        assert result["replies"][0]["type"] == "outage"
        ends = [row["outcome"] for row in stage.get("/api/deliveries").json()]
        assert ends == ["refused"] * 3


def _crypto(token: str = ACCOUNT.token, app: str = ACCOUNT.app_id) -> WeChatCrypto:
    return WeChatCrypto(token, ACCOUNT.aes_key, app)


def _sealed_by(crypto: WeChatCrypto) -> Answer:
    def answer(callback: Callback, heard: Heard) -> str:
        plain = callback.text(heard, "好")
        return str(crypto.encrypt_message(plain, heard.query["nonce"], heard.query["timestamp"]))

    return answer


BAD: dict[str, Answer] = {
    "HTTP 500": lambda _c, _h: Response("Error 500", 500),
    "HTTP 302": lambda _c, _h: Response("", 302, {"Location": "/elsewhere"}),
    "JSON": lambda _c, _h: '{"errcode": 0}',
    "words": lambda _c, _h: "SUCCESS!",
    "not UTF-8": lambda _c, _h: b"\xff\xfe",
    "plain in safe mode": lambda c, h: c.text(h, "好"),
    "foreign app id": _sealed_by(_crypto(app="wx0000000000000000")),
    "foreign token": _sealed_by(_crypto(token="other")),
    "to somebody else": say("好", ToUserName="o_somebody_else"),
    "from somebody else": say("好", FromUserName="gh_somebody_else"),
    "no time": say("好", CreateTime="now"),
    "unknown type": say("好", MsgType="hologram"),
    "empty": say(""),
    "too long": say("长" * 683),
    "unknown picture": say("", MsgType="image", Image={"MediaId": "nope"}),
    "news without news": say("", MsgType="news", ArticleCount="1"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_shows_the_outage_notice_at_once(name: str) -> None:
    with staged(answer=BAD[name]) as stage:
        result = stage.send(text="在吗")
        assert [(r["type"], r["text"]) for r in result["replies"]] == [("outage", OUTAGE)]
        assert result["replies"][0]["reason"]
        assert len(stage.callback.heard) == 1
        item = stage.inbox()[-1]
        assert (item["channel"], item["type"]) == ("passive", "outage")


def test_wrong_padding_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(answer=say("好")) as stage:

        def sixteen(text: bytes) -> bytes:
            count = 16 - len(text) % 16
            return text + bytes([count]) * count

        monkeypatch.setattr(PKCS7Encoder, "encode", staticmethod(sixteen))
        ends = {stage.send(text="在吗" * size)["replies"][0]["type"] for size in (1, 2)}
        assert "outage" in ends


@pytest.mark.parametrize("nothing", ["", "success", "success\n"])
def test_no_answer_is_no_answer(nothing: str) -> None:
    with staged(answer=lambda _c, _h: nothing) as stage:
        assert stage.send(text="在吗")["replies"] == []
        assert stage.inbox() == []


def test_a_text_of_exactly_2048_bytes_is_let_through() -> None:
    with staged(answer=say("长" * 682 + "ab")) as stage:
        assert stage.send(text="在吗")["replies"][0]["type"] == "text"


def test_news_is_one_article_for_a_message_and_more_for_an_event() -> None:
    def news(callback: Callback, heard: Heard) -> str:
        rest = {"Description": "说明", "PicUrl": "", "Url": "http://a/"}
        item = [{"Title": f"第{n}篇", **rest} for n in "12"]
        changes = {"MsgType": "news", "ArticleCount": "2", "Articles": {"item": item}}
        return callback.sealed(heard, callback.text(heard, "", **changes))

    with staged(answer=news) as stage:
        assert len(stage.send(text="看")["replies"][0]["articles"]) == 1
        card = stage.send(click="NEWS")["replies"][0]
        assert len(card["articles"]) == 2
        assert (card["text"], card["url"]) == ("第1篇\n说明", "http://a/")


def test_links_of_an_answer_are_reported() -> None:
    with staged(answer=say('<a href="http://127.0.0.1/m/1">点这里</a>')) as stage:
        assert stage.send(text="看")["replies"][0]["url"] == "http://127.0.0.1/m/1"


def test_repeat_delivers_twice_and_compares_the_answers() -> None:
    with staged(answer=say("好")) as stage:
        assert stage.post("/api/faults", {"callback": "repeat", "times": 1}).status_code == 200
        result = stage.send(text="在吗")
        first, second = stage.callback.heard
        assert first.fields == second.fields
        assert [r["text"] for r in result["replies"]] == ["好"]
        assert [r["equal"] for r in result["repeats"]] == [True]
        assert "repeats" not in stage.send(text="再来")
        assert len(stage.callback.heard) == 3


def test_repeat_tells_when_the_answers_differ() -> None:
    def counting(callback: Callback, heard: Heard) -> Any:
        return say(f"第{len(callback.heard)}次")(callback, heard)

    with staged(answer=counting) as stage:
        stage.post("/api/faults", {"callback": "repeat"})
        assert stage.send(text="在吗")["repeats"][0]["equal"] is False


def test_drop_reply_delivers_again_and_shows_the_last() -> None:
    def counting(callback: Callback, heard: Heard) -> Any:
        return say(f"第{len(callback.heard)}次")(callback, heard)

    with staged(answer=counting) as stage:
        stage.post("/api/faults", {"callback": "drop_reply", "times": 2})
        assert [r["text"] for r in stage.send(text="一")["replies"]] == ["第2次"]
        assert [r["text"] for r in stage.send(text="二")["replies"]] == ["第4次"]
        assert [r["text"] for r in stage.send(text="三")["replies"]] == ["第5次"]
        assert [item["text"] for item in stage.inbox()] == ["第2次", "第4次", "第5次"]


def test_the_address_check(stage: Stage) -> None:
    assert stage.post("/api/verify").json() == {"ok": True}


@pytest.mark.parametrize(
    "respond",
    [lambda _s, _r: Response("no", 403), lambda _s, _r: Response('"123"')],
)
def test_the_address_check_fails_for_a_wrong_echo(respond: Callable[..., Response]) -> None:
    with staged() as stage:
        stage.callback.__class__ = type("Wrong", (Callback,), {"respond": respond})
        assert stage.post("/api/verify", {}).json()["ok"] is False
