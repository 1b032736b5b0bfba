"""The decision takes longer: once, by the head or the county, with a reason that is told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import audit, clockwork, rules
from models.cases import Case
from models.casework import fresh_case
from models.clocks import CaseClock
from models.context import Context
from models.lengths import Length
from models.moves import Clocks
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import DECIDERS, EventKind
from models.steps import TOO_LONG, WORDS_LIMIT, MoveRefused
from models.timeline import beside, tell_applicant

NOT_YOURS = mark("延长办理时间，要由乡镇负责人或县里来定。")
NONE_RUNS = mark("这件事现在没有在走的办理时限，不用延长。")
RESTS = mark("正等本人补材料，时间停着，不用延长。")
ONCE = mark("已经延长过一次了，不能再延。")
OVER = mark("时限已经过了，不能再延长，请抓紧办。")
NO_ROOM = mark("已经到了最长的时限，不能再延。")
HOW_MANY = mark("请写延长几个工作日，最多 {most} 个。")
WHY = mark("请写上为什么要多花时间，本人看得到。")


def decision_clock(session: Session, case: Case) -> CaseClock | None:
    """The clock from acceptance to decision, while it is not over."""
    return clockwork.running(session, case, Clocks.DECISION)


def longest(ctx: Context, case: Case) -> Length:
    """How long a decision may take in all by the rule of its first day, with its clause."""
    on, kept = case.accepted_on or ctx.today(), ctx.directory
    return rules.length(
        "decision_extended", case.township, on, kept.rules, kept.areas, ctx.settings.deadlines,
        case.scheme,
    )


def most_days(ctx: Context, case: Case, row: CaseClock) -> int:
    """How many working days may be added to what was given at acceptance."""
    total = longest(ctx, case)
    return max(total.days - row.days, 0) if total.unit == row.unit else 0


def may_extend(ctx: Context, staff: StaffView, case: Case, row: CaseClock | None) -> CaseClock:
    """The clock that this person may extend now. Raises NotAllowed or MoveRefused."""
    if staff.role not in DECIDERS:
        raise NotAllowed(NOT_YOURS)
    if row is None:
        raise MoveRefused(NONE_RUNS)
    if row.extended:
        raise MoveRefused(ONCE)
    if row.state == "resting":
        raise MoveRefused(RESTS)
    if row.due_on < ctx.today():
        raise MoveRefused(OVER)
    if not most_days(ctx, case, row):
        raise MoveRefused(NO_ROOM)
    return row


def extend(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int,
    days: int | None, why: str,
) -> Case:
    """Add days to the decision's clock; the person is told why and until when.

    Raises LookupError, NotAllowed, or MoveRefused with the field to mend.
    """
    case = fresh_case(session, staff, receipt, version)
    row = may_extend(ctx, staff, case, decision_clock(session, case))
    if days is None or not 1 <= days <= most_days(ctx, case, row):
        raise MoveRefused(HOW_MANY, "days")
    if not why.strip():
        raise MoveRefused(WHY, "words")
    if len(why) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    clockwork.extend(ctx, row, days, why.strip())
    clockwork.show(case, clockwork.alive(session, case))
    _tell(ctx, session, staff, case, {"words": why.strip(), "days": days})
    return case


def _tell(
    ctx: Context, session: Session, staff: StaffView, case: Case, details: dict[str, object]
) -> None:
    step = beside(ctx, case, EventKind.EXTENDED)
    step.staff_id, step.details = staff.id, details
    step.due_on, step.due_basis = case.answer_on, case.answer_basis
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    tell_applicant(ctx, session, case, step, Occasion.CASE_MOVED)
    audit.record(
        session, step.at, "case.extended", "case", case.id, staff_id=staff.id,
        days=details["days"],
    )
