"""What was asked of an assistant and nobody opened, or did in time: told to who asked, then to the
head of the township, each once.

As with a clock (`models/escalation.py`), how far it was told is kept with it (`Errand.stage`). How
long that takes is the county's own (`[errands]`): help is asked for by agreement, no clause sets a
length for it.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, errands
from models.cases import Case
from models.context import Context
from models.deadlines import last_day, working_days_left
from models.errands import Errand
from models.escalation import is_early
from models.outgoing import Occasion
from models.statuses import EventKind, Role
from models.timeline import beside, tell_staff

log = structlog.get_logger(__name__)

BATCH = 200
ASKER, HEAD = 1, 2
UNSEEN, LATE = "unseen", "late"
OCCASIONS = {UNSEEN: Occasion.STAFF_ERRAND_UNSEEN, LATE: Occasion.STAFF_ERRAND_LATE}


def watch(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """Tell what nobody opened or did in time; how many were told, a transaction each."""
    done, last = 0, 0
    while not is_early(ctx) and not is_over():
        query = select(Errand).where(Errand.state == "open", Errand.id > last)
        with ctx.db.read() as session:
            rows = session.scalars(query.order_by(Errand.id).limit(BATCH)).all()
        for row in rows:
            if stage_of(ctx, row) > row.stage and not is_over():
                done += _alone(ctx, row)
        if len(rows) < BATCH:
            break
        last = rows[-1].id
    return done


def stage_of(ctx: Context, errand: Errand) -> int:
    """How far it should have been told by now; 0 for not at all."""
    over = max(_late(ctx, errand), _unseen(ctx, errand))
    if over < 0:
        return 0
    return HEAD if over >= ctx.settings.errands.head_after else ASKER


def _late(ctx: Context, errand: Errand) -> int:
    """Working days since the first one after its day; below zero until then."""
    given = errand.given_at.astimezone(ctx.zone).date()
    # A knock has no day of its own: then as long as one has for what is asked as a rule.
    due = errand.due_on or last_day(
        given, ctx.settings.errands.due_after, "working_days", ctx.is_working
    )
    return -working_days_left(ctx.today(), due, ctx.is_working) - 1 if ctx.today() > due else -1


def _unseen(ctx: Context, errand: Errand) -> int:
    """Working days since it should have been opened; below zero until then, and once it was."""
    if errand.seen_at is not None:
        return -1
    given = errand.given_at.astimezone(ctx.zone).date()
    waited = working_days_left(given, ctx.today(), ctx.is_working)
    return waited - ctx.settings.errands.unseen_after


def _alone(ctx: Context, row: Errand) -> int:
    """Where one cannot be told, the others do not wait for it."""
    try:
        with ctx.db.begin() as session:
            return _tell(ctx, session, row)
    except Exception as error:
        log.error("errand_watch_failed", errand=row.id, error=type(error).__name__)
        return 0


def _tell(ctx: Context, session: Session, row: Errand) -> int:
    """The case is locked before it is read again: as whoever hands in does."""
    case = session.scalars(
        select(Case).where(Case.id == row.case_id).with_for_update(of=Case)
    ).one()
    found = session.get_one(Errand, row.id, populate_existing=True)
    now = stage_of(ctx, found) if found.state == "open" else 0
    for stage in range(found.stage + 1, now + 1):
        ask = LATE if _late(ctx, found) >= 0 else UNSEEN
        _step(ctx, session, case, found, stage, ask)
    told, found.stage = max(now - found.stage, 0), max(found.stage, now)
    return told


def _step(
    ctx: Context, session: Session, case: Case, errand: Errand, stage: int, ask: str
) -> None:
    to = Role.HEAD if stage == HEAD else Role.OFFICER
    step = beside(ctx, case, EventKind.ERRAND_LATE)
    step.details = {"errand": errand.kind, "number": errand.id, "to": to, "ask": ask}
    session.add(step)
    session.flush()
    tell_staff(
        ctx, session, case, step, OCCASIONS[ask], role=to if stage == HEAD else "",
        person_id=None if stage == HEAD else errands.who_asked(ctx, session, errand),
    )
    audit.record(session, step.at, "errand.escalated", "errand", errand.id, to=to, ask=ask)
