"""What WeChat's script on a page (static/jweixin.js) asks of the phone that it runs in."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from .acts import read_act
from .control import BadRequest
from .delivery import Delivery
from .errors import PlatformError
from .platform import account_of_app
from .platform_oauth import COOKIE
from .state import Person, World


class Sdk:
    """The script's calls: is the page's signature right, and what the person taps."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self.world = world
        self.delivery = delivery
        self.blueprint = Blueprint("sdk", __name__, url_prefix="/sdk")
        self.blueprint.add_url_rule("/config", "config", self.config, methods=["POST"])
        self.blueprint.add_url_rule("/popup", "popup", self.popup, methods=["POST"])

    def config(self) -> Response:
        """wx.config: the account's name where its ticket signed this very page."""
        body = self._body()
        try:
            account = account_of_app(self.world, body.get("appId"))
        except PlatformError as error:
            raise BadRequest("config:invalid appid") from error
        with self.world.lock:
            line = self.world.states[account.slug].tokens.get("ticket")
        url = str(body.get("url", "")).partition("#")[0]
        signed = (
            f"jsapi_ticket={line.current if line else ''}&noncestr={body.get('nonceStr')}"
            f"&timestamp={body.get('timestamp')}&url={url}"
        )
        expected = hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324  # their protocol
        if line is None or line.until <= self.world.epoch() or body.get("signature") != expected:
            raise BadRequest("config:invalid signature")
        if urlsplit(url).netloc != urlsplit(account.callback_url).netloc:
            raise BadRequest("config:invalid url domain")
        person = self._person()
        if not account.verified_service or person is None or person.account != account.slug:
            raise BadRequest("config:permission denied")
        return jsonify(account=account.name)

    def popup(self) -> Response:
        """The prompt that the page opened has been answered."""
        person = self._person()
        if person is None:
            raise BadRequest("this browser is nobody's phone")
        act = read_act(self.world, person, {"popup": self._body()}, "")
        self.delivery.act(person, act)
        self.world.on_change()
        return jsonify(ok=True)

    def _person(self) -> Person | None:
        return self.world.people.get(request.cookies.get(COOKIE, ""))

    @staticmethod
    def _body() -> dict[str, Any]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise BadRequest("the body must be a JSON object")
        return body
