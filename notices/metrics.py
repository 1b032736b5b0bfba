"""What the worker counts. No label ever carries a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge
from sqlalchemy import func, select

from models import jobruns
from models.context import Context
from models.pushes import Push, PushState
from notices.claims import WAITING, oldest_due

PUSHES = Counter("yimen_pushes", "Pushes by where they came to.", ["outcome", "channel"])
TRIES = Counter("yimen_push_tries", "Tries by channel and what came of them.",
                ["channel", "outcome"])
MEDIA = Counter("yimen_media", "Files fetched from the platform by what became of them.", ["state"])
JOBS = Counter("yimen_jobs", "Runs of periodic jobs by result.", ["job", "result"])
JOB_SECONDS = Gauge("yimen_job_seconds", "How long a periodic job's last run took.", ["job"])
JOB_SUCCESS = Gauge(
    "yimen_job_last_success_timestamp_seconds", "When a periodic job last went well.", ["job"]
)
QUEUE = Gauge("yimen_pushes_waiting", "Pushes that wait, by state.", ["state"])
OLDEST = Gauge("yimen_push_oldest_pending_seconds", "How long the oldest due push has waited.")

DEPTHS = (*WAITING, PushState.HELD, PushState.SENT)


def pushed(state: str, channel: str) -> None:
    """A push came to this state."""
    PUSHES.labels(state, channel or "none").inc()


def measure(ctx: Context) -> None:
    """Read the queue's depth and age, and how the jobs run, from the database into the gauges."""
    now = ctx.now()
    with ctx.db.read() as session:
        counted = session.execute(
            select(Push.state, func.count()).where(Push.state.in_(DEPTHS)).group_by(Push.state)
        )
        depth = {row.state: int(row[1]) for row in counted}
        oldest = oldest_due(session, now)
        books = jobruns.books(session)
    for state in DEPTHS:
        QUEUE.labels(state).set(depth.get(state, 0))
    OLDEST.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
    for job, book in books.items():
        if book.last is not None:
            JOB_SECONDS.labels(job).set(book.last.seconds)
        if book.success is not None:
            JOB_SUCCESS.labels(job).set(book.success.at.timestamp())
