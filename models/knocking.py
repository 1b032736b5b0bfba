"""A notice that reached nobody: an assistant of the village goes and says to call the office.

The last rung of the ladder (design §6). Nothing of the notice is passed on: only that the
township would like a call.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models import audit, doors, errands, errandwork
from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS
from models.context import Context
from models.doors import Door
from models.errands import Errand, ErrandKind
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.pushes import ARRIVED, Push
from models.pushreport import Span
from models.statuses import CASE_ROLES

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
    told = exists().where(
        CaseEvent.case_id == Push.case_id, CaseEvent.kind.in_(doors.SAID.values()),
        CaseEvent.at >= Push.ended_at,
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
        .where(*doors.lost(
            Push.occasion.in_(TOLD), Push.ended_at > ctx.now() - LATELY, ~reached, ~told, ~asked,
        ))
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


def ask_rest(
    ctx: Context, session: Session, staff: StaffView, span: Span, *more: ColumnElement[bool]
) -> tuple[int, int]:
    """An officer sends the assistants to every open door of the list that nobody is asked for.

    How many were asked, and how many doors have no assistant who could go.
    """
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    asked = without = 0
    for door in doors.doors(session, staff, span, *more):
        if door.closed is None and door.errand is None:
            done = _ask_at(ctx, session, staff, door)
            asked, without = asked + done, without + (not done)
    return asked, without


def _ask_at(ctx: Context, session: Session, staff: StaffView, door: Door) -> bool:
    """Ask one; whoever asked for the same household at this moment has asked for both."""
    case = session.scalars(
        select(Case).where(Case.id == door.case.id).with_for_update(of=Case)
    ).one()
    taken = exists().where(
        Errand.case_id == case.id, Errand.kind == ErrandKind.KNOCK,
        or_(Errand.state == "open", Errand.push_id == door.push.id),
    )
    if session.scalar(select(taken)):
        return True
    found = errands.helpers(ctx, session, case)
    if not found:
        return False
    made = errandwork.make(
        ctx, session, case, ErrandKind.KNOCK, found[0], due_on=None, asked_by=staff.id,
        push_id=door.push.id,
    )
    audit.record(
        session, ctx.now(), "errand.asked", "errand", made.id, staff_id=staff.id,
        kind=ErrandKind.KNOCK, helper=found[0].id,
    )
    return True
