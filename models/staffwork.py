"""Inviting, leave, handing over, and leaving: what a head and the county do about their staff."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, casequeries, errandwork, handing, signin, staffing
from models.areas import covers
from models.casework import locked_case
from models.context import Context
from models.people import Staff
from models.policy import NotAllowed, StaffView, is_same_person
from models.settings import mark
from models.statuses import CASE_ROLES, CLOSED, Role
from models.steps import MoveRefused

NAME_LIMIT, UNIT_LIMIT = 30, 60
LEAVE_LIMIT = timedelta(days=366)
# Each case is a transaction and a message of its own: so many at one click.
BATCH = 100
NO_NAME = mark("请写上名字，30个字以内。")
NO_ROLE = mark("请选一个岗位。")
NO_AREA = mark("请选在哪里。")
NEEDS_TOWNSHIP = mark("经办人和负责人请选乡镇，不选村。")
NEEDS_VILLAGE = mark("协理员请选村或社区。")
NO_UNIT = mark("请写上单位，60个字以内，比如“民政办”。")
THERE_ALREADY = mark("这里已经有一位叫这个名字的，绑定过了。真是另一个人，请把单位写得细一点。")
HAS_LEFT = mark("这个人已经不在岗了。")
ABOVE = mark("只能给比自己低的岗位绑定码。县里同事的，请管理员来给。")
NO_DAYS = mark("请选从哪天到哪天，最后一天不能早于今天，最长一年。")
OWN_POST = mark("不能把自己停掉，请另一位同事来。")
CASES_LEFT = mark("名下还有 {count} 件事，先交给别人。")
NO_COLLEAGUE = mark("请选一位同一个乡镇、没有请假的同事。")
NOTHING_CHOSEN = mark("请勾上要交的事，或者选“全部”。")


@dataclass(frozen=True)
class Invited:
    """What was said of someone new."""

    name: str
    role: str
    area: str
    unit: str


@dataclass(frozen=True)
class Handed:
    """How many went over, the receipts of those that the colleague may not have, what is left."""

    done: int
    kept: tuple[str, ...]
    left: int


class CasesLeft(MoveRefused):
    """They still have cases: first these go to somebody else."""

    def __init__(self, count: int) -> None:
        super().__init__(CASES_LEFT)
        self.count = count


def invite(
    ctx: Context, session: Session, staff: StaffView, said: Invited
) -> tuple[Staff, str]:
    """Someone new and the code by which they bind their chat. Raises MoveRefused.

    Said twice it is one person with a new code, until they are bound.
    """
    name, unit, role = said.name.strip(), said.unit.strip(), _role(staff, said.role)
    if not 0 < len(name) <= NAME_LIMIT:
        raise MoveRefused(NO_NAME, "name")
    _check_place(ctx, staff, role, said.area)
    if len(unit) > UNIT_LIMIT or (role in CASE_ROLES and not unit):
        raise MoveRefused(NO_UNIT, "unit")
    # Of two clicks at once the second reads the first one's row.
    session.get(Staff, staff.id, with_for_update=True)
    key = ctx.keys.lookup("name", name)
    same = select(Staff).where(
        Staff.name_key == key, Staff.role == role, Staff.area == said.area, Staff.unit == unit,
        Staff.left_at.is_(None),
    )
    member = session.scalars(same).first()
    if member is not None and member.person_id is not None:
        raise MoveRefused(THERE_ALREADY, "name")
    if member is None:
        member = Staff(
            name=name, name_key=key, role=role, area=said.area, unit=unit, created_at=ctx.now()
        )
        session.add(member)
        session.flush()
        _record(ctx, session, staff, "invited", member, role=role, area=said.area)
    return member, _code(ctx, session, staff, member)


def _role(staff: StaffView, said: str) -> Role:
    found = next((role for role in staffing.INVITES.get(staff.role, ()) if role == said), None)
    if found is None:
        raise MoveRefused(NO_ROLE, "role")
    return found


def _check_place(ctx: Context, staff: StaffView, role: Role, area: str) -> None:
    place = ctx.directory.areas.get(area)
    if place is None or not covers(staff.area, area):
        raise MoveRefused(NO_AREA, "area")
    if place.level != staffing.LEVELS[role]:
        raise MoveRefused(NEEDS_VILLAGE if role is Role.ASSISTANT else NEEDS_TOWNSHIP, "area")


def new_code(
    ctx: Context, session: Session, staff: StaffView, number: int
) -> tuple[Staff, str]:
    """A new code for someone; the old one is void. Raises LookupError, MoveRefused, NotAllowed."""
    member = staffing.find(session, staff, number, lock=True)
    if member.left_at is not None:
        raise MoveRefused(HAS_LEFT)
    if member.role not in staffing.INVITES[staff.role]:
        raise NotAllowed(ABOVE)
    return member, _code(ctx, session, staff, member)


def _code(ctx: Context, session: Session, staff: StaffView, member: Staff) -> str:
    signin.void_codes(ctx, session, "bind", member.id)
    _record(ctx, session, staff, "code", member)
    return signin.new_code(ctx, session, "bind", staff_id=member.id)


def set_leave(
    ctx: Context, session: Session, staff: StaffView, number: int,
    first: date | None, last: date | None,
) -> Staff:
    """Away from a day until a day; both None: back again. Raises LookupError, MoveRefused."""
    member = staffing.find(session, staff, number, lock=True)
    if member.left_at is not None:
        raise MoveRefused(HAS_LEFT)
    if (first, last) != (None, None):
        if first is None or last is None or last < max(first, ctx.today()):
            raise MoveRefused(NO_DAYS, "leave")
        if last - first > LEAVE_LIMIT:
            raise MoveRefused(NO_DAYS, "leave")
    if (member.away_from, member.away_until) != (first, last):
        member.away_from, member.away_until = first, last
        _record(
            ctx, session, staff, "leave", member, first=first.isoformat() if first else "",
            last=last.isoformat() if last else "",
        )
    return member


def hand_over(
    ctx: Context, staff: StaffView, number: int, officer_id: int | None,
    receipts: Collection[str] | None,
) -> Handed:
    """Give cases of one officer to a colleague of the township: these, or (None) all of them.

    Each is a transaction of its own. What the colleague has to keep out of stays where it is;
    what somebody moved on meanwhile is passed over. Raises LookupError, MoveRefused.
    """
    with ctx.db.read() as session:
        member = staffing.find(session, staff, number)
        if officer_id not in {one.id for one in takers(ctx, session, member)}:
            raise MoveRefused(NO_COLLEAGUE, "officer")
        theirs = [case.receipt for case in staffing.cases_of(session, staff, member, BATCH)]
    if receipts is not None and not receipts:
        raise MoveRefused(NOTHING_CHOSEN, "cases")
    done, kept = 0, []
    for receipt in theirs if receipts is None else sorted(set(receipts))[:BATCH]:
        try:
            with ctx.db.begin() as session:
                done += _hand_one(ctx, session, staff, receipt, member.id, officer_id)
        except MoveRefused:
            kept.append(receipt)
    with ctx.db.read() as session:
        left = staffing.count_cases(session, staff, member)
    return Handed(done, tuple(kept), left)


def _hand_one(
    ctx: Context, session: Session, staff: StaffView, receipt: str, from_id: int,
    to_id: int | None,
) -> int:
    """1 where it went over; 0 where it is no longer theirs, or not for `staff` to see."""
    try:
        case = locked_case(session, staff, receipt)
    except LookupError:
        return 0
    if case.officer_id != from_id or case.status in CLOSED:
        return 0
    handing.hand_over(ctx, session, staff, case, to_id)
    return 1


def takers(ctx: Context, session: Session, member: Staff) -> list[Staff]:
    """Who of the same township can take this person's cases."""
    here = casequeries.officers(session, member.area, on=ctx.today())
    return [one for one in here if one.id != member.id]


def remove(ctx: Context, session: Session, staff: StaffView, number: int) -> Staff:
    """They no longer work here: every session ends at once. Said twice it is the same.

    Cases that `staff` may not see for kinship do not stand in the way: these stay in the
    township's queue, and their clocks are told to all who may have them.
    Raises LookupError, NotAllowed, CasesLeft.
    """
    member = staffing.find(session, staff, number, lock=True)
    if is_same_person(staff, member):
        raise NotAllowed(OWN_POST)
    if member.left_at is not None:
        return member
    if count := staffing.count_cases(session, staff, member):
        raise CasesLeft(count)
    member.left_at = ctx.now()
    signin.shut_out(ctx, session, member.id)
    if member.role == Role.ASSISTANT:
        errandwork.pass_on(ctx, session, member)
    _record(ctx, session, staff, "left", member)
    return member


def _record(
    ctx: Context, session: Session, staff: StaffView, what: str, member: Staff, **detail: Any
) -> None:
    audit.record(
        session, ctx.now(), f"staff.{what}", "staff", member.id, staff_id=staff.id, **detail
    )
