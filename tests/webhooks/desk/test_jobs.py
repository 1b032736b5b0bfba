"""What runs by itself, as the county sees it: what is late and what fell over stands first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.jobruns import JobRun
from notices.schedule import JOBS, Job
from notices.worker import Worker
from tests.webhooks.desk.world import World


@pytest.fixture
def worker(world: World) -> Worker:
    return Worker(world.ctx)


def test_every_job_has_its_name() -> None:
    assert all(job.title for job in JOBS)


def test_before_the_first_run_it_says_so(world: World) -> None:
    page = world.browser("county").text("/desk/jobs")
    assert page.count("还没有做过") == len(JOBS)


def test_a_failed_and_a_late_one_stand_first(world: World, worker: Worker) -> None:
    worker.run_due_now()
    page = world.browser("county").text("/desk/jobs")
    assert "都正常" in page
    assert page.count("上次：") == len(JOBS)

    def fall(_shift: object) -> int:
        raise RuntimeError("王秀英 5137")

    world.clock.at += timedelta(minutes=30)
    worker.run(Job("renewals", 300, fall, alone=True))
    page = world.browser("county").text("/desk/jobs")
    renewal, late = page.index("每月的长期公示"), page.index("发通知")
    assert renewal < late < page.index("该复核的")
    assert "没做完（RuntimeError）" in page
    assert "王秀英" not in page
    assert page.count("该做的时候没做") == len(JOBS) - 3, "two run once an hour, one failed"


def test_the_run_that_caught_up_is_shown_as_such(world: World, worker: Worker) -> None:
    worker.run_due_now()
    world.clock.at += timedelta(hours=5)
    Worker(world.ctx).run_due_now()
    with world.ctx.db.read() as db:
        found = {run.job: run.missed for run in db.query(JobRun).order_by(JobRun.id)}
    assert found == {job.name: True for job in JOBS}
    assert "补做的：前面该做时没有做" in world.browser("county").text("/desk/jobs/rechecks")


def test_it_is_the_countys(world: World) -> None:
    for who in ("li", "zhao"):
        assert world.browser(who).get("/desk/jobs").status_code == 404
    assert world.browser("county").get("/desk/jobs/none").status_code == 404
