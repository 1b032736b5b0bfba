"""What a liaison does with a referral, and what the township does beside the table of moves."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, informing
from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS, OUT_OF_ORDER, locked_case, must_be_fresh
from models.context import Context
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView
from models.referrals import Referral, State, theirs
from models.referring import ask, call_off, tell_township
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind, Status
from models.steps import (
    INTERNAL_LIMIT,
    INTERNAL_TOO_LONG,
    NEEDS,
    TOO_LONG,
    WORDS_LIMIT,
    MoveRefused,
    Step,
    department_names,
)
from models.timeline import beside, tell_applicant

# A case that stays with the township may be asked of departments besides.
ALSO_FROM = frozenset({
    Status.ACCEPTED, Status.INVESTIGATING, Status.REFERRED, Status.GRANTED, Status.ASSISTED,
})
MOVED_ON = mark("这件事刚才有人动过了，或者镇上收回了。下面是最新的情况。")
NO_REASON = mark("请写上为什么退回，镇上好另外安排。")
NO_ANSWER = mark("请写上办得怎么样，本人看得到。")
BUSY = mark("选的部门手上已经有这件事了，等他们回话就行。")
SETTLED = mark("那边已经回了话，不用收回。")


def take(ctx: Context, session: Session, staff: StaffView, number: int, version: int) -> None:
    """接下: the department has it in hand; the resident is told."""
    case, found = _locked(session, staff, number, version)
    if found.state != State.SENT:
        raise MoveRefused(MOVED_ON)
    found.state, found.taken_by, found.taken_at = State.TAKEN, staff.id, ctx.now()
    _made(ctx, session, case, found, staff, EventKind.REFERRAL_TAKEN)


def hand_back(
    ctx: Context, session: Session, staff: StaffView, number: int, version: int, reason: str
) -> None:
    """退回: not theirs, or not possible; the reason stays among staff, the township goes on."""
    case, found = _locked(session, staff, number, version)
    reason = _written(reason, "reason", NO_REASON)
    found.state, found.reason = State.HANDED_BACK, reason
    _settle(ctx, session, case, found, staff, EventKind.REFERRAL_BACK, internal=reason)


def answer(
    ctx: Context, session: Session, staff: StaffView, number: int, version: int, words: str
) -> None:
    """回复: what was done, in words that the resident reads."""
    case, found = _locked(session, staff, number, version)
    words = _written(words, "words", NO_ANSWER)
    found.state, found.answer = State.ANSWERED, words
    _settle(ctx, session, case, found, staff, EventKind.REFERRAL_ANSWERED, words=words)


def refer_also(
    ctx: Context, session: Session, staff: StaffView, receipt: str, step: Step
) -> list[Referral]:
    """Ask departments for a case that stays where it is; the resident is told of it."""
    case = locked_case(session, staff, receipt)
    _must_be_open(session, case, staff, step.version)
    department_names(session, case, step.departments)
    words = _written(step.words, "words", NEEDS["words"])
    if len(step.internal) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "internal")
    found = ask(ctx, session, case, step, staff)
    if not found:
        raise MoveRefused(BUSY, "departments")
    made = _beside(ctx, case, staff, EventKind.REFERRED_ALSO)
    names = tuple(row.department.name for row in found)
    made.details = {"departments": names, "words": words}
    made.internal = step.internal or None
    _told(ctx, session, case, made)
    return found


def recall(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int, number: int
) -> None:
    """收回: the township no longer waits for this department."""
    case = locked_case(session, staff, receipt)
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    found = session.get(Referral, number)
    if found is None or found.case_id != case.id:
        raise LookupError(number)
    if not found.waits:
        raise MoveRefused(SETTLED)
    must_be_fresh(case, version)
    call_off(ctx, session, found, staff)
    made = _beside(ctx, case, staff, EventKind.REFERRAL_RECALLED)
    made.details = {"unit": found.department.name}
    _told(ctx, session, case, made)


def _must_be_open(session: Session, case: Case, staff: StaffView, version: int) -> None:
    if staff.role not in CASE_ROLES:
        raise NotAllowed(NOT_YOURS)
    must_be_fresh(case, version)
    if Status(case.status) not in ALSO_FROM:
        raise MoveRefused(OUT_OF_ORDER)
    informing.check(session, case)


def _locked(
    session: Session, staff: StaffView, number: int, version: int
) -> tuple[Case, Referral]:
    """The case and its referral, locked in this order, where the page is not an old one."""
    case_id = theirs(session, staff, number).case_id
    case = session.scalars(
        select(Case).where(Case.id == case_id).with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()
    found = session.scalars(
        select(Referral).where(Referral.id == number)
        .execution_options(populate_existing=True)
    ).one()
    if found.version != version or not found.waits:
        raise MoveRefused(MOVED_ON)
    return case, found


def _written(words: str, name: str, lacking: str) -> str:
    words = words.strip()
    if not words:
        raise MoveRefused(lacking, name)
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, name)
    return words


def _settle(
    ctx: Context, session: Session, case: Case, found: Referral, staff: StaffView,
    kind: EventKind, *, words: str = "", internal: str = "",
) -> None:
    """The department is done with it: pages of the case that do not show that are old now."""
    found.settled_by, found.settled_at = staff.id, ctx.now()
    case.version, case.updated_at = case.version + 1, ctx.now()
    made = _made(ctx, session, case, found, staff, kind, words=words, internal=internal)
    tell_township(ctx, session, case, made)


def _made(
    ctx: Context, session: Session, case: Case, found: Referral, staff: StaffView,
    kind: EventKind, *, words: str = "", internal: str = "",
) -> CaseEvent:
    """The step on the case's timeline, told to the resident, recorded of the liaison."""
    found.version += 1
    made = beside(ctx, case, kind)
    made.staff_id, made.internal = staff.id, internal or None
    made.details = {"unit": found.department.name, "words": words}
    _told(ctx, session, case, made)
    audit.record(
        session, made.at, f"referral.{found.state}", "referral", found.id, staff_id=staff.id
    )
    return made


def _beside(ctx: Context, case: Case, staff: StaffView, kind: EventKind) -> CaseEvent:
    """A step of the township's beside the table; the page before it is stale."""
    made = beside(ctx, case, kind)
    made.staff_id = staff.id
    case.version, case.updated_at = case.version + 1, made.at
    return made


def _told(ctx: Context, session: Session, case: Case, made: CaseEvent) -> None:
    session.add(made)
    session.flush()
    tell_applicant(ctx, session, case, made, Occasion.CASE_MOVED)
