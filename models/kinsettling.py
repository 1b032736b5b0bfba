"""What people do about a relative's case: say whether it is one, hand it over, visit, record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, handing
from models.cases import Case
from models.casework import STALE, locked_case
from models.context import Context
from models.kinfinding import is_confirmed
from models.kinscope import kept_out
from models.kinship import CLEARED, CONFIRMED, POSSIBLE, RELATIONS, KinMatch, KinVisit
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import DESK_ROLES, EventKind, Role
from models.steps import MoveRefused
from models.timeline import beside

NOTE_LIMIT = 500
FINDINGS_LIMIT = 1000
VISITORS_LIMIT = 100
NO_NOTE = mark("请写上是怎么核实的，500字以内。")
SETTLED_ALREADY = mark("这一条刚才已经核实过了。下面是最新的情况。")
IS_KIN = mark("核实了：是{who}的亲属（{relation}）。")
NOT_KIN = mark("核实了：只是同名，不是{who}的亲属。")
COUNTY_ONLY = mark("上门的记录由县里来记。")
NO_DAY = mark("请选哪一天去的，今天或以前的日子。")
NO_VISITORS = mark("请写上谁去的，100个字以内。")
NO_FINDINGS = mark("请写上看到了什么，1000字以内。")
NOT_KIN_CASE = mark("这件事没有确认是谁的亲属，不用记上门。")
VISITED = mark("县里上门看过了。")


@dataclass(frozen=True)
class Visit:
    """A visit as it was recorded by the county."""

    on: date | None
    visitors: str
    findings: str


def settle(
    ctx: Context, session: Session, staff: StaffView, receipt: str, match_id: int, version: int,
    note: str, *, related: bool,
) -> Case:
    """Say whether a match by name is the relative; LookupError for the one concerned."""
    case = _fresh(session, staff, receipt, version)
    match = session.scalars(
        select(KinMatch).where(KinMatch.id == match_id, KinMatch.case_id == case.id)
    ).one_or_none()
    if match is None:
        raise LookupError(match_id)
    if match.certainty != POSSIBLE:
        raise MoveRefused(SETTLED_ALREADY)
    note = note.strip()
    if not 0 < len(note) <= NOTE_LIMIT:
        raise MoveRefused(NO_NOTE, "note")
    match.certainty = CONFIRMED if related else CLEARED
    match.settled_by, match.settled_at, match.note = staff.id, ctx.now(), note
    t = ctx.speak(ctx.settings.locale)
    words = t(
        IS_KIN if related else NOT_KIN, who=match.kin.whose,
        relation=t(RELATIONS[match.kin.relation]),
    )
    _mark(ctx, session, case, staff, words, "kin.settled", certainty=match.certainty)
    return case


def record_visit(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int, visit: Visit
) -> Case:
    """The county was there: who, when, what they saw."""
    case = _fresh(session, staff, receipt, version)
    if staff.role is not Role.COUNTY:
        raise NotAllowed(COUNTY_ONLY)
    if not is_confirmed(session, case.id):
        raise MoveRefused(NOT_KIN_CASE)
    visitors, findings = visit.visitors.strip(), visit.findings.strip()
    if visit.on is None or visit.on > ctx.today():
        raise MoveRefused(NO_DAY, "on")
    if not 0 < len(visitors) <= VISITORS_LIMIT:
        raise MoveRefused(NO_VISITORS, "visitors")
    if not 0 < len(findings) <= FINDINGS_LIMIT:
        raise MoveRefused(NO_FINDINGS, "findings")
    session.add(
        KinVisit(
            case_id=case.id, visited_on=visit.on, visitors=visitors, findings=findings,
            recorded_by=staff.id, recorded_at=ctx.now(),
        )
    )
    words = ctx.speak(ctx.settings.locale)(VISITED)
    _mark(ctx, session, case, staff, words, "kin.visited")
    return case


def hand_over(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int,
    officer_id: int | None,
) -> Case:
    """Another officer takes the case from the one who has to keep out; the resident is told."""
    case = _fresh(session, staff, receipt, version)
    if case.officer_id not in set(session.scalars(kept_out(case.id))):
        raise LookupError(receipt)
    handing.hand_over(ctx, session, staff, case, officer_id)
    return case


def _fresh(session: Session, staff: StaffView, receipt: str, version: int) -> Case:
    """The case, locked, as the page before had it."""
    case = locked_case(session, staff, receipt)
    if staff.role not in DESK_ROLES:
        raise LookupError(receipt)
    if case.version != version:
        raise MoveRefused(STALE)
    return case


def _mark(
    ctx: Context, session: Session, case: Case, staff: StaffView, words: str, action: str,
    **detail: Any,
) -> None:
    """A step among colleagues: on the timeline, in the audit, and the page before is stale."""
    step = beside(ctx, case, EventKind.KIN_SETTLED)
    step.staff_id, step.internal = staff.id, words
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    audit.record(session, step.at, action, "case", case.id, staff_id=staff.id, **detail)
