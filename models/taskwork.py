"""Tasks that the moves of a case open and drop (`models/moves.py`), and when each is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import clockwork, errands, tasks
from models.cases import Case, CaseEvent
from models.context import Context
from models.deadlines import Due, due
from models.errands import Errand, ErrandKind
from models.lengths import Length
from models.moves import Clocks, Move
from models.paths import path_of
from models.statuses import CLOSED, Status
from models.tasks import Task, TaskKind

# Which move opens what; a survey that an objection calls for is made anew.
OPENS: dict[str, tuple[TaskKind, ...]] = {
    "investigate": (TaskKind.SURVEY, TaskKind.VERIFICATION),
    "explain": (TaskKind.SURVEY, TaskKind.VERIFICATION),
    "uphold": (TaskKind.SURVEY,),
    "reopen": (TaskKind.SURVEY, TaskKind.VERIFICATION),
    "appraise": (TaskKind.APPRAISAL,),
    "propose": (TaskKind.POSTING,),
}
ANEW = frozenset({"uphold", "reopen", "appraise", "propose"})
# After these what was seen before says nothing any more: somebody goes again.
GO_AGAIN = ("uphold", "reopen")
OF_A_VISIT = frozenset({TaskKind.SURVEY, TaskKind.VERIFICATION})


def follow(ctx: Context, session: Session, case: Case, line: Move) -> None:
    """Open what this move calls for; drop what is open where the case is over."""
    if Status(line.to) in CLOSED:
        # That somebody spoke for it is owed to the household wherever the case went.
        owed = () if Status(line.to) is Status.WITHDRAWN else (TaskKind.CALLBACK,)
        drop(session, ctx.now(), case.id, *(kind for kind in TaskKind if kind not in owed))
        errands.drop(session, ctx.now(), Errand.case_id == case.id, Errand.kind != ErrandKind.KNOCK)
    elif line.name == "register":
        # What had nobody's name on it is now this officer's.
        for task in tasks.of_case(session, case.id):
            if task.state == "open" and task.staff_id is None:
                task.staff_id = case.officer_id
    elif line.name == "uphold":
        # The notice is over before its time: nothing is to be put up any more.
        drop(session, ctx.now(), case.id, TaskKind.POSTING)
    for kind in OPENS.get(line.name, ()):
        if kind in OF_A_VISIT and not path_of(case.scheme).surveyed:
            continue
        states = ("open",) if line.name in ANEW else ("open", "done")
        if not tasks.exists(session, case.id, kind, *states):
            until = due_of(ctx, session, case, kind)
            open_task(ctx, session, case, kind, until.on if until else None,
                      until.basis if until else "")


def open_task(
    ctx: Context, session: Session, case: Case, kind: TaskKind, due_on: date | None, basis: str
) -> Task:
    """One task more for a case, for the officer who has it."""
    task = Task(
        case_id=case.id, kind=kind, state="open", staff_id=case.officer_id, due_on=due_on,
        due_basis=basis, findings={}, bundle=token_hex(16), created_at=ctx.now(), version=1,
    )
    session.add(task)
    session.flush()
    return task


def drop(session: Session, now: datetime, case_id: int, *kinds: TaskKind) -> None:
    """What is open of these kinds is not to be done any more."""
    for task in tasks.of_case(session, case_id):
        if task.state == "open" and task.kind in kinds:
            task.state, task.version = "dropped", task.version + 1
            errands.drop(session, now, Errand.task_id == task.id)


def due_of(ctx: Context, session: Session, case: Case, kind: TaskKind) -> Due | None:
    """By when: the first survey within its own length from acceptance, a notice at once, others
    and a further survey with the case."""
    if kind is TaskKind.SURVEY and not tasks.exists(session, case.id, kind, "done"):
        length = clockwork.length_of(ctx, Clocks.SURVEY, case.township, case.scheme)
        return due(case.accepted_on or ctx.today(), length, ctx.is_working)
    if kind is TaskKind.POSTING:
        length = clockwork.length_of(ctx, Clocks.NOTICE, case.township, case.scheme)
        return Due(ctx.today(), length.basis)
    return Due(case.due_on, case.due_basis) if case.due_on else None


def last_posting(session: Session, case: Case) -> Task | None:
    """The newest paper to be put up, or that was, for this case."""
    return next(
        (task for task in reversed(tasks.of_case(session, case.id))
         if task.kind == TaskKind.POSTING and task.state != "dropped"), None,
    )


def posted_until(ctx: Context, session: Session, case: Case) -> date | None:
    """The last day of the paper notice, counted from the day that it went up; None where nobody
    has recorded it. What was never asked for (an older case) hangs since the notice began."""
    notice = clockwork.running(session, case, Clocks.NOTICE)
    posting = last_posting(session, case)
    if notice is None or posting is None:
        return ctx.today() - timedelta(days=1)
    length = clockwork.length_of(ctx, Clocks.NOTICE, case.township, case.scheme, notice.started_on)
    return hung_until(ctx, posting, notice.started_on, length)


def hung_until(ctx: Context, posting: Task, since: date, length: Length) -> date | None:
    """The last day that a paper has to hang, from the day that it went up and not before `since`;
    None while nobody has recorded it."""
    if posting.state != "done":
        return None
    up = max(date.fromisoformat(posting.findings["on"]), since)
    return due(up, length, ctx.is_working).on


def surveyed(session: Session, case: Case) -> bool:
    """Whether the household was visited, or help came first and the visit was left out.

    After an objection that was upheld, or a refusal that was taken up again, it is visited anew.
    """
    if not path_of(case.scheme).surveyed:
        return True
    if tasks.exists(session, case.id, TaskKind.SURVEY, "open") and _goes_again(session, case):
        return False
    return tasks.exists(session, case.id, TaskKind.SURVEY, "done") or _left_out(
        session, case, TaskKind.SURVEY
    )


def verified(session: Session, case: Case) -> bool:
    """Whether every check of means that was to be made came to its end (57号 art. 19: the opinion
    rests on it), or help came first and it was left out. Who does not agree is not checked."""
    if not tasks.exists(session, case.id, TaskKind.VERIFICATION, "open"):
        return True
    return _left_out(session, case, TaskKind.VERIFICATION)


def _goes_again(session: Session, case: Case) -> bool:
    query = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.kind.in_(GO_AGAIN)
    )
    return session.scalar(query.limit(1)) is not None


def _left_out(session: Session, case: Case, kind: TaskKind) -> bool:
    first = select(CaseEvent.details).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == "grant_urgent"
    )
    return any(kind in details.get("skipped", ()) for details in session.scalars(first))
