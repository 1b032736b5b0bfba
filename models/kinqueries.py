"""Which relatives' cases wait for someone, as the page of declarations lists them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from models.casequeries import PAGE, in_area
from models.cases import Case
from models.kinship import CONFIRMED, POSSIBLE, KinMatch, KinVisit
from models.policy import StaffView
from models.statuses import CLOSED


def to_settle(session: Session, staff: StaffView) -> Sequence[Case]:
    """Cases in the area with a match by name that nobody has settled, the oldest first."""
    return _with(session, staff, _has(POSSIBLE))


def to_visit(session: Session, staff: StaffView) -> Sequence[Case]:
    """Relatives' cases in the area that the county has not visited, the oldest first."""
    visited = exists().where(KinVisit.case_id == Case.id)
    return _with(session, staff, _has(CONFIRMED) & ~visited)


def _has(certainty: str) -> ColumnElement[bool]:
    return exists().where(KinMatch.case_id == Case.id, KinMatch.certainty == certainty)


def _with(session: Session, staff: StaffView, what: ColumnElement[bool]) -> Sequence[Case]:
    query = in_area(select(Case), staff).where(what, Case.status.not_in(CLOSED))
    return session.scalars(query.order_by(Case.id).limit(PAGE)).all()
