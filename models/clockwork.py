"""Clocks that start, rest, go on and end with the moves of a case; one extension with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import rules
from models.cases import Case
from models.clocks import CaseClock
from models.context import Context
from models.deadlines import Due, due, last_day, working_days_left
from models.lengths import Length
from models.moves import LIVES, NOT_OURS, RESTS, Clocks
from models.settings import mark
from models.statuses import Status

CATCH_UP = 200
WHY_RESTING = {
    Status.RETURNED: mark("等本人补材料"), Status.MERGED: mark("和另一件并在一起办"),
    Status.REFERRED: mark("等相关部门办"), Status.REGISTERED: mark("转办退回来了，等接着办"),
}
# By which of its clocks a person is told when they will hear: the first of these that runs.
PROMISED = (
    Clocks.DECISION, Clocks.REGISTRATION, Clocks.URGENT_REGISTRATION, Clocks.ACCEPTANCE,
    Clocks.DELIVERY, Clocks.REFERRAL,
)


def length_of(
    ctx: Context, clock: Clocks, township: str, scheme: str | None, on: date | None = None
) -> Length:
    """The length in force on a day (today) at a township, for this scheme where it has its own."""
    return rules.length(
        clock, township, on or ctx.today(), ctx.directory.rules, ctx.directory.areas,
        ctx.settings.deadlines, scheme,
    )


def clock_due(ctx: Context, clock: Clocks, township: str, scheme: str | None = None) -> Due:
    """When a clock that starts today at this township runs out, with its clause."""
    return due(ctx.today(), length_of(ctx, clock, township, scheme), ctx.is_working)


def start(ctx: Context, session: Session, case: Case, clock: Clocks) -> CaseClock:
    """Start a clock of the case today."""
    length = length_of(ctx, clock, case.township, case.scheme)
    until = due(ctx.today(), length, ctx.is_working)
    row = _row(ctx, case, clock, ctx.today(), length, until)
    session.add(row)
    return row


def unwritten(ctx: Context, session: Session, case: Case) -> CaseClock | None:
    """A new case's first clock, whose row is not yet written; None where it has rows.

    Handing in may cost six statements and no more: so the case itself carries its first clock,
    and whoever moves it next, or the worker within the minute, writes the row.
    """
    if case.clock is None or case.clock_from is None or case.due_on is None:
        return None
    if session.scalar(select(CaseClock.id).where(CaseClock.case_id == case.id).limit(1)):
        return None
    began, until = case.clock_from, Due(case.due_on, case.due_basis)
    length = length_of(ctx, Clocks(case.clock), case.township, case.scheme, began)
    return _row(ctx, case, Clocks(case.clock), began, length, until)


def _row(
    ctx: Context, case: Case, clock: Clocks, began: date, length: Length, until: Due
) -> CaseClock:
    return CaseClock(
        case_id=case.id, kind=clock, state="running", started_on=began, due_on=until.on,
        days=length.days, counted_from=began, counted=length.days, unit=length.unit,
        basis=until.basis, extended=0, stage=0, provisional=not ctx.is_settled(until.on.year),
    )


def write_first(ctx: Context, session: Session, case: Case) -> None:
    """Write a new case's first clock, before any other has a row. The case is locked."""
    row = unwritten(ctx, session, case)
    if row is not None:
        session.add(row)
        session.flush()


def catch_up(ctx: Context) -> int:
    """Write the first clocks of all new cases; how many."""
    written = select(CaseClock.id).where(CaseClock.case_id == Case.id).exists()
    query = select(Case).where(
        Case.status == Status.SUBMITTED, Case.to_do.is_(True), Case.clock.is_not(None), ~written
    )
    done = 0
    while True:
        with ctx.db.begin() as session:
            found = session.scalars(
                query.order_by(Case.id).limit(CATCH_UP).with_for_update(of=Case, skip_locked=True)
            ).all()
            for case in found:
                write_first(ctx, session, case)
        done += len(found)
        if len(found) < CATCH_UP:
            return done


def alive(session: Session, case: Case) -> list[CaseClock]:
    """The clocks of a case that are not over, the first to run out first."""
    query = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.state != "over")
    return list(session.scalars(query.order_by(CaseClock.due_on, CaseClock.id)))


def running(session: Session, case: Case, clock: Clocks) -> CaseClock | None:
    """The case's clock of this kind that is not over, or None."""
    return next((row for row in alive(session, case) if row.kind == clock), None)


def advance(
    ctx: Context, session: Session, case: Case, after: Status, starts: Sequence[Clocks] = ()
) -> None:
    """Carry the clocks over to the status that the case now has, and start those of the move."""
    write_first(ctx, session, case)
    found = alive(session, case)
    for row in found:
        kind = Clocks(row.kind)
        if after in LIVES[kind]:
            _go_on(ctx, row)
        elif after in RESTS.get(kind, ()) or after is Status.MERGED:
            rest(ctx, row, WHY_RESTING[after])
        else:
            end(ctx, row)
    running = {row.kind for row in found if row.state != "over"}
    found += [start(ctx, session, case, clock) for clock in starts if clock not in running]
    show(case, found)


def ring(ctx: Context, session: Session, case: Case) -> CaseClock | None:
    """Something urgent was told of a case that is at work already: start the clock of what is
    urgent, which the next move ends. None where the case has had it; the case is locked."""
    write_first(ctx, session, case)
    kind = Clocks.URGENT_REGISTRATION
    had = select(CaseClock.id).where(CaseClock.case_id == case.id, CaseClock.kind == kind)
    if session.scalar(had.limit(1)) is not None:
        return None
    row = start(ctx, session, case, kind)
    session.flush()
    show(case, alive(session, case))
    return row


def hush(ctx: Context, session: Session, case: Case, number: int) -> None:
    """End what `ring` started, where it still runs."""
    found = alive(session, case)
    for row in found:
        if row.id == number:
            end(ctx, row)
    show(case, found)


def rest(ctx: Context, row: CaseClock, why: str) -> None:
    """Stop counting, with the reason; what is left is kept."""
    if row.state == "running":
        row.state, row.reason = "resting", why
        row.left = _left(ctx, row)


def end(ctx: Context, row: CaseClock) -> None:
    """The clock has done its turn."""
    row.state, row.over_at = "over", ctx.now()


def begin(ctx: Context, session: Session, case: Case, clock: Clocks) -> CaseClock:
    """Start a clock beside the moves. The case is locked."""
    write_first(ctx, session, case)
    row = start(ctx, session, case, clock)
    session.flush()
    show(case, alive(session, case))
    return row


def finish(ctx: Context, session: Session, case: Case, clock: Clocks) -> None:
    """End a clock, if it runs, beside the moves. The case is locked."""
    row = running(session, case, clock)
    if row is not None:
        end(ctx, row)
        session.flush()
        show(case, alive(session, case))


def show(case: Case, found: Sequence[CaseClock]) -> None:
    """Put on the case what the queue sorts by, and what its person is promised."""
    ours = [row for row in found if row.state == "running" and Clocks(row.kind) not in NOT_OURS]
    first = min(ours, key=lambda row: row.due_on, default=None)
    case.clock = first.kind if first else None
    case.clock_from = first.started_on if first else None
    case.due_on, case.due_basis = (first.due_on, first.basis) if first else (None, "")
    running = {row.kind: row for row in found if row.state == "running"}
    promised = next((running[kind] for kind in PROMISED if kind in running), None)
    case.answer_on = promised.due_on if promised else None
    case.answer_basis = promised.basis if promised else ""


def extend(ctx: Context, row: CaseClock, days: int, why: str) -> None:
    """Add days to a clock, once; the caller has asked whether it may."""
    row.extended, row.extended_for = days, why
    row.counted += days
    recount(ctx, row)
    row.stage = 0


def recount(ctx: Context, row: CaseClock) -> bool:
    """Let it end where the days off known today put its end; whether that is another day.

    What had run out before it went on stays where it is.
    """
    before = row.due_on
    if row.counted > 0:
        row.due_on = last_day(row.counted_from, row.counted, row.unit, ctx.is_working)
    row.provisional = not ctx.is_settled(row.due_on.year)
    return row.due_on != before


def _left(ctx: Context, row: CaseClock) -> int:
    if row.unit == "days":
        return (row.due_on - ctx.today()).days
    return working_days_left(ctx.today(), row.due_on, ctx.is_working)


def _go_on(ctx: Context, row: CaseClock) -> None:
    """Count on where it rested; what was overdue stays overdue by as much."""
    if row.state != "resting":
        return
    left = row.left or 0
    row.counted_from, row.counted = ctx.today(), max(left, 0)
    row.due_on = ctx.today() + timedelta(days=min(left, 0))
    recount(ctx, row)
    row.state, row.left, row.reason = "running", None, None
