"""Two cases of one household become one (并案), and apart again, without losing anything.

Nothing is moved: the case that was merged keeps its words, papers and person, and stands beside
the other one. So whoever sent it can still open it, hears of every step of the other, and taking
them apart again gives exactly what was.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, clockwork
from models.cases import Case
from models.context import Context
from models.merges import Merge
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, HELPED, OPEN, EventKind, Status
from models.steps import MoveRefused
from models.timeline import beside, event, tell_applicant

NOT_ITSELF = mark("不能并到自己里面，请写另一件的编号。")
NO_SUCH_CASE = mark("没有找到这个编号的事，请再核对一遍。")
NOT_ALIVE = mark("那件事已经办完了，不能再并进去。")
NOT_MERGED = mark("这件事没有并到别的事里。")
NOT_YOURS = mark("这一步要由乡镇经办人或负责人来办。")


def join(
    ctx: Context, session: Session, staff: StaffView, case: Case, into: Case, was: Status
) -> None:
    """Stand a case beside another one; its people hear of the other's steps from now on."""
    if into.id == case.id:
        raise MoveRefused(NOT_ITSELF, "into")
    if Status(into.status) not in OPEN | HELPED:
        raise MoveRefused(NOT_ALIVE, "into")
    session.add(
        Merge(case_id=case.id, into_id=into.id, was=was, staff_id=staff.id, at=ctx.now())
    )
    # What was merged into this one comes along.
    for further in session.scalars(
        select(Merge).where(Merge.into_id == case.id, Merge.undone_at.is_(None))
    ):
        further.into_id = into.id
    into.urgent = into.urgent or case.urgent
    step = beside(ctx, into, EventKind.MERGED_IN)
    step.staff_id, step.details = staff.id, {"receipt": case.receipt}
    into.version, into.updated_at = into.version + 1, step.at
    session.add(step)
    session.flush()


def part(
    ctx: Context, session: Session, staff: StaffView, case: Case, version: int, internal: str
) -> Case:
    """Take a merged case apart again: it stands where it stood, and its clocks go on."""
    found = session.scalars(
        select(Merge).where(Merge.case_id == case.id, Merge.undone_at.is_(None))
    ).one_or_none()
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    if found is None or case.version != version:
        raise MoveRefused(NOT_MERGED)
    found.undone_at = ctx.now()
    case.status, case.version, case.updated_at = found.was, case.version + 1, ctx.now()
    clockwork.advance(ctx, session, case, Status(found.was))
    step = event(
        ctx, case.id, EventKind.UNMERGED, Status.MERGED, found.was, case.answer_on,
        case.answer_basis,
    )
    step.staff_id, step.internal = staff.id, internal or None
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(session, step.at, "case.unmerged", "case", case.id, staff_id=staff.id)
    return case
