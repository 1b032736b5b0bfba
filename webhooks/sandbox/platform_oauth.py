"""Web authorisation: the browser's detour by way of the platform, and the exchange of its code."""

import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Response, current_app, make_response, redirect, render_template, request

from .errors import PlatformError
from .platform import Body, Call, PlatformApi, account_of_app
from .state import Person, WebCode, World

CODE_SECONDS = 300.0
WEB_TOKEN_SECONDS = 7200.0
COOKIE = "sandbox_person"
SCOPES = ("snsapi_base", "snsapi_userinfo")
_HERE = {"localhost", "127.0.0.1", "::1"}


def set_login(response: Response, person: Person) -> Response:
    """From now on this browser is the phone of this person."""
    path = f"{request.script_root}/"
    response.set_cookie(COOKIE, person.openid, path=path, httponly=True, samesite="Lax")
    return response


def _refusal(title: str, reason: str) -> Response:
    return make_response(render_template("refused.html", title=title, reason=reason), 400)


def _same_host(left: str | None, right: str | None) -> bool:
    return left == right or (left in _HERE and right in _HERE)


def _with_code(address: str, code: str, state: str) -> str:
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", state)]
    return urlunsplit(parts._replace(query=urlencode(query)))


class Authorization:
    """The page between the product's redirect and its return address."""

    def __init__(self, world: World) -> None:
        self.world = world

    def view(self) -> Response:
        """connect/oauth2/authorize."""
        world, args = self.world, request.args
        try:
            account = account_of_app(world, args.get("appid"))
        except PlatformError:
            return _refusal("链接无效", "AppID 参数错误（40013）")
        if not account.verified_service:
            return _refusal(
                "无法打开",
                f"“{account.name}”不是已认证的服务号，没有网页授权权限（48001 / 10005）。",
            )
        if args.get("response_type") != "code" or args.get("scope") not in SCOPES:
            return _refusal("链接无效", "response_type 或 scope 参数错误（10005）")
        target = args.get("redirect_uri", "")
        parts = urlsplit(target)
        if parts.scheme not in ("http", "https") or not _same_host(
            parts.hostname, urlsplit(account.callback_url).hostname
        ):
            return _refusal("链接无效", "redirect_uri 域名与后台配置不一致（10003）")
        chosen = args.get("sandbox_person") or request.cookies.get(COOKIE)
        person = world.people.get(chosen or "")
        if person is None or person.account != account.slug:
            people = [p for p in world.people.values() if p.account == account.slug]
            query = [(k, v) for k, v in args.items(multi=True) if k != "sandbox_person"]
            return make_response(
                render_template("choose.html", account=account, people=people, query=query)
            )
        code = secrets.token_hex(16)
        until = world.epoch() + CODE_SECONDS
        with world.lock:
            world.web_codes[code] = WebCode(person.openid, account.app_id, args["scope"], until)
        answer = redirect(_with_code(target, code, args.get("state", "")))
        return set_login(current_app.make_response(answer), person)


def _snapshot_openid(person: Person) -> str:
    """The made-up identity that a snapshot page gets: never one that follows."""
    return "oSNAP" + person.openid[1:24].ljust(23, "0")


def exchange(call: Call) -> Body:
    """sns/oauth2/access_token: a code once, within five minutes."""
    args = request.args
    if args.get("grant_type") != "authorization_code":
        raise PlatformError(40002)
    if args.get("secret") != call.account.secret:
        raise PlatformError(40125 if args.get("secret") else 41004)
    if not args.get("code"):
        raise PlatformError(41008)
    with call.world.lock:
        code = call.world.web_codes.get(args["code"])
        if code is None or code.app_id != call.account.app_id:
            raise PlatformError(40029)
        if code.used:
            raise PlatformError(40163)
        if code.until <= call.world.epoch():
            raise PlatformError(40029)
        code.used = True
        person = call.world.people[code.openid]
        token = secrets.token_urlsafe(64)
        until = call.world.epoch() + WEB_TOKEN_SECONDS
        openid = _snapshot_openid(person) if person.snapshot else person.openid
        call.world.web_tokens[token] = (person.openid, code.scope, until)
    call.to = openid
    answer: Body = {
        "access_token": token,
        "expires_in": int(WEB_TOKEN_SECONDS),
        "refresh_token": secrets.token_urlsafe(64),
        "openid": openid,
        "scope": code.scope,
    }
    return {**answer, "is_snapshotuser": 1} if person.snapshot else answer


def userinfo(call: Call) -> Body:
    """sns/userinfo: name and picture, where the person agreed to that."""
    token = request.args.get("access_token", "")
    if not token:
        raise PlatformError(41001)
    openid, scope, until = call.world.web_tokens.get(token, ("", "", 0.0))
    if not openid:
        raise PlatformError(40001)
    if until <= call.world.epoch():
        raise PlatformError(42001)
    if scope != "snsapi_userinfo":
        raise PlatformError(48001)
    person = call.world.people[openid]
    shown = _snapshot_openid(person) if person.snapshot else person.openid
    if request.args.get("openid") != shown:
        raise PlatformError(40003)
    call.to = shown
    return {
        "openid": shown,
        "nickname": "微信用户" if person.snapshot else person.name,
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }


def register(api: PlatformApi) -> None:
    """Put these calls on the API, and the page beside them."""
    page = Authorization(api.world)
    api.blueprint.add_url_rule("/connect/oauth2/authorize", "authorize", page.view)
    api.add("sns/oauth2/access_token", exchange, method="GET", auth="app")
    api.add("sns/userinfo", userinfo, method="GET", auth="own")
