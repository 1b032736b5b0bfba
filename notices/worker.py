"""The worker: runs the jobs of `notices/schedule.py`, and writes down how each run went.

The one file that knows APScheduler. It only rings the bell: what is due is decided by the
service's own clock, so that a demo whose clock is moved does what is due then.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from models import jobruns, leases
from models.context import Context
from models.jobruns import JobRun
from models.storage import Storage
from notices import media, metrics
from notices.schedule import JOBS, Job
from notices.wechat_channel import close_platforms

# Of a job that runs more often than this, what it did meanwhile is one line of the book.
LINE = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Run:
    """How a job's last run went."""

    at: datetime
    seconds: float
    result: str
    done: int


class Worker:
    """Runs the jobs of one process. `start` returns at once; `stop` waits for what is running."""

    def __init__(self, ctx: Context, storage: media.Store | None = None) -> None:
        self.ctx = ctx
        self.storage: media.Store = storage or Storage(ctx.settings.storage_url, ctx.keys)
        self.stopping = False
        self.runs: dict[str, Run] = {}
        self._name = secrets.token_hex(8)
        self._locks = {job.name: threading.Lock() for job in JOBS}
        self._written: dict[str, datetime] = {}
        self._unwritten: dict[str, JobRun] = {}
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Begin; every job runs once at once, and so catches up what was missed."""
        # It warns each time a job is still running when its next turn comes; that is meant.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        threads = ThreadPoolExecutor(len(JOBS))
        scheduler = BackgroundScheduler(timezone=UTC, executors={"default": threads})
        for job in JOBS:
            scheduler.add_job(
                self._ring, "interval", args=(job,), id=job.name, seconds=job.seconds,
                next_run_time=datetime.now(UTC), coalesce=True, max_instances=1,
                misfire_grace_time=None,
            )
        self.stopping = False
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """End after what is being done now; close the connections to the platform."""
        self.stopping = True
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None
        for line in list(self._unwritten.values()):
            self._write(line)
        close_platforms(self.ctx)

    def run_due_now(self) -> None:
        """Run everything once, here and now, until nothing is due; for the demo's moved clock."""
        for job in JOBS:
            self.run(job)

    def run(self, job: Job, *, by_the_bell: bool = False) -> None:
        """One run of one job; nothing is raised from it. By the bell, a lone job that another
        worker has just run waits for its next turn."""
        # The scheduler and `run_due_now` may meet: the second waits, then does what is left.
        with self._locks[job.name]:
            at, started = self.ctx.now(), time.monotonic()
            done, error = 0, ""
            try:
                if job.alone and not self._lease(job):
                    return
                try:
                    if by_the_bell and job.alone and self._was_just_run(job, at):
                        return
                    done = job.run(self)
                finally:
                    if job.alone:
                        self._give_back(job)
            except Exception as wrong:
                error = type(wrong).__name__
                log.error("job_failed", job=job.name, error=error)
            result = "failed" if error else "done"
            run = self.runs[job.name] = Run(at, time.monotonic() - started, result, done)
            metrics.JOBS.labels(job.name, result).inc()
            self._note(job, run, error)

    def _ring(self, job: Job) -> None:
        self.run(job, by_the_bell=True)

    def _lease(self, job: Job) -> bool:
        with self.ctx.db.begin() as session:
            return leases.take(
                session, f"job:{job.name}", self._name, self.ctx.now(), max(300, 2 * job.seconds)
            )

    def _was_just_run(self, job: Job, now: datetime) -> bool:
        with self.ctx.db.read() as session:
            last = jobruns.last_run(session, job.name)
        # A clock that was put back makes nothing wait.
        return last is not None and timedelta() <= now - last < timedelta(seconds=job.seconds / 2)

    def _give_back(self, job: Job) -> None:
        with self.ctx.db.begin() as session:
            # A lease counts as over only after its moment, hence one moment earlier.
            ended = self.ctx.now() - timedelta(milliseconds=1)
            leases.give_back(session, f"job:{job.name}", self._name, ended)

    def _note(self, job: Job, run: Run, error: str) -> None:
        """Write the run into the book; what runs every few seconds, a minute at a time."""
        line = self._unwritten.pop(job.name, None)
        if line is not None and line.result != run.result:
            self._write(line)
            line = None
        if line is None:
            line = JobRun(
                job=job.name, worker=self._name, at=run.at, seconds=run.seconds,
                result=run.result, error=error[:60], runs=1, done=run.done,
            )
        else:
            line.at, line.error = run.at, error[:60]
            line.seconds = max(line.seconds, run.seconds)
            line.runs, line.done = line.runs + 1, line.done + run.done
        last = self._written.get(job.name)
        if last is not None and timedelta() <= run.at - last < LINE:
            self._unwritten[job.name] = line
        else:
            self._write(line, job)

    def _write(self, line: JobRun, job: Job | None = None) -> None:
        try:
            with self.ctx.db.begin() as session:
                if job is not None:
                    last = jobruns.last_run(session, job.name)
                    line.missed = last is not None and line.at - last > job.late_after
                session.add(line)
        except SQLAlchemyError as error:
            # The database is away; the log has said so.
            log.error("run_not_written", job=line.job, error=type(error).__name__)
        self._written[line.job] = line.at
