"""The platform's API: tokens, quotas by trigger, and each error code that it promises."""

from dataclasses import replace
from typing import Any

import pytest

from webhooks.sandbox.platform_messages import card as card_of

from .stage import ACCOUNT, LI, WANG, Callback, Heard, Stage, staged

APP = {"appid": ACCOUNT.app_id, "secret": ACCOUNT.secret}
STABLE = {"grant_type": "client_credential", **APP}
JPEG = b"\xff\xd8\xff\xe0 a picture"


def text_to(openid: str, content: str = "您好") -> dict[str, Any]:
    """A customer service text."""
    return {"touser": openid, "msgtype": "text", "text": {"content": content}}


def custom(stage: Stage, body: Any, openid: str = WANG.openid) -> int:
    """The errcode of message/custom/send."""
    if isinstance(body, str):
        body = text_to(openid, body)
    return int(stage.call("message/custom/send", body)["errcode"])


def card_to(openid: str = WANG.openid, **changes: Any) -> dict[str, Any]:
    """A template message that is all right unless changed."""
    values = {"thing1": "低保申请", "time2": "2026年11月24日", "phrase3": "已受理"} | changes.pop(
        "values", {}
    )
    data = {name: {"value": value} for name, value in values.items()}
    return {
        "touser": openid,
        "template_id": "TPL1",
        "url": "http://127.0.0.1/m/1",
        "data": data,
    } | changes


class TestTokens:
    def test_the_stable_token_stays_until_its_last_five_minutes(self, stage: Stage) -> None:
        first = stage.token()
        stage.later(minutes=114)
        assert stage.token() == first
        stage.later(minutes=2)
        second = stage.token()
        assert second != first
        assert stage.call("menu/get", access_token=first)["errcode"] == 46003
        stage.later(minutes=4, seconds=1)
        assert stage.call("menu/get", access_token=first)["errcode"] == 42001
        assert stage.call("menu/get", access_token=second)["errcode"] == 46003

    def test_force_refresh_has_a_gap_and_a_daily_limit(self, stage: Stage) -> None:
        def force() -> dict[str, Any]:
            body = {**STABLE, "force_refresh": True}
            return dict(stage.post("/platform/cgi-bin/stable_token", body).json())

        old = stage.token()
        assert force()["access_token"] != old
        assert stage.call("menu/get", access_token=old)["errcode"] == 46003
        assert force()["errcode"] == 45011
        for _ in range(19):
            stage.later(seconds=31)
            assert "access_token" in force()
        stage.later(seconds=31)
        assert force()["errcode"] == 45009
        stage.later(days=1)
        assert "access_token" in force()

    def test_the_plain_token_is_new_each_time_and_apart(self, stage: Stage) -> None:
        stable = stage.token()
        path = "/platform/cgi-bin/token"
        first, second = (stage.get(path, params=STABLE).json()["access_token"] for _ in "12")
        assert first != second
        for token in (stable, first, second):
            assert stage.call("menu/get", access_token=token)["errcode"] == 46003
        stage.later(minutes=6)
        assert stage.call("menu/get", access_token=first)["errcode"] == 42001
        assert stage.call("menu/get", access_token=second)["errcode"] == 46003

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"appid": None}, 41002),
            ({"appid": "wx0"}, 40013),
            ({"secret": None}, 41004),
            ({"secret": "x"}, 40125),
            ({"grant_type": "x"}, 40002),
        ],
    )
    def test_wrong_credentials(self, stage: Stage, changes: Any, code: int) -> None:
        body = {name: value for name, value in {**STABLE, **changes}.items() if value}
        assert stage.post("/platform/cgi-bin/stable_token", body).json()["errcode"] == code
        assert stage.get("/platform/cgi-bin/token", params=body).json()["errcode"] == code

    def test_a_missing_or_invented_token(self, stage: Stage) -> None:
        assert stage.call("menu/get", access_token="")["errcode"] == 41001
        wrong = stage.call("menu/get", access_token="nonsense")
        assert wrong["errcode"] == 40001
        assert " rid: " in wrong["errmsg"]

    def test_ticket_and_clear_quota(self, stage: Stage) -> None:
        first = stage.call("ticket/getticket", type="jsapi")
        assert first["ticket"] == stage.call("ticket/getticket", type="jsapi")["ticket"]
        codes = [stage.call("clear_quota", {"appid": ACCOUNT.app_id})["errcode"] for _ in range(11)]
        assert codes == [0] * 10 + [48006]
        assert stage.call("clear_quota", {"appid": "wx0"})["errcode"] == 40013


class TestCustom:
    def test_nothing_may_be_sent_before_the_person_does_something(self, stage: Stage) -> None:
        assert custom(stage, "您好") == 45015

    @pytest.mark.parametrize(
        ("what", "count", "inside", "outside"),
        [
            ({"text": "在吗"}, 5, {"hours": 47}, {"hours": 2}),
            ({"click": "KEY"}, 3, {"seconds": 50}, {"seconds": 11}),
            ({"scan": "desk"}, 3, {"seconds": 50}, {"seconds": 11}),
            ({"text": "1", "menu_id": "1"}, 3, {"seconds": 50}, {"seconds": 11}),
        ],
    )
    def test_each_trigger_has_its_count_and_window(
        self, stage: Stage, what: Any, count: int, inside: Any, outside: Any
    ) -> None:
        stage.send(**what)
        stage.later(**inside)
        assert [custom(stage, f"第{n}条") for n in range(count + 1)] == [0] * count + [45047]
        stage.later(**outside)
        assert custom(stage, "迟了") == 45015
        stage.send(**what)
        assert custom(stage, "又可以了") == 0

    def test_following_grants_three_in_a_minute(self, stage: Stage) -> None:
        openid = stage.post("/api/people", {"name": "赵六"}).json()["openid"]
        assert [custom(stage, "欢迎", openid) for _ in range(4)] == [0, 0, 0, 45047]

    def test_opening_a_page_from_the_menu_grants_nothing(self, stage: Stage) -> None:
        stage.send(view="http://127.0.0.1/")
        assert custom(stage, "您好") == 45015

    def test_a_click_does_not_take_away_what_a_message_granted(self, stage: Stage) -> None:
        stage.send(text="在吗")
        stage.send(click="KEY")
        assert [custom(stage, "答") for _ in range(9)] == [0] * 8 + [45047]

    def test_text_news_image_and_choices_reach_the_inbox(self, stage: Stage) -> None:
        stage.send(text="在吗")
        files = {"media": ("a.jpg", JPEG, "image/jpeg")}
        query = {"access_token": stage.token(), "type": "image"}
        sent = stage.http.post(
            f"{stage.root}/platform/cgi-bin/media/upload", params=query, files=files
        ).json()
        to = {"touser": WANG.openid}
        articles = [{"title": "题", "description": "文", "url": "http://a/b", "picurl": ""}]
        options = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
        menu = {"head_content": "办得好吗", "list": options, "tail_content": "谢谢"}
        bodies = [
            text_to(WANG.openid, '看<a href="http://a/">这里</a>'),
            {**to, "msgtype": "image", "image": {"media_id": sent["media_id"]}},
            {**to, "msgtype": "news", "news": {"articles": articles}},
            {**to, "msgtype": "msgmenu", "msgmenu": menu},
        ]
        assert [custom(stage, body) for body in bodies] == [0, 0, 0, 0]
        text, image, news, choices = stage.inbox()
        assert {item["channel"] for item in stage.inbox()} == {"custom"}
        assert (text["type"], text["url"]) == ("text", "http://a/")
        assert stage.http.get(image["url"]).content == JPEG
        assert (news["text"], news["url"]) == ("题\n文", "http://a/b")
        assert choices["text"] == "办得好吗\n满意\n不满意\n谢谢"
        assert choices["options"] == options

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (text_to("o_nobody"), 40003),
            ({"msgtype": "text", "text": {"content": "x"}}, 40003),
            (text_to(WANG.openid, ""), 44004),
            (text_to(WANG.openid, "长" * 683), 45002),
            (text_to(WANG.openid, "长" * 682 + "ab"), 0),
            ({"touser": WANG.openid, "msgtype": "text"}, 47001),
            ({"touser": WANG.openid, "msgtype": "hologram"}, 40008),
            ({"touser": WANG.openid, "msgtype": "image", "image": {"media_id": "x"}}, 40007),
            (
                {
                    "touser": WANG.openid,
                    "msgtype": "news",
                    "news": {"articles": [{"title": "1"}, {"title": "2"}]},
                },
                45008,
            ),
            ([], 47001),
        ],
    )
    def test_what_is_wrong_with_it(self, stage: Stage, body: Any, code: int) -> None:
        stage.send(text="在吗")
        assert custom(stage, body) == code

    def test_no_json_and_no_body(self, stage: Stage) -> None:
        path = f"{stage.root}/platform/cgi-bin/message/custom/send"
        query = {"access_token": stage.token()}
        for data, code in ((b"{", 47001), ('{"a":"中"}'.encode("gbk"), 47001), (b"", 44002)):
            answer = stage.http.post(path, params=query, data=data).json()
            assert answer["errcode"] == code
        assert stage.http.get(path, params=query).json()["errcode"] == 43002

    def test_who_left_cannot_be_reached(self, stage: Stage) -> None:
        stage.send(text="在吗")
        stage.send(unfollow=True)
        assert custom(stage, "您好") == 43004
        assert stage.call("message/template/send", card_to())["errcode"] == 43004

    def test_unverified_accounts_may_not(self) -> None:
        with staged(replace(ACCOUNT, verified=False)) as stage:
            stage.send(text="在吗")
            assert custom(stage, "您好") == 48001
            assert stage.call("message/template/send", card_to())["errcode"] == 48001
            assert stage.call("user/info", openid=WANG.openid)["errcode"] == 48001

    def test_verified_subscription_accounts_have_no_templates_or_codes(self) -> None:
        with staged(replace(ACCOUNT, kind="subscription")) as stage:
            stage.send(text="在吗")
            assert custom(stage, "您好") == 0
            assert stage.call("message/template/send", card_to())["errcode"] == 48001
            assert stage.call("qrcode/create", {})["errcode"] == 48001


class TestTemplate:
    def test_it_arrives_and_an_event_says_so(self, stage: Stage) -> None:
        answer = stage.call("message/template/send", card_to())
        assert answer["errcode"] == 0
        item = stage.inbox()[-1]
        assert (item["channel"], item["url"]) == ("template", "http://127.0.0.1/m/1")
        assert item["text"] == "事项：低保申请\n时间：2026年11月24日\n状态：已受理"
        assert item["fields"]["thing1"] == "低保申请"
        stage.wait_for(lambda: stage.callback.heard)
        event = stage.callback.heard[0].fields
        assert (event["Event"], event["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
        assert int(event["MsgID"]) == answer["msgid"]

    def test_two_rows_of_a_card_are_never_called_the_same(self) -> None:
        values = {"thing1": "村里有一件事", "date2": "2026年11月24日", "thing3": "大湾镇"}
        card = card_of({}, values, None)
        assert card["text"] == "事项：村里有一件事\n日期：2026年11月24日\n备注：大湾镇"

    def test_who_refuses_them_gets_none(self, stage: Stage) -> None:
        stage.post(f"/api/people/{WANG.openid}/settings", {"blocks": True})
        assert stage.call("message/template/send", card_to())["errcode"] == 0
        stage.wait_for(lambda: stage.callback.heard)
        assert stage.callback.heard[0].fields["Status"] == "failed:user block"
        assert stage.inbox() == []

    def test_the_same_client_msg_id_is_sent_once(self, stage: Stage) -> None:
        body = card_to(client_msg_id="push-1")
        first, second = (stage.call("message/template/send", body) for _ in "12")
        assert first["msgid"] == second["msgid"]
        stage.call("message/template/send", {**body, "touser": LI.openid})
        assert (len(stage.inbox()), len(stage.inbox(LI.openid))) == (1, 1)
        stage.later(minutes=11)
        assert stage.call("message/template/send", body)["msgid"] != first["msgid"]
        stage.wait_for(lambda: len(stage.callback.heard) == 3)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (card_to(template_id="OTHER"), 40037),
            (card_to(values={"thing1": ""}), 47003),
            (card_to(values={"thing1": "字" * 21}), 47003),
            (card_to(values={"phrase3": "六个汉字太长"}), 47003),
            (card_to(data={"thing1": {"value": "x"}}), 47003),
            (card_to("o_nobody"), 40003),
            (card_to(data=None), 47001),
        ],
    )
    def test_what_is_wrong_with_it(self, stage: Stage, body: Any, code: int) -> None:
        assert stage.call("message/template/send", body)["errcode"] == code

class TestFaults:
    def test_an_errcode_a_status_and_a_delay(self, stage: Stage) -> None:
        stage.send(text="在吗")
        api = "message/custom/send"
        stage.post("/api/faults", {"api": api, "errcode": 45009, "times": 2})
        stage.post("/api/faults", {"api": api, "status": 503})
        stage.post("/api/faults", {"api": api, "delay_ms": 150})
        assert [custom(stage, "答") for _ in "12"] == [45009, 45009]
        path = f"/platform/cgi-bin/{api}"
        broken = stage.post(path, text_to(WANG.openid), params={"access_token": stage.token()})
        assert broken.status_code == 503
        slow = stage.post(path, text_to(WANG.openid), params={"access_token": stage.token()})
        assert slow.elapsed.total_seconds() >= 0.15
        assert slow.json()["errcode"] == 0
        assert len(stage.inbox()) == 1
        rows = [row for row in stage.get("/api/calls").json() if row["api"] == api]
        assert [row["errcode"] for row in rows] == [45009, 45009, None, 0]
        assert {row["to"] for row in rows} == {WANG.openid}
        assert set(rows[0]) == {"api", "at", "errcode", "to"}

    def test_the_callback_may_call_back_while_it_answers(self) -> None:
        stages: list[Stage] = []

        def answer(_callback: Callback, heard: Heard) -> str:
            if "MsgId" in heard.fields:
                assert custom(stages[0], "稍等") == 0
            return "success"

        with staged(answer=answer, retry_seconds=5.0) as stage:
            stages.append(stage)
            assert stage.send(text="在吗")["replies"] == []
            assert [item["text"] for item in stage.inbox()] == ["稍等"]
