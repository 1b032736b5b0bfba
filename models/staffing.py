"""Who works where: the members of staff whom a head or the county looks after.

An officer looks after the assistants of the township, a head after its officers too, the county
after everyone below it and its own colleagues; liaisons stand with their departments
(`models/departmentwork.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.areas import Gazetteer, Level, Place, prefix
from models.casequeries import Scoped, in_area
from models.cases import Case
from models.people import Staff
from models.policy import StaffView
from models.statuses import CLOSED, Role

# Whom one invites: only who stands below oneself, so that nobody makes their own second person.
INVITES: dict[Role, tuple[Role, ...]] = {
    Role.OFFICER: (Role.ASSISTANT,),
    Role.HEAD: (Role.OFFICER, Role.ASSISTANT),
    Role.COUNTY: (Role.HEAD, Role.OFFICER, Role.ASSISTANT),
}
SEES = INVITES | {Role.COUNTY: (Role.COUNTY, *INVITES[Role.COUNTY])}
LEVELS = {
    Role.HEAD: Level.TOWNSHIP, Role.OFFICER: Level.TOWNSHIP, Role.ASSISTANT: Level.VILLAGE,
}
LIST_LIMIT = 500


@dataclass(frozen=True)
class Colleague:
    """A member of staff, and how many cases that are not over are theirs."""

    member: Staff
    cases: int


def _in_sight(query: Scoped, staff: StaffView) -> Scoped:
    return query.where(
        Staff.role.in_(SEES.get(staff.role, ())), Staff.area.startswith(prefix(staff.area))
    )


def find(session: Session, staff: StaffView, number: int, *, lock: bool = False) -> Staff:
    """One whom this person looks after, also who has left; raises LookupError."""
    query = _in_sight(select(Staff).where(Staff.id == number), staff)
    found = session.scalars(query.with_for_update(of=Staff) if lock else query).one_or_none()
    if found is None:
        raise LookupError(number)
    return found


def colleagues(session: Session, staff: StaffView) -> list[Colleague]:
    """Everyone who is there, by place; and who has left cases behind."""
    unfinished = _unfinished(select(Case.officer_id, func.count()), staff)
    counts = {row[0]: row[1] for row in session.execute(unfinished.group_by(Case.officer_id))}
    query = _in_sight(select(Staff), staff).where(
        or_(Staff.left_at.is_(None), Staff.id.in_(counts))
    )
    rows = session.scalars(query.order_by(Staff.area, Staff.id).limit(LIST_LIMIT)).all()
    return [Colleague(member, counts.get(member.id, 0)) for member in rows]


def _unfinished(query: Scoped, staff: StaffView) -> Scoped:
    return in_area(query, staff).where(Case.officer_id.is_not(None), Case.status.not_in(CLOSED))


def cases_of(session: Session, staff: StaffView, member: Staff, limit: int) -> Sequence[Case]:
    """Cases that are theirs and not over, the first due first, as far as `staff` may see them."""
    query = _unfinished(select(Case), staff).where(Case.officer_id == member.id)
    return session.scalars(query.order_by(Case.turn, Case.id).limit(limit)).all()


def count_cases(session: Session, staff: StaffView, member: Staff) -> int:
    """How many `cases_of` there are in all."""
    query = _unfinished(select(func.count(Case.id)), staff).where(Case.officer_id == member.id)
    return session.scalar(query) or 0


def places(areas: Gazetteer, staff: StaffView, roles: Collection[Role]) -> tuple[Place, ...]:
    """Where someone of these roles can be invited to: the townships, then the villages."""
    levels = {LEVELS[role] for role in roles}
    return tuple(
        place for level in (Level.TOWNSHIP, Level.VILLAGE) if level in levels
        for place in areas.within(staff.area, level)
    )
