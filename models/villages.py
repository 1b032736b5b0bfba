"""What comes from the villages: reports by village and assistant, and how soon they are answered.

For the township and the county (长春 二(二): 主动发现 is a mechanism that somebody looks after).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from models.alarms import not_secret
from models.areas import Level, Place, prefix
from models.casequeries import in_area
from models.cases import Case, CaseEvent
from models.context import Context
from models.deskqueries import Wide
from models.merges import Merge
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


@dataclass(frozen=True)
class _Report:
    """One report; `top` is the case that it stands beside, its own where it was not joined."""

    village: str
    post: int
    status: str
    at: datetime
    own: int
    top: int
    answered: datetime | None


@dataclass
class _Tally:
    seen: set[int] = field(default_factory=set)
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
    for report in _reported(session, staff, since):
        for tally in (villages[report.village], posts[report.post]):
            _count(tally, report)
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
    """How many households that were reported from these villages are not over, each once, and
    when the oldest report was made; for eyes in the village."""
    top = aliased(Case)
    row = session.execute(
        _beside(select(func.count(top.id.distinct()), func.min(Case.created_at)), top).where(
            Case.living_area.in_(villages), Case.reporter_id.is_not(None), top.status.in_(OPEN),
            not_secret(),
        )
    ).one()
    return row[0], row[1]


def _beside(query: Wide, top: type[Case]) -> Wide:
    """With the case beside which each report stands: its own, where it was not joined."""
    joined = and_(Merge.case_id == Case.id, Merge.undone_at.is_(None))
    return query.select_from(Case).outerjoin(Merge, joined).join(
        top, top.id == func.coalesce(Merge.top_id, Case.id)
    )


def _count(tally: _Tally, report: _Report) -> None:
    """A household counts once, whoever told of it besides."""
    if report.top in tally.seen:
        return
    tally.seen.add(report.top)
    tally.count += 1
    tally.waiting += report.answered is None
    tally.needless += report.status in NEEDLESS
    # How soon somebody came is known of a report that stands alone.
    if report.answered is not None and report.own == report.top:
        tally.hours.append((report.answered - report.at) / timedelta(hours=1))


def _reported(session: Session, staff: StaffView, since: datetime) -> list[_Report]:
    """Each report with when somebody of a desk first did something about its household; those that
    stand by themselves first."""
    top = aliased(Case)
    first = (
        select(func.min(CaseEvent.at)).join(Staff, Staff.id == CaseEvent.staff_id)
        .where(CaseEvent.case_id == top.id, Staff.role.in_(DESK_ROLES))
        .correlate(top).scalar_subquery()
    )
    query = _beside(in_area(
        select(
            Case.living_area, Case.reporter_id, top.status, Case.created_at, Case.id, top.id, first
        ), staff
    ), top)
    rows = session.execute(query.where(Case.reporter_id.is_not(None), Case.created_at > since))
    found = [_Report(row[0] or "", row[1] or 0, *row[2:]) for row in rows]
    return sorted(found, key=lambda one: (one.own != one.top, one.own))


def _assistants(session: Session, staff: StaffView) -> Sequence[Staff]:
    query = select(Staff).where(
        Staff.role == Role.ASSISTANT, Staff.left_at.is_(None),
        Staff.area.startswith(prefix(staff.area)),
    )
    return session.scalars(query.order_by(Staff.id)).all()
