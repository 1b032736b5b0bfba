"""Workers killed with SIGKILL while pushes go out: each is recorded, none is lost.

What the platform can tell apart (`client_msg_id` of templates) never comes twice. A customer-
service message has no such mark: what a worker was sending at the moment it was killed goes out
again and says the same, as many at most as it has connections.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from bench.standin import standing_in
from models.areas import Area
from models.context import Context, SystemClock
from models.migrate import upgrade
from models.outgoing import Occasion, enqueue
from models.people import Identity, Person
from models.pushes import Push, PushAttempt, PushState
from models.sealed import KeyRing
from models.session import Database
from models.settings import Pushes
from models.talks import Message
from notices.draining import AT_ONCE
from tests.notices.ground import COUNTY, RECEIPT, TOWN, account, settings
from tests.processes import free_port
from webhooks.i18n import speaker

ROOT = Path(__file__).parents[2]
LEASE = 3
# A real worker, with all its jobs, until it is killed.
WORKER = """
    import sys, time
    from notices.worker import Worker
    from tests.notices.test_killed import opened
    from webhooks import logs

    logs.set_up("error")
    Worker(opened(*sys.argv[1:])).start()
    time.sleep(600)
"""


def opened(url: str, keys: str, base: str) -> Context:
    """The service on this database, with its platform at this address; at every hour of the day."""
    place = replace(account("qingshui", base), api_base_url=base)
    given = settings(url, keys, (place,), pushes=Pushes(lease_seconds=LEASE, quiet="none"))
    db = Database(url, KeyRing.parse(keys))
    return Context(given, db, SystemClock(), speaker(given.locale, given.time_zone))


@dataclass
class Run:
    """What came of it: how often each message came, and where the pushes stand."""

    received: Counter[str]
    states: Counter[str]
    tries: int

    def repeats(self, custom: bool) -> int:
        """How many messages the platform took once more than once."""
        return sum(
            count - 1 for name, count in self.received.items() if (" " in name) is custom
        )


def filled(ctx: Context, count: int) -> None:
    """So many people with a push each; every second has just written, the others not for days."""
    now = ctx.now()
    upgrade(ctx.db)
    with ctx.db.begin() as db:
        db.add(Area(code=COUNTY, name="清水县", level="county", phone="0777-6210000"))
        db.flush()
        db.add(Area(code=TOWN, name="大湾镇", level="township", parent=COUNTY))
        db.flush()
        people = [Person(created_at=now) for _ in range(count)]
        db.add_all(people)
        db.flush()
        chats = [
            Identity(
                account="qingshui", openid=f"o{person.id:027d}", person_id=person.id,
                openid_key=ctx.keys.lookup("openid", f"o{person.id:027d}"), created_at=now,
            )
            for person in people
        ]
        db.add_all(chats)
        db.flush()
        db.add_all(
            Message(
                account="qingshui", key=f"m{chat.id}", identity_id=chat.id, kind="text",
                content={}, how="none",
                received_at=now - (timedelta() if chat.id % 2 else timedelta(days=3)),
            )
            for chat in chats
        )
        for person in people:
            enqueue(
                db, now, 7, Occasion.CASE_MOVED, f"run:{person.id}", person_id=person.id,
                account="qingshui",
                details={"kind": "accept", "receipt": RECEIPT, "township": TOWN},
            )


def killed(url: str, count: int, kills: int, seconds: float) -> Run:
    """Send so many pushes, and kill the worker so often while they go out."""
    keys = KeyRing.generate()
    with standing_in(free_port(), 5) as base:
        ctx = opened(url, keys, base)
        try:
            filled(ctx, count)
            for number in range(1, kills + 1):
                at = number * count / (kills + 1)
                _work((url, keys, base), partial(_has_come, base, at), seconds)
            _work((url, keys, base), lambda: _waiting(ctx) == 0, seconds)
            received = requests.get(f"{base}/received", timeout=30).json()["received"]
            with ctx.db.read() as db:
                states = db.execute(select(Push.state, func.count()).group_by(Push.state)).all()
                tries = db.scalar(select(func.count()).select_from(PushAttempt)) or 0
            return Run(Counter(received), Counter({row[0]: row[1] for row in states}), tries)
        finally:
            ctx.db.close()


def _work(given: tuple[str, str, str], until: Callable[[], bool], seconds: float) -> None:
    """A worker, killed with SIGKILL as soon as this has come about."""
    command = [sys.executable, "-c", textwrap.dedent(WORKER), *given]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(until, seconds)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def _count(base: str) -> int:
    found: dict[str, Any] = requests.get(f"{base}/count", timeout=30).json()
    return int(found["count"])


def _has_come(base: str, at: float) -> bool:
    return _count(base) >= at


def _waiting(ctx: Context) -> int:
    with ctx.db.read() as db:
        return db.scalar(
            select(func.count()).select_from(Push)
            .where(Push.state.in_((PushState.PENDING, PushState.SENDING)))
        ) or 0


def _wait(what: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def is_honest(run: Run, count: int, kills: int) -> None:
    """Every push has its outcome, its message came, and what can be told apart came once."""
    assert run.states == {PushState.DELIVERED: count // 2, PushState.SENT: count // 2}
    assert len(run.received) == count, "none lost"
    assert run.tries >= count
    assert run.repeats(custom=False) == 0, "the platform tells templates apart"
    assert run.repeats(custom=True) <= kills * AT_ONCE, "no more than were under way"


@pytest.mark.postgres
def test_a_worker_killed_five_times(postgres: Callable[[], str]) -> None:
    is_honest(killed(postgres(), 500, 5, 60), 500, 5)


@pytest.mark.postgres
@pytest.mark.load
@pytest.mark.million
def test_a_worker_killed_fifty_times(
    postgres: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = killed(postgres(), 10_000, 50, 300)
    with capsys.disabled():
        sys.stdout.write(f"\n50 kills: {run.repeats(custom=True)} messages came again\n")
    is_honest(run, 10_000, 50)
