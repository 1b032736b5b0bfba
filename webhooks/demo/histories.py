"""What has happened to the demo's cases: for each status a few paths of steps that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import hearingwork, taskdoing
from models.cases import Case
from models.casework import make_move, put_forward
from models.context import Context
from models.moves import MOVES
from models.people import Staff, view_of
from models.policy import StaffView
from models.statuses import OPEN, Role, Status
from models.steps import Grant, Step
from models.tasks import Task, TaskKind
from webhooks.demo import county


@dataclass(frozen=True)
class Happened:
    """A move so many days after the one before, with what it was given."""

    move: str
    after: int = 0
    given: dict[str, Any] = field(default_factory=dict)


Path = tuple[Happened, ...]


def _path(*steps: str | tuple[str, int] | Happened) -> Path:
    found = []
    for step in steps:
        if isinstance(step, tuple):
            found.append(Happened(*step))
        else:
            found.append(Happened(step) if isinstance(step, str) else step)
    return tuple(found)


def _accept(scheme: str) -> Happened:
    return Happened("accept", 1, {"scheme": scheme})


_S = Status
_MONTHLY = Happened("propose", 3, {"grant": Grant("money", Decimal("460.00"), "", True, 2)})
_ONCE = Happened("propose", 3, {"grant": Grant("money", Decimal("1500.00"), "", False, 3)})
_LARGE = Happened("propose", 2, {"grant": Grant("money", Decimal("5000.00"), "", False, 3)})
_FIRST = Happened(
    "grant_urgent", 0,
    {"grant": Grant("money", Decimal("800.00"), "", False, 3), "skipped": ("survey", "notice")},
)
_OPENED = _path("register", _accept("dibao"), ("investigate", 1))
_ONE_OFF = _path("register", _accept("temporary"), ("investigate", 1))
_GRANTED = (*_OPENED, _MONTHLY, *_path(("conclude", 18), ("grant", 2)))
_PAID = (*_ONE_OFF, _ONCE, *_path(("conclude", 18), ("grant", 2)))
_ASSISTED = (*_GRANTED, Happened("assist", 2))
PATHS: dict[Status, tuple[Path, ...]] = {
    _S.SUBMITTED: ((),),
    _S.REGISTERED: (_path("register"),),
    _S.RETURNED: (_path("register", "return"), (*_OPENED, Happened("return", 1))),
    _S.ACCEPTED: (
        _path("register", _accept("dibao")), _path("register", _accept("temporary")),
        _path("register", _accept("tekun")),
    ),
    _S.INVESTIGATING: (_OPENED, _ONE_OFF),
    _S.APPRAISING: ((*_OPENED, Happened("appraise", 2)),),
    _S.PROPOSED: ((*_OPENED, _MONTHLY), (*_ONE_OFF, _ONCE)),
    _S.DECIDING: (
        (*_OPENED, _MONTHLY, Happened("conclude", 18)),
        (*_ONE_OFF, _LARGE, Happened("conclude", 18)),
    ),
    _S.GRANTED: (_GRANTED, _PAID, _path("register", _accept("temporary"), _FIRST)),
    _S.ASSISTED: (_ASSISTED,),
    _S.TAPERING: ((*_ASSISTED, Happened("taper", 40)),),
    _S.ENDED: ((*_PAID, Happened("finish", 2)),),
    _S.REFUSED: ((*_OPENED, *_path(("propose_refusal", 3), ("refuse", 2))),),
    _S.DECLINED: (_path(("decline", 1)),),
    _S.ANSWERED: (_path("answer"), _path("register", "answer")),
    _S.MERGED: (_path("register", ("merge", 1)),),
    _S.WITHDRAWN: (_path("withdraw"), _path("register", "withdraw")),
}
_WORDS = {
    "answer": county.ANSWERS, "propose_refusal": county.REFUSALS, "refuse": county.REFUSALS,
    "decline": county.DECLINED, "taper": county.LESS,
}


def is_urgent(path: Path) -> bool:
    """Whether this is the path of what cannot wait."""
    return any(step.move == "grant_urgent" for step in path)


def take(
    ctx: Context, session: Session, random: Random, receipt: str, township: str, done: Happened
) -> None:
    """Let this have happened, by whoever may do it."""
    case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
    line = MOVES[done.move]
    officer = _one(session, township, Role.OFFICER)
    step = _step(ctx, random, case, officer, done)
    if "surveyed" in line.guards:
        _visit(ctx, session, officer, case)
    if "verified" in line.guards:
        _check(ctx, session, officer, case)
    if "posted" in line.guards:
        _post(ctx, session, officer, case)
    if done.move == "merge":
        step = replace(step, into=_another(ctx, session, case))
    if Role.OFFICER in line.roles:
        make_move(ctx, session, officer, receipt, step)
        return
    decider = _one(session, township, Role.HEAD)
    if line.second:
        if "heard" in line.guards:
            hearingwork.record(
                ctx, session, officer, receipt, case.version, move=done.move, how="visit",
                words=county.HEARD,
            )
            step = replace(step, version=case.version)
        put_forward(ctx, session, officer, receipt, step)
        step = Step(done.move, case.version, words=step.words)
    make_move(ctx, session, decider, receipt, step)


def _step(
    ctx: Context, random: Random, case: Case, officer: StaffView, done: Happened
) -> Step:
    """The step with what its move needs, and what this path gives it."""
    needs = MOVES[done.move].needs
    given: dict[str, Any] = {
        "unit": officer.unit if "unit" in needs else "",
        "officer_id": officer.id if "officer" in needs else None,
        "missing": random.choice(county.MISSING) if "missing" in needs else (),
        "reason": random.choice(county.REASONS) if "reason" in needs else "",
        "words": random.choice(_WORDS[done.move]) if "words" in needs else "",
        "from_on": ctx.today() + timedelta(days=1) if "from_on" in needs else None,
    }
    return Step(done.move, case.version, **given | done.given)


def _visit(ctx: Context, session: Session, officer: StaffView, case: Case) -> None:
    """The household was visited, where that is still to be done."""
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.SURVEY, Task.state == "open"
    )
    for task in session.scalars(query):
        found = county.FOUND | {"on": ctx.today().isoformat()}
        taskdoing.do(ctx, session, officer, task.id, task.version, found, (officer.id,))


def _check(ctx: Context, session: Session, officer: StaffView, case: Case) -> None:
    """One department was asked, and answered; before that the person, where they had not said."""
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.VERIFICATION, Task.state == "open"
    )
    for task in session.scalars(query):
        while task.state == "open":
            found = dict(county.CHECKED[taskdoing.stage_of(case, task)])
            if "answered_on" in found:
                found["answered_on"] = ctx.today().isoformat()
            taskdoing.do(ctx, session, officer, task.id, task.version, found)


def _post(ctx: Context, session: Session, officer: StaffView, case: Case) -> None:
    """The notice went up on the day that it was asked for; no photo is invented of it."""
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.POSTING, Task.state == "open"
    )
    for task in session.scalars(query):
        up = task.due_on or ctx.today()
        task.place, task.findings = county.BOARD, {"on": up.isoformat()}
        task.state, task.done_at, task.done_by = "done", ctx.now(), officer.id


def _another(ctx: Context, session: Session, case: Case) -> str:
    """The receipt of an open case of the same township."""
    query = select(Case.receipt).where(
        Case.township == case.township, Case.id != case.id, Case.status.in_(OPEN),
        Case.created_at < ctx.now(),
    )
    return session.scalars(query.order_by(Case.id)).first() or ""


def _one(session: Session, area: str, role: Role) -> StaffView:
    """Someone of this role in the area; where a township has none, of the whole county."""
    query = select(Staff).where(Staff.area == area, Staff.role == role).order_by(Staff.id)
    found = session.scalars(query).first()
    if found is None:
        query = select(Staff).where(Staff.role == Role.COUNTY).order_by(Staff.id)
        found = session.scalars(query).first()
    assert found is not None
    return view_of(found)
