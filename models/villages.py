"""What comes from the villages: reports by village and assistant, and how soon they are answered.

For the township and the county (长春 二(二): 主动发现 is a mechanism that somebody looks after).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alarms import not_secret
from models.areas import Level, Place, prefix
from models.casequeries import in_area
from models.cases import Case, CaseEvent
from models.context import Context
from models.people import Staff
from models.policy import StaffView
from models.statuses import DESK_ROLES, OPEN, Role, Status
from models.visits import Visit

QUARTER = timedelta(days=90)
# Reported, looked at, and no help was needed or wanted.
NEEDLESS = frozenset({Status.ANSWERED, Status.DECLINED, Status.REFUSED, Status.WITHDRAWN})


@dataclass(frozen=True)
class Reports:
    """What one post, or a whole village, reported in the quarter.

    `hours` is the median from a report to the township's first answer, of those that have one.
    """

    count: int = 0
    waiting: int = 0
    needless: int = 0
    hours: float | None = None
    visits: int = 0


@dataclass(frozen=True)
class Village:
    """One village and those who look after it now; `silent`: nothing came in a quarter."""

    place: Place
    total: Reports
    posts: tuple[tuple[Staff, Reports], ...] = ()

    @property
    def silent(self) -> bool:
        return not self.total.count and not self.total.visits


@dataclass
class _Tally:
    hours: list[float] = field(default_factory=list)
    count: int = 0
    waiting: int = 0
    needless: int = 0
    visits: int = 0

    def reports(self) -> Reports:
        hours = median(self.hours) if self.hours else None
        return Reports(self.count, self.waiting, self.needless, hours, self.visits)


def of_area(ctx: Context, session: Session, staff: StaffView) -> list[Village]:
    """Every village of the area, those from which nothing came first; four statements."""
    since = ctx.now() - QUARTER
    villages: dict[str, _Tally] = defaultdict(_Tally)
    posts: dict[int, _Tally] = defaultdict(_Tally)
    for village, post, status, at, answered in _reported(session, staff, since):
        for tally in (villages[village or ""], posts[post or 0]):
            _count(tally, status, at, answered)
    for village, post, count in session.execute(
        select(Visit.village, Visit.staff_id, func.count())
        .where(Visit.at > since, Visit.village.startswith(prefix(staff.area)))
        .group_by(Visit.village, Visit.staff_id)
    ):
        villages[village].visits += count
        posts[post].visits += count
    who: dict[str, list[tuple[Staff, Reports]]] = defaultdict(list)
    for member in _assistants(session, staff):
        who[member.area].append((member, posts[member.id].reports()))
    found = [
        Village(place, villages[place.code].reports(), tuple(who[place.code]))
        for place in ctx.directory.areas.within(staff.area, Level.VILLAGE)
    ]
    return sorted(found, key=lambda one: (not one.silent, one.place.code))


def waiting(session: Session, villages: Collection[str]) -> tuple[int, datetime | None]:
    """How many reports from these villages are not over, and when the oldest was made; for eyes
    in the village."""
    row = session.execute(
        select(func.count(), func.min(Case.created_at)).where(
            Case.living_area.in_(villages), Case.reporter_id.is_not(None), Case.status.in_(OPEN),
            not_secret(),
        )
    ).one()
    return row[0], row[1]


def _count(tally: _Tally, status: str, at: datetime, answered: datetime | None) -> None:
    tally.count += 1
    tally.waiting += answered is None
    tally.needless += status in NEEDLESS
    if answered is not None:
        tally.hours.append((answered - at) / timedelta(hours=1))


def _reported(
    session: Session, staff: StaffView, since: datetime
) -> Sequence[tuple[str | None, int | None, str, datetime, datetime | None]]:
    """Each report with when somebody of a desk first did something about it."""
    first = (
        select(func.min(CaseEvent.at)).join(Staff, Staff.id == CaseEvent.staff_id)
        .where(CaseEvent.case_id == Case.id, Staff.role.in_(DESK_ROLES))
        .correlate(Case).scalar_subquery()
    )
    query = in_area(
        select(Case.living_area, Case.reporter_id, Case.status, Case.created_at, first), staff
    )
    rows = session.execute(query.where(Case.reporter_id.is_not(None), Case.created_at > since))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _assistants(session: Session, staff: StaffView) -> Sequence[Staff]:
    query = select(Staff).where(
        Staff.role == Role.ASSISTANT, Staff.left_at.is_(None),
        Staff.area.startswith(prefix(staff.area)),
    )
    return session.scalars(query.order_by(Staff.id)).all()
