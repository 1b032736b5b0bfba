"""Two cases of one household become one (并案), and apart again, without losing anything.

Nothing is moved: the case that was merged keeps its words, papers and person, and stands beside
the other one. So whoever sent it can still open it, hears of every step of the other, and taking
them apart again gives exactly what was.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import clockwork, kinfinding
from models.cases import Case
from models.context import Context
from models.kinscope import kept_out
from models.merges import Merge, live
from models.outgoing import Occasion
from models.policy import StaffView
from models.settings import mark
from models.statuses import HELPED, OPEN, EventKind, Status
from models.steps import MoveRefused
from models.timeline import beside, tell_applicant

NOT_ITSELF = mark("不能并到自己里面，请写另一件的编号。")
NO_SUCH_CASE = mark("没有找到这个编号的事，请再核对一遍。")
NOT_ALIVE = mark("那件事已经办完了，不能再并进去。")
OFFICER_KEPT_OUT = mark("并过去以后，那件事的经办人要回避。请先给那件事换一位经办人，再并。")


def join(
    ctx: Context, session: Session, staff: StaffView | None, case: Case, into: Case, was: Status
) -> None:
    """Stand a case beside another one; its people hear of the other's steps from now on.

    Without `staff` it joined by itself: the desk is called to look, and what is urgent is to be
    seen to as fast as if it stood alone.
    """
    if into.id == case.id:
        raise MoveRefused(NOT_ITSELF, "into")
    if Status(into.status) not in OPEN | HELPED:
        raise MoveRefused(NOT_ALIVE, "into")
    # What was merged into this one comes along.
    for further in live(session, case.id):
        further.top_id = into.id
    merge = Merge(
        case_id=case.id, into_id=into.id, top_id=into.id, was=was,
        staff_id=staff.id if staff else None, made_urgent=case.urgent and not into.urgent,
        at=ctx.now(),
    )
    session.add(merge)
    into.urgent = into.urgent or case.urgent
    session.flush()
    # One household now: whoever keeps out of the one keeps out of the other.
    kinfinding.bring(session, case, into, merge.at)
    kinfinding.look(ctx, session, into)
    if into.officer_id in set(session.scalars(kept_out(into.id))):
        raise MoveRefused(OFFICER_KEPT_OUT, "into")
    if staff is None and case.urgent:
        clock = clockwork.ring(ctx, session, into)
        merge.clock_id = clock.id if clock else None
    step = beside(ctx, into, EventKind.MERGED_IN if staff else EventKind.REPORT_JOINED)
    step.staff_id, step.details = staff.id if staff else None, {"receipt": case.receipt}
    into.version, into.updated_at = into.version + 1, step.at
    session.add(step)
    session.flush()
    if staff is None:
        tell_applicant(ctx, session, into, step, Occasion.CASE_MOVED)
