"""The periodic jobs: one table, and the worker that runs them.

The one file that knows APScheduler. It only rings the bell: what is due is decided by the
service's own clock, so that a demo whose clock is moved does what is due then.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, select

from models import (
    arriving,
    audit,
    clockwork,
    concernclock,
    erasing,
    errandwatch,
    escalation,
    halfwritten,
    informwork,
    knocking,
    leases,
    noticesigning,
    passing,
    recalendar,
    rechecks,
    supplementing,
)
from models.context import Context
from models.halfwritten import HalfWritten
from models.inquiring import Inquiry
from models.leases import Lease
from models.people import Code, SignIn, UsedLink, WebSession
from models.rows import changed
from models.storage import Storage
from models.talks import Message
from notices import claims, media, metrics, renewing
from notices.outbox import EARLY
from notices.sender import drain
from notices.wechat_channel import close_platforms

# A repeated callback comes within minutes; a month is for finding out what somebody was told.
KEEP_MESSAGES = timedelta(days=30)
KEEP_USED = timedelta(days=1)
PURGE_BATCH = 1000
# A run that is still going when its next one is due, again and again, is not started twice.
ROUNDS = 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """One line of the table. `alone`: one runner at a time over all workers and hosts."""

    name: str
    seconds: float
    run: Callable[[Worker], int]
    alone: bool = False


@dataclass(frozen=True)
class Run:
    """How a job's last run went."""

    at: datetime
    seconds: float
    result: str
    done: int


def _drain(worker: Worker) -> int:
    """Round after round until nothing is due."""
    done = 0
    for _ in range(ROUNDS):
        now = drain(worker.ctx)
        done += now
        if not now or worker.stopping:
            break
    return done


def _media(worker: Worker) -> int:
    done = 0
    for _ in range(ROUNDS):
        now = media.fetch_waiting(worker.ctx, worker.storage)
        done += now
        if not now or worker.stopping:
            break
    return done


def _supplies(worker: Worker) -> int:
    return supplementing.tell_waiting(worker.ctx)


def _expire(worker: Worker) -> int:
    with worker.ctx.db.begin() as session:
        return claims.expire(worker.ctx, session)


def _chain(worker: Worker) -> int:
    done = 0
    while True:
        with worker.ctx.db.begin() as session:
            now = audit.chain(session)
        done += now
        if now < audit.BATCH:
            return done


def _calendar(worker: Worker) -> int:
    clockwork.catch_up(worker.ctx)
    return recalendar.sweep(worker.ctx, lambda: worker.stopping)


def _clocks(worker: Worker) -> int:
    """What time alone does first, so that nobody is told of what has just gone on."""
    clockwork.catch_up(worker.ctx)
    passed = passing.pass_time(worker.ctx, lambda: worker.stopping)
    passed += concernclock.remind(worker.ctx)
    passed += informwork.sweep(worker.ctx, lambda: worker.stopping)
    passed += errandwatch.watch(worker.ctx, lambda: worker.stopping)
    return passed + escalation.escalate(worker.ctx, lambda: worker.stopping)


def _rechecks(worker: Worker) -> int:
    with worker.ctx.db.begin() as session:
        return rechecks.tell_due(worker.ctx, session)


def _erase(worker: Worker) -> int:
    return erasing.sweep(worker.ctx, worker.storage)


def _knocks(worker: Worker) -> int:
    return knocking.knock(worker.ctx)


def _notices(worker: Worker) -> int:
    return noticesigning.turn(worker.ctx)


def _renewals(worker: Worker) -> int:
    return renewing.renew(worker.ctx, lambda: worker.stopping)


def _measure(worker: Worker) -> int:
    metrics.measure(worker.ctx)
    return 0


def _purge(worker: Worker) -> int:
    """Forget what has served its turn; in batches, so that no other writer waits long."""
    now = worker.ctx.now()
    used, old = now - KEEP_USED, now - KEEP_MESSAGES
    stale: tuple[tuple[type[Any], Any], ...] = (
        (UsedLink, UsedLink.expires_at < used),
        (Code, Code.expires_at < used),
        (SignIn, SignIn.expires_at < used),
        (WebSession, WebSession.expires_at < used),
        (Lease, (Lease.until < used) & Lease.name.startswith(EARLY, autoescape=True)),
        (Message, Message.received_at < old),
        (HalfWritten, HalfWritten.updated_at < halfwritten.oldest(worker.ctx)),
        (Inquiry, Inquiry.day < used.date()),
    )
    gone = sum(_forget(worker, table, which) for table, which in stale)
    with worker.ctx.db.begin() as session:
        return gone + arriving.purge(session, now, PURGE_BATCH)


def _forget(worker: Worker, table: type[Any], which: Any) -> int:
    key = table.__mapper__.primary_key[0]
    done = 0
    while True:
        with worker.ctx.db.begin() as session:
            batch = select(key).where(which).limit(PURGE_BATCH)
            gone = delete(table).where(key.in_(batch))
            count = changed(session, gone.execution_options(synchronize_session=False))
        done += count
        if count < PURGE_BATCH:
            return done


JOBS = (
    Job("media", 2, _media),
    # Before the outbox, so that what they tell goes out in the same turn.
    Job("calendar", 30, _calendar, alone=True),
    Job("clocks", 60, _clocks, alone=True),
    Job("supplies", 3, _supplies, alone=True),
    Job("erase", 30, _erase, alone=True),
    Job("drain", 1, _drain),
    Job("expire", 60, _expire),
    Job("measure", 15, _measure),
    # After what has just ended for good; what it tells goes out at the next turn.
    Job("knocks", 300, _knocks, alone=True),
    Job("notices", 5, _notices, alone=True),
    Job("renewals", 300, _renewals, alone=True),
    Job("rechecks", 3600, _rechecks, alone=True),
    Job("audit_chain", 30, _chain, alone=True),
    Job("purge", 3600, _purge, alone=True),
)


class Worker:
    """Runs the jobs of one process. `start` returns at once; `stop` waits for what is running."""

    def __init__(self, ctx: Context, storage: media.Store | None = None) -> None:
        self.ctx = ctx
        self.storage = storage or Storage(ctx.settings.storage_url, ctx.keys)
        self.stopping = False
        self.runs: dict[str, Run] = {}
        self._name = secrets.token_hex(8)
        self._locks = {job.name: threading.Lock() for job in JOBS}
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Begin; every job runs once at once, and so catches up what was missed."""
        # It warns each time a job is still running when its next turn comes; that is meant.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        threads = ThreadPoolExecutor(len(JOBS))
        scheduler = BackgroundScheduler(timezone=UTC, executors={"default": threads})
        for job in JOBS:
            scheduler.add_job(
                self.run, "interval", args=(job,), id=job.name, seconds=job.seconds,
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
        close_platforms(self.ctx)

    def run_due_now(self) -> None:
        """Run everything once, here and now, until nothing is due; for the demo's moved clock."""
        for job in JOBS:
            self.run(job)

    def run(self, job: Job) -> None:
        """One run of one job; nothing is raised from it."""
        # The scheduler and `run_due_now` may meet: the second waits, then does what is left.
        with self._locks[job.name]:
            at, started = self.ctx.now(), time.monotonic()
            done, result = 0, "done"
            try:
                if job.alone and not self._lease(job):
                    return
                try:
                    done = job.run(self)
                finally:
                    if job.alone:
                        self._give_back(job)
            except Exception as error:
                result = "failed"
                log.error("job_failed", job=job.name, error=type(error).__name__)
            seconds = time.monotonic() - started
            self.runs[job.name] = Run(at, seconds, result, done)
            metrics.JOBS.labels(job.name, result).inc()

    def _lease(self, job: Job) -> bool:
        with self.ctx.db.begin() as session:
            return leases.take(
                session, f"job:{job.name}", self._name, self.ctx.now(), max(300, 2 * job.seconds)
            )

    def _give_back(self, job: Job) -> None:
        with self.ctx.db.begin() as session:
            # A lease counts as over only after its moment, hence one moment earlier.
            ended = self.ctx.now() - timedelta(milliseconds=1)
            leases.give_back(session, f"job:{job.name}", self._name, ended)
