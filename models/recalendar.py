"""Days off were made known: every living clock whose end they move is moved, once.

Restartable: a clock is counted anew from what it was given (`clockwork.recount`), so that a
second turn finds nothing to move.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import audit, clockwork
from models.calendars import CalendarNotice
from models.cases import Case
from models.clocks import CaseClock
from models.context import KEEP_SECONDS, Context
from models.outgoing import Occasion
from models.statuses import EventKind
from models.timeline import beside, tell_applicant

BATCH = 50
# Other processes may still start clocks by the days that they have in memory.
SPREAD = timedelta(seconds=2 * KEEP_SECONDS)


def sweep(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """Move what new days off move; how many clocks. A batch of cases is one transaction."""
    ctx.directory.forget()
    began = ctx.now()
    with ctx.db.read() as session:
        fresh = session.scalar(select(CalendarNotice.id).where(*_FRESH).limit(1)) is not None
        which = CaseClock.state == "running" if fresh else _settled_now(ctx, session)
    if which is None:
        return 0
    moved, last = 0, 0
    while not is_over():
        with ctx.db.begin() as session:
            cases = _next(session, which, last)
            moved += sum(_recount(ctx, session, case) for case in cases)
        if not cases:
            _applied(ctx, began - SPREAD)
            return moved
        last = cases[-1].id
    return moved


_FRESH = (CalendarNotice.state == "signed", CalendarNotice.applied_at.is_(None))


def _settled_now(ctx: Context, session: Session) -> ColumnElement[bool] | None:
    """Clocks that are provisional no longer, as after a new edition of the library."""
    open_ = (CaseClock.state == "running") & CaseClock.provisional.is_(True)
    first, last = session.execute(
        select(func.min(CaseClock.due_on), func.max(CaseClock.due_on)).where(open_)
    ).one()
    years = range(first.year, last.year + 1) if first else range(0)
    settled = [year for year in years if ctx.is_settled(year)]
    if not settled:
        return None
    return open_ & CaseClock.due_on.between(
        date(settled[0], 1, 1), date(settled[-1], 12, 31)
    )


def _next(session: Session, which: ColumnElement[bool], last: int) -> list[Case]:
    numbers = select(CaseClock.case_id).where(which)
    query = select(Case).where(Case.id > last, Case.id.in_(numbers)).order_by(Case.id)
    return list(session.scalars(query.limit(BATCH).with_for_update(of=Case)))


def _recount(ctx: Context, session: Session, case: Case) -> int:
    """Count one case's clocks anew; its timeline says what moved."""
    found, promised = clockwork.alive(session, case), case.answer_on
    moved: list[dict[str, Any]] = []
    for row in found:
        before = row.due_on
        if row.state == "running" and clockwork.recount(ctx, row):
            moved.append(
                {"clock": row.kind, "before": before.isoformat(), "after": row.due_on.isoformat()}
            )
    if not moved:
        return 0
    clockwork.show(case, found)
    told = case.answer_on is not None and case.answer_on != promised
    step = beside(ctx, case, EventKind.RECALENDARED)
    step.details = {"moved": moved, "among_staff": not told}
    step.due_on, step.due_basis = case.answer_on, case.answer_basis
    session.add(step)
    session.flush()
    if told:
        tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(session, step.at, "case.recalendared", "case", case.id, moved=len(moved))
    return len(moved)


def _applied(ctx: Context, before: Any) -> None:
    """Nothing is left to move; a notice that is too young is swept once more."""
    with ctx.db.begin() as session:
        session.execute(
            update(CalendarNotice)
            .where(*_FRESH, CalendarNotice.signed_at <= before)
            .values(applied_at=ctx.now())
        )
