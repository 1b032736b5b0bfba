"""Referring a case to departments, and what its moves mean for what was referred."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import audit
from models.casequeries import papers
from models.cases import Case, CaseEvent
from models.clockwork import clock_due
from models.context import Context
from models.departments import Department, chosen, liaisons
from models.moves import Clocks, Move
from models.outgoing import Occasion, enqueue
from models.policy import StaffView
from models.referrals import WAITING, Referral, State, of_case
from models.statuses import Status
from models.steps import Step
from models.timeline import tell_staff

MOOT = frozenset({Status.WITHDRAWN, Status.ANSWERED})


def carry_out(
    ctx: Context, session: Session, case: Case, line: Move, step: Step, staff: StaffView | None
) -> None:
    """Ask the departments where the move is `refer`; call off what nobody waits for any more.

    A case that is decided or ended leaves its referrals running: the school still answers.
    """
    if line.name == "refer" and staff is not None:
        ask(ctx, session, case, step, staff)
    elif Status(case.status) in MOOT:
        for referral in of_case(session, case.id):
            if referral.waits:
                call_off(ctx, session, referral, staff)


def ask(
    ctx: Context, session: Session, case: Case, step: Step, staff: StaffView
) -> list[Referral]:
    """One referral for each department chosen; those who already have it open are not asked twice.

    Each runs on its own clock, and its liaisons are told.
    """
    busy = {row.department_id for row in of_case(session, case.id) if row.waits}
    found = [
        _one(ctx, session, case, step, staff, department)
        for department in chosen(session, case.county, step.departments)
        if department.id not in busy
    ]
    session.add_all(found)
    session.flush()
    for referral in found:
        _tell(ctx, session, referral)
        audit.record(
            session, ctx.now(), "referral.sent", "referral", referral.id, staff_id=staff.id,
            case=case.id, department=referral.department_id, papers=referral.papers,
        )
    return found


def _one(
    ctx: Context, session: Session, case: Case, step: Step, staff: StaffView,
    department: Department,
) -> Referral:
    until = clock_due(ctx, Clocks.REFERRAL, case.township, case.scheme)
    return Referral(
        case_id=case.id, case=case, department_id=department.id, department=department,
        state=State.SENT, asked=step.words.strip(), papers=_of_case(session, case, step.papers),
        sent_by=staff.id, sent_at=ctx.now(), due_on=until.on, basis=until.basis, version=1,
    )


def _of_case(session: Session, case: Case, ticked: Iterable[str]) -> list[int]:
    """Of the papers ticked those that are this case's."""
    wanted = set(ticked)
    return [paper.id for paper in papers(session, case) if str(paper.id) in wanted]


def _tell(ctx: Context, session: Session, referral: Referral) -> None:
    """The department's liaisons, each on their own phone."""
    for liaison in liaisons(session, referral.department_id):
        if liaison.person_id is None:
            continue
        enqueue(
            session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.STAFF_REFERRAL,
            f"referral:{referral.id}:{liaison.id}", person_id=liaison.person_id,
            township=referral.case.township, case_id=referral.case_id,
            # The case's own number opens its public page: a department is given another one.
            details={"receipt": number_of(referral), "referral": referral.id},
        )


def number_of(referral: Referral) -> str:
    """What the department calls a referral by; the case's receipt is not theirs to know."""
    return f"ZB-{referral.id:05}"


def call_off(
    ctx: Context, session: Session, referral: Referral, staff: StaffView | None
) -> None:
    """The township no longer waits; the liaison sees it no more."""
    referral.state, referral.version = State.CALLED_OFF, referral.version + 1
    referral.settled_at, referral.settled_by = ctx.now(), staff.id if staff else None
    audit.record(
        session, ctx.now(), "referral.called_off", "referral", referral.id,
        staff_id=staff.id if staff else None,
    )


def all_back(session: Session, case_id: int) -> bool:
    """Whether no department has anything of the case any more."""
    return not any(State(row.state) in WAITING for row in of_case(session, case_id))


def tell_township(ctx: Context, session: Session, case: Case, made: CaseEvent) -> None:
    """When the last department has spoken the desk is told what is to be done now."""
    rows = of_case(session, case.id)
    if any(row.waits for row in rows):
        return
    # What was answered when it was referred before is known long since.
    since = session.scalar(
        select(func.max(CaseEvent.at)).where(
            CaseEvent.case_id == case.id, CaseEvent.kind == "refer"
        )
    )
    # By when it was answered: a referral is written a moment before the step that sent it.
    answered = any(
        row.state == State.ANSWERED
        and (since is None or (row.settled_at is not None and row.settled_at >= since))
        for row in rows
    )
    occasion = Occasion.STAFF_REFERRALS_ANSWERED if answered else Occasion.STAFF_REFERRALS_BACK
    tell_staff(ctx, session, case, made, occasion)
