"""The control interface of the contract: people, what they send, what reached them, and faults."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from .accounts import SandboxAccount
from .acts import BadAct, code_for, follow, read_act, text_of
from .delivery import Delivery
from .state import Entry, Fault, Person, World

ROLES = ("resident", "assistant", "officer", "head", "county", "department", "admin")
Advance = Callable[[timedelta], datetime]


class BadRequest(ValueError):
    """What the caller got wrong, as a sentence, and the status that says so."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def public(item: Entry) -> Entry:
    """An item as callers see it: pictures with an address."""
    shown = {name: value for name, value in item.items() if name not in ("seq", "side")}
    if shown.get("type") == "image" and "media_id" in shown:
        shown["url"] = url_for("phone.media", media_id=shown["media_id"], _external=True)
    return shown


def find_person(world: World, openid: str) -> Person:
    """The person, or 404."""
    person = world.people.get(openid)
    if person is None:
        raise BadRequest("nobody here has this openid", 404)
    return person


def _object() -> dict[str, Any]:
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def _count(body: dict[str, Any], name: str, least: int, most: int, default: int | None) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadRequest(f"{name} must be a whole number from {least} to {most}")
    return value


def read_fault(body: dict[str, Any]) -> Fault:
    """What is to go wrong next."""
    times = _count(body, "times", 1, 100_000, 1)
    if "callback" in body:
        if body["callback"] not in ("repeat", "drop_reply"):
            raise BadRequest('callback must be "repeat" or "drop_reply"')
        return Fault(callback=body["callback"], times=times)
    api = body.get("api")
    if not isinstance(api, str) or not api:
        raise BadRequest("say which api or callback is to fail")
    fault = Fault(api=api.strip("/").removeprefix("cgi-bin/"), times=times)
    if not any(name in body for name in ("errcode", "status", "delay_ms")):
        raise BadRequest("say errcode, status or delay_ms")
    if "errcode" in body:
        fault.errcode = _count(body, "errcode", -100_000, 100_000_000, None)
    if "status" in body:
        fault.status = _count(body, "status", 400, 599, None)
    if "delay_ms" in body:
        fault.delay_ms = _count(body, "delay_ms", 0, 600_000, None)
    return fault


class Control:
    """The JSON calls under /api/."""

    def __init__(self, world: World, delivery: Delivery, advance: Advance | None) -> None:
        self.world = world
        self.delivery = delivery
        self.advance = advance
        self.blueprint = Blueprint("control", __name__, url_prefix="/api")
        rule = self.blueprint.add_url_rule
        rule("/people", "people", self.people)
        rule("/people", "add", self.add, methods=["POST"])
        rule("/people/<openid>/send", "send", self.send, methods=["POST"])
        rule("/people/<openid>/settings", "settings", self.settings, methods=["POST"])
        rule("/people/<openid>/inbox", "inbox", self.inbox)
        rule("/calls", "calls", self.calls)
        rule("/deliveries", "deliveries", self.deliveries)
        rule("/faults", "faults", self.faults, methods=["POST"])
        rule("/clock", "clock", self.show_clock)
        rule("/clock", "move_clock", self.clock, methods=["POST"])
        rule("/verify", "verify", self.verify, methods=["POST"])

    def account(self, slug: Any) -> SandboxAccount:
        """The account that was meant: the first one unless another is named."""
        if slug is None:
            return self.world.default
        if not isinstance(slug, str) or slug not in self.world.accounts:
            raise BadRequest("there is no such account", 404)
        return self.world.accounts[slug]

    def people(self) -> Response:
        """Everyone of one account, followers or not."""
        account = self.account(request.args.get("account"))
        with self.world.lock:
            found = [p for p in self.world.people.values() if p.account == account.slug]
        keys = ("openid", "name", "role", "area")
        return jsonify([{key: getattr(person, key) for key in keys} for person in found])

    def add(self) -> Response:
        """A new person follows, plainly or by a code."""
        body = _object()
        name = text_of(body.get("name"), "name", most=40).strip()
        if not name:
            raise BadRequest("name is empty")
        role = body.get("role", "resident")
        if role not in ROLES:
            raise BadRequest("role must be one of " + ", ".join(ROLES))
        area = text_of(body.get("area", ""), "area", most=40, empty=True)
        scene = text_of(body.get("scan", ""), "scan", most=64, empty=True)
        account = self.account(body.get("account"))
        person = self.world.new_person(name, account, role, area)
        person.snapshot = body.get("snapshot") is True
        person.blocks = body.get("blocks") is True
        ticket = code_for(self.world, person, scene).ticket if scene else ""
        result = self.delivery.act(person, follow(scene, ticket))
        return jsonify(self._told(result) | {"openid": person.openid})

    def send(self, openid: str) -> Response:
        """One message or event of this person, delivered here and now."""
        person = find_person(self.world, openid)
        pictures = url_for("phone.media", media_id="_", _external=True).removesuffix("/_")
        act = read_act(self.world, person, _object(), pictures)
        started = time.monotonic()
        result = self.delivery.act(person, act)
        elapsed = round((time.monotonic() - started) * 1000)
        return jsonify(self._told(result) | {"elapsed_ms": elapsed})

    def settings(self, openid: str) -> Response:
        """Refusing template messages, a snapshot identity, a grant for one subscription message."""
        person = find_person(self.world, openid)
        body = _object()
        for name in ("blocks", "snapshot"):
            if name in body:
                if not isinstance(body[name], bool):
                    raise BadRequest(f"{name} must be true or false")
                setattr(person, name, body[name])
        if "grant" in body:
            template = text_of(body["grant"], "grant", most=100)
            with self.world.lock:
                person.grants[template] = person.grants.get(template, 0) + 1
        self.world.on_change()
        return jsonify(blocks=person.blocks, snapshot=person.snapshot, grants=person.grants)

    def inbox(self, openid: str) -> Response:
        """All that reached the phone, oldest first."""
        person = find_person(self.world, openid)
        with self.world.lock:
            items = [item for item in person.log if item["side"] == "account"]
        return jsonify([public(item) for item in items])

    def calls(self) -> Response:
        """The platform calls, oldest first."""
        with self.world.lock:
            return jsonify(list(self.world.calls))

    def deliveries(self) -> Response:
        """Each delivery to the callback and how it ended."""
        with self.world.lock:
            return jsonify(list(self.world.deliveries))

    def faults(self) -> Response:
        """Something will go wrong."""
        fault = read_fault(_object())
        with self.world.lock:
            self.world.faults.append(fault)
        return jsonify(ok=True)

    def show_clock(self) -> Response:
        """The demo's time."""
        return jsonify(now=self.world.now().isoformat())

    def clock(self) -> Response:
        """Moves the demo's clock on."""
        body = _object()
        units = ("advance_days", "advance_hours", "advance_minutes")
        if sum(unit in body for unit in units) != 1:
            raise BadRequest("say one of " + ", ".join(units))
        unit = next(unit for unit in units if unit in body)
        amount = body[unit]
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            raise BadRequest(f"{unit} must be a number")
        if not 0 <= amount <= 366 * 24 * 60:
            raise BadRequest(f"{unit} must not be negative, nor more than a year")
        step = timedelta(**{unit.removeprefix("advance_"): amount})
        if step > timedelta(days=366):
            raise BadRequest("the clock moves by at most a year at once")
        if self.advance is None:
            raise BadRequest("this clock cannot be moved", 409)
        return jsonify(now=self.advance(step).isoformat())

    def verify(self) -> Response:
        """The check of the callback address."""
        body = request.get_json(silent=True, force=True) if request.data else {}
        slug = body.get("account") if isinstance(body, dict) else None
        return jsonify(self.delivery.verify(self.account(slug)))

    def _told(self, result: Entry) -> Entry:
        return {**result, "replies": [public(item) for item in result["replies"]]}


def _say_no(reason: str, status: int) -> tuple[Response | str, int]:
    """JSON for programs, a page for a browser that asked for one."""
    if "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/"):
        return render_template("refused.html", title="这一页打不开", reason=reason), status
    return jsonify(error=reason), status


def on_http_error(error: HTTPException) -> tuple[Response | str, int]:
    """Flask's own refusals, in the same shape."""
    return _say_no(error.description or error.name, error.code or 500)


def on_bad_request(error: BadRequest | BadAct) -> tuple[Response | str, int]:
    """A sentence, never a stack."""
    return _say_no(str(error), error.status if isinstance(error, BadRequest) else 400)
