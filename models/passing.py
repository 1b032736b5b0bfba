"""What time alone does to a case: a notice period ends, papers never come, a taper is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import casework, informing, listed, supplements, taskwork
from models.cases import Case, CaseEvent
from models.clocks import CaseClock
from models.context import Context
from models.escalation import OFFICER, each, is_early, tell
from models.moves import Clocks
from models.onbehalf import reaches
from models.outgoing import Occasion
from models.statuses import EventKind, Role, Status
from models.supplements import ItemState, Lacking
from models.timeline import beside, tell_applicant

# What the person or the desk did last while papers were awaited; after the first the desk is on.
ANSWERED = (EventKind.SUPPLIED, EventKind.WITHDRAW_ASKED)
ASKED = ("return", EventKind.PAPER_UNCLEAR)


def pass_time(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """Do what is due by itself today; how many things. Each clock is one transaction."""
    if is_early(ctx):
        return 0
    kind, over = CaseClock.kind, CaseClock.due_on < ctx.today()
    return (
        each(ctx, (kind == Clocks.NOTICE) & over, _always, _conclude, is_over)
        + each(ctx, kind == Clocks.SUPPLEMENT, lambda row: _is_due(ctx, row), _await, is_over)
        + each(ctx, (kind == Clocks.TAPER) & over & (CaseClock.stage < OFFICER), _always, _taper,
               is_over)
    )


def _always(_row: CaseClock) -> bool:
    return True


def _conclude(ctx: Context, session: Session, case: Case, row: CaseClock) -> int:
    """The day after the notice's last one it goes on, if it hung as long; else it is asked for."""
    if case.status != Status.PROPOSED or informing.is_stopped(session, case):
        return 0
    until = taskwork.posted_until(ctx, session, case)
    if until is None and row.stage < OFFICER:
        tell(ctx, session, case, row, Role.OFFICER, "posting")
        row.stage = OFFICER
        return 1
    if until is None or ctx.today() <= until or listed.waits(ctx, session, case, "proposed"):
        return 0
    casework.carry_on(ctx, session, case, "conclude")
    return 1


def _taper(ctx: Context, session: Session, case: Case, row: CaseClock) -> int:
    """Its end is told; stopping needs a person."""
    tell(ctx, session, case, row, Role.OFFICER, "taper")
    row.stage = OFFICER
    return 1


def _await(ctx: Context, session: Session, case: Case, row: CaseClock) -> int:
    """Remind on the way; when the time is over, put it away. Never while the desk is on."""
    lacking = supplements.of_case(session, case)
    if case.status != Status.RETURNED or not lacking.open or _answered(session, case):
        return 0
    if informing.is_stopped(session, case):
        return 0
    # Who has sent some of it is on the way: a person looks before it is put away.
    begun = any(item.state == ItemState.RECEIVED for item in lacking.items)
    if ctx.today() > row.due_on and reaches(case) and not begun:
        casework.carry_on(ctx, session, case, "lapse", ctx.settings.waiting.reason)
        return 1
    due = _reminders_due(ctx, row)
    if due <= row.stage:
        return 0
    row.stage = due
    if not reaches(case) or ctx.today() > row.due_on:
        tell(ctx, session, case, row, Role.OFFICER, "begun" if begun else "call")
    else:
        _remind(ctx, session, lacking, row)
    return 1


def _is_due(ctx: Context, row: CaseClock) -> bool:
    return ctx.today() > row.due_on or _reminders_due(ctx, row) > row.stage


def _reminders_due(ctx: Context, row: CaseClock) -> int:
    """How many of the reminders' days have come; they part the time in equal pieces.

    One more, the last, where it ran out: only who cannot be written to is asked for then.
    """
    times, whole = ctx.settings.waiting.reminders, (row.due_on - row.started_on).days
    days = [row.started_on + timedelta(days=whole * n // (times + 1)) for n in range(1, times + 1)]
    return sum(day <= ctx.today() for day in days) + (ctx.today() > row.due_on)


def _answered(session: Session, case: Case) -> bool:
    """Whether the person spoke last: then it is the desk's turn."""
    query = select(CaseEvent.kind).where(
        CaseEvent.case_id == case.id, CaseEvent.kind.in_((*ANSWERED, *ASKED))
    )
    return session.scalar(query.order_by(CaseEvent.id.desc()).limit(1)) in ANSWERED


def _remind(ctx: Context, session: Session, lacking: Lacking, row: CaseClock) -> None:
    """Only what is not here yet."""
    step = beside(ctx, lacking.case, EventKind.REMINDED)
    step.details = {
        "missing": [item.words for item in lacking.open], "until": row.due_on.isoformat(),
    }
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, lacking.case, step, Occasion.CASE_MOVED)
