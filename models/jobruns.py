"""The runs of the periodic jobs: when, how long, what came of them; the last ones are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.rows import changed

# How many lines of a job are kept: of a job a minute three hours, of one an hour eight days.
KEPT = 200


class JobRun(Base):
    """One line of the book of jobs. Of a job that runs every few seconds, a line is what it did
    in a minute: `at` is the last of those `runs`, `seconds` the longest, `done` all together.

    `result`: `done` or `failed` (then `error` is the kind of the error, never its words).
    `missed`: nobody ran it when it was due; this is the run that caught up.
    """

    __tablename__ = "job_runs"
    __table_args__ = (Index(None, "job", "id"),)

    id: Mapped[Key]
    job: Mapped[str] = mapped_column(String(20))
    worker: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    seconds: Mapped[float]
    result: Mapped[str] = mapped_column(String(10))
    error: Mapped[str] = mapped_column(String(60), default="")
    runs: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)
    missed: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Book:
    """What is known of one job: its last line, its last success, its last failure."""

    last: JobRun | None = None
    success: JobRun | None = None
    failure: JobRun | None = None


def last_run(session: Session, job: str) -> datetime | None:
    """When this job last ran, anywhere."""
    query = select(JobRun.at).where(JobRun.job == job)
    return session.scalar(query.order_by(JobRun.id.desc()).limit(1))


def books(session: Session) -> dict[str, Book]:
    """Every job that ever ran, by name; two statements."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job, JobRun.result)
    found: dict[str, Book] = {}
    for run in session.scalars(select(JobRun).where(JobRun.id.in_(newest)).order_by(JobRun.id)):
        book = found.get(run.job, Book())
        success, failure = (run, book.failure) if run.result == "done" else (book.success, run)
        found[run.job] = Book(run, success, failure)
    return found


def of_job(session: Session, job: str, limit: int) -> Sequence[JobRun]:
    """The last lines of one job, the newest first."""
    query = select(JobRun).where(JobRun.job == job)
    return session.scalars(query.order_by(JobRun.id.desc()).limit(limit)).all()


def purge(session: Session) -> int:
    """Forget all but the last lines of each job; how many went."""
    gone = 0
    for job in session.scalars(select(JobRun.job).distinct()).all():
        query = select(JobRun.id).where(JobRun.job == job).order_by(JobRun.id.desc())
        oldest = session.scalar(query.offset(KEPT).limit(1))
        if oldest is not None:
            gone += changed(session, delete(JobRun).where(JobRun.job == job, JobRun.id <= oldest))
    return gone
