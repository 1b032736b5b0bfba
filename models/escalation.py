"""What runs near or out is told: the officer, then the head, then the county, each once.

How far a clock was told is kept with it (`CaseClock.stage`): neither an edit of the case nor a
clock that is set back tells anybody again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import audit, casequeries
from models.cases import Case, CaseEvent
from models.clocks import CaseClock
from models.context import Context
from models.deadlines import Nearness, nearness, working_days_left
from models.kinscope import kept_out
from models.leave import is_away
from models.moves import NOT_OURS, Clocks
from models.outgoing import Occasion, enqueue
from models.people import Staff
from models.statuses import EventKind, Role
from models.timeline import beside

log = structlog.get_logger(__name__)

BATCH = 200
NEAR, OFFICER, HEAD, COUNTY = 1, 2, 3, 4
TO = {NEAR: Role.OFFICER, OFFICER: Role.OFFICER, HEAD: Role.HEAD, COUNTY: Role.COUNTY}
# A referral is somebody else's time, but the township keeps an eye on it.
TOLD = frozenset(Clocks) - (NOT_OURS - {Clocks.REFERRAL})
Act = Callable[[Context, Session, Case, CaseClock], int]
# Further ahead than any holiday reaches, nothing is near.
AHEAD = timedelta(days=20)


def is_early(ctx: Context) -> bool:
    """Whether it is too early in the day to tell anybody what time alone brings."""
    return ctx.now().astimezone(ctx.zone).hour < ctx.settings.escalation.from_hour


def escalate(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """Tell what has come near or run out; how many were told. Each clock is one transaction."""
    if is_early(ctx):
        return 0
    return each(
        ctx, CaseClock.kind.in_(TOLD) & (CaseClock.due_on <= ctx.today() + AHEAD),
        lambda row: stage_of(ctx, row) > row.stage, _tell, is_over,
    )


def each(
    ctx: Context, which: ColumnElement[bool], is_due: Callable[[CaseClock], bool], do: Act,
    is_over: Callable[[], bool],
) -> int:
    """`do` with each running clock of `which` that is due for it, a transaction each; how many.

    Most are not due: those are read in batches and locked by nobody.
    """
    done, last = 0, 0
    query = select(CaseClock).where(CaseClock.state == "running", which).order_by(CaseClock.id)
    while not is_over():
        with ctx.db.read() as session:
            rows = session.scalars(query.where(CaseClock.id > last).limit(BATCH)).all()
        for row in rows:
            if is_due(row) and not is_over():
                done += _alone(ctx, row, do)
        if len(rows) < BATCH:
            break
        last = rows[-1].id
    return done


def _alone(ctx: Context, row: CaseClock, do: Act) -> int:
    """Where one cannot be done, nothing of it is, and the others do not wait for it."""
    try:
        return _one(ctx, row, do)
    except Exception as error:
        log.error("clock_failed", clock=row.id, kind=row.kind, error=type(error).__name__)
        return 0


def _one(ctx: Context, seen: CaseClock, do: Act) -> int:
    """The case is locked before its clock is read: as whoever moves it does."""
    with ctx.db.begin() as session:
        case = session.scalars(
            select(Case).where(Case.id == seen.case_id).with_for_update(of=Case)
        ).one()
        row = session.get_one(CaseClock, seen.id)
        return do(ctx, session, case, row) if row.state == "running" else 0


def stage_of(ctx: Context, row: CaseClock) -> int:
    """How far a clock should have been told by now."""
    near = nearness(ctx.today(), row.due_on, ctx.is_working)
    if near is not Nearness.OVERDUE:
        # What must be done by tomorrow is near from its first moment, and was just told.
        return NEAR if near is Nearness.NEAR and ctx.today() > row.started_on else 0
    late = -working_days_left(ctx.today(), row.due_on, ctx.is_working) - 1
    if late >= ctx.settings.escalation.county_after:
        return COUNTY
    return HEAD if late >= ctx.settings.escalation.head_after else OFFICER


def _tell(ctx: Context, session: Session, case: Case, row: CaseClock) -> int:
    now = stage_of(ctx, row)
    stages = [stage for stage in range(row.stage + 1, now + 1) if stage > NEAR or now == NEAR]
    for stage in stages:
        tell(ctx, session, case, row, TO[stage], "near" if stage == NEAR else "late")
    row.stage = max(row.stage, now)
    return len(stages)


def tell(
    ctx: Context, session: Session, case: Case, row: CaseClock, role: Role, ask: str
) -> CaseEvent:
    """One step among staff and its push; `ask`: near, late, taper, call, begun or posting."""
    if role is Role.OFFICER and _head_stands_in(ctx, session, case):
        role = Role.HEAD
    step = beside(ctx, case, EventKind.ESCALATED)
    step.details = {"clock": row.kind, "to": role, "ask": ask}
    session.add(step)
    session.flush()
    person_id = officer_person(session, case) if role is Role.OFFICER else None
    details = {
        "receipt": case.receipt, "clock": row.kind, "ask": ask, "due_on": row.due_on.isoformat(),
    }
    place = case.county if role is Role.COUNTY else case.township
    enqueue(
        session, step.at, ctx.settings.pushes.expire_days, Occasion.STAFF_CLOCK,
        f"event:{step.id}:{role}", person_id=person_id, township=place,
        role="" if person_id else role, account=case.account, case_id=case.id, event_id=step.id,
        details=details,
    )
    audit.record(
        session, step.at, "case.escalated", "case", case.id, clock=row.kind, to=role, ask=ask
    )
    return step


def _head_stands_in(ctx: Context, session: Session, case: Case) -> bool:
    """Whether the officer is on leave, and the township has a head who is not."""
    officer = session.get(Staff, case.officer_id) if case.officer_id else None
    if officer is None or officer.left_at is not None or not is_away(officer, ctx.today()):
        return False
    here = casequeries.officers(session, case.township, case.id, ctx.today())
    return any(member.role == Role.HEAD and member.person_id for member in here)


def officer_person(session: Session, case: Case) -> int | None:
    """The chat of the responsible officer; None where nobody is named, bound or still there, or
    where the case is kept from them."""
    if case.officer_id is None:
        return None
    query = select(Staff.person_id).where(
        Staff.id == case.officer_id, Staff.left_at.is_(None), Staff.id.not_in(kept_out(case.id))
    )
    return session.scalars(query).one_or_none()


