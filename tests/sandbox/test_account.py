"""Menus, tags, codes, media, followers' data and web authorisation."""

import io
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from .stage import ACCOUNT, LI, WANG, Stage, staged

CLICK = {"type": "click", "name": "找人工", "key": "HUMAN"}
VIEW = {"type": "view", "name": "看公开", "url": "http://127.0.0.1/"}
MENU = {"button": [{"name": "我要求助", "sub_button": [CLICK, VIEW]}, VIEW, CLICK]}


def test_a_menu_is_kept_shown_and_deleted(stage: Stage) -> None:
    assert stage.call("menu/get")["errcode"] == 46003
    assert stage.call("menu/create", MENU)["errcode"] == 0
    found = stage.call("menu/get")["menu"]["button"]
    assert [column["name"] for column in found] == ["我要求助", "看公开", "找人工"]
    assert [sub["name"] for sub in found[0]["sub_button"]] == ["找人工", "看公开"]
    assert stage.get(f"/people/{WANG.openid}/feed").json()["menu"] == found
    assert stage.call("menu/delete")["errcode"] == 0
    assert stage.call("menu/get")["errcode"] == 46003


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ({"button": []}, 40016),
        ({"button": [CLICK] * 4}, 40016),
        ({"button": [{**CLICK, "name": "六个汉字太长"}]}, 40018),
        ({"button": [{**CLICK, "type": "dance"}]}, 40017),
        ({"button": [{**CLICK, "key": "k" * 129}]}, 40019),
        ({"button": [{**VIEW, "url": "http://" + "u" * 1018}]}, 40020),
        ({"button": [{**VIEW, "url": "/relative"}]}, 40020),
        ({"button": [{"name": "多", "sub_button": [CLICK] * 6}]}, 40023),
        ({"button": [{"name": "多", "sub_button": [{**CLICK, "name": "字" * 21}]}]}, 40025),
        ({"button": [{"name": "多", "sub_button": [{**CLICK, "key": ""}]}]}, 40026),
        ({"button": [{"name": "", "sub_button": [CLICK]}]}, 40018),
        ({"button": "x"}, 40016),
    ],
)
def test_a_menu_that_does_not_fit(stage: Stage, menu: Any, code: int) -> None:
    assert stage.call("menu/create", menu)["errcode"] == code


def test_a_tag_shows_another_menu(stage: Stage) -> None:
    stage.call("menu/create", MENU)
    tag = stage.call("tags/create", {"tag": {"name": "经办人"}})["tag"]["id"]
    special = {"button": [CLICK], "matchrule": {"tag_id": str(tag)}}
    menu_id = stage.call("menu/addconditional", special)["menuid"]
    body = {"openid_list": [LI.openid], "tagid": tag}
    assert stage.call("tags/members/batchtagging", body)["errcode"] == 0
    assert stage.call("tags/get")["tags"] == [{"id": tag, "name": "经办人", "count": 1}]
    assert len(stage.get(f"/people/{LI.openid}/feed").json()["menu"]) == 1
    assert len(stage.get(f"/people/{WANG.openid}/feed").json()["menu"]) == 3
    assert stage.call("menu/delconditional", {"menuid": menu_id})["errcode"] == 0
    assert len(stage.get(f"/people/{LI.openid}/feed").json()["menu"]) == 3
    assert stage.call("tags/members/batchuntagging", body)["errcode"] == 0
    assert stage.call("tags/members/batchtagging", {**body, "tagid": 7})["errcode"] == 45159


def qr(name: str, scene: Any, **more: Any) -> dict[str, Any]:
    """The body of qrcode/create."""
    return {"action_name": name, "action_info": {"scene": scene}, **more}


def test_a_code_is_made_drawn_and_scanned(stage: Stage) -> None:
    made = stage.call(
        "qrcode/create", qr("QR_STR_SCENE", {"scene_str": "bind-7"}, expire_seconds=600)
    )
    assert made["expire_seconds"] == 600
    picture = stage.get("/platform/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    stage.send(scan="bind-7")
    assert stage.callback.heard[-1].fields["Ticket"] == made["ticket"]
    assert stage.get("/platform/cgi-bin/showqrcode", params={"ticket": "x"}).status_code == 404
    stage.later(minutes=11)
    gone = stage.get("/platform/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert gone.status_code == 404
    assert stage.get(f"/people/{WANG.openid}/feed").json()["codes"] == [
        {"scene": "bind-7", "expired": True}
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (qr("QR_LIMIT_STR_SCENE", {"scene_str": "poster"}), None),
        (qr("QR_LIMIT_SCENE", {"scene_id": 100_000}), None),
        (qr("QR_SCENE", {"scene_id": 4_000_000_000}), None),
        (qr("QR_LIMIT_SCENE", {"scene_id": 100_001}), 40053),
        (qr("QR_STR_SCENE", {"scene_str": "x" * 65}), 40053),
        (qr("QR_STR_SCENE", {"scene_str": ""}), 40053),
        (qr("QR_STR_SCENE", None), 40053),
        (qr("QR_SOMETHING", {"scene_str": "x"}), 40053),
        (qr("QR_STR_SCENE", {"scene_str": "x"}, expire_seconds=2_592_001), 40097),
    ],
)
def test_codes_within_and_beyond_the_limits(stage: Stage, body: Any, code: int | None) -> None:
    assert stage.call("qrcode/create", body).get("errcode") == code


def test_media_live_for_three_days(stage: Stage) -> None:
    url, token = f"{stage.root}/platform/cgi-bin/media", stage.token()

    def upload(kind: str, data: bytes) -> Any:
        query = {"access_token": token, "type": kind}
        files = {"media": ("名.jpg", data, "image/jpeg")} if data else None
        return stage.http.post(f"{url}/upload", params=query, files=files).json()

    sent = upload("image", b"\xff\xd8\xff data")
    assert sent["type"] == "image"
    assert upload("picture", b"x")["errcode"] == 40004
    assert upload("image", b"no picture")["errcode"] == 40004
    assert upload("image", b"")["errcode"] == 41005
    assert upload("thumb", b"\xff\xd8\xff" + b"x" * 65536)["errcode"] == 45001
    stage.later(days=2)
    token = stage.token()
    query = {"access_token": token, "media_id": sent["media_id"]}
    got = stage.http.get(f"{url}/get", params=query)
    assert (got.headers["Content-Type"], got.content) == ("image/jpeg", b"\xff\xd8\xff data")
    stage.later(days=1)
    query["access_token"] = stage.token()
    assert stage.http.get(f"{url}/get", params=query).json()["errcode"] == 40007
    assert stage.http.get(f"{url}/get", params={**query, "media_id": ""}).json()["errcode"] == 41006


def test_user_info_has_no_name(stage: Stage) -> None:
    found = stage.call("user/info", openid=WANG.openid)
    assert (found["subscribe"], found["nickname"]) == (1, "")
    assert stage.call("user/get")["total"] == 2
    stage.send(unfollow=True)
    assert stage.call("user/info", openid=WANG.openid)["subscribe"] == 0
    assert stage.call("user/info", openid="o_nobody")["errcode"] == 40003
    assert stage.call("user/info")["errcode"] == 41009


class TestWebAuthorization:
    def ask(self, stage: Stage, **changes: str) -> Any:
        query = {
            "appid": ACCOUNT.app_id,
            "redirect_uri": f"{stage.host}/m/back?x=1",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": "st/1",
            **changes,
        }
        return stage.get("/platform/connect/oauth2/authorize", params=query)

    def code(self, stage: Stage, **changes: str) -> str:
        target = str(self.ask(stage, **changes).headers["Location"])
        return parse_qs(urlsplit(target).query)["code"][0]

    def exchange(self, stage: Stage, code: str, **changes: str) -> Any:
        query = {
            "appid": ACCOUNT.app_id,
            "secret": ACCOUNT.secret,
            "code": code,
            "grant_type": "authorization_code",
            **changes,
        }
        return stage.get("/platform/sns/oauth2/access_token", params=query).json()

    def test_login_then_code_then_openid(self, stage: Stage) -> None:
        login = stage.get(f"/people/{WANG.openid}/login", params={"next": "/desk/?a=1&b=2"})
        assert login.headers["Location"] == "/m/enter?next=%2Fdesk%2F%3Fa%3D1%26b%3D2"
        assert "HttpOnly" in login.headers["Set-Cookie"]
        back = self.ask(stage)
        assert back.status_code == 302
        target = urlsplit(back.headers["Location"])
        query = parse_qs(target.query)
        assert (target.path, query["x"], query["state"]) == ("/m/back", ["1"], ["st/1"])
        answer = self.exchange(stage, query["code"][0])
        assert answer["openid"] == WANG.openid
        assert "is_snapshotuser" not in answer
        assert self.exchange(stage, query["code"][0])["errcode"] == 40163
        assert self.exchange(stage, "invented")["errcode"] == 40029
        assert self.exchange(stage, "x", secret="y")["errcode"] == 40125
        userinfo = {"access_token": answer["access_token"], "openid": WANG.openid}
        assert stage.get("/platform/sns/userinfo", params=userinfo).json()["errcode"] == 48001
        apis = [row["api"] for row in stage.get("/api/calls").json()]
        assert apis.count("sns/oauth2/access_token") == 4

    def test_a_code_is_good_for_five_minutes(self, stage: Stage) -> None:
        stage.get(f"/people/{WANG.openid}/login")
        code = self.code(stage)
        stage.later(minutes=6)
        assert self.exchange(stage, code)["errcode"] == 40029

    def test_userinfo_with_its_scope(self, stage: Stage) -> None:
        stage.get(f"/people/{WANG.openid}/login")
        answer = self.exchange(stage, self.code(stage, scope="snsapi_userinfo"))
        query = {"access_token": answer["access_token"], "openid": WANG.openid}
        path = "/platform/sns/userinfo"
        assert stage.get(path, params=query).json()["nickname"] == "王秀英"
        assert stage.get(path, params={**query, "openid": LI.openid}).json()["errcode"] == 40003
        assert stage.get(path, params={"access_token": "x"}).json()["errcode"] == 40001
        assert stage.get(path).json()["errcode"] == 41001

    def test_a_snapshot_has_another_identity(self, stage: Stage) -> None:
        body = {"name": "快照", "snapshot": True}
        openid = stage.post("/api/people", body).json()["openid"]
        stage.get(f"/people/{openid}/login")
        answer = self.exchange(stage, self.code(stage))
        assert answer["is_snapshotuser"] == 1
        assert answer["openid"] != openid

    def test_without_a_login_one_chooses_who_to_be(self, stage: Stage) -> None:
        page = self.ask(stage)
        assert page.status_code == 200
        assert "王秀英" in page.text
        chosen = self.ask(stage, sandbox_person=LI.openid)
        assert chosen.status_code == 302
        code = parse_qs(urlsplit(chosen.headers["Location"]).query)["code"][0]
        assert self.exchange(stage, code)["openid"] == LI.openid

    @pytest.mark.parametrize(
        "changes",
        [
            {"appid": "wx0"},
            {"scope": "everything"},
            {"response_type": "token"},
            {"redirect_uri": "https://evil.example/"},
            {"redirect_uri": "javascript:alert(1)"},
        ],
    )
    def test_wrong_requests_get_a_page_that_says_so(self, stage: Stage, changes: Any) -> None:
        stage.get(f"/people/{WANG.openid}/login")
        assert self.ask(stage, **changes).status_code == 400

    @pytest.mark.parametrize("changes", [{"verified": False}, {"kind": "subscription"}])
    def test_only_verified_service_accounts_have_it(self, changes: Any) -> None:
        with staged(replace(ACCOUNT, **changes)) as stage:
            stage.get(f"/people/{WANG.openid}/login")
            answer = self.ask(stage)
            assert answer.status_code == 400
            assert "没有网页授权权限" in answer.text
