"""The account's other calls: codes, menu, web authorisation, and answers that are none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.wrappers import Request, Response

from models.context import Context
from notices.channel import Outcome, PlatformTrouble
from notices.wechat_channel import WeChatPlatform, close_platforms, is_real, platform_of
from notices.wire import TooLarge
from tests.notices.ground import account, served, settings
from tests.notices.house import House

MENU = {"button": [{"type": "click", "name": "我要求助", "key": "apply"}]}


def test_one_platform_an_account_and_process(house: House) -> None:
    first = platform_of(house.ctx, "qingshui")
    assert platform_of(house.ctx, "qingshui") is first
    assert platform_of(house.ctx, "xiaowan") is not first
    assert platform_of(house.other(), "qingshui") is not first
    close_platforms(house.ctx)
    assert platform_of(house.ctx, "qingshui") is not first
    with pytest.raises(KeyError):
        platform_of(house.ctx, "nobody")


def test_menu(house: House) -> None:
    platform = platform_of(house.ctx, "qingshui")
    assert platform.show_menu() is None
    platform.push_menu(MENU)
    shown = platform.show_menu()
    assert shown is not None
    assert shown["menu"]["button"][0]["key"] == "apply"


def test_a_code_with_a_scene_is_scanned(house: House) -> None:
    url = platform_of(house.ctx, "qingshui").scene_qr("signin_abc", 300)
    assert url.startswith("http://weixin.qq.com/q/")
    with pytest.raises(PlatformTrouble) as caught:
        platform_of(house.ctx, "xiaowan").scene_qr("signin_abc", 300)
    assert caught.value.errcode == 48001


def test_web_authorisation(house: House) -> None:
    wang = house.follow()
    platform = platform_of(house.ctx, "qingshui")
    address = platform.authorize_url("http://127.0.0.1/m/back?next=%2Fm%2F", "st4te")
    assert address.startswith(f"{house.base}/sandbox/platform/connect/oauth2/authorize?appid=")
    answer = requests.get(
        address.partition("#")[0] + f"&sandbox_person={wang.openid}",
        allow_redirects=False, timeout=10,
    )
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["st4te"]
    assert query["next"] == ["/m/"]
    assert platform.web_identity(query["code"][0]) == (wang.openid, False)
    with pytest.raises(PlatformTrouble) as caught:
        platform.web_identity(query["code"][0])
    assert (caught.value.kind, caught.value.errcode) == (Outcome.BAD_CODE, 40163)


def test_a_snapshot_visitor_is_told_apart(house: House) -> None:
    wang = house.follow(snapshot=True)
    platform = platform_of(house.ctx, "qingshui")
    address = platform.authorize_url("http://127.0.0.1/m/back", "s").partition("#")[0]
    answer = requests.get(
        f"{address}&sandbox_person={wang.openid}", allow_redirects=False, timeout=10
    )
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    openid, snapshot = platform.web_identity(code)
    assert snapshot
    assert openid != wang.openid


def test_the_real_platform_authorises_elsewhere(house: House) -> None:
    real = replace(house.ctx.settings.accounts[0], api_base_url="https://api.weixin.qq.com")
    url = WeChatPlatform(house.ctx, real).authorize_url("https://example.test/m/", "s")
    assert url.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx-qingshui&")
    assert url.endswith("&state=s#wechat_redirect")
    assert "redirect_uri=https%3A%2F%2Fexample.test%2Fm%2F&" in url
    for host, expected in (
        ("https://api.weixin.qq.com", True), ("https://sh.api.weixin.qq.com/", True),
        ("https://api.weixin.qq.com.evil.test", False), ("http://127.0.0.1:8080/x", False),
    ):
        assert is_real(replace(real, api_base_url=host)) is expected


@contextmanager
def strange(house: House, answer: Any) -> Iterator[WeChatPlatform]:
    """A platform whose every call but the token's is answered by this."""

    def app(environ: Any, start: Any) -> Any:
        request = Request(environ)
        if request.path.endswith("stable_token"):
            response = Response('{"access_token": "t0ken-t0ken", "expires_in": 7200}')
        else:
            response = answer(request)
        return response(environ, start)

    with served(app) as base:
        other = replace(house.ctx.settings.accounts[0], api_base_url=base, slug="strange")
        platform = WeChatPlatform(house.ctx, other)
        yield platform
        platform.close()


@pytest.mark.parametrize(
    "body",
    [
        "<html>请登录上网</html>", "", "[]", "null", '"ok"', '{"errcode": "x"}',
        '{"errcode": null, "errmsg"', "\x00\xff", "[" * 100_000,
    ],
)
def test_answers_that_are_none_are_tried_again(house: House, body: str) -> None:
    with strange(house, lambda _request: Response(body, content_type="text/html")) as platform:
        for call in (
            lambda: platform.send_text("o1", "您好"),
            lambda: platform.send_template("o1", "T", {"thing1": "x"}, "", "id"),
            lambda: platform.scene_qr("s", 60),
            lambda: platform.web_identity("code"),
            lambda: platform.fetch_media("m"),
        ):
            with pytest.raises(PlatformTrouble) as caught:
                call()
            assert caught.value.kind is Outcome.RETRY, body[:20]


def test_nothing_that_is_raised_or_logged_repeats_the_token(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with strange(house, lambda _request: Response("no", status=500)) as platform:
        for call in (platform.send_text, platform.scene_qr):
            with pytest.raises(PlatformTrouble) as caught:
                call("o1", 60)
            assert caught.value.__cause__ is None
            assert "t0ken" not in repr(caught.value)
    # The platform is gone altogether.
    with pytest.raises(PlatformTrouble) as caught:
        platform.send_text("o1", "您好")
    assert caught.value.kind is Outcome.RETRY
    assert "t0ken" not in caplog.text


def test_a_file_that_drips_is_cut_off_by_its_size(house: House) -> None:
    served_bytes = 0
    done = threading.Event()

    def endless(_request: Request) -> Response:
        def stream() -> Iterator[bytes]:
            nonlocal served_bytes
            try:
                while not done.is_set() and served_bytes < 200 * 1024 * 1024:
                    served_bytes += 1024 * 1024
                    yield bytes(1024 * 1024)
            finally:
                done.set()

        return Response(stream(), content_type="image/jpeg")

    with strange(house, endless) as platform:
        with pytest.raises(TooLarge):
            platform.fetch_media("m")
        done.set()
    assert served_bytes < 40 * 1024 * 1024


def test_the_configured_proxy_is_used(house: House) -> None:
    seen: list[str] = []

    def proxy(environ: Any, start: Any) -> Any:
        seen.append(environ.get("RAW_URI") or environ["REQUEST_URI"])
        return Response('{"access_token": "t", "expires_in": 7200}')(environ, start)

    with served(proxy) as address:
        given = settings(
            house.ctx.settings.database_url, house.ctx.settings.keys,
            (account("far", "http://api.example.test"),), http_proxy=address,
        )
        ctx = Context(given, house.ctx.db, house.clock, house.ctx.speak)
        platform_of(ctx, "far")._tokens.get()
        close_platforms(ctx)
    assert seen == ["http://api.example.test/sandbox/platform/cgi-bin/stable_token"]
