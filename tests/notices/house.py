"""A small county on a real database, beside the real sandbox over HTTP.

The callback here writes down what the product's own would (who wrote, when, what kind), so
that windows and events come about as they do in life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from flask import Flask, request
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from models.areas import Area
from models.context import Context
from models.migrate import upgrade
from models.outgoing import Occasion, enqueue
from models.people import Identity, Person, Staff
from models.pushes import Push, PushAttempt
from models.sealed import KeyRing
from models.session import Database
from models.talks import Message, Talk
from notices.outbox import job_finished
from notices.wechat_channel import close_platforms
from tests.notices.ground import (
    COUNTY,
    FIELDS,
    NEXT_TOWN,
    RECEIPT,
    TOWN,
    VILLAGE,
    MovableClock,
    account,
    served,
    settings,
)
from webhooks.i18n import speaker
from webhooks.sandbox import SandboxAccount, create_sandbox


@dataclass
class Someone:
    """A person with a phone: here and at the platform."""

    person: int
    identity: int
    openid: str
    account: str


@dataclass
class House:
    """One service with its database and its platform."""

    ctx: Context
    clock: MovableClock
    base: str
    world: Any
    finished: list[tuple[str, str]] = field(default_factory=list)
    others: list[Context] = field(default_factory=list)
    heed_events: bool = True

    # The platform's side.

    def control(self, path: str, body: Any = None) -> Any:
        address = f"{self.base}/sandbox/api/{path}"
        answer = requests.post(address, json=body, timeout=30) if body is not None else (
            requests.get(address, timeout=30)
        )
        assert answer.ok, answer.text
        return answer.json()

    def fault(self, api: str, **what: int) -> None:
        self.control("faults", {"api": api, **what})

    def calls(self, api: str) -> list[Any]:
        return [call for call in self.control("calls") if call["api"] == api]

    def inbox(self, who: Someone) -> list[Any]:
        return self.control(f"people/{who.openid}/inbox")

    def texts(self, who: Someone) -> list[str]:
        return [item["text"] for item in self.inbox(who)]

    def follow(self, name: str = "王秀英", account: str = "qingshui", **more: Any) -> Someone:
        """Somebody new follows; afterwards the minute that this opens is over."""
        openid = self.control("people", {"name": name, "account": account, **more})["openid"]
        self.clock.move(minutes=2)
        with self.ctx.db.read() as session:
            key = self.ctx.keys.lookup("openid", openid)
            row = session.scalars(select(Identity).where(Identity.openid_key == key)).one()
        return Someone(row.person_id, row.id, openid, account)

    def write(self, who: Someone, **what: Any) -> None:
        """They do something on the phone."""
        self.clock.move(seconds=1)
        self.control(f"people/{who.openid}/send", what or {"text": "你好"})
        self.clock.move(seconds=1)

    # Our own side.

    def heard(self, openid: str, slug: str, kind: str) -> None:
        """What the product's callback writes down of a message."""
        keys, now = self.ctx.keys, self.clock.now()
        with self.ctx.db.begin() as session:
            key = keys.lookup("openid", openid)
            row = session.scalars(
                select(Identity).where(Identity.openid_key == key, Identity.account == slug)
            ).one_or_none()
            if row is None:
                person = Person(created_at=now)
                session.add(person)
                session.flush()
                row = Identity(
                    account=slug, openid=openid, openid_key=key, person_id=person.id,
                    created_at=now,
                )
                session.add(row)
                session.flush()
                session.add(Talk(person_id=person.id, state={}, updated_at=now))
            row.followed = kind != "event:unsubscribe"
            session.add(
                Message(
                    account=slug, key=f"{kind}:{now.timestamp()}:{openid[:8]}"[:40],
                    identity_id=row.id, kind=kind, content={}, how="none", received_at=now,
                )
            )

    def push(
        self, who: Someone | None, occasion: str = Occasion.CASE_MOVED, key: str = "", **more: Any
    ) -> int:
        """Put a push into the outbox; its id."""
        details = {
            "receipt": RECEIPT, "township": TOWN, "kind": "accept", "due_on": "2026-12-04",
        } | more.pop("details", {})
        with self.ctx.db.begin() as session:
            key = key or f"test:{session.query(Push).count()}"
            enqueue(
                session, self.clock.now(), 7, Occasion(occasion), key,
                person_id=who.person if who else None,
                account=who.account if who else "", details=details, **more,
            )
        with self.ctx.db.read() as session:
            return session.scalars(select(Push.id).where(Push.key == key)).one()

    def row(self, push: int) -> Push:
        with self.ctx.db.read() as session:
            found = session.get(Push, push)
            assert found is not None
            return found

    def state(self, push: int) -> tuple[str, str]:
        row = self.row(push)
        return row.state, row.channel

    def tries(self, push: int) -> list[tuple[str, str, int | None]]:
        with self.ctx.db.read() as session:
            rows = session.scalars(
                select(PushAttempt).where(PushAttempt.push_id == push).order_by(PushAttempt.id)
            )
            return [(row.channel, row.outcome, row.errcode) for row in rows]

    def held(self, who: Someone) -> bool:
        with self.ctx.db.read() as session:
            talk = session.get(Talk, who.person)
            return talk is not None and talk.held

    def staff(self, who: Someone | None, role: str = "officer", area: str = TOWN) -> int:
        with self.ctx.db.begin() as session:
            row = Staff(
                name="李文", name_key=b"k" * 16, role=role, area=area,
                person_id=who.person if who else None, created_at=self.clock.now(),
            )
            session.add(row)
            session.flush()
            return row.id

    def other(self) -> Context:
        """Another process of the same service: its own pool, tokens and memory."""
        ctx = self.ctx
        twin = Context(
            ctx.settings, Database(ctx.settings.database_url, KeyRing.parse(ctx.settings.keys)),
            ctx.clock, ctx.speak,
        )
        self.others.append(twin)
        return twin


def _callback(house: House) -> Flask:
    app = Flask("callback")

    @app.post("/wechat/<slug>")
    def receive(slug: str) -> str:
        xml = request.get_data(as_text=True)

        def tag(name: str) -> str:
            found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", xml, re.S)
            return found[1] if found else ""

        event = tag("Event")
        if event == "TEMPLATESENDJOBFINISH":
            house.finished.append((tag("MsgID"), tag("Status")))
            if house.heed_events:
                with house.ctx.db.begin() as session:
                    job_finished(session, house.ctx, tag("MsgID"), tag("Status"))
            return "success"
        house.heard(tag("FromUserName"), slug, f"event:{event.lower()}" if event else
                    tag("MsgType"))
        return "success"

    return app


@contextmanager
def built(url: str, **changes: Any) -> Iterator[House]:
    """A house on this database, its platform served over HTTP."""
    clock = MovableClock()
    doors = DispatcherMiddleware(Flask("nothing"))
    with served(doors) as base:
        accounts = (
            account("qingshui", base),
            account("xiaowan", base, kind="subscription", verified=False, templates={}),
        )
        ring = KeyRing.generate()
        given = settings(url, ring, accounts, **changes)
        db = Database(url, KeyRing.parse(ring))
        upgrade(db)
        with db.begin() as session:
            session.add(Area(code=COUNTY, name="清水县", level="county", phone="0777-6210000"))
            session.flush()
            session.add(Area(code=TOWN, name="大湾镇", level="township", parent=COUNTY,
                             phone="0777-6210001"))
            session.add(Area(code=NEXT_TOWN, name="石桥镇", level="township", parent=COUNTY))
            session.flush()
            session.add(Area(code=VILLAGE, name="小湾村", level="village", parent=TOWN))
        ctx = Context(given, db, clock, speaker(given.locale, given.time_zone))
        sandbox = create_sandbox(
            [
                SandboxAccount(
                    a.slug, a.name, a.app_id, a.original_id, a.secret, a.token, a.aes_key, a.mode,
                    a.kind, a.verified, f"{base}/wechat/{a.slug}",
                    {"TPL-CASE": FIELDS, "TPL-STAFF": FIELDS}, {"SUB-CASE": FIELDS},
                )
                for a in accounts
            ],
            now=clock.now,
        )
        house = House(ctx, clock, base, sandbox.extensions["sandbox_world"])
        doors.mounts["/sandbox"] = sandbox
        doors.app = _callback(house)
        try:
            yield house
        finally:
            for each in (ctx, *house.others):
                close_platforms(each)
                each.db.close()
