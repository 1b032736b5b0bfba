"""The demo county, and the services as processes: they start, answer, and stop when asked."""

from __future__ import annotations

import argparse
import json
import queue
import re
import signal
import subprocess
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from models import migrate
from models.cases import Case, CaseEvent
from models.context import Context
from models.people import Person, Staff
from models.pushes import Push
from models.sealed import KeyRing
from models.session import Database
from models.statuses import Status
from tests.processes import as_installed, command, free_port, wait_for
from tests.service import Clock, settings_for
from tests.webhooks.test_config import GOOD
from webhooks import config
from webhooks.commands import Trouble
from webhooks.commands.demonstrating import run_demo
from webhooks.demo import seeding
from webhooks.demo.running import Demo
from webhooks.i18n import speaker

STOP_SECONDS = 5.0
START_SECONDS = 60.0
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class Process:
    """A running `yimen`, its lines read as they come."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.popen = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=as_installed()
        )
        self.lines: list[str] = []
        self._new: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.lines.append(line.rstrip("\n"))
            self._new.put(line)

    def wait_for(self, pattern: str) -> str:
        """The first line that has this in it."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                line = self._new.get(timeout=0.2)
            except queue.Empty:
                assert self.popen.poll() is None, self.lines
                continue
            if re.search(pattern, line):
                return line.rstrip("\n")
        raise AssertionError(self.lines)

    def stop(self, number: signal.Signals) -> int:
        """Ask it to stop; its exit code. It has five seconds."""
        started = time.monotonic()
        self.popen.send_signal(number)
        code = self.popen.wait(START_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS, self.words
        self._reader.join(5)
        return code

    def end(self) -> None:
        """Whatever happened, nothing stays behind."""
        if self.popen.poll() is None:
            self.popen.kill()
            self.popen.wait()
        self._reader.join(5)
        assert self.popen.stdout is not None
        self.popen.stdout.close()


@contextmanager
def started(*words: list[str]) -> Iterator[list[Process]]:
    """These processes, all ended after."""
    processes = [Process(line) for line in words]
    try:
        yield processes
    finally:
        for process in processes:
            process.end()


def county(url: str, folder: Path, at: datetime) -> Context:
    """A seeded county of this moment."""
    settings = settings_for(url, folder)
    ctx = Context(
        settings, Database(url, KeyRing.parse(settings.keys)), Clock(at),
        speaker(settings.locale, settings.time_zone),
    )
    migrate.upgrade(ctx.db)
    seeding.seed(ctx, "county")
    return ctx


def cases_of(ctx: Context) -> list[tuple[object, ...]]:
    with ctx.db.read() as session:
        return [
            (c.receipt, c.status, c.township, c.name, c.phone, c.urgent, c.answers["what"])
            for c in session.scalars(select(Case).order_by(Case.id))
        ]


@pytest.fixture(scope="module")
def at_noon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The county as it is seeded at a known noon, on SQLite."""
    folder = tmp_path_factory.mktemp("noon")
    ctx = county(f"sqlite:///{folder}/x.sqlite3", folder, NOON)
    yield ctx
    ctx.db.close()


def test_the_same_day_gives_the_same_county(
    at_noon: Context, database: str, tmp_path: Path
) -> None:
    ctx = county(database, tmp_path, NOON)
    assert cases_of(ctx) == cases_of(at_noon)
    assert 55 <= len(cases_of(ctx)) <= 70
    ctx.db.close()


def test_any_hour_of_a_day_gives_the_same_receipts(tmp_path: Path) -> None:
    made = []
    # One in the morning and noon of 3 December in Shanghai.
    for at in (datetime(2026, 12, 2, 17, tzinfo=UTC), datetime(2026, 12, 3, 4, tzinfo=UTC)):
        ctx = county(f"sqlite:///{tmp_path}/{at.hour}.sqlite3", tmp_path, at)
        made.append([row[0] for row in cases_of(ctx)])
        ctx.db.close()
    assert made[0] == made[1]


def test_the_county_has_every_status_and_wakes_nobody(at_noon: Context) -> None:
    with at_noon.db.read() as session:
        cases = session.scalars(select(Case)).all()
        assert set(Counter(case.status for case in cases)) == set(Status)
        assert session.scalar(select(func.count()).select_from(Push)) == 0
        assert len({case.township for case in cases}) >= 3
        # Nothing in it lies in the future, and nothing happened before it began.
        events = session.scalars(select(CaseEvent).order_by(CaseEvent.id)).all()
        assert all(event.at <= NOON for event in events)
        first = {event.case_id: event.at for event in reversed(events)}
        assert all(event.at >= first[event.case_id] for event in events)
        # The officer's desk has something overdue, something near and something far.
        today = at_noon.today()
        due = [case.due_on for case in cases if case.due_on]
        assert any(day < today for day in due)
        assert any(day > today for day in due)
        # Who works here has a phone; whose case it is was never asked twice.
        assert session.scalar(select(func.count()).select_from(Staff)) == 16
        people = session.scalar(select(func.count()).select_from(Person))
        assert people is not None
        assert people >= len(cases)


def test_services_start_answer_and_stop(tmp_path: Path) -> None:
    """`serve`, `web` and `worker` at once on one database, as a small county runs them."""
    path = tmp_path / "config.toml"
    path.write_text(
        GOOD.replace("yimen.sqlite3", f"{tmp_path}/yimen.sqlite3")
        .replace("file:///papers", f"file://{tmp_path}/papers")
    )
    settings = config.load(path, {})
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    migrate.upgrade(db)
    db.close()
    ports = free_port(), free_port()
    with started(
        command(path, "serve", "--port", str(ports[0])),
        command(path, "web", "--port", str(ports[1])),
        command(path, "worker"),
    ) as (serve, web, worker):
        for process, words in ((serve, "listening"), (web, "answering"), (worker, "working")):
            process.wait_for(words)
        wait_for(ports[1])
        for port in ports:
            for place in ("healthz", "readyz"):
                answer = requests.get(f"http://127.0.0.1:{port}/{place}", timeout=10)
                assert answer.json()["ok"] is True
        assert serve.stop(signal.SIGTERM) == 0
        assert web.stop(signal.SIGINT) == 0
        assert worker.stop(signal.SIGTERM) == 0
        for process in (serve, web, worker):
            events = [json.loads(line)["event"] for line in process.lines]
            assert events[-1] == "stopped", process.lines
            assert "job_failed" not in events


def receipts_in(data: Path) -> list[str]:
    settings = config.load(data / "config.toml", {})
    db = Database(settings.database_url, KeyRing.parse(settings.keys))
    with db.read() as session:
        found = list(session.scalars(select(Case.receipt).order_by(Case.id)))
    db.close()
    return found


def test_the_demo_starts_answers_stops_and_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "演示 县"
    kept: list[str] = []
    for number in range(2):
        port = free_port()
        words = command(tmp_path / "none.toml", "demo", "--port", str(port), "--data", str(data))
        with started(words) as (demo,):
            ready = demo.wait_for("ready")
            assert ready == f"Demo county ready: http://127.0.0.1:{port}/"
            people = requests.get(f"http://127.0.0.1:{port}/sandbox/api/people", timeout=10).json()
            assert {"resident", "officer", "head"} <= {person["role"] for person in people}
            phone = f"http://127.0.0.1:{port}/sandbox/api/people/demo-resident-1"
            said = requests.post(f"{phone}/send", json={"text": "进度"}, timeout=10).json()
            assert [reply["type"] for reply in said["replies"]] == ["text"]
            inbox = requests.get(f"{phone}/inbox", timeout=10).json()
            assert len(inbox) == number + 1, "what was said before is still on the phone"
            assert demo.stop(signal.SIGINT) == 0
            assert demo.lines[-1] == "Demo county stopped."
            assert "Traceback" not in "\n".join(demo.lines)
        tomllib.loads((data / "config.toml").read_text("utf-8"))
        assert config.load(data / "config.toml", {}).public_url == f"http://127.0.0.1:{port}"
        assert receipts_in(data)[: len(kept)] == kept
        kept = receipts_in(data)
    assert (data / "keys").stat().st_mode & 0o077 == 0


def test_a_fresh_demo_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "seed", lambda *_: None)  # sixty cases take their time
    data = tmp_path / "demo"
    port = free_port()
    keys = []
    for fresh in (False, False, True):
        demo = Demo(port, data, fresh=fresh)
        keys.append((data / "keys").read_text())
        demo.stop()
    assert keys[0] == keys[1] != keys[2]


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    for fresh in (False, True):
        args = argparse.Namespace(port=free_port(), data=tmp_path, fresh=fresh)
        with pytest.raises(Trouble, match="holds something else"):
            run_demo(args)
    (tmp_path / "config.toml").write_text('environment = "production"')
    with pytest.raises(Trouble, match="holds something else"):
        run_demo(argparse.Namespace(port=free_port(), data=tmp_path, fresh=True))
    assert (tmp_path / "letters.txt").read_text() == "dear"
