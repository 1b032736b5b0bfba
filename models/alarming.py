"""Raising the alarm with the departments that the law names, and recording who has it in hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, clockwork
from models.alarms import ADULT, RECOGNISED, Alarm, number_of, of_case, theirs
from models.casequeries import own_locked
from models.cases import Case
from models.context import Context
from models.departments import Department, liaisons, of_county
from models.moves import Clocks
from models.outgoing import Occasion, enqueue
from models.policy import NotAllowed, StaffView
from models.settings import Harm, mark
from models.statuses import DESK_ROLES, EventKind, Role
from models.steps import WORDS_LIMIT, MoveRefused
from models.timeline import beside, tell_staff

NOT_YOURS = mark("这一步要由乡镇或县里的同事来记。")
NO_WORDS = mark("请写上跟谁说的、那边怎么说，比如“110，接警员说马上出警”。")
TOO_LONG = mark("写得太长了，请缩到500字以内。")
TAKEN = mark("那边已经有人接了，不用再记。")


def raise_(ctx: Context, session: Session, case_id: int, kind: str, *, recognised: bool) -> None:
    """Tell every department on the county's list at once, each liaison on their own phone; and
    the county's 民政. Those who were told of this case already are not told again."""
    case = session.get_one(Case, case_id, with_for_update={"of": Case})
    rule = ctx.settings.told_of_harm(kind)
    known = {row.name for row in of_case(session, case.id)}
    directory = of_county(session, case.county)
    made = [
        _one(ctx, case, kind, name, rule.basis, directory, recognised)
        for name in dict.fromkeys(rule.departments) if name not in known
    ]
    if not made:
        return
    session.add_all(made)
    session.flush()
    for alarm in made:
        _tell(ctx, session, case, alarm)
    if not known:
        _begin(ctx, session, case)


def _one(
    ctx: Context, case: Case, kind: str, name: str, basis: str, directory: Iterable[Department],
    recognised: bool,
) -> Alarm:
    found = listed(name, directory)
    return Alarm(
        case_id=case.id, kind=kind, name=name, basis=basis, recognised=recognised,
        department_id=found.id if found else None, raised_at=ctx.now(), how="",
    )


def listed(name: str, directory: Iterable[Department]) -> Department | None:
    """The department of this name, or whose name ends so; None where the county has none."""
    near = [one for one in directory if one.name.endswith(name)]
    return next((one for one in near if one.name == name), next(iter(near), None))


def unbound(session: Session, county: str, rule: Harm) -> list[str]:
    """Those on a list for harm whom no chat reaches: each has to be called."""
    directory = of_county(session, county)
    found = [(name, listed(name, directory)) for name in rule.departments]
    return [
        name for name, one in found
        if one is None or not any(member.person_id for member in liaisons(session, one.id))
    ]


def _tell(ctx: Context, session: Session, case: Case, alarm: Alarm) -> None:
    """Number and township, and what to do: all else stands behind the desk's door."""
    for liaison in liaisons(session, alarm.department_id) if alarm.department_id else ():
        if liaison.person_id is not None:
            enqueue(
                session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.STAFF_HARM,
                f"alarm:{alarm.id}:{liaison.id}", person_id=liaison.person_id,
                township=case.township, case_id=case.id,
                details={"receipt": number_of(alarm), "alarm": alarm.id},
            )
    audit.record(session, ctx.now(), "alarm.raised", "alarm", alarm.id, case=case.id)


def _begin(ctx: Context, session: Session, case: Case) -> None:
    """Its clock runs, and the county's 民政 is told as the township is."""
    clockwork.begin(ctx, session, case, Clocks.ALARM)
    step = beside(ctx, case, EventKind.HARM_TOLD)
    session.add(step)
    session.flush()
    tell_staff(
        ctx, session, case, step, Occasion.STAFF_HARMED, place=case.county, role=Role.COUNTY
    )


def heard(ctx: Context, session: Session, person_id: int, receipt: str, danger: str) -> None:
    """What was said later, of a case that is a report already, tells of harm."""
    case, kind = own_locked(session, person_id, receipt), RECOGNISED.get(danger)
    if case is None or kind is None or (kind == ADULT and not case.on_behalf):
        return
    raise_(ctx, session, case.id, kind, recognised=True)


def take(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """接到: the department's liaison has it in hand. A second click changes nothing."""
    alarm = theirs(session, staff, number)
    case = session.get_one(Case, alarm.case_id, with_for_update={"of": Case})
    session.refresh(alarm)
    if alarm.told_at is None:
        _told(ctx, session, case, alarm, staff, "chat", "")


def called(
    ctx: Context, session: Session, staff: StaffView, case: Case, number: int, words: str
) -> None:
    """Somebody of the desk told a department by telephone. `case` is locked.

    Raises LookupError, NotAllowed, MoveRefused.
    """
    if staff.role not in DESK_ROLES:
        raise NotAllowed(NOT_YOURS)
    alarm = session.scalars(
        select(Alarm).where(Alarm.id == number, Alarm.case_id == case.id)
    ).one_or_none()
    if alarm is None:
        raise LookupError(number)
    if alarm.told_at is not None:
        raise MoveRefused(TAKEN)
    words = words.strip()
    if not words:
        raise MoveRefused(NO_WORDS, "words")
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    _told(ctx, session, case, alarm, staff, "phone", words)


def _told(
    ctx: Context, session: Session, case: Case, alarm: Alarm, staff: StaffView, how: str,
    words: str,
) -> None:
    alarm.told_at, alarm.told_by, alarm.how, alarm.words = ctx.now(), staff.id, how, words or None
    step = beside(ctx, case, EventKind.HARM_TAKEN)
    step.staff_id, step.details = staff.id, {"unit": alarm.name, "how": how}
    step.internal = words or None
    session.add(step)
    session.flush()
    if all(row.told_at is not None for row in of_case(session, case.id)):
        clockwork.finish(ctx, session, case, Clocks.ALARM)
    audit.record(
        session, ctx.now(), "alarm.told", "alarm", alarm.id, staff_id=staff.id, how=how
    )


def open_for(session: Session, staff: StaffView) -> Sequence[Alarm]:
    """What nobody of the liaison's department has taken yet, the oldest first."""
    if staff.department_id is None:
        return ()
    query = select(Alarm).where(
        Alarm.department_id == staff.department_id, Alarm.told_at.is_(None)
    )
    return session.scalars(query.order_by(Alarm.id)).all()
