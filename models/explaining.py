"""The paperwork of urgent help, done afterwards (社会救助法 art. 50), which ends its clock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, clockwork
from models.cases import Case, CaseEvent
from models.casework import fresh_case
from models.clocks import CaseClock
from models.context import Context
from models.moves import Clocks
from models.policy import StaffView
from models.settings import mark
from models.statuses import EventKind
from models.steps import INTERNAL_LIMIT, INTERNAL_TOO_LONG, MoveRefused
from models.timeline import beside

NOTHING_OWED = mark("这件事没有等着补的手续。")
WHAT_SIGNED = mark("请写上补了什么、谁签的字。")


def owed(session: Session, case: Case) -> CaseClock | None:
    """The clock by which the paperwork is to be done, or None where none is owed."""
    return clockwork.running(session, case, Clocks.PAPERWORK)


def skipped(session: Session, case: Case) -> tuple[str, ...]:
    """What was left out when help came first."""
    query = select(CaseEvent).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == "grant_urgent"
    )
    granted = session.scalars(query.order_by(CaseEvent.id.desc()).limit(1)).one_or_none()
    details: dict[str, Any] = granted.details if granted else {}
    return tuple(details.get("skipped") or ())


def record(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int, words: str
) -> Case:
    """The paperwork is done: what was signed stays among staff, and its clock is over."""
    case = fresh_case(session, staff, receipt, version)
    clock = owed(session, case)
    if clock is None:
        raise MoveRefused(NOTHING_OWED)
    if not words.strip():
        raise MoveRefused(WHAT_SIGNED, "words")
    if len(words) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "words")
    clockwork.end(ctx, clock)
    session.flush()
    clockwork.show(case, clockwork.alive(session, case))
    step = beside(ctx, case, EventKind.PAPERWORK)
    step.staff_id, step.internal = staff.id, words.strip()
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    audit.record(session, step.at, "case.paperwork", "case", case.id, staff_id=staff.id)
    return case
