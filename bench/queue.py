"""The queue: a worker beside a bare loop of wechatpy, two beside one, many rows beside few.

Everybody wrote within the two days, so that each push is one customer-service message, and each
goes to another person: to one person they go one after the other, and that wait is not the
queue's. The platform's place is taken by `bench/standin.py`.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from wechatpy.client import WeChatClient

from bench.compare import say
from bench.place import SLUG, Place, open_context
from bench.standin import ROOT, standing_in
from models.context import Context
from models.outgoing import Occasion, enqueue
from models.people import Identity, Person
from models.talks import Message
from notices import claims
from notices.draining import drain_on
from notices.wechat_channel import close_platforms, platform_of
from webhooks import logs

SLOW_MS = 20.0
LOOP, PUSHED = 150, 2400
FEW, MANY = 1_000, 1_000_000
TOWN = "450799101000"
# The rows of a queue that has run for years.
ENDED = """
    INSERT INTO pushes (key, occasion, person_id, role, account, details, state, channel, reason,
    tries, next_try_at, created_at, expires_at, ended_at, township)
    SELECT 'old:' || n, occasion, person_id, role, account, details, 'delivered', 'custom', '', 1,
    next_try_at - interval '1 year', created_at - interval '1 year',
    expires_at - interval '1 year', created_at - interval '1 year', township
    FROM generate_series(1, :count) AS n, (SELECT * FROM pushes ORDER BY id LIMIT 1) AS one
"""


def measure(place: Place, *, rounds: int) -> dict[str, Any]:
    """All of it, on one PostgreSQL: messages a second, medians, and their ratios."""
    _peopled(place)
    slow = _beside(place, SLOW_MS, rounds, workers=(1, 2))
    fast = _beside(place, 0, rounds, workers=(1,))
    rows = _rows(place)
    return {
        "after_20_ms": slow, "at_once": fast, "rows": rows,
        "targets": {
            "one worker at least 5 times the loop, after 20 ms": slow["one/loop"] >= 5,
            "two workers at least 1.7 times one": slow["two/one"] >= 1.7,
            "one worker at least 0.7 of the loop, at once": fast["one/loop"] >= 0.7,
            "a million rows at 1.2 times a thousand at most": rows["many/few"] <= 1.2,
        },
    }


def _beside(
    place: Place, milliseconds: float, rounds: int, workers: tuple[int, ...]
) -> dict[str, float]:
    """The loop, then so many workers, turn by turn."""
    names = {1: "one", 2: "two"}
    found: dict[str, list[float]] = {"loop": [], **{names[count]: [] for count in workers}}
    with standing_in(_free_port(), milliseconds) as base:
        _point(place, base)
        for turn in range(rounds + 1):
            measured = {"loop": _loop(base, LOOP if milliseconds else 4 * LOOP)}
            for count in workers:
                measured[names[count]] = _drained(place, count)
            for name, per_second in measured.items():
                if turn:  # the first warms up
                    found[name].append(per_second)
                    say(f"{turn}/{rounds} {milliseconds:g} ms {name:5} {per_second:7.0f}/s")
    medians = {name: round(statistics.median(runs), 1) for name, runs in found.items()}
    ratios = {"one/loop": round(medians["one"] / medians["loop"], 2)}
    if "two" in medians:
        ratios["two/one"] = round(medians["two"] / medians["one"], 2)
    return {**medians, **ratios}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _point(place: Place, base: str) -> None:
    """The account's platform is the stand-in from now on."""
    said = place.config.read_text()
    kept = [line for line in said.splitlines() if not line.startswith("api_base_url")]
    at = next(n for n, line in enumerate(kept) if line.startswith("slug"))
    kept.insert(at, f'api_base_url = "{base}"')
    place.config.write_text("\n".join(kept) + "\n")


def _loop(base: str, count: int) -> float:
    """What one gets without us: wechatpy, one kept connection, one message after the other."""
    client = WeChatClient("wx", "secret", access_token="standin", timeout=10)
    client.API_BASE_URL = f"{base}/cgi-bin/"
    client.expires_at = int(time.time()) + 7200
    client.message.send_text("oNobody", "first")
    started = time.perf_counter()
    for number in range(count):
        client.message.send_text(f"o{number}", "您在镇上办的事有新进展")
    return count / (time.perf_counter() - started)


def _peopled(place: Place) -> None:
    """A person for each push of a run, whose chat has said something."""
    ctx = open_context(place.config)
    now = ctx.now()
    with ctx.db.begin() as session:
        people = [Person(created_at=now) for _ in range(PUSHED)]
        session.add_all(people)
        session.flush()
        chats = [
            Identity(
                account=SLUG, openid=f"oQueue{person.id:022d}", person_id=person.id,
                openid_key=ctx.keys.lookup("openid", f"oQueue{person.id:022d}"), created_at=now,
            )
            for person in people
        ]
        session.add_all(chats)
        session.flush()
        session.add_all(
            Message(
                account=SLUG, key=f"q{chat.id}", identity_id=chat.id, kind="text", content={},
                how="none", received_at=now,
            )
            for chat in chats
        )
    ctx.db.close()


def _enqueue(ctx: Context, count: int) -> None:
    """Everybody has just written; then a notice to each."""
    with ctx.db.begin() as session:
        session.execute(text("UPDATE messages SET received_at = :now"), {"now": ctx.now()})
        session.execute(text("DELETE FROM push_attempts"))
        people = session.scalars(
            select(Identity.person_id).order_by(Identity.id.desc()).limit(count)
        ).all()
        serial = session.scalar(text("SELECT coalesce(max(id), 0) FROM pushes")) or 0
        for number, person in enumerate(people):
            enqueue(
                session, ctx.now(), 7, Occasion.CASE_MOVED, f"bench:{serial}:{number}",
                person_id=person, account=SLUG,
                details={"kind": "accept", "receipt": "2611-483705-72", "township": TOWN},
            )


def _drained(place: Place, workers: int) -> float:
    """From the first send to the last record, in real processes that are ready before."""
    ctx = open_context(place.config)
    try:
        _enqueue(ctx, PUSHED)
    finally:
        ctx.db.close()
    command = [sys.executable, "-m", "bench.queue", str(place.config)]
    running = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(workers)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    done = sum(_said(process) for process in running)
    seconds = time.perf_counter() - started
    for process in running:
        process.communicate()
    assert done == PUSHED, f"{done} of {PUSHED} went out"
    return PUSHED / seconds


def _said(process: subprocess.Popen[str]) -> int:
    """How many it sent, as soon as it says so: ending the process is no part of it."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def _rows(place: Place) -> dict[str, float]:
    """What the queue itself costs a message, among so many rows that have ended."""
    found = {}
    with standing_in(_free_port(), 0) as base:
        _point(place, base)
        for name, rows in (("few", FEW), ("many", MANY)):
            ctx = open_context(place.config)
            try:
                with ctx.db.begin() as session:
                    there = session.scalar(text("SELECT count(*) FROM pushes")) or 0
                    session.execute(
                        text(ENDED.replace("'old:'", f"'old:{name}:'")),
                        {"count": max(0, rows - there)},
                    )
                with ctx.db.engine.connect().execution_options(
                    isolation_level="AUTOCOMMIT"
                ) as connection:
                    connection.execute(text("VACUUM ANALYZE pushes"))
            finally:
                ctx.db.close()
            speeds = [_drained(place, 1) for _ in range(3)]
            found[name] = round(1000 / statistics.median(speeds), 3)
            say(f"among {rows} rows: {found[name]} ms a message")
    return {**found, "many/few": round(found["many"] / found["few"], 2)}


def work(config: str) -> None:
    """One worker: ready, waits for the word, drains, says how many it sent."""
    logs.set_up("warning")
    ctx = open_context(Path(config))
    ctx.directory.areas.get(TOWN)
    platform_of(ctx, SLUG).show_menu()
    assert not claims.is_idle(ctx)
    print("ready", flush=True)
    sys.stdin.readline()
    print(drain_on(ctx, lambda: True), flush=True)
    close_platforms(ctx)
    ctx.db.close()


if __name__ == "__main__":
    work(sys.argv[1])
