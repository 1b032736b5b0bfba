"""The control interface, the guard, what is remembered, and the phone's pages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from webhooks.sandbox import create_sandbox
from webhooks.sandbox.links import segments

from .stage import ACCOUNT, LI, WANG, Stage, say, staged


def test_people_are_listed_in_the_contract_s_shape(stage: Stage) -> None:
    assert stage.get("/api/people").json() == [
        {"openid": p.openid, "name": p.name, "role": p.role, "area": p.area} for p in (WANG, LI)
    ]
    openid = stage.post("/api/people", {"name": "赵六"}).json()["openid"]
    assert stage.get("/api/people").json()[-1] == {
        "openid": openid,
        "name": "赵六",
        "role": "resident",
        "area": "",
    }
    assert len(openid) == 28
    assert stage.get("/api/people", params={"account": "nowhere"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"text": ""},
        {"text": 5},
        {"text": "a", "click": "b"},
        {"text": "\ud800"},
        {"text": "x" * 20_001},
        {"image": "not base64!"},
        {"image": "aGVsbG8="},
        {"location": {}},
        {"location": {"latitude": 91, "longitude": 0}},
        {"location": {"latitude": float("nan"), "longitude": 0}},
        {"location": {"latitude": True, "longitude": 0}},
        {"unfollow": False},
        {"follow": True},
        {"scan": "s" * 65},
        {"voice": None},
        {"dance": True},
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(stage: Stage, body: Any) -> None:
    # json.dumps: requests would refuse NaN by itself.
    answer = stage.http.post(f"{stage.root}/api/people/{WANG.openid}/send", data=json.dumps(body))
    assert answer.status_code == 400
    assert isinstance(answer.json()["error"], str)
    assert stage.callback.heard == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/people", {}),
        ("/api/people", {"name": " "}),
        ("/api/people", {"name": "a", "role": "king"}),
        ("/api/faults", {}),
        ("/api/faults", {"callback": "explode"}),
        ("/api/faults", {"api": "x"}),
        ("/api/faults", {"api": "x", "errcode": "1"}),
        ("/api/faults", {"api": "x", "status": 200}),
        ("/api/faults", {"api": "x", "delay_ms": -1}),
        ("/api/faults", {"callback": "repeat", "times": 0}),
        ("/api/clock", {}),
        ("/api/clock", {"advance_days": "1"}),
        ("/api/clock", {"advance_days": -1}),
        ("/api/clock", {"advance_days": 1e9}),
        ("/api/clock", {"advance_days": 1, "advance_hours": 1}),
        ("/api/people/o_nobody/send", {"text": "x"}),
        (f"/api/people/{WANG.openid}/settings", {"blocks": 1}),
        ("/api/nothing", {}),
    ],
)
def test_bad_control_calls_are_4xx_json(stage: Stage, path: str, body: Any) -> None:
    answer = stage.post(path, body)
    assert 400 <= answer.status_code < 500
    assert isinstance(answer.json()["error"], str)


def test_the_clock_moves_and_says_where_it_is(stage: Stage) -> None:
    assert stage.post("/api/clock", {"advance_hours": 1.5}).json() == {
        "now": "2026-11-24T02:30:00+00:00"
    }
    assert stage.get("/api/clock").json()["now"] == "2026-11-24T02:30:00+00:00"


def test_a_clock_that_cannot_be_moved_says_so() -> None:
    with staged(advance=None) as stage:
        assert stage.post("/api/clock", {"advance_days": 1}).status_code == 409


class TestGuard:
    @pytest.fixture
    def client(self) -> FlaskClient:
        return create_sandbox([ACCOUNT], [WANG]).test_client()

    def test_another_machine_is_refused_everywhere(self, client: FlaskClient) -> None:
        for path in ("/", "/api/people", "/platform/cgi-bin/token", "/static/phone.css"):
            answer = client.get(path, environ_base={"REMOTE_ADDR": "192.168.1.5"})
            assert answer.status_code == 403
        assert client.get("/", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200

    def test_a_proxy_or_a_foreign_name_in_front_is_refused(self, client: FlaskClient) -> None:
        headers = {"X-Forwarded-For": "203.0.113.9"}
        assert client.get("/api/people", headers=headers).status_code == 403
        assert client.get("/api/people", base_url="http://rebound.example/").status_code == 403

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 200),
            ({"Origin": "http://localhost"}, 200),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Sec-Fetch-Site": "same-origin"}, 200),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
        ],
    )
    def test_other_sites_change_nothing(
        self, client: FlaskClient, headers: dict[str, str], status: int
    ) -> None:
        body = {"callback": "repeat"}
        assert client.post("/api/faults", json=body, headers=headers).status_code == status

    def test_pages_carry_a_strict_policy_and_no_inline_code(self, client: FlaskClient) -> None:
        for path in ("/", f"/people/{WANG.openid}"):
            page = client.get(path)
            assert page.status_code == 200
            policy = page.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self'; img-src 'self' data: blob:")
            assert "<style" not in page.text
            assert not re.search(r"\s(on\w+|style)=", page.text)
            assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


def test_a_restart_keeps_people_inboxes_menus_windows_and_pictures(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    menu = {"button": [{"type": "click", "name": "帮", "key": "H"}]}
    with staged(answer=say("您好"), data_file=file) as stage:
        openid = stage.post("/api/people", {"name": "赵六"}).json()["openid"]
        stage.send(openid, text="在吗")
        stage.send(openid, image="/9j/")
        stage.call("menu/create", menu)
        token = stage.token()
        before = stage.inbox(openid)
        stage.wait_for(lambda: file.exists() and "您好" in file.read_text("utf-8"))
        stage.wait_for(lambda: token in file.read_text("utf-8"))
    with staged(answer=say("您好"), data_file=file) as again:
        assert len(again.get("/api/people").json()) == 3
        assert [i["text"] for i in again.inbox(openid)] == [i["text"] for i in before]
        assert again.token() == token
        assert again.call("menu/get")["menu"]["button"][0]["key"] == "H"
        body = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
        assert again.call("message/custom/send", body)["errcode"] == 0
        pictures = [
            i for i in again.get(f"/people/{openid}/feed").json()["items"] if i["type"] == "image"
        ]
        assert again.http.get(again.host + pictures[0]["url"]).content == b"\xff\xd8\xff"


class TestPhone:
    def test_the_pages_answer(self, stage: Stage) -> None:
        home = stage.get("/")
        assert "王秀英" in home.text
        assert "经办人" in home.text
        assert ACCOUNT.name in stage.get(f"/people/{WANG.openid}").text
        assert stage.get("/people/o_nobody").status_code == 404
        for name in ("form", "house", "road"):
            assert stage.get(f"/samples/{name}.jpg").content.startswith(b"\xff\xd8\xff")
        assert stage.get("/samples/other.jpg").status_code == 404

    @pytest.mark.parametrize(
        ("url", "target"),
        [
            ("/m/1?a=b", "/m/enter?next=%2Fm%2F1%3Fa%3Db"),
            ("{host}/m/1", "/m/enter?next=%2Fm%2F1"),
            ("http://elsewhere.example/x", "http://elsewhere.example/x"),
            ("{host}/sandbox/platform/x?a=b", "{host}/sandbox/platform/x?a=b"),
            (
                "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1#wechat_redirect",
                "/sandbox/platform/connect/oauth2/authorize?appid=wx1",
            ),
            ("javascript:alert(1)", None),
            ("weixin://x", None),
        ],
    )
    def test_links_open_as_this_person(self, stage: Stage, url: str, target: str | None) -> None:
        where = {"url": url.format(host=stage.host)}
        answer = stage.get(f"/people/{WANG.openid}/open", params=where)
        if target is None:
            assert answer.status_code == 400
            return
        assert answer.headers["Location"] == target.format(host=stage.host)
        assert f"sandbox_person={WANG.openid}" in answer.headers["Set-Cookie"]

    @pytest.mark.parametrize(
        "path", ["//evil.example", "/\\evil.example", "http://evil.example", "x"]
    )
    def test_login_stays_on_this_host(self, stage: Stage, path: str) -> None:
        answer = stage.get(f"/people/{WANG.openid}/login", params={"next": path})
        assert answer.headers["Location"] == "/m/enter?next=%2F"

    def test_the_feed_gives_what_is_new(self) -> None:
        with staged(
            answer=say('<a href="weixin://bizmsgmenu?msgmenucontent=对&msgmenuid=1">对</a>')
        ) as stage:
            stage.send(text="<b>在吗</b>")
            feed = stage.get(f"/people/{WANG.openid}/feed").json()
            assert [item["side"] for item in feed["items"]] == ["phone", "account"]
            assert feed["items"][0]["text"] == [{"text": "<b>在吗</b>"}]
            assert feed["items"][1]["text"] == [{"text": "对", "say": "对", "menu_id": "1"}]
            assert feed["now"] == "2026年11月24日 星期二 09:00"
            after = feed["items"][-1]["seq"]
            assert stage.get(f"/people/{WANG.openid}/feed?after={after}").json()["items"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一般的话", [{"text": "一般的话"}]),
        (
            '看<a href="/m/1">这里</a>。',
            [{"text": "看"}, {"text": "这里", "href": "/m/1"}, {"text": "。"}],
        ),
        ("<a href='http://a/?x=1&amp;y=2'>z</a>", [{"text": "z", "href": "http://a/?x=1&y=2"}]),
        ('<a href="javascript:alert(1)">x</a>', [{"text": '<a href="javascript:alert(1)">x</a>'}]),
        ('<a href="//evil/">x</a>', [{"text": '<a href="//evil/">x</a>'}]),
        ("<script>alert(1)</script>", [{"text": "<script>alert(1)</script>"}]),
        ('<a href="data:text/html,x">x</a>', [{"text": '<a href="data:text/html,x">x</a>'}]),
        (
            "见http://a.cn/b。",
            [{"text": "见"}, {"text": "http://a.cn/b", "href": "http://a.cn/b"}, {"text": "。"}],
        ),
    ],
)
def test_only_harmless_links_can_be_tapped(text: str, expected: Any) -> None:
    assert segments(text) == expected


def test_a_saved_state_of_another_version_is_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    file.write_text('{"people": [{"account": "qingshui", "openid": "o"}]}', "utf-8")
    with staged(data_file=file) as stage:
        assert len(stage.get("/api/people").json()) == 2
    assert (tmp_path / "sandbox.json.unreadable").exists()


def test_a_browser_gets_a_page_where_a_program_gets_json(stage: Stage) -> None:
    page = stage.get("/people/o_nobody", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<h1>" in page.text
    assert stage.get("/people/o_nobody").json()["error"]
