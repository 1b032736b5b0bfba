"""Merged cases taken apart again (`models/merging.py`): each stands where it stood."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, clockwork, kinfinding
from models.cases import Case
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.merges import Merge, live
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind, Status
from models.steps import MoveRefused
from models.timeline import beside, event, tell_applicant

NOT_MERGED = mark("这件事没有并到别的事里。")


def part(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int
) -> Case:
    """Take a merged case apart again: it stands where it stood, and its clocks go on.

    Raises LookupError, NotAllowed or MoveRefused.
    """
    top = _lock_both(session, receipt)
    case = locked_case(session, staff, receipt)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    found = session.scalars(
        select(Merge).where(Merge.case_id == case.id, Merge.undone_at.is_(None))
    ).one_or_none()
    if found is None or top is None or case.version != version:
        raise MoveRefused(NOT_MERGED)
    found.undone_at = ctx.now()
    session.flush()
    _take_along(session, top)
    _calm(ctx, session, found, top)
    kinfinding.give_back(session, case, top, found.at)
    _note(ctx, session, staff, case, top)
    case.status, case.version, case.updated_at = found.was, case.version + 1, ctx.now()
    clockwork.advance(ctx, session, case, Status(found.was))
    step = event(
        ctx, case.id, EventKind.UNMERGED, Status.MERGED, found.was, case.answer_on,
        case.answer_basis,
    )
    step.staff_id = staff.id
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(session, step.at, "case.unmerged", "case", case.id, staff_id=staff.id)
    return case


def _lock_both(session: Session, receipt: str) -> Case | None:
    """The case that this one stands beside; both locked in the order in which merging locks."""
    ids = session.execute(
        select(Case.id, Merge.top_id).join(Merge, Merge.case_id == Case.id)
        .where(Case.receipt == receipt, Merge.undone_at.is_(None))
    ).one_or_none()
    if ids is None:
        return None
    query = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(of=Case)
    return next(case for case in session.scalars(query).all() if case.id == ids[1])


def _take_along(session: Session, top: Case) -> None:
    """What came to the other case by the one that leaves goes with it."""
    rows = live(session, top.id)
    into = {row.case_id: row.into_id for row in rows}
    for row in rows:
        place = row.into_id
        while place in into:
            place = into[place]
        row.top_id = place
    session.flush()


def _calm(ctx: Context, session: Session, found: Merge, top: Case) -> None:
    """What was urgent by this case alone is so no longer, and nothing runs for it."""
    if found.clock_id is not None:
        clockwork.hush(ctx, session, top, found.clock_id)
    if not found.made_urgent:
        return
    for row in live(session, top.id):
        if session.get_one(Case, row.case_id).urgent:
            row.made_urgent = True
            return
    top.urgent = False


def _note(ctx: Context, session: Session, staff: StaffView, case: Case, top: Case) -> None:
    """On the other one's timeline; its page before is stale."""
    step = beside(ctx, top, EventKind.PARTED)
    step.staff_id, step.details = staff.id, {"receipt": case.receipt}
    top.version, top.updated_at = top.version + 1, step.at
    session.add(step)
