"""The worker: jobs that run, catch up, keep to themselves, and never fall over."""

from __future__ import annotations

import ast
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import create_engine, func, select

from models import audit, leases
from models.leases import Lease
from models.outgoing import Occasion
from models.people import Code, SignIn, UsedLink
from models.pushes import PushState
from models.storage import Storage
from models.talks import Message
from notices import schedule
from notices.schedule import JOBS, Job
from notices.worker import Worker
from tests.notices.ground import TOWN
from tests.notices.house import House
from tests.notices.test_media import kept, row_of, waiting

ROOT = Path(__file__).parents[2] / "notices"


@pytest.fixture
def worker(house: House) -> Worker:
    return Worker(house.ctx, Storage("memory://papers", house.ctx.keys))


def job(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_run_due_now_leaves_nothing_due(house: House, worker: Worker) -> None:
    wang, li = house.follow(), house.follow("李文")
    house.write(wang)
    house.write(li)
    house.staff(li)
    paper = waiting(house, wang, kept(house, b"no photo"))
    push = house.push(wang)
    house.push(None, Occasion.STAFF_NEW_CASE, township=TOWN)
    with house.ctx.db.begin() as session:
        audit.record(session, house.clock.now(), "test", "case", 1)
    worker.run_due_now()
    assert house.state(push) == (PushState.DELIVERED, "custom")
    assert row_of(house, paper).state == "refused"
    # The word about the photo that was none has gone out in the same turn.
    assert len(house.inbox(wang)) == 2
    assert len(house.inbox(li)) == 1
    with house.ctx.db.read() as session:
        assert audit.unchained(session) == 0
    assert {name: run.result for name, run in worker.runs.items()} == {
        job.name: "done" for job in JOBS
    }


def test_a_started_worker_sends_within_moments_and_stops(house: House, worker: Worker) -> None:
    wang = house.follow()
    house.write(wang)
    missed = house.push(wang)
    worker.start()
    try:
        deadline = time.monotonic() + 10
        while house.state(missed)[0] != PushState.DELIVERED and time.monotonic() < deadline:
            time.sleep(0.05)
        assert house.state(missed)[0] == PushState.DELIVERED
    finally:
        worker.stop()
    after = house.push(wang)
    time.sleep(1.5)
    assert house.state(after)[0] == PushState.PENDING
    assert not [t for t in threading.enumerate() if "APScheduler" in t.name]


def test_a_job_that_falls_over_falls_alone(
    house: House, worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    def fall(_worker: Worker) -> int:
        raise RuntimeError("王秀英 5137")

    before = counted("yimen_jobs_total", job="drain", result="failed")
    worker.run(Job("drain", 1, fall))
    assert worker.runs["drain"].result == "failed"
    assert counted("yimen_jobs_total", job="drain", result="failed") == before + 1
    assert "王秀英" not in capsys.readouterr().out


def test_the_database_away_is_no_end(house: House, worker: Worker) -> None:
    house.ctx.db.engine.dispose()
    house.ctx.db.reader = house.ctx.db.engine = _broken()
    worker.run_due_now()
    assert {run.result for run in worker.runs.values()} == {"failed"}


def _broken() -> object:
    return create_engine("sqlite:////nowhere/at/all.db")


def test_a_lone_job_has_one_runner_at_a_time(either: House) -> None:
    storage = Storage("memory://papers", either.ctx.keys)
    workers = [Worker(either.ctx, storage), Worker(either.other(), storage)]
    running, most, runs = [0], [0], [0]
    lock = threading.Lock()

    def slow(_worker: Worker) -> int:
        with lock:
            running[0] += 1
            runs[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.2)
        with lock:
            running[0] -= 1
        return 0

    alone = Job("purge", 3600, slow, alone=True)
    threads = [threading.Thread(target=worker.run, args=(alone,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    # Given back, it is free at once.
    workers[1].run(alone)
    assert runs[0] >= 2


def test_a_dead_runners_lease_ends(house: House, worker: Worker) -> None:
    with house.ctx.db.begin() as session:
        leases.take(session, "job:audit_chain", "dead", house.clock.now(), 300)
        audit.record(session, house.clock.now(), "test", "case", 1)
    worker.run(job("audit_chain"))
    with house.ctx.db.read() as session:
        assert audit.unchained(session) == 1
    house.clock.move(seconds=301)
    worker.run(job("audit_chain"))
    with house.ctx.db.read() as session:
        assert audit.unchained(session) == 0
        assert audit.verify(session) is None


def test_purging_forgets_what_has_served(house: House, worker: Worker) -> None:
    wang = house.follow()
    house.write(wang)
    now = house.clock.now()
    with house.ctx.db.begin() as session:
        for age in (0, 40):
            at = now - timedelta(days=age)
            session.add(UsedLink(nonce=f"n{age}", used_at=at, expires_at=at))
            session.add(Code(code_key=bytes([age]) * 16, purpose="join", created_at=at,
                             expires_at=at))
            session.add(SignIn(token_key=bytes([age]) * 16, code_key=bytes([age]) * 16,
                               digits="12", place="x", state="waiting", created_at=at,
                               expires_at=at))
            session.add(Lease(name=f"early:{age}", holder="success", until=at))
            session.add(Lease(name=f"other:{age}", holder="x", until=at))
            session.add(Message(account="qingshui", key=f"k{age}", identity_id=wang.identity,
                                kind="text", content={}, how="none", received_at=at))
    worker.run(job("purge"))

    def left(table: type) -> int:
        with house.ctx.db.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    assert left(UsedLink) == left(Code) == left(SignIn) == 1
    assert left(Message) == 3
    with house.ctx.db.read() as session:
        names = set(session.scalars(select(Lease.name)))
    assert {"early:0", "other:0", "other:40"} <= names
    assert "early:40" not in names


def test_the_gauges_tell_the_queue(house: House, worker: Worker) -> None:
    wang = house.follow()
    house.write(wang)
    for _ in range(3):
        house.push(wang)
    house.clock.move(seconds=90)
    worker.run(job("measure"))
    assert counted("yimen_pushes_waiting", state="pending") == 3
    assert counted("yimen_push_oldest_pending_seconds") == 90
    worker.run_due_now()
    assert counted("yimen_pushes_waiting", state="pending") == 0
    assert counted("yimen_push_oldest_pending_seconds") == 0


def test_no_log_line_tells_of_anybody(
    house: House, worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    wang = house.follow()
    house.write(wang)
    house.push(wang, details={"kind": "answer", "words": "秘密的话"})
    house.fault("message/custom/send", errcode=40164)
    worker.run_due_now()
    house.clock.move(minutes=10)
    worker.run_due_now()
    said = "".join(capsys.readouterr())
    assert "push_tried" in said
    for secret in (wang.openid, "秘密", "2611-", "0777"):
        assert secret not in said


def test_floors_of_this_room() -> None:
    """notices stands on models alone; wechatpy and APScheduler have one file each."""
    for file in ROOT.glob("*.py"):
        names = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            for name in (
                [alias.name for alias in node.names] if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )
        }
        assert not names & {"bot", "webhooks", "flask", "babel"}, file.name
        assert ("wechatpy" in names) == (file.name == "wechat_channel.py"), file.name
        assert ("apscheduler" in names) == (file.name == "worker.py"), file.name
        if file.name in ("ladder.py", "pieces.py"):
            assert not names & {"sqlalchemy", "structlog", "requests"}, file.name
    assert schedule.JOBS
