"""Handing a case over to a colleague: the one way in which a case changes its officer."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import audit, casequeries
from models.cases import Case
from models.context import Context
from models.outgoing import Occasion
from models.policy import StaffView
from models.settings import mark
from models.statuses import EventKind
from models.steps import MoveRefused
from models.tasks import Task
from models.timeline import beside, tell_applicant

NO_OFFICER = mark("请选一位不用回避、也没有请假的经办人。")


def hand_over(
    ctx: Context, session: Session, staff: StaffView, case: Case, officer_id: int | None
) -> None:
    """Another officer of the township takes a locked case, and what is open of its tasks.

    The resident is told who it is, not why. Raises MoveRefused for who has to keep out of this
    case, is on leave, or does not work there.
    """
    here = casequeries.officers(session, case.township, case.id, ctx.today())
    officer = next((member for member in here if member.id == officer_id), None)
    if officer is None:
        raise MoveRefused(NO_OFFICER, "officer")
    case.officer_id, case.unit = officer.id, officer.unit or case.unit
    step = beside(ctx, case, EventKind.HANDED_OVER)
    step.staff_id, step.details = staff.id, {"unit": case.unit, "officer": officer.name}
    case.version, case.updated_at = case.version + 1, step.at
    session.execute(
        update(Task).where(Task.case_id == case.id, Task.state == "open")
        .values(staff_id=officer.id, version=Task.version + 1)
    )
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(
        session, step.at, "case.handed_over", "case", case.id, staff_id=staff.id,
        officer=officer.id,
    )
