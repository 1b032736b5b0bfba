"""Cases that may be about the same household: by ID, telephone, person, or name and village.

Only cases that this member of staff may see are looked at; what lies in another township is
found by the county.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.casequeries import in_area
from models.cases import Case
from models.policy import StaffView
from models.settings import mark
from models.statuses import Status

# A household that was helped half a year ago and asks again may well be the same matter.
SPAN = timedelta(days=180)
MOST = 5


class Why(StrEnum):
    """What two cases have in common."""

    ID = "id"
    PHONE = "phone"
    PERSON = "person"
    HOUSEHOLD = "household"


WHY_NAMES = {
    Why.ID: mark("身份证号相同"),
    Why.PHONE: mark("电话相同"),
    Why.PERSON: mark("同一个微信"),
    Why.HOUSEHOLD: mark("同村同名"),
}


@dataclass(frozen=True)
class Alike:
    """Another case, and what it has in common with this one."""

    case: Case
    why: tuple[Why, ...]


def alike(session: Session, staff: StaffView, case: Case) -> Sequence[Alike]:
    """Cases of the last half-year that may be the same matter, the newest first; one statement."""
    place = case.living_area or case.incident_area or case.home_area
    same: list[ColumnElement[bool]] = [
        and_(Case.name_key == case.name_key, Case.living_area == place)
    ] if place and case.name else []
    if case.phone:
        same.append(Case.phone_key == case.phone_key)
    if case.id_key is not None:
        same.append(Case.id_key == case.id_key)
    if case.person_id is not None and not case.on_behalf:
        same.append(and_(Case.person_id == case.person_id, Case.on_behalf.is_(False)))
    if not same:
        return ()
    first, last = case.created_at - SPAN, case.created_at + SPAN
    query = in_area(select(Case), staff).where(
        Case.id != case.id, Case.status != Status.MERGED, Case.created_at.between(first, last),
        or_(*same),
    )
    found = session.scalars(query.order_by(Case.id.desc()).limit(MOST)).all()
    return [Alike(other, in_common(case, other)) for other in found]


def in_common(case: Case, other: Case) -> tuple[Why, ...]:
    """Why two cases may be about one household; a name that nobody said is nobody's."""
    place = case.living_area or case.incident_area or case.home_area
    both_own = not case.on_behalf and not other.on_behalf
    common = {
        Why.ID: case.id_key is not None and case.id_key == other.id_key,
        Why.PHONE: bool(case.phone) and case.phone_key == other.phone_key,
        Why.PERSON: both_own and case.person_id is not None
        and case.person_id == other.person_id,
        Why.HOUSEHOLD: bool(place and case.name) and place == other.living_area
        and case.name_key == other.name_key,
    }
    return tuple(why for why, holds in common.items() if holds)
