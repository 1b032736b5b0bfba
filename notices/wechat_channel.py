"""WeChat's API for one account, over wechatpy: its calls, with our token, timeouts and errors.

wechatpy alone retries a refused token without end, fetches tokens without a lock, and waits
for ever; so its retry is off, the token comes from `notices/tokens.py`, and every call has
its timeouts. Addresses carry the token and are therefore in no error and no log.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import structlog
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from models.accounts import Account
from models.context import Context
from notices import wire
from notices.channel import NO_ANSWER, Outcome, PlatformTrouble
from notices.tokens import TokenProvider
from notices.wire import Answer

AUTHORIZE = "https://open.weixin.qq.com"

T = TypeVar("T")

log = structlog.get_logger(__name__)
_lock = threading.Lock()


def is_real(account: Account) -> bool:
    """Whether the account's address is the platform's own, behind which are real people."""
    host = urlsplit(account.api_base_url).hostname or ""
    return host == "weixin.qq.com" or host.endswith(".weixin.qq.com")


def platform_of(ctx: Context, slug: str) -> WeChatPlatform:
    """The platform for this account, one for the life of the process. KeyError where unknown."""
    with _lock:
        # With the context: in a table of this module they would keep it for ever.
        kept: dict[str, WeChatPlatform] = ctx.directory.beside.setdefault("platforms", {})
        if slug not in kept:
            account = ctx.settings.account(slug)
            if account is None:
                raise KeyError(slug)
            kept[slug] = WeChatPlatform(ctx, account)
        return kept[slug]


def close_platforms(ctx: Context) -> None:
    """Close the kept connections of this context's accounts."""
    with _lock:
        for platform in ctx.directory.beside.pop("platforms", {}).values():
            platform.close()


class _Client(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's client with our base address, session and token."""

    _http: requests.Session

    def __init__(
        self, account: Account, base: str, http: requests.Session, timeout: tuple[float, float],
        token: Callable[[], str],
    ) -> None:
        super().__init__(account.app_id, account.secret, timeout=timeout, auto_retry=False)
        self.API_BASE_URL = f"{base}/cgi-bin/"
        self._http.close()
        self._http = http
        self._token = token
        # A proxy is requests' own affair.
        self._straight = None if http.proxies else wire.Straight(http, base, timeout)
        self._root = urlsplit(self.API_BASE_URL).path

    @property
    def access_token(self) -> str:
        return self._token()

    def _request(self, method: str, url_or_endpoint: str, **given: Any) -> Any:
        data, straight = given.get("data"), self._straight
        if straight is None or not isinstance(data, dict) or set(given) != {"data"}:
            return super()._request(method, url_or_endpoint, **given)
        target = f"{self._root}{url_or_endpoint}?{urlencode({'access_token': self._token()})}"
        body = json.dumps(data, ensure_ascii=False).encode()
        return self._handle_result(straight.post(target, body))

    def fetch_access_token(self) -> None:
        raise NotImplementedError("tokens come from notices/tokens.py")


class WeChatPlatform:
    """One account's calls. Safe to share between threads. Raises PlatformTrouble."""

    def __init__(self, ctx: Context, account: Account) -> None:
        self._account = account
        self._base = account.api_base_url.rstrip("/")
        self._timeout = (ctx.settings.pushes.connect_timeout, ctx.settings.pushes.read_timeout)
        self._http = wire.open_session(ctx.settings.http_proxy, self._base)
        self._tokens = TokenProvider(ctx, account.slug, self._fetch_token)
        # Under a lease and a row of its own: one fetch serves every process.
        self._tickets = TokenProvider(ctx, f"ticket:{account.slug}", self._fetch_ticket)
        self._client = _Client(account, self._base, self._http, self._timeout, self._tokens.get)
        # At its most talkative it writes whole addresses, and with them the token.
        logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def send_text(self, openid: str, text: str) -> None:
        """A customer-service message."""
        self._call(lambda: self._client.message.send_text(openid, text))

    def send_template(
        self, openid: str, template_id: str, fields: Mapping[str, str], url: str,
        client_msg_id: str,
    ) -> str | None:
        """A template message; its id, by which the platform later tells whether it arrived."""
        data: Answer = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in fields.items()},
            # One send a person and id within ten minutes: a repeat after a crash is none.
            "client_msg_id": client_msg_id,
        }
        if url:
            data["url"] = url
        # wechatpy's own send_template knows no client_msg_id.
        answer = self._call(lambda: self._client.post("message/template/send", data=data))
        msg_id = answer.get("msgid")
        return str(msg_id) if msg_id else None

    def send_subscription(
        self, openid: str, template_id: str, fields: Mapping[str, str], page: str
    ) -> None:
        """A subscription message (订阅通知); it uses up a grant, and has no id of its own."""
        data: Answer = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in fields.items()},
        }
        if page:
            data["page"] = page
        self._call(lambda: self._client.post("message/subscribe/bizsend", data=data))

    def page_ticket(self) -> str:
        """The ticket by which pages sign their use of the JS-SDK."""
        return self._tickets.get()

    def scene_qr(self, scene: str, seconds: int) -> str:
        """The address that a QR code with this scene carries, good for so many seconds."""
        data = {
            "expire_seconds": seconds,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        url = self._call(lambda: self._client.qrcode.create(data)).get("url")
        if not url:
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return str(url)

    def push_menu(self, menu: Answer) -> None:
        """Replace the account's menu."""
        self._call(lambda: self._client.menu.create(menu))

    def show_menu(self) -> Answer | None:
        """The account's menu, or None where it has none."""
        # wechatpy itself turns 46003 (no menu) into None.
        return self._call(lambda: self._client.menu.get() or {}) or None

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where a browser is sent to learn who it is (snsapi_base: nothing is asked)."""
        base = AUTHORIZE if is_real(self._account) else self._base
        query = urlencode(
            {
                "appid": self._account.app_id, "redirect_uri": redirect_uri,
                "response_type": "code", "scope": "snsapi_base", "state": state,
            }
        )
        return f"{base}/connect/oauth2/authorize?{query}#wechat_redirect"

    def web_identity(self, code: str) -> tuple[str, bool]:
        """Who came back from `authorize_url`: the openid, and whether it is a made-up one."""
        params = {
            "appid": self._account.app_id, "secret": self._account.secret,
            "code": code, "grant_type": "authorization_code",
        }
        answer = self._plain("GET", "sns/oauth2/access_token", params=params)
        if not answer.get("openid"):
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return str(answer["openid"]), bool(answer.get("is_snapshotuser"))

    def post(self, path: str, body: Answer) -> Answer:
        """A call that wechatpy has no method for."""
        return self._call(lambda: self._client.post(path, data=body))

    def add_picture(self, name: str, data: bytes) -> str:
        """Keep a picture for good; its media id."""
        answer = self._call(lambda: self._client.post(
            "material/add_material", params={"type": "image"}, files={"media": (name, data)}
        ))
        if not answer.get("media_id"):
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return str(answer["media_id"])

    def fetch_media(self, media_id: str) -> bytes:
        """The bytes of a photo or recording that somebody sent. Raises TooLarge."""
        return self._call(lambda: self._download(media_id))

    def _call(self, call: Callable[[], T]) -> T:
        """Make a call; where the token is refused, once more with another one."""
        token = self._tokens.get()
        try:
            return self._once(call)
        except PlatformTrouble as trouble:
            if trouble.kind != Outcome.REFRESH_TOKEN:
                raise
        self._tokens.renew(bad=token)
        return self._once(call)

    def _once(self, call: Callable[[], T]) -> T:
        try:
            answer = call()
        except WeChatClientException as error:
            if error.errcode is None:
                raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER) from None
            trouble = self._trouble(int(error.errcode), str(error.errmsg))
            trouble.msg_id = wire.msg_id_of(error.response)
            raise trouble from None
        except (requests.RequestException, ValueError, TypeError, RecursionError):
            # `from None`: a requests error repeats the address, and the token in it.
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER) from None
        if not isinstance(answer, dict | bytes):
            # wechatpy hands a body that is no JSON (a proxy's page, nothing) back as it is.
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return answer

    def _trouble(self, errcode: int, errmsg: str) -> PlatformTrouble:
        trouble = PlatformTrouble.of(errcode)
        if trouble.kind == Outcome.STOP_ACCOUNT:
            # The platform's own words say which address is missing from the whitelist.
            log.error("platform_stop", account=self._account.slug, errcode=errcode, said=errmsg)
        return trouble

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        answer = self._plain("POST", "cgi-bin/stable_token", body=body)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int) or not token:
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return token, seconds

    def _fetch_ticket(self, _force: bool) -> tuple[str, int]:
        answer = self._call(lambda: self._client.jsapi.get_ticket())
        ticket, seconds = answer.get("ticket"), answer.get("expires_in")
        if not isinstance(ticket, str) or not isinstance(seconds, int) or not ticket:
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return ticket, seconds

    def _plain(
        self, method: str, path: str, *, params: dict[str, str] | None = None,
        body: Answer | None = None,
    ) -> Answer:
        """A call without a token, made by ourselves: wechatpy has none, or none with timeouts."""

        def call() -> Answer:
            response = self._http.request(
                method, f"{self._base}/{path}", params=params, json=body, timeout=self._timeout
            )
            response.raise_for_status()
            answer = wire.read_answer(response.content)
            if errcode := wire.errcode_of(answer):
                raise self._trouble(errcode, str(answer.get("errmsg", "")))
            return answer

        return self._once(call)

    def _download(self, media_id: str) -> bytes:
        url = f"{self._base}/cgi-bin/media/get"
        params = {"access_token": self._tokens.get(), "media_id": media_id}
        found = wire.download(self._http, url, params, self._timeout)
        if isinstance(found, bytes):
            return found
        errcode = wire.errcode_of(found)
        # An answer without a code speaks of a video, which nobody is asked for.
        raise self._trouble(errcode or 40007, str(found.get("errmsg", "")))
