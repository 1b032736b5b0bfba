"""A household that is reported again: what is certain joins its open case by itself.

What is joined stands beside it as an officer's merging leaves it (`models/merging.py`), and is
parted the same way. Where it is not certain, the officer finds both side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import casework
from models.alarms import is_raised, not_secret
from models.cases import Case
from models.context import Context
from models.duplicates import Why, in_common
from models.merges import Merge
from models.pushes import Push
from models.statuses import OPEN, Status
from models.steps import MoveRefused

# One household for certain: all of any one of these are the same. A name alone is shared by
# neighbours, a telephone alone by a whole family or by whoever helps them write.
CERTAIN = (
    frozenset({Why.HOUSEHOLD, Why.PHONE}),
    frozenset({Why.HOUSEHOLD, Why.ID}),
)


class Known(StrEnum):
    """How a report stands to what was there before; all that whoever reports learns of it."""

    NEW = ""
    BESIDE = "beside"
    JOINED = "joined"


def join_in(ctx: Context, session: Session, report: Case) -> None:
    """Join a new report to the open case of its household, where that is certain.

    What may not be merged (an officer would have to keep out of it), was parted before, or tells of
    harm (`models/alarms.py`), stays for an officer to look at.
    """
    case = session.get_one(Case, report.id)
    if Status(case.status) is not Status.SUBMITTED or _was_merged(session, case):
        return
    if is_raised(session, case.id):
        return
    into = _certain(session, case)
    if into is None:
        return
    try:
        with session.begin_nested():
            casework.join_by_itself(ctx, session, case, into)
            _ring_at(session, case, into)
    except MoveRefused:
        session.refresh(case)


def _ring_at(session: Session, case: Case, into: Case) -> None:
    """What rings for the report leads to where it is worked at."""
    query = select(Push).where(Push.case_id == case.id, Push.person_id.is_(None))
    for push in session.scalars(query):
        push.case_id, push.details = into.id, {**push.details, "receipt": into.receipt}


def _was_merged(session: Session, case: Case) -> bool:
    query = select(Merge.id).where(Merge.case_id == case.id)
    return session.scalar(query.limit(1)) is not None


def _certain(session: Session, case: Case) -> Case | None:
    """The oldest open case that is this household's for certain, locked."""
    if not case.name:
        return None
    query = select(Case).where(
        Case.living_area == case.living_area, Case.name_key == case.name_key,
        Case.township == case.township, Case.status.in_(OPEN), Case.id < case.id, not_secret(),
    )
    for other in session.scalars(query.order_by(Case.id).with_for_update(of=Case)):
        if is_certain(in_common(case, other)):
            return other
    return None


def is_certain(common: Sequence[Why]) -> bool:
    """Whether what two cases have in common makes them one household's."""
    return any(rule <= set(common) for rule in CERTAIN)


def standing(session: Session, case: Case) -> Known:
    """How a report stands to what was there before: joined, beside an open one, or new.

    Beside it stands an open matter of this name in this village. A telephone alone tells nothing:
    whoever reports gives their own for several households.
    """
    if Status(case.status) is Status.MERGED:
        return Known.JOINED
    if not case.name:
        return Known.NEW
    query = select(Case.id).where(
        Case.id < case.id, Case.status.in_(OPEN), Case.living_area == case.living_area,
        Case.name_key == case.name_key, not_secret(),
    )
    return Known.NEW if session.scalar(query.limit(1)) is None else Known.BESIDE
