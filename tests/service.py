"""The whole service over real HTTP: product and sandbox on one port, as in the demo.

The clock stands at a known morning and is moved by hand; pushes go out when `drain` is called.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import update
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from models import migrate
from models.accounts import Account
from models.areas import Area
from models.context import Context
from models.lengths import Deadlines, Length
from models.people import Identity, Staff
from models.sealed import KeyRing
from models.session import Database
from models.settings import Hotline, Settings
from models.speaking import known_person
from models.statuses import Role
from notices.wechat_channel import close_platforms
from notices.worker import Worker
from webhooks.app import create_app
from webhooks.demo import county
from webhooks.i18n import speaker_of
from webhooks.sandbox import SandboxAccount, SandboxPerson, create_sandbox

# A Tuesday morning in Shanghai; no holiday is near.
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"
OLD_AES_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefA"
FIELDS = ("thing1", "character_string2", "date3", "thing4")
FROM = date(2026, 7, 1)
DEADLINES = Deadlines(
    registration=Length(3, "test", FROM),
    urgent_registration=Length(1, "test", FROM),
    acceptance=Length(5, "test", FROM),
    decision=Length(20, "民发〔2021〕57号", FROM),
)
COUNTY = Account(
    slug="county", name="云溪一门", area=county.COUNTY, app_id="wxcounty", original_id="gh_county",
    secret="county-secret", token="countytoken", aes_key=AES_KEY, previous_aes_key=OLD_AES_KEY,
    templates={"case_progress": "TPL_CASE", "staff_task": "TPL_STAFF"},
    subscriptions={"case_progress": "SUB_CASE"},
)
# Not verified: no web authorisation, no templates, no customer-service messages.
VILLAGE = Account(
    slug="village", name="大湾村一门", area="450799101200", app_id="wxvillage",
    original_id="gh_village", secret="village-secret", token="villagetoken", aes_key=AES_KEY,
    mode="compatible", kind="subscription", verified=False,
)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


class Quiet(WSGIRequestHandler):
    """No log lines in the tests' output."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def settings_for(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of the tests' county."""
    made = Settings(
        environment="demo", public_url="http://127.0.0.1:9", database_url=url,
        storage_url=f"file://{folder / 'papers'}", accounts=(COUNTY, VILLAGE),
        deadlines=DEADLINES, keys=KeyRing.generate(),
        hotlines={"heart": Hotline("心理援助热线", "12356", "test")},
    )
    return replace(made, **changes)


@dataclass
class Phone:
    """One person's WeChat."""

    service: Service
    openid: str
    welcome: str = ""

    def act(self, **act: Any) -> dict[str, Any]:
        """Do something; what the control interface answers."""
        address = f"{self.service.control}/people/{self.openid}/send"
        answer = self.service.http.post(address, json=act, timeout=30)
        found: dict[str, Any] = answer.json()
        assert answer.ok, found
        return found

    def say(self, text: str) -> str:
        """Write; the reply's text."""
        return said(self.act(text=text))

    def talk(self, *texts: str) -> str:
        """Write one after the other; the last reply."""
        reply = ""
        for text in texts:
            reply = self.say(text)
        return reply

    def inbox(self, *channels: str) -> list[str]:
        """The texts that reached the phone by these channels."""
        rows = self.service.http.get(
            f"{self.service.control}/people/{self.openid}/inbox", timeout=30
        ).json()
        return [row["text"] for row in rows if row["channel"] in channels]


def said(answer: dict[str, Any]) -> str:
    """The text of what was replied."""
    return "\n".join(reply["text"] for reply in answer["replies"])


@dataclass
class Service:
    """The running service and its surroundings."""

    ctx: Context
    clock: Clock
    app: Flask
    worker: Worker
    address: str
    http: requests.Session = field(default_factory=requests.Session)

    @property
    def control(self) -> str:
        return f"{self.address}/sandbox/api"

    def follower(self, name: str = "王秀英", **more: Any) -> Phone:
        """A new person follows the first account (or another: `account`)."""
        answer = self.http.post(
            f"{self.control}/people", json={"name": name, **more}, timeout=30
        ).json()
        return Phone(self, answer["openid"], said(answer))

    def staff(self, number: int = 0) -> Phone:
        """A member of staff of the county's list."""
        return Phone(self, county.STAFF[number].openid)

    def drain(self) -> None:
        """Let everything that is due run."""
        self.worker.run_due_now()

    def calls(self, api: str) -> list[dict[str, Any]]:
        """The platform calls received of one kind."""
        rows = self.http.get(f"{self.control}/calls", timeout=30).json()
        return [row for row in rows if row["api"] == api]

    def fault(self, **fault: Any) -> None:
        """What goes wrong next."""
        assert self.http.post(f"{self.control}/faults", json=fault, timeout=30).ok

    def browser(self, phone: Phone | None = None) -> requests.Session:
        """A browser, signed in by web authorisation as this person."""
        session = requests.Session()
        if phone is not None:
            answer = session.get(
                f"{self.address}/sandbox/people/{phone.openid}/login?next=/m/", timeout=30
            )
            assert answer.ok, answer.text
        return session


def fill(ctx: Context) -> None:
    """The demo county's areas, and its staff with their chats."""
    with ctx.db.begin() as session:
        session.add_all(
            Area(code=c, name=n, level=lv, parent=p, phone=ph, latitude=la, longitude=lo)
            for c, n, lv, p, ph, la, lo in county.AREAS
        )
        session.flush()
        for member in county.STAFF:
            session.add(
                Staff(
                    name=member.name, name_key=ctx.keys.lookup("name", member.name),
                    role=member.role, area=member.area, unit=member.unit,
                    person_id=known_person(ctx, session, "county", member.openid),
                    created_at=ctx.now(),
                )
            )
        session.flush()
        session.execute(update(Identity).values(followed=True))
    ctx.directory.forget()


@contextmanager
def running(url: str, folder: Path, **changes: Any) -> Iterator[Service]:
    """The service on a port of its own, its database at head and filled."""
    clock = Clock()
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    settings = settings_for(url, folder, public_url=address, **changes)
    platform = f"{address}/sandbox/platform"
    sdk = f"{address}/sandbox/static/jweixin.js"
    accounts = tuple(
        replace(a, api_base_url=platform, js_sdk_url=sdk) for a in settings.accounts
    )
    settings = replace(settings, accounts=accounts)
    ctx = Context(
        settings, Database(url, KeyRing.parse(settings.keys)), clock,
        speaker_of(settings),
    )
    migrate.upgrade(ctx.db)
    fill(ctx)
    app = create_app(ctx)
    sandbox = create_sandbox(
        [
            SandboxAccount(
                slug=a.slug, name=a.name, app_id=a.app_id, original_id=a.original_id,
                secret=a.secret, token=a.token, aes_key=a.aes_key, mode=a.mode, kind=a.kind,
                verified=a.verified, callback_url=f"{address}/wechat/{a.slug}",
                templates=dict.fromkeys(a.templates.values(), FIELDS),
                subscriptions=dict.fromkeys(a.subscriptions.values(), FIELDS),
                lasting=tuple(a.subscriptions.values()) if a.subscriptions_last else (),
            )
            for a in accounts
        ],
        [SandboxPerson(m.openid, m.name, m.role, m.area, "county") for m in county.STAFF],
        entry="/m/enter?next={next}", now=clock.now, advance=clock.advance,
    )
    server.app = DispatcherMiddleware(app, {"/sandbox": sandbox})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    service = Service(ctx, clock, app, Worker(ctx), address)
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        service.http.close()
        close_platforms(ctx)
        app.extensions["yimen_callback"].pool.shutdown()
        ctx.db.close()


OFFICER, OTHER_OFFICER, HEAD, FOREIGN_OFFICER = 0, 1, 2, 3
COUNTY_STAFF = next(i for i, m in enumerate(county.STAFF) if m.role == Role.COUNTY)
