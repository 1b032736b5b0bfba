"""WeChat's own side, for the demo and the tests: `create_sandbox` makes it a Flask application.

It signs, encrypts, delivers, counts quotas and answers as the platform does, and imports nothing
of the product, so that it can catch the product out.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from . import (
    platform_account,
    platform_articles,
    platform_mass,
    platform_menu,
    platform_messages,
    platform_oauth,
    platform_tokens,
    subscribing,
)
from .accounts import DEFAULT_PLACES, SandboxAccount, SandboxPerson, SandboxPlace
from .acts import BadAct
from .control import BadRequest, Control, on_bad_request, on_http_error
from .crypto import read_key
from .delivery import Delivery
from .guard import add_headers, check_request
from .phone import Phone, query_string
from .platform import PlatformApi
from .sdk import Sdk
from .state import World
from .storage import Storage

__all__ = ["SandboxAccount", "SandboxPerson", "SandboxPlace", "create_sandbox"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _check(account: SandboxAccount) -> None:
    if account.mode not in ("safe", "compatible", "plain"):
        raise ValueError(f"{account.slug}: unknown mode {account.mode!r}")
    if account.kind not in ("service", "subscription"):
        raise ValueError(f"{account.slug}: unknown kind {account.kind!r}")
    if account.mode != "plain":
        read_key(account.aes_key)


def create_sandbox(
    accounts: Sequence[SandboxAccount],
    people: Sequence[SandboxPerson] = (),
    *,
    entry: str = "{next}",
    now: Callable[[], datetime] = _utc_now,
    advance: Callable[[timedelta], datetime] | None = None,
    data_file: Path | None = None,
    retry_seconds: float = 5.0,
    places: Sequence[SandboxPlace] = DEFAULT_PLACES,
) -> Flask:
    """The platform for these accounts. `entry` is where the product begins web authorisation."""
    for account in accounts:
        _check(account)
    world = World(accounts, people, now)
    if data_file is not None:
        Storage(world, data_file)
    world.add_seeded()
    delivery = Delivery(world, retry_seconds)
    api = PlatformApi(world, delivery)
    rooms = (
        platform_tokens,
        platform_messages,
        platform_menu,
        platform_account,
        platform_articles,
        platform_mass,
        platform_oauth,
        subscribing,
    )
    for room in rooms:
        room.register(api)

    app = Flask(__name__)
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False
        app.json.sort_keys = False
    app.config["MAX_CONTENT_LENGTH"] = 32 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.before_request(check_request)
    app.after_request(add_headers)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(Control(world, delivery, advance).blueprint)
    app.register_blueprint(Sdk(world, delivery).blueprint)
    app.register_blueprint(Phone(world, entry, places).blueprint)
    app.register_error_handler(BadRequest, on_bad_request)
    app.register_error_handler(BadAct, on_bad_request)
    app.register_error_handler(HTTPException, on_http_error)
    app.jinja_env.globals["query_string"] = query_string
    app.extensions["sandbox_world"] = world
    return app
