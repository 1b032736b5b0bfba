"""The sandbox over real HTTP, with small hand-made callbacks in the product's place."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import xmltodict
from flask import Flask
from wechatpy.crypto import WeChatCrypto
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from webhooks.sandbox import SandboxAccount, SandboxPerson, create_sandbox
from webhooks.sandbox.state import World

AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ACCOUNT = SandboxAccount(
    slug="qingshui",
    name="清水县社会救助",
    app_id="wx1234567890abcdef",
    original_id="gh_0123456789ab",
    secret="s3cret",
    token="tok3n",
    aes_key=AES_KEY,
    mode="safe",
    kind="service",
    verified=True,
    callback_url="http://127.0.0.1:9/",
    templates={"TPL1": ("thing1", "time2", "phrase3")},
    subscriptions={"SUB1": ("thing1", "time2", "phrase3"), "SUB2": ("thing1",)},
    lasting=("SUB2",),
)
WANG = SandboxPerson("o_wang_0000000000000000000000", "王秀英", "resident", "大湾村", "qingshui")
LI = SandboxPerson("o_li_000000000000000000000000", "李文", "officer", "青石镇", "qingshui")


class QuietHandler(WSGIRequestHandler):
    """No log lines in the tests' output."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The WSGI application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Heard:
    """One delivery as the callback got it."""

    query: dict[str, str]
    body: str
    fields: dict[str, Any]


Answer = Callable[["Callback", Heard], "str | bytes | Response"]


def nothing(_callback: "Callback", _heard: Heard) -> str:
    """The answer that is none."""
    return "success"


@dataclass
class Callback:
    """A callback that checks with wechatpy's crypto and answers what it is told to."""

    account: SandboxAccount
    answer: Answer = nothing
    heard: list[Heard] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def crypto(self) -> WeChatCrypto:
        """An implementation that is not the sandbox's own."""
        return WeChatCrypto(self.account.token, self.account.aes_key, self.account.app_id)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """WSGI."""
        request = Request(environ)
        try:
            response = self.respond(request)
        except Exception as error:
            self.problems.append(repr(error))
            response = Response("broken", 500)
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Decrypt, note, answer."""
        query = request.args.to_dict()
        if request.method == "GET":
            return Response(query["echostr"])
        body = request.get_data().decode()
        plain = body
        if self.account.mode != "plain":
            assert query["encrypt_type"] == "aes"
            plain = self.crypto().decrypt_message(
                body, query["msg_signature"], query["timestamp"], query["nonce"]
            )
            if isinstance(plain, bytes):
                plain = plain.decode()
        heard = Heard(query, body, xmltodict.parse(plain)["xml"])
        self.heard.append(heard)
        result = self.answer(self, heard)
        return result if isinstance(result, Response) else Response(result)

    def text(self, heard: Heard, content: str, **changes: Any) -> str:
        """A text reply's plain XML."""
        values = {
            "ToUserName": heard.fields["FromUserName"],
            "FromUserName": heard.fields["ToUserName"],
            "CreateTime": "1764000000",
            "MsgType": "text",
            "Content": content,
            **changes,
        }
        return str(xmltodict.unparse({"xml": values}, full_document=False))

    def sealed(self, heard: Heard, plain: str) -> str:
        """The reply as the account's mode wants it."""
        if self.account.mode == "plain":
            return plain
        nonce, timestamp = heard.query["nonce"], heard.query["timestamp"]
        return str(self.crypto().encrypt_message(plain, nonce, timestamp))


def say(content: str, **changes: Any) -> Answer:
    """Always answer this."""
    return lambda callback, heard: callback.sealed(heard, callback.text(heard, content, **changes))


@dataclass
class Stage:
    """The running sandbox and its callback."""

    host: str
    app: Flask
    callback: Callback
    clock: list[datetime]
    http: requests.Session

    @property
    def root(self) -> str:
        """Where the sandbox is mounted."""
        return f"{self.host}/sandbox"

    @property
    def world(self) -> World:
        """What the sandbox remembers."""
        world = self.app.extensions["sandbox_world"]
        assert isinstance(world, World)
        return world

    def get(self, path: str, **more: Any) -> requests.Response:
        """GET without following redirects."""
        return self.http.get(self.root + path, allow_redirects=False, timeout=20, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> requests.Response:
        """POST JSON."""
        return self.http.post(self.root + path, json=body, timeout=20, **more)

    def send(self, openid: str = WANG.openid, **what: Any) -> dict[str, Any]:
        """One thing sent by a person."""
        response = self.post(f"/api/people/{openid}/send", what)
        assert response.status_code == 200, response.text
        result = response.json()
        assert isinstance(result, dict)
        return result

    def inbox(self, openid: str = WANG.openid) -> list[dict[str, Any]]:
        """All that reached a phone."""
        found = self.get(f"/api/people/{openid}/inbox").json()
        assert isinstance(found, list)
        return found

    def token(self) -> str:
        """A stable token."""
        body = {
            "grant_type": "client_credential",
            "appid": self.callback.account.app_id,
            "secret": self.callback.account.secret,
        }
        return str(self.post("/platform/cgi-bin/stable_token", body).json()["access_token"])

    def call(self, api: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """A platform call with a token: POST where there is a body."""
        query.setdefault("access_token", self.token())
        path = f"/platform/cgi-bin/{api}"
        if body is None:
            response = self.get(path, params=query)
        else:
            response = self.post(path, body, params=query)
        assert response.status_code == 200
        result = response.json()
        assert isinstance(result, dict)
        return result

    def later(self, **span: float) -> None:
        """Moves the demo's clock."""
        self.clock[0] += timedelta(**span)

    def wait_for(self, condition: Callable[[], object], seconds: float = 5.0) -> None:
        """Until it holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.02)


@contextmanager
def staged(
    account: SandboxAccount = ACCOUNT, answer: Answer | None = None, **more: Any
) -> Iterator[Stage]:
    """The sandbox for one account, with a callback that answers so."""
    callback = Callback(account)
    if answer:
        callback.answer = answer
    clock = [datetime(2026, 11, 24, 1, 0, tzinfo=UTC)]

    def advance(step: timedelta) -> datetime:
        clock[0] += step
        return clock[0]

    with served(callback) as target:
        # A callback address given beforehand is a test's own: one that does not answer, say.
        if account.callback_url == ACCOUNT.callback_url:
            callback.account = replace(account, callback_url=f"{target}/wechat/{account.slug}")
        settings: dict[str, Any] = {
            "now": lambda: clock[0],
            "advance": advance,
            "entry": "/m/enter?next={next}",
            "retry_seconds": 0.3,
            **more,
        }
        app = create_sandbox([callback.account], [WANG, LI], **settings)
        mounted = DispatcherMiddleware(Response("no product", 404), {"/sandbox": app})
        with served(mounted) as host, requests.Session() as http:
            http.trust_env = False
            yield Stage(host, app, callback, clock, http)
    assert callback.problems == []
