"""Telling households that somebody spoke for them: begun by the worker, answered by them, looked
at by an officer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models import alarms, audit, clockwork, tasks, taskwork
from models.cases import Case
from models.clocks import CaseClock
from models.context import Context
from models.deadlines import Nearness, nearness
from models.escalation import officer_person
from models.informing import ASKED, SAYINGS, Informing, Stand, confirmed, of_case
from models.links import make_link
from models.moves import Clocks
from models.onbehalf import is_strangers
from models.outgoing import Occasion, enqueue
from models.policy import StaffView
from models.pushes import UNDELIVERED, Push
from models.statuses import OPEN, EventKind
from models.tasks import TaskKind
from models.timeline import beside, tell_staff

log = structlog.get_logger(__name__)

BATCH = 200


def sweep(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """Begin where a case is new, and ask for a call where the chat brought no answer; how many."""
    new = Case.on_behalf.is_(True) & Case.status.in_(OPEN) & ~exists().where(
        Informing.case_id == Case.id
    )
    pushed = exists().where(Informing.case_id == Case.id, Informing.state == Stand.PUSHED)
    return _each(ctx, new, _begin, is_over) + _each(ctx, pushed, _chase, is_over)


def _each(
    ctx: Context, which: ColumnElement[bool], do: Callable[[Context, Session, Case], int],
    is_over: Callable[[], bool],
) -> int:
    """`do` with each of these cases, locked, a transaction each."""
    with ctx.db.read() as session:
        found = session.scalars(select(Case.id).where(which).order_by(Case.id).limit(BATCH)).all()
    done = 0
    for number in found:
        if is_over():
            break
        try:
            with ctx.db.begin() as session:
                case = session.get_one(Case, number, with_for_update={"of": Case})
                done += do(ctx, session, case)
        except Exception as error:
            log.error("informing_failed", case=number, error=type(error).__name__)
    return done


def _begin(ctx: Context, session: Session, case: Case) -> int:
    if of_case(session, case.id) is not None:
        return 0
    row = Informing(case_id=case.id, state=Stand.FAMILY, began_at=ctx.now(), said="", how="")
    session.add(row)
    if not is_strangers(case):
        return 0
    if alarms.is_raised(session, case.id):
        row.state = Stand.HELD
        return 0
    tell(ctx, session, case, row)
    return 1


def tell(ctx: Context, session: Session, case: Case, row: Informing) -> None:
    """Tell the household in its own chat, where it surely has one here; else ask for a call."""
    clockwork.begin(ctx, session, case, Clocks.INFORM)
    row.person_id = confirmed(session, case)
    if row.person_id is None:
        _ask_to_call(ctx, session, case, row)
        return
    row.state = Stand.PUSHED
    path, account = f"/m/told/{case.receipt}", ctx.settings.account(case.account)
    may = account is not None and account.may_authorise_web
    link = (
        f"{ctx.settings.public_url.rstrip('/')}{path}?account={case.account}" if may
        else make_link(ctx, row.person_id, case.account, path)
    )
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.HOUSEHOLD_TOLD,
        _key(case), person_id=row.person_id, account=case.account, case_id=case.id,
        details={"receipt": case.receipt, "township": case.township, "link": link},
    )


def _key(case: Case) -> str:
    return f"inform:{case.id}"


def _ask_to_call(ctx: Context, session: Session, case: Case, row: Informing) -> None:
    row.state = Stand.CALLING
    clock = clockwork.running(session, case, Clocks.INFORM)
    if not tasks.exists(session, case.id, TaskKind.CALLBACK, "open"):
        taskwork.open_task(
            ctx, session, case, TaskKind.CALLBACK, clock.due_on if clock else None,
            clock.basis if clock else "",
        )


def _chase(ctx: Context, session: Session, case: Case) -> int:
    """Where the push reached nobody, or nobody answered and the day comes near, someone calls."""
    row = of_case(session, case.id)
    if row is None or row.state != Stand.PUSHED:
        return 0
    state = session.scalar(select(Push.state).where(Push.key == _key(case)))
    clock = clockwork.running(session, case, Clocks.INFORM)
    if state not in UNDELIVERED and not _is_near(ctx, clock):
        return 0
    _ask_to_call(ctx, session, case, row)
    return 1


def _is_near(ctx: Context, clock: CaseClock | None) -> bool:
    near = (Nearness.NEAR, Nearness.OVERDUE)
    return clock is not None and nearness(ctx.today(), clock.due_on, ctx.is_working) in near


def answer(
    ctx: Context, session: Session, person_id: int, receipt: str, said: str, how: str
) -> bool:
    """What the household says in its own chat or on its page; False where nothing is asked."""
    case = session.scalars(
        select(Case).join(Informing, Informing.case_id == Case.id)
        .where(Case.receipt == receipt, Informing.person_id == person_id)
        .with_for_update(of=Case)
    ).one_or_none()
    row = of_case(session, case.id) if case is not None else None
    if case is None or row is None or said not in SAYINGS:
        return False
    if row.state == Stand.DECLINED and said == "declines":
        return True
    if row.state not in ASKED or (said == "declines" and case.status not in OPEN):
        return False
    taskwork.drop(session, ctx.now(), case.id, TaskKind.CALLBACK)
    _said(ctx, session, case, row, said, how, None)
    return True


def called(
    ctx: Context, session: Session, staff: StaffView, case: Case, said: str, how: str
) -> None:
    """What the household said on the telephone or at the door. The case is locked."""
    row = of_case(session, case.id)
    if row is not None and row.state in (*ASKED, Stand.DECLINED):
        _said(ctx, session, case, row, said, how, staff)


def _said(
    ctx: Context, session: Session, case: Case, row: Informing, said: str, how: str,
    staff: StaffView | None,
) -> None:
    row.said, row.how, row.said_at = said, how, ctx.now()
    declines = said == "declines"
    row.state = Stand.DECLINED if declines else Stand.SAID
    clockwork.finish(ctx, session, case, Clocks.INFORM)
    step = beside(
        ctx, case, EventKind.HOUSEHOLD_DECLINED if declines else EventKind.HOUSEHOLD_TOLD
    )
    step.staff_id, step.person_id = staff.id if staff else None, row.person_id
    step.details = {"said": said, "how": how}
    case.version, case.updated_at = case.version + 1, step.at
    session.add(step)
    session.flush()
    if declines and staff is None:
        person = officer_person(session, case)
        tell_staff(ctx, session, case, step, Occasion.STAFF_DECLINED, person_id=person)
    audit.record(
        session, step.at, f"household.{said}", "case", case.id, how=how,
        staff_id=staff.id if staff else None, person_id=None if staff else row.person_id,
    )


def shown_to(session: Session, person_id: int, receipt: str) -> tuple[Case, Informing]:
    """A case that somebody else brought for this person's household; raises LookupError."""
    row = session.execute(
        select(Case, Informing).join(Informing, Informing.case_id == Case.id)
        .where(Case.receipt == receipt, Informing.person_id == person_id)
    ).one_or_none()
    if row is None:
        raise LookupError(receipt)
    return row[0], row[1]


def names_of(case: Case) -> Iterable[str]:
    """Whose names would tell who spoke."""
    return (case.reporter.name,) if case.reporter is not None else ()


