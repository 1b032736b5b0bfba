"""The periodic jobs as the county sees them: what ran when, what is late, what fell over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import jobruns
from models.jobruns import Book, JobRun
from models.settings import Translate, mark
from models.statuses import Role
from notices.schedule import JOBS, Job
from webhooks import access
from webhooks.access import Audience, opened_to

SHOWN = 30
# How a job stands, the worst first, and how its sign looks (ui.due).
STANDS = {
    "failed": (mark("上次没做完"), "overdue"),
    "late": (mark("该做的时候没做"), "near"),
    "never": (mark("还没有做过"), "near"),
    "fine": (mark("正常"), "far"),
}
ORDER = tuple(STANDS)


@dataclass(frozen=True)
class View:
    """One job in words."""

    name: str
    title: str
    stand: str
    words: str
    near: str
    last: str
    next: str
    took: str
    did: str
    success: str
    missed: bool


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/jobs", "jobs", page)
    desk.add_url_rule("/jobs/<job>", "job", one)


@opened_to(Audience.DESK, Role.COUNTY)
def page() -> ResponseReturnValue:
    """Every job, the late and the failed first."""
    ctx, t = access.context(), access.speech()
    with ctx.db.read() as db:
        books = jobruns.books(db)
    views = [_view(t, job, books.get(job.name, Book()), ctx.now()) for job in JOBS]
    views.sort(key=lambda view: ORDER.index(view.stand))
    return render_template(
        "desk/jobs.html", jobs=views, wrong=sum(view.stand != "fine" for view in views),
    )


@opened_to(Audience.DESK, Role.COUNTY)
def one(job: str) -> ResponseReturnValue:
    """The last runs of one job."""
    ctx, t = access.context(), access.speech()
    found = next((line for line in JOBS if line.name == job), None)
    if found is None:
        abort(404)
    with ctx.db.read() as db:
        runs = jobruns.of_job(db, job, SHOWN)
        book = jobruns.books(db).get(job, Book())
    return render_template(
        "desk/job.html", job=_view(t, found, book, ctx.now()), runs=[_run(t, run) for run in runs],
    )


def _view(t: Translate, job: Job, book: Book, now: datetime) -> View:
    stand, last = _stand(job, book, now), book.last
    words, near = STANDS[stand]
    said = _run(t, last) if last else {"at": "", "took": "", "did": ""}
    due = last.at + timedelta(seconds=job.seconds) if last else now
    return View(
        job.name, t(job.title), stand, t(words), near, said["at"],
        t(mark("随时")) if job.seconds < 60 else t.moment(max(due, now)),
        said["took"], said["did"],
        t.moment(book.success.at) if book.success and stand != "fine" else "",
        last.missed if last else False,
    )


def _stand(job: Job, book: Book, now: datetime) -> str:
    if book.last is None:
        return "never"
    if book.last.result != "done":
        return "failed"
    return "late" if now - book.last.at > job.late_after else "fine"


def _run(t: Translate, run: JobRun) -> dict[str, str]:
    """One line of the book in words; what it did in a minute is one line."""
    did = t(mark("做了 {count} 件"), count=run.done) if run.done else t(mark("没有要做的"))
    if run.result != "done":
        did = t(mark("没做完（{error}），到点会再做"), error=run.error)
    return {
        "at": t.moment(run.at), "took": _seconds(t, run.seconds), "did": did,
        "result": run.result, "missed": t(mark("补做的：前面该做时没有做")) if run.missed else "",
        "runs": t(mark("这一分钟里 {count} 次"), count=run.runs) if run.runs > 1 else "",
    }


def _seconds(t: Translate, seconds: float) -> str:
    if seconds < 0.1:
        return t(mark("不到 0.1 秒"))
    return t(mark("{seconds} 秒"), seconds=f"{seconds:.1f}")
