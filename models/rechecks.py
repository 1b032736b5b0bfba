"""Looking again at help that is given: when it is due, and what was found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, granting
from models.assistance import Assistance
from models.cases import Case
from models.casework import fresh_case
from models.context import Context
from models.escalation import is_early
from models.outgoing import Occasion, enqueue
from models.paces import interval
from models.policy import StaffView
from models.settings import mark
from models.statuses import EventKind
from models.steps import INTERNAL_LIMIT, INTERNAL_TOO_LONG, MoveRefused, Step, stable_why
from models.timeline import beside

FOUND = {
    "same": mark("没有变化，照旧"),
    "more": mark("更难了，要多给"),
    "less": mark("好一些了，要少给"),
    "taper": mark("好起来了，再帮一段时间"),
    "stop": mark("不再符合，要停"),
}
# What is put forward next, and whether the person has to be heard about it first.
LEADS_TO = {"more": "adjust", "less": "adjust", "taper": "taper", "stop": "stop"}
HEARD_FIRST = ("less", "taper", "stop")

WHAT = mark("请选看下来怎么样。")
WHAT_SEEN = mark("请写几句看到的情况。")
NOT_RUNNING = mark("这家现在没有按月给的救助，不用复核。")


def record(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int,
    *, found: str, words: str, pace: str, why: str,
) -> Case:
    """What a recheck found, and when the next one is; the first found, the next decided."""
    case = fresh_case(session, staff, receipt, version)
    given = granting.of_case(session, case.id)
    if given is None or given.state not in ("running", "tapering"):
        raise MoveRefused(NOT_RUNNING)
    if found not in FOUND:
        raise MoveRefused(WHAT, "found")
    if not words.strip():
        raise MoveRefused(WHAT_SEEN, "words")
    if len(words) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "words")
    why = stable_why(Step("", version, recheck=pace, recheck_why=why))
    until = interval(ctx, case.township, case.scheme, pace)
    given.recheck_months = until.months
    given.recheck_on = granting.months_later(ctx.today(), until.months)
    step = beside(ctx, case, EventKind.RECHECKED)
    step.staff_id, step.internal = staff.id, words.strip()
    step.details = {
        "found": found, "months": until.months, "basis": until.basis, "recheck_why": why,
    }
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    audit.record(
        session, step.at, "case.rechecked", "case", case.id, staff_id=staff.id, found=found
    )
    return case


def tell_due(ctx: Context, session: Session) -> int:
    """Tell each township of the rechecks whose day has come, each once; returns how many."""
    if is_early(ctx):
        return 0
    today = ctx.today()
    query = (
        select(Assistance, Case.receipt).join(Case, Case.id == Assistance.case_id)
        .where(
            Assistance.state.in_(("running", "tapering")), Assistance.recheck_on <= today,
            Assistance.recheck_told.is_(None) | (Assistance.recheck_told < Assistance.recheck_on),
        )
        .order_by(Assistance.township, Assistance.recheck_on, Assistance.case_id)
        # Whoever moves one of these cases just now has it locked: it is told the next time.
        .with_for_update(of=Case, skip_locked=True)
    )
    due: dict[str, list[tuple[Assistance, str]]] = {}
    for given, receipt in session.execute(query):
        due.setdefault(given.township, []).append((given, receipt))
    for township, rows in due.items():
        first, receipt = rows[0]
        enqueue(
            session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.STAFF_RECHECK,
            f"recheck:{first.id}:{first.recheck_on}", township=township, case_id=first.case_id,
            details={"receipt": receipt, "count": len(rows)},
        )
        for given, _ in rows:
            given.recheck_told = given.recheck_on
    return sum(map(len, due.values()))


def is_due(given: Assistance, today: date) -> bool:
    """Whether the day of the recheck has come."""
    return given.recheck_on is not None and given.recheck_on <= today
