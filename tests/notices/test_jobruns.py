"""The book of jobs: one line a run, or a minute; a lone job once over all workers."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from models import jobruns
from models.jobruns import JobRun
from models.storage import Storage
from notices.schedule import JOBS, Job
from notices.worker import Worker
from tests.notices.house import House

ROOT = Path(__file__).parents[2]
# What a real worker process does here: a lone job, rung again and again, that says when it runs.
PROCESS = """
    import sys, time
    from models.context import Context, SystemClock
    from models.sealed import KeyRing
    from models.session import Database
    from notices.schedule import Job
    from notices.worker import Worker
    from tests.notices.ground import settings
    from webhooks.i18n import speaker

    url, keys, book = sys.argv[1:]
    db = Database(url, KeyRing.parse(keys))
    ctx = Context(settings(url, keys, ()), db, SystemClock(), speaker("zh_CN", "Asia/Shanghai"))

    def slow(shift):
        with open(book, "a") as file:
            file.write("in\\n")
        time.sleep(0.05)
        with open(book, "a") as file:
            file.write("out\\n")
        return 1

    worker = Worker(ctx)
    for _ in range(15):
        worker.run(Job("purge", 3600, slow, alone=True))
        time.sleep(0.01)
    db.close()
"""


def at_work(house: House) -> Worker:
    return Worker(house.ctx, Storage("memory://papers", house.ctx.keys))


def book(house: House, job: str) -> list[JobRun]:
    with house.ctx.db.read() as session:
        return list(jobruns.of_job(session, job, 1000))[::-1]


def steady(_shift: object) -> int:
    return 2


def fall(_shift: object) -> int:
    raise KeyError("王秀英")


def test_a_run_is_written_with_what_came_of_it(either: House) -> None:
    worker = at_work(either)
    worker.run(Job("rechecks", 3600, steady, alone=True))
    either.clock.move(hours=1)
    worker.run(Job("rechecks", 3600, fall, alone=True))
    first, second = book(either, "rechecks")
    assert (first.result, first.done, first.error, first.missed) == ("done", 2, "", False)
    assert (second.result, second.done, second.error) == ("failed", 0, "KeyError")
    assert 0 <= first.seconds < 5
    with either.ctx.db.read() as session:
        found = jobruns.books(session)["rechecks"]
    assert found.last is not None
    assert found.success is not None
    assert (found.last.id, found.success.id) == (second.id, first.id)


def test_what_runs_each_second_is_one_line_a_minute(house: House) -> None:
    worker, job = at_work(house), Job("drain", 1, steady)
    for _ in range(100):
        worker.run(job)
        house.clock.move(seconds=1)
    worker.stop()
    lines = book(house, "drain")
    assert [line.runs for line in lines] == [1, 60, 39]
    assert sum(line.done for line in lines) == 200


def test_a_failure_begins_a_line_of_its_own(house: House) -> None:
    worker = at_work(house)
    for run in (steady, steady, fall, steady):
        worker.run(Job("drain", 1, run))
        house.clock.move(seconds=1)
    worker.stop()
    assert [(line.result, line.runs) for line in book(house, "drain")] == [
        ("done", 1), ("done", 1), ("failed", 1), ("done", 1),
    ]


def test_a_missed_run_is_caught_up_once_over_all_workers(either: House) -> None:
    """Two workers begin after a night: the second sees that the first has caught up."""
    job = Job("rechecks", 3600, steady, alone=True)
    at_work(either).run(job)
    either.clock.move(hours=9)
    workers = [at_work(either), Worker(either.other(), Storage("memory://p", either.ctx.keys))]
    for worker in workers:
        worker.run(job, by_the_bell=True)
    assert [line.missed for line in book(either, "rechecks")] == [False, True]
    either.clock.move(hours=1)
    workers[1].run(job, by_the_bell=True)
    assert [line.missed for line in book(either, "rechecks")] == [False, True, False]


def test_a_clock_put_back_makes_no_job_wait(house: House) -> None:
    job, worker = Job("rechecks", 3600, steady, alone=True), at_work(house)
    worker.run(job, by_the_bell=True)
    house.clock.move(hours=-1)
    worker.run(job, by_the_bell=True)
    assert len(book(house, "rechecks")) == 2


def test_the_last_lines_are_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobruns, "KEPT", 3)
    worker = at_work(house)
    for _ in range(5):
        worker.run(Job("rechecks", 3600, steady))
        house.clock.move(hours=1)
    worker.run(Job("knocks", 300, steady))
    kept = book(house, "rechecks")[-3:]
    worker.run(next(job for job in JOBS if job.name == "purge"))
    assert [line.id for line in book(house, "rechecks")] == [line.id for line in kept]
    assert len(book(house, "knocks")) == 1


def test_the_gauges_tell_the_last_run_and_success(house: House) -> None:
    worker = at_work(house)
    worker.run(Job("rechecks", 3600, steady))
    success = house.clock.now().timestamp()
    house.clock.move(hours=1)
    worker.run(Job("rechecks", 3600, fall))
    worker.run(next(job for job in JOBS if job.name == "measure"))
    labels = {"job": "rechecks"}
    found = REGISTRY.get_sample_value("yimen_job_last_success_timestamp_seconds", labels)
    assert found == pytest.approx(success, abs=1)
    assert REGISTRY.get_sample_value("yimen_job_seconds", labels) is not None


def test_two_worker_processes_run_a_lone_job_one_at_a_time(either: House, tmp_path: Path) -> None:
    said = tmp_path / "book"
    url = either.ctx.db.engine.url.render_as_string(hide_password=False)
    command = [
        sys.executable, "-c", textwrap.dedent(PROCESS), url, either.ctx.settings.keys, str(said),
    ]
    running = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    lines = said.read_text().split()
    assert lines == ["in", "out"] * (len(lines) // 2), "never two at once"
    assert len({line.worker for line in book(either, "purge")}) == 2, "both of them had turns"
