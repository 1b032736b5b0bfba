"""A household does not want it: an officer looks, and goes on with a note or ends and erases it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import audit, erasing, informwork
from models.cases import Case
from models.casework import NOT_YOURS, fresh_case, make_move
from models.context import Context
from models.informing import Informing, Stand, of_case
from models.outgoing import Occasion, enqueue
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, HELPED, OPEN, EventKind
from models.steps import INTERNAL_LIMIT, INTERNAL_TOO_LONG, MoveRefused, Step
from models.timeline import beside

NOTHING = mark("这一项已经有人看过了。下面是最新的情况。")
NO_NOTE = mark("请写一句：怎么问的、为什么这样定。不要写是谁报的。")
NO_CHOICE = mark("请选不办了，还是接着办。")
HELPED_ALREADY = mark("这家已经在领救助了，要停请走“停止救助”，先听本人怎么说。")
# What stands as the reason; the household's own words go with the rest.
REASON = mark("本人不同意")


def settle(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int, how: str,
    note: str,
) -> Case:
    """After a refusal: `go_on` with a written note, or `stop`: it ends, and what it says goes.

    Raises LookupError, NotAllowed, MoveRefused.
    """
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    case = fresh_case(session, staff, receipt, version)
    row, note = of_case(session, case.id), note.strip()
    if row is None or row.state != Stand.DECLINED:
        raise MoveRefused(NOTHING)
    if how not in ("go_on", "stop"):
        raise MoveRefused(NO_CHOICE, "how")
    if not note:
        raise MoveRefused(NO_NOTE, "note")
    if len(note) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "note")
    row.note, row.settled_by, row.settled_at = note, staff.id, ctx.now()
    audit.record(
        session, ctx.now(), f"household.{how}", "case", case.id, staff_id=staff.id
    )
    if how == "go_on":
        _go_on(ctx, session, staff, case, row)
    else:
        _stop(ctx, session, staff, case, row)
    return case


def _go_on(
    ctx: Context, session: Session, staff: StaffView, case: Case, row: Informing
) -> None:
    row.state = Stand.CLEARED
    step = beside(ctx, case, EventKind.HOUSEHOLD_CLEARED)
    step.staff_id, step.internal = staff.id, row.note
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()


def _stop(
    ctx: Context, session: Session, staff: StaffView, case: Case, row: Informing
) -> None:
    """Withdraw it where it is open, then erase: the one who reported hears only that it is over."""
    if case.status in HELPED:
        raise MoveRefused(HELPED_ALREADY, "how")
    row.state = Stand.ERASED
    if case.status in OPEN:
        words = ctx.speak("")(REASON)
        make_move(ctx, session, staff, case.receipt, Step("withdraw", case.version, reason=words))
    erasing.erase(ctx, session, case)
    step = beside(ctx, case, EventKind.CONTENT_ERASED)
    step.staff_id = staff.id
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    if row.person_id is not None:
        enqueue(
            session, step.at, ctx.settings.pushes.expire_days, Occasion.HOUSEHOLD_ERASED,
            f"erased:{case.id}", person_id=row.person_id, account=case.account, case_id=case.id,
            event_id=step.id, details={"receipt": case.receipt, "township": case.township},
        )


def tell_now(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int
) -> None:
    """Nobody is in danger by it any more: the household is told, and its clock runs from today."""
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    case = fresh_case(session, staff, receipt, version)
    row = of_case(session, case.id)
    if row is None or row.state != Stand.HELD:
        raise MoveRefused(NOTHING)
    informwork.tell(ctx, session, case, row)
    case.version, case.updated_at = case.version + 1, ctx.now()
    audit.record(session, ctx.now(), "household.tell", "case", case.id, staff_id=staff.id)
