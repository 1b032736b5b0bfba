"""Starts the demo: a configuration, a seeded county, the sandbox beside the product, a worker."""

from __future__ import annotations

import secrets
import shutil
import socket
import string
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.menu import menu
from models import migrate
from models.context import Context
from models.sealed import KeyRing
from models.session import Database
from models.settings import Settings
from notices.wechat_channel import platform_of
from notices.worker import Worker
from webhooks import config
from webhooks.app import create_app
from webhooks.demo import county, seeding
from webhooks.demo.clock import DemoClock
from webhooks.i18n import speaker_of
from webhooks.sandbox import SandboxAccount, SandboxPerson, SandboxPlace, create_sandbox

FIELDS = ("thing1", "character_string2", "date3", "thing4")
THREADS = 24
END_SECONDS = 3
TEMPLATE = """\
# Written by `yimen demo`; a valid configuration of the demo county.
environment = "demo"
public_url = "http://127.0.0.1:{port}"
database_url = "sqlite:///{data}/yimen.sqlite3"
storage_url = "file://{data}/papers"
keys_file = "keys"

[[accounts]]
slug = "yunxi"
name = "云溪一门"
area = "450799000000"
app_id = "wx00000000000000a1"
original_id = "gh_demo_yunxi"
secret = "{secret}"
token = "{token}"
aes_key = "{aes}"
mode = "safe"
kind = "service"
verified = true
api_base_url = "http://127.0.0.1:{port}/sandbox/platform"
templates = {{ case_progress = "TPL_CASE", staff_task = "TPL_STAFF" }}
subscriptions = {{ case_progress = "SUB_CASE" }}
js_sdk_url = "http://127.0.0.1:{port}/sandbox/static/jweixin.js"

# A village's own account: not verified, so it has no web authorisation, no templates and no
# customer-service messages. What is to be told waits for the person to write.
[[accounts]]
slug = "dawan"
name = "大湾村一门"
area = "450799101200"
app_id = "wx00000000000000a2"
original_id = "gh_demo_dawan"
secret = "{secret2}"
token = "{token2}"
aes_key = "{aes2}"
mode = "compatible"
kind = "subscription"
verified = false
api_base_url = "http://127.0.0.1:{port}/sandbox/platform"

# Whoever tries the demo at night wants to see what goes out.
[pushes]
quiet = "none"

[sms]
kind = "console"

[deadlines.registration]
days = 3
unit = "working_days"
basis = "演示县设定：张北 2017“限期办理”，天数由县定"
from = 2026-07-01

[deadlines.urgent_registration]
days = 1
unit = "working_days"
basis = "演示县设定：社会救助法第五十条，急难先救助，天数由县定"
from = 2026-07-01

[deadlines.acceptance]
days = 5
unit = "working_days"
basis = "演示县设定：张北 2017“限期办理”，天数由县定"
from = 2026-07-01

[deadlines.decision]
days = 20
unit = "working_days"
basis = "民发〔2021〕57号，下放乡镇的20个工作日；依社会救助法待确认"
from = 2026-07-01

# A demo's clock is moved at any hour of the day.
[escalation]
from_hour = 0

[hotlines.heart]
name = "心理援助热线"
number = "12356"
source = "演示县设定，上线前核对"

[hotlines.discipline]
name = "县纪委监委（全国统一举报电话）"
number = "12388"
source = "演示县设定，上线前核对"
"""


def _letters(length: int) -> str:
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _aes_key() -> str:
    """43 letters that decode to 32 bytes without stray bits, as the platform makes them."""
    return f"{_letters(42)}{secrets.choice('AEIMQUYcgkosw048')}"


def write_config(data: Path, port: int) -> Path:
    """The demo's configuration; written again only where the port has changed."""
    data.mkdir(parents=True, exist_ok=True)
    keys = data / "keys"
    if not keys.exists():
        keys.write_text(KeyRing.generate())
        keys.chmod(0o600)
    path = data / "config.toml"
    if path.exists() and f"http://127.0.0.1:{port}/sandbox" in path.read_text():
        return path
    kept = path.read_text() if path.exists() else ""
    if kept:
        old = config.load(path).public_url
        path.write_text(kept.replace(old, f"http://127.0.0.1:{port}"))
        return path
    path.write_text(
        TEMPLATE.format(
            port=port, data=data, secret=_letters(32), token=_letters(24), aes=_aes_key(),
            secret2=_letters(32), token2=_letters(24), aes2=_aes_key(),
        )
    )
    return path


def make_context(settings: Settings, clock: DemoClock) -> Context:
    """The demo's context, its database at head and filled."""
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    migrate.upgrade(db)
    ctx = Context(settings, db, clock, speaker_of(settings))
    if not seeding.is_seeded(ctx):
        seeding.seed(ctx, settings.accounts[0].slug)
    return ctx


def make_sandbox(
    ctx: Context, data: Path, advance: Callable[[timedelta], datetime]
) -> Flask:
    """WeChat's own side for this configuration, its people those of the county."""
    settings = ctx.settings
    slug = settings.accounts[0].slug
    names = {code: name for code, name, *_ in county.AREAS}
    # Who holds two posts has one phone.
    phones = {m.openid: m for m in (*county.STAFF, *county.ASSISTANTS, *county.LIAISONS)}
    people = [
        SandboxPerson(m.openid, m.name, m.role, names[m.area], slug)
        for m in phones.values()
    ]
    people += [
        SandboxPerson(openid, name, "resident", names[area], slug)
        for openid, name, area in county.RESIDENTS
    ]
    return create_sandbox(
        [
            SandboxAccount(
                slug=a.slug, name=a.name, app_id=a.app_id, original_id=a.original_id,
                secret=a.secret, token=a.token, aes_key=a.aes_key, mode=a.mode, kind=a.kind,
                verified=a.verified, callback_url=f"{settings.public_url}/wechat/{a.slug}",
                templates=dict.fromkeys(a.templates.values(), FIELDS),
                subscriptions=dict.fromkeys(a.subscriptions.values(), FIELDS),
                lasting=tuple(a.subscriptions.values()) if a.subscriptions_last else (),
            )
            for a in settings.accounts
        ],
        people,
        entry="/m/enter?next={next}",
        now=ctx.now,
        advance=advance,
        data_file=data / "sandbox" / "world.json",
        places=[
            SandboxPlace(name, lat, lon)
            for _, name, level, _, _, lat, lon in county.AREAS
            if level == "village"
        ][:8],
    )


def port_is_free(port: int) -> bool:
    """Whether this port of the loopback can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Demo:
    """The running demo; `serve` blocks until `stop`."""

    def __init__(self, port: int, data: Path, *, fresh: bool = False) -> None:
        data = data.resolve()
        if fresh and data.exists():
            shutil.rmtree(data)
        self.clock = self._clock(data)
        settings = config.load(write_config(data, port))
        self.ctx = make_context(settings, self.clock)
        self.worker = Worker(self.ctx)
        app = create_app(self.ctx)
        sandbox = make_sandbox(self.ctx, data, self.advance)
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sandbox": sandbox})  # type: ignore[method-assign]
        self.server = create_server(
            app, host="127.0.0.1", port=port, threads=THREADS, ident="yimen"
        )
        self.address = f"http://127.0.0.1:{port}/"
        self._over = threading.Event()
        self._over.set()

    @staticmethod
    def _clock(data: Path) -> DemoClock:
        data.mkdir(parents=True, exist_ok=True)
        return DemoClock(data / "clock")

    def advance(self, by: timedelta) -> datetime:
        """Move the clock on and let what is due run."""
        now = self.clock.advance(by)
        self.worker.run_due_now()
        return now

    def serve(self, ready: Callable[[str], None]) -> None:
        """Answer until stopped; `ready` is called when the first request has been answered."""
        self._over.clear()
        threading.Thread(target=self._open, args=(ready,), daemon=True).start()
        try:
            self.server.run()
        finally:
            self._over.set()

    def _open(self, ready: Callable[[str], None]) -> None:
        for account in filter(lambda a: a.may_set_menu, self.ctx.settings.accounts):
            wanted = menu(
                self.ctx.speak(""), self.ctx.settings.public_url, account.slug,
                pages=account.may_authorise_web,
            )
            platform_of(self.ctx, account.slug).push_menu(wanted)
        self.worker.start()
        ready(self.address)

    def stop(self) -> None:
        """Stop the worker and the server."""
        self.worker.stop()
        if self._over.is_set():
            self._close()
        else:
            # In the thread of the server's loop: elsewhere it would go on with closed numbers of
            # files, which may by then be somebody else's.
            self.server.trigger.pull_trigger(self._close)
            self._over.wait()
        self.ctx.db.close()

    def _close(self) -> None:
        """End what is being answered, then close every connection: the loop has none left."""
        self.server.task_dispatcher.shutdown(timeout=END_SECONDS)
        for channel in list(self.server.active_channels.values()):
            channel.handle_close()
        self.server.close()
