"""Moving a case along the table (`models/moves.py`): one function, one transaction.

Every move appends an event and writes its pushes in the caller's transaction, so that a
push exists exactly where the change does.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    audit,
    clockwork,
    granting,
    guards,
    kinfinding,
    merging,
    proposals,
    receipts,
    referring,
    stopping,
    supplementing,
    taskwork,
)
from models.approval import may_decide
from models.areas import covers
from models.cases import Case, CaseEvent
from models.context import Context
from models.kinscope import not_kept_from
from models.moves import MOVES, Clocks, Move
from models.outgoing import Occasion
from models.paths import path_of
from models.policy import NotAllowed, StaffView
from models.proposals import Proposal
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind, Role, Status
from models.steps import (
    INTERNAL_LIMIT,
    INTERNAL_TOO_LONG,
    MoveRefused,
    Step,
    details_of,
    scheme_of,
    step_of,
)
from models.timeline import beside, event, tell_applicant, tell_staff

STALE = mark("这件事刚才有人动过了。下面是最新的情况，请看一眼再办。")
OUT_OF_ORDER = mark("这件事现在走不到这一步。下面是最新的情况。")
NOT_YOURS = mark("这一步要由乡镇经办人或负责人来办。")
NOT_YOUR_ROLE = mark("这一步不归您这个岗位办。")
NOTHING_OPEN = mark("没有等着您定的意见了。下面是最新的情况。")
NEEDS_A_SECOND = mark("这一步要一个人提、另一个人定。请先提出意见。")
# Moves after which someone else has to decide, and what it is that they decide.
PUTS_FORWARD = {"propose": "grant", "forward": "grant", "propose_refusal": "refuse"}


def locked_case(session: Session, staff: StaffView, receipt: str) -> Case:
    """The case, locked, if it lies in the staff's area and is no relative's of theirs; else
    LookupError (a 404)."""
    case = session.scalars(
        select(Case).where(Case.receipt == receipt, not_kept_from(staff))
        .with_for_update(of=Case)
    ).one_or_none()
    outside = staff.role is Role.DEPARTMENT
    if case is None or outside or not covers(staff.area, case.township):
        raise LookupError(receipt)
    return case


def fresh_case(session: Session, staff: StaffView, receipt: str, version: int) -> Case:
    """The case, locked, as the page before had it. Raises LookupError or MoveRefused."""
    case = locked_case(session, staff, receipt)
    must_be_fresh(case, version)
    return case


def must_be_fresh(case: Case, version: int) -> None:
    """Refuse what comes from a page that is not the latest any more."""
    if case.version != version:
        raise MoveRefused(STALE)


def make_move(ctx: Context, session: Session, staff: StaffView, receipt: str, step: Step) -> Case:
    """Move a case along the table. Raises LookupError, MoveRefused or NotAllowed.

    The row is locked first: of two officers one wins, and the other's page is stale.
    """
    if step.move == "merge":
        _lock_both(session, receipt, step.into)
    case = locked_case(session, staff, receipt)
    line = _line(case, step, staff)
    kinfinding.look(ctx, session, case)
    open_ = proposals.open_proposal(session, case.id)
    if line.second:
        if open_ is None or open_.move != line.name:
            raise MoveRefused(NEEDS_A_SECOND)
        step = step_of(open_.details, step, ctx.today())
    guards.check(guards.Asked(ctx, session, staff, case, line, step, open_))
    return _carry_out(ctx, session, case, line, step, staff, open_)


def carry_on(ctx: Context, session: Session, case: Case, move: str, reason: str = "") -> Case:
    """A move that time alone makes (the worker's): the case is locked already, nobody is named."""
    line = MOVES[move]
    if Status(case.status) not in line.from_:
        raise MoveRefused(OUT_OF_ORDER)
    open_ = proposals.open_proposal(session, case.id)
    step = Step(move, case.version, reason=reason)
    return _carry_out(ctx, session, case, line, step, None, open_)


def join_by_itself(ctx: Context, session: Session, case: Case, into: Case) -> None:
    """A report joins its household's case (`models/known.py`), both locked; or MoveRefused."""
    step = Step("merge", case.version, into=into.receipt)
    _carry_out(ctx, session, case, MOVES["merge"], step, None, None, into)


def put_forward(
    ctx: Context, session: Session, staff: StaffView, receipt: str, step: Step
) -> Case:
    """Put a move forward that another person decides (`second`); the resident is not yet told."""
    case = locked_case(session, staff, receipt)
    line = _line(case, step, staff, CASE_ROLES)
    if not line.second:
        raise MoveRefused(OUT_OF_ORDER)
    asked = guards.Asked(ctx, session, staff, case, line, step, None)
    guards.check(asked, but=("not_own", "decidable"))
    details = details_of(ctx, session, case, line, step)
    amount = step.grant.amount if step.grant else None
    open_ = proposals.put(session, case.id, line.name, staff.id, ctx.now(), details, amount)
    stopping.put_forward(ctx, session, case, line.name)
    made = _mark(ctx, session, case, EventKind.PUT_FORWARD, staff, line, step.internal)
    _tell_deciders(ctx, session, case, line, made, open_)
    return case


def send_back_proposal(
    ctx: Context, session: Session, staff: StaffView, receipt: str, version: int, reason: str
) -> Case:
    """Do not agree to what was put forward: it goes back with a reason for colleagues."""
    case = locked_case(session, staff, receipt)
    open_ = proposals.open_proposal(session, case.id)
    if open_ is None or not MOVES[open_.move].second:
        raise MoveRefused(NOTHING_OPEN)
    must_be_fresh(case, version)
    if staff.role not in MOVES[open_.move].roles:
        raise NotAllowed(NOT_YOUR_ROLE)
    proposals.settle(session, case.id, "sent_back", staff.id, ctx.now())
    stopping.sent_back(ctx, session, case)
    made = _mark(ctx, session, case, EventKind.SENT_BACK, staff, MOVES[open_.move], reason)
    _tell_proposer(ctx, session, case, made, open_)
    return case


def _mark(
    ctx: Context, session: Session, case: Case, kind: EventKind, staff: StaffView, line: Move,
    internal: str,
) -> CaseEvent:
    """A step among staff: on the timeline, and the page before it is stale."""
    step = beside(ctx, case, kind)
    step.staff_id, step.details, step.internal = staff.id, {"move": line.name}, internal or None
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    audit.record(
        session, step.at, f"case.{kind}", "case", case.id, staff_id=staff.id, move=line.name
    )
    return step


def _line(
    case: Case, step: Step, staff: StaffView, also: frozenset[Role] = frozenset()
) -> Move:
    """The table's line for a step, where its roles (and `also` these) may take it, now."""
    line = MOVES.get(step.move)
    if line is None or staff.role not in line.roles | also:
        raise NotAllowed(NOT_YOURS if line is None or line.roles == CASE_ROLES else NOT_YOUR_ROLE)
    must_be_fresh(case, step.version)
    path = path_of(scheme_of(case, line, step))
    if Status(case.status) not in line.from_ or not line.fits(path):
        raise MoveRefused(OUT_OF_ORDER)
    return line


def _carry_out(
    ctx: Context, session: Session, case: Case, line: Move, step: Step, staff: StaffView | None,
    open_: Proposal | None, into: Case | None = None,
) -> Case:
    before, details = Status(case.status), details_of(ctx, session, case, line, step, open_)
    if len(step.internal) > INTERNAL_LIMIT:
        raise MoveRefused(INTERNAL_TOO_LONG, "internal")
    _settle_proposal(ctx, session, case, line, step, staff, details)
    _note_on_case(ctx, case, line, step)
    case.status, case.version, case.updated_at = line.to, case.version + 1, ctx.now()
    clockwork.advance(ctx, session, case, line.to, _starts(case, line))
    if line.name == "merge" and staff is not None:
        merging.join(ctx, session, staff, case, _merged_into(session, staff, step), before)
    elif into is not None:
        merging.join(ctx, session, None, case, into, before)
    granting.carry_out(ctx, session, case, line, step, details, staff)
    referring.carry_out(ctx, session, case, line, step, staff)
    taskwork.follow(ctx, session, case, line)
    supplementing.follow(ctx, session, case, line, details)
    made = event(
        ctx, case.id, line.name, before, line.to, case.answer_on, case.answer_basis
    )
    made.staff_id, made.details = staff.id if staff else None, details
    made.internal = step.internal or None
    session.add(made)
    session.flush()
    # Who has just sent what joins by itself reads so in the answer.
    if into is None:
        tell_applicant(ctx, session, case, made, Occasion.CASE_MOVED)
    waiting = proposals.open_proposal(session, case.id) if line.to is Status.DECIDING else None
    if waiting is not None:
        _tell_deciders(ctx, session, case, MOVES[waiting.move], made, waiting)
    if line.name == "send_back":
        _tell_proposer(ctx, session, case, made, open_)
    audit.record(
        session, made.at, f"case.{line.name}", "case", case.id,
        staff_id=staff.id if staff else None, before=before, after=made.to_status,
    )
    return case


def _lock_both(session: Session, receipt: str, into: str) -> None:
    """In one order, whichever is merged into whichever: two at once would wait for each other."""
    both = (receipt, receipts.read_receipt(into).canonical or "")
    session.execute(
        select(Case.id).where(Case.receipt.in_(both)).order_by(Case.id).with_for_update(of=Case)
    )


def _merged_into(session: Session, staff: StaffView, step: Step) -> Case:
    """The other case; refused where it is none that this person may see."""
    try:
        return locked_case(session, staff, receipts.read_receipt(step.into).canonical or "")
    except LookupError:
        raise MoveRefused(merging.NO_SUCH_CASE, "into") from None


def _settle_proposal(
    ctx: Context, session: Session, case: Case, line: Move, step: Step, staff: StaffView | None,
    details: dict[str, object],
) -> None:
    """What was open is agreed by this move, stays for `conclude`, or is overtaken."""
    if line.name == "conclude":
        return
    open_ = proposals.open_proposal(session, case.id)
    agreed = open_ is not None and open_.move == line.name
    state = "agreed" if agreed else "overtaken"
    proposals.settle(session, case.id, state, staff.id if staff else None, ctx.now())
    if line.name in PUTS_FORWARD and staff is not None:
        amount = step.grant.amount if step.grant else None
        proposals.put(
            session, case.id, PUTS_FORWARD[line.name], staff.id, ctx.now(), details, amount
        )


def _note_on_case(ctx: Context, case: Case, line: Move, step: Step) -> None:
    if line.name == "register":
        case.unit, case.officer_id = step.unit.strip(), step.officer_id
    case.scheme = scheme_of(case, line, step)
    if line.name == "accept":
        case.accepted_on = ctx.today()


def _starts(case: Case, line: Move) -> tuple[Clocks, ...]:
    """A household that is not visited has no survey to start."""
    if path_of(case.scheme).surveyed:
        return line.starts
    return tuple(clock for clock in line.starts if clock is not Clocks.SURVEY)


def _tell_deciders(
    ctx: Context, session: Session, case: Case, line: Move, made: CaseEvent, open_: Proposal,
) -> None:
    """Who may decide it is told: the heads, and the county where the township may not."""
    theirs = Role.HEAD in line.roles
    if "decidable" in line.guards:
        verdict = may_decide(ctx, case.township, case.scheme, open_.amount)
        theirs = theirs and verdict.delegated and verdict.within
    if theirs:
        tell_staff(ctx, session, case, made, Occasion.STAFF_DECIDE, role=Role.HEAD)
    if not theirs or kinfinding.is_confirmed(session, case.id):
        tell_staff(ctx, session, case, made, Occasion.STAFF_DECIDE, place=case.county)


def _tell_proposer(
    ctx: Context, session: Session, case: Case, made: CaseEvent, open_: Proposal | None
) -> None:
    """Whoever put it forward goes on with it, or a colleague where they are not bound."""
    proposer = open_.staff.person_id if open_ and open_.staff.left_at is None else None
    tell_staff(
        ctx, session, case, made, Occasion.STAFF_SENT_BACK, person_id=proposer,
        role="" if proposer else Role.OFFICER,
    )
