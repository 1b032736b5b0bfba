"""Items as staff see to them: handed in at the counter, or not needed after all."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import audit, supplements
from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, OPEN, EventKind
from models.steps import NEEDS, TOO_LONG, WORDS_LIMIT, MoveRefused
from models.supplements import ItemState, Lacking, SupplementItem
from models.timeline import beside, tell_applicant

CLOSED_ALREADY = mark("这件事已经办完了，不用再补材料。")


def mark_received(
    ctx: Context, session: Session, staff: StaffView, receipt: str, item_id: int
) -> None:
    """The item was handed in on paper, at the counter."""
    _settle(ctx, session, staff, receipt, item_id, ItemState.RECEIVED, "")


def waive(
    ctx: Context, session: Session, staff: StaffView, receipt: str, item_id: int, reason: str
) -> None:
    """The item is not needed (免交); the person reads why."""
    reason = reason.strip()
    if not reason:
        raise MoveRefused(NEEDS["reason"], "reason")
    if len(reason) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "reason")
    _settle(ctx, session, staff, receipt, item_id, ItemState.WAIVED, reason)


def _settle(
    ctx: Context, session: Session, staff: StaffView, receipt: str, item_id: int, state: str,
    reason: str,
) -> None:
    """Raises LookupError, NotAllowed or MoveRefused. A second click changes nothing.

    Told to the person when it was the last: each message uses up one of the few that the
    platform lets us send.
    """
    case = locked_case(session, staff, receipt)
    lacking = supplements.of_case(session, case)
    item = next((item for item in lacking.items if item.id == item_id), None)
    if item is None:
        raise LookupError(item_id)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    if case.status not in OPEN:
        raise MoveRefused(CLOSED_ALREADY)
    if item.state == state:
        return
    item.state, item.note, item.changed_at = state, reason or None, ctx.now()
    item.told_at = item.changed_at
    _stand(ctx, session, staff, case, item)
    if not lacking.open:
        _tell_all(ctx, session, staff, lacking)


def _stand(
    ctx: Context, session: Session, staff: StaffView, case: Case, item: SupplementItem
) -> None:
    waived = item.state == ItemState.WAIVED
    kind = EventKind.ITEM_WAIVED if waived else EventKind.ITEM_RECEIVED
    _write(ctx, session, staff, case, kind, {
        "words": item.words if not waived else "。".join((item.words, item.note or "")),
    })
    audit.record(
        session, ctx.now(), f"item.{item.state}", "supplement_item", item.id, staff_id=staff.id
    )


def _tell_all(ctx: Context, session: Session, staff: StaffView, lacking: Lacking) -> None:
    step = _write(ctx, session, staff, lacking.case, EventKind.ALL_SUPPLIED, {})
    tell_applicant(ctx, session, lacking.case, step, Occasion.CASE_MOVED)


def _write(
    ctx: Context, session: Session, staff: StaffView, case: Case, kind: EventKind,
    details: dict[str, str],
) -> CaseEvent:
    step = beside(ctx, case, kind)
    step.staff_id, step.details = staff.id, details
    session.add(step)
    session.flush()
    return step
