"""A notice that reached nobody: an assistant of the village goes and says to call the office.

The last rung of the ladder (design §6). Nothing of the notice is passed on: only that the
township would like a call.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models import errands, errandwork
from models.cases import Case
from models.context import Context
from models.errands import Errand, ErrandKind
from models.outgoing import Occasion
from models.pushes import UNDELIVERED, Push, PushState
from models.statuses import Status

ARRIVED = (PushState.SENT, PushState.DELIVERED)
TOLD = (Occasion.CASE_MOVED, Occasion.PAPER_UNCLEAR)
# What is older nobody goes to the door for: the case has gone on since.
LATELY = timedelta(days=14)
BATCH = 100


def knock(ctx: Context) -> int:
    """Ask for a knock for everyone whom nothing reached, one for a household; how many."""
    done = last = 0
    while True:
        with ctx.db.read() as session:
            batch = _wanted(ctx).where(Push.id > last).order_by(Push.id).limit(BATCH)
            numbers = session.scalars(batch).all()
        for number in numbers:
            with ctx.db.begin() as session:
                done += _ask(ctx, session, number)
        if len(numbers) < BATCH:
            return done
        # Where a village has no assistant they stay as they are: those behind them come too.
        last = numbers[-1]


def _wanted(ctx: Context) -> Select[int]:
    later = aliased(Push)
    reached = exists().where(
        later.person_id == Push.person_id, later.state.in_(ARRIVED), later.id > Push.id
    )
    # One that is asked for, or was asked for after this was lost, covers it.
    asked = exists().where(
        Errand.case_id == Push.case_id, Errand.kind == ErrandKind.KNOCK,
        or_(
            Errand.state == "open", Errand.created_at >= Push.ended_at, Errand.push_id == Push.id
        ),
    )
    return (
        select(Push.id).join(Case, Case.id == Push.case_id)
        .where(
            Push.state.in_(UNDELIVERED), Push.occasion.in_(TOLD),
            Push.ended_at > ctx.now() - LATELY, Push.person_id == Case.person_id,
            # Who speaks for others lives who knows where.
            Case.on_behalf.is_(False),
            Case.status.not_in((Status.WITHDRAWN, Status.MERGED)), ~reached, ~asked,
        )
    )


def _ask(ctx: Context, session: Session, number: int) -> int:
    push = session.get_one(Push, number)
    case = session.scalars(
        select(Case).where(Case.id == push.case_id).with_for_update(of=Case)
    ).one()
    if session.scalar(_wanted(ctx).where(Push.id == number)) is None:
        return 0
    found = errands.helpers(ctx, session, case)
    if not found:
        return 0
    errandwork.make(ctx, session, case, ErrandKind.KNOCK, found[0], due_on=None, push_id=push.id)
    return 1
