"""The frame of the platform's API: faults, tokens, recording, and answers with errcodes."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import SandboxAccount
from .delivery import Delivery
from .errors import PlatformError, error_body
from .state import Fault, Person, World

Body = dict[str, Any]


def anyone(_account: SandboxAccount) -> bool:
    """Every account may call this."""
    return True


def verified(account: SandboxAccount) -> bool:
    """Verified accounts of both kinds."""
    return account.verified


def verified_service(account: SandboxAccount) -> bool:
    """Verified service accounts alone."""
    return account.verified_service


def menu_owner(account: SandboxAccount) -> bool:
    """Service accounts, and subscription accounts once they are verified."""
    return account.kind == "service" or account.verified


@dataclass
class Call:
    """One call by the product."""

    world: World
    delivery: Delivery
    account: SandboxAccount
    body: Body = field(default_factory=dict)
    to: str | None = None

    def person(self, openid: Any, *, following: bool = True) -> Person:
        """The addressee: 40003 where there is none, 43004 where they do not follow."""
        found = None
        if isinstance(openid, str):
            self.to = openid
            found = self.world.people.get(openid)
        if found is None or found.account != self.account.slug:
            raise PlatformError(40003)
        if following and not found.following:
            raise PlatformError(43004)
        return found


Handler = Callable[[Call], Body | Response]


def account_of_token(world: World, token: str) -> SandboxAccount:
    """Whose access token this is: 41001 without, 42001 for an old one, 40001 for a foreign one."""
    if not token:
        raise PlatformError(41001)
    moment = world.epoch()
    with world.lock:
        for slug, state in world.states.items():
            for line in state.tokens.values():
                until = line.until if token == line.current else line.earlier.get(token)
                if until is not None:
                    if until <= moment:
                        raise PlatformError(42001)
                    return world.accounts[slug]
    raise PlatformError(40001)


def account_of_app(world: World, app_id: Any) -> SandboxAccount:
    """The account with this app id."""
    if not isinstance(app_id, str) or not app_id:
        raise PlatformError(41002)
    for account in world.accounts.values():
        if account.app_id == app_id:
            return account
    raise PlatformError(40013)


def json_body() -> Body:
    """The posted object: 44002 when empty, 47001 when it is no JSON object in UTF-8."""
    data = request.get_data()
    if not data:
        raise PlatformError(44002)
    try:
        body = json.loads(data.decode())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise PlatformError(47001) from error
    if not isinstance(body, dict):
        raise PlatformError(47001)
    return body


def _addressee() -> str | None:
    """Whom the call is for, as far as can be seen before it is understood."""
    openid = request.args.get("openid")
    if openid is None and request.is_json:
        body = request.get_json(silent=True)
        openid = body.get("touser") if isinstance(body, dict) else None
    return openid if isinstance(openid, str) else None


class PlatformApi:
    """Puts the platform's calls on a blueprint."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self.world = world
        self.delivery = delivery
        self.blueprint = Blueprint("platform", __name__, url_prefix="/platform")

    def add(
        self,
        path: str,
        handler: Handler,
        *,
        method: str = "POST",
        auth: str = "token",
        entitled: Callable[[SandboxAccount], bool] = anyone,
        reads_json: bool = True,
    ) -> None:
        """One call. auth: "token", "app" (by app id) or "own" (the handler checks by itself)."""
        name = path.removeprefix("cgi-bin/")

        def prepare() -> Call:
            if request.method != method:
                raise PlatformError(43002)
            body = {}
            if auth == "token":
                account = account_of_token(self.world, request.args.get("access_token", ""))
                if not entitled(account):
                    raise PlatformError(48001)
            if method == "POST" and reads_json:
                body = json_body()
            if auth == "app":
                source = body if method == "POST" else request.args
                account = account_of_app(self.world, source.get("appid"))
            elif auth == "own":
                account = self.world.default
            return Call(self.world, self.delivery, account, body)

        def view() -> Response:
            fault = self.world.take_fault(api=name)
            if fault:
                time.sleep(fault.delay_ms / 1000)
                if fault.status is not None or fault.errcode is not None:
                    return self._fail(name, fault)
            call = None
            try:
                call = prepare()
                result = handler(call)
                # Some answers carry a code and news at once: 45065 brings the earlier number.
                errcode = result.get("errcode", 0) if isinstance(result, dict) else 0
            except PlatformError as error:
                result, errcode = error.body(), error.errcode
            self._record(name, errcode, call.to if call and call.to else _addressee())
            return result if isinstance(result, Response) else jsonify(result)

        self.blueprint.add_url_rule(f"/{path}", name, view, methods=["GET", "POST"])

    def _fail(self, name: str, fault: Fault) -> Response:
        self._record(name, fault.errcode, _addressee())
        if fault.status is not None:
            return Response("upstream trouble", status=fault.status, mimetype="text/plain")
        return jsonify(error_body(fault.errcode or 0))

    def _record(self, name: str, errcode: int | None, to: str | None) -> None:
        row = {"api": name, "at": self.world.stamp(), "errcode": errcode, "to": to}
        with self.world.lock:
            self.world.calls.append(row)
