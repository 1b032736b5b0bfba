"""Cases on the public lists that were drawn from them: who is to go on one, and what waits for it.

What is put forward hangs before it is decided (民发〔2021〕57号 art. 19; 特困 also before it ends,
43号 art. 26). A case waits until its list has hung its days, and while an objection to its own row
is open; those beside it on the list do not wait for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from models import granting
from models.casequeries import in_area
from models.cases import Case
from models.concerns import Concern, Stand
from models.context import Context
from models.paths import PATHS
from models.policy import StaffView
from models.proposals import Proposal
from models.publishing import OPEN, Notice, Row, State, Version
from models.settings import mark
from models.statuses import Status
from models.steps import grant_of
from models.stopping import STOP

# Kind of list → the move that it makes known.
MOVES = {"proposed": "grant", "stopping": STOP}
COUNTS = (*OPEN, State.LIVE, State.ENDED)
HANGS = mark("村里的公示名单还没挂满天数，挂满了再往下办。")
OBJECTED = mark("公示名单上这一户有人提了异议，答复了再往下办。")


@dataclass(frozen=True)
class Line:
    """A household that is to be listed: what was put forward of it."""

    case: Case
    persons: int
    amount: Decimal | None


@dataclass(frozen=True)
class Unlisted:
    """How many households of a place wait for a list of this kind and scheme."""

    area: str
    kind: str
    scheme: str
    count: int


def unlisted(session: Session, staff: StaffView) -> Sequence[Unlisted]:
    """What could be drawn in the staff's area, by place, kind and scheme."""
    found = []
    for kind in MOVES:
        area = _area().label("area")
        query = in_area(_waiting(kind, area, Case.scheme, func.count()), staff)
        for code, scheme, count in session.execute(query.group_by(area, Case.scheme)):
            found.append(Unlisted(code, kind, scheme, count))
    return sorted(found, key=lambda one: (one.area, one.kind, one.scheme))


def lines(
    session: Session, staff: StaffView, area: str, kind: str, scheme: str
) -> Sequence[Line]:
    """The households of one of these, in the order in which they came."""
    if kind not in MOVES:
        return ()
    query = in_area(_waiting(kind, Case, Proposal), staff)
    query = query.where(_area() == area, Case.scheme == scheme).order_by(Case.id)
    return [_line(session, one, proposal) for one, proposal in session.execute(query)]


def _area() -> Any:
    """Where it hangs: the village where they live, or where that lies elsewhere the township."""
    here = func.substr(Case.living_area, 1, 9) == func.substr(Case.township, 1, 9)
    return case((here, Case.living_area), else_=Case.township)


def _line(session: Session, one: Case, proposal: Proposal) -> Line:
    kept = proposal.details.get("grant")
    if kept:
        grant = grant_of(kept)
        return Line(one, grant.persons, grant.amount)
    given = granting.of_case(session, one.id)
    return Line(one, given.persons, given.amount) if given else Line(one, 1, None)


def _waiting(kind: str, *columns: Any) -> Select[Any]:
    """Cases whose proposal has to hang and has gone on no list since it was made."""
    listed = exists().where(
        Row.case_id == Case.id, Version.id == Row.version_id, Notice.id == Version.notice_id,
        Notice.kind == kind, Version.state.in_(COUNTS), Version.drafted_at >= Proposal.at,
    )
    schemes = [
        path.scheme for path in PATHS.values()
        if path.published and (path.noticed if kind == "proposed" else path.stop_noticed)
    ]
    query = (
        select(*columns).select_from(Case).join(Proposal, Proposal.case_id == Case.id)
        .where(
            Proposal.state == "open", Proposal.move == MOVES[kind], Case.scheme.in_(schemes),
            ~listed,
        )
    )
    return query.where(Case.status == Status.PROPOSED) if kind == "proposed" else query


@dataclass(frozen=True)
class Hanging:
    """The list on which a case stands: until when it hangs, and whether its row is objected to."""

    version_id: int
    last_day: date | None
    objected: bool

    def waits(self, today: date) -> str:
        """Why the case does not go on yet, marked; empty where it may."""
        if self.last_day is not None and today <= self.last_day:
            return HANGS
        return OBJECTED if self.objected else ""


def hanging(session: Session, one: Case, kind: str) -> Hanging | None:
    """The newest signed list on which what was put forward of this case hangs or hung."""
    objected = exists().where(
        Concern.version_id == Version.id, Concern.line == Row.line, Concern.state != Stand.OVER
    )
    row = session.execute(
        select(Version.id, Version.last_day, objected)
        .join(Row, Row.version_id == Version.id).join(Notice, Notice.id == Version.notice_id)
        .join(Proposal, and_(Proposal.case_id == Row.case_id, Proposal.state == "open"))
        .where(
            Row.case_id == one.id, Notice.kind == kind, Proposal.move == MOVES[kind],
            Version.drafted_at >= Proposal.at,
            Version.state.in_((State.SIGNED, State.LIVE, State.ENDED)),
        )
        .order_by(Version.id.desc()).limit(1)
    ).first()
    return Hanging(row[0], row[1], bool(row[2])) if row else None


def waits(ctx: Context, session: Session, one: Case, kind: str) -> str:
    """Why a case waits for its list, marked; empty where it stands on none or may go on."""
    found = hanging(session, one, kind)
    return found.waits(ctx.today()) if found else ""
