"""What someone who is helped tells of changes at home (社会救助法 art. 46)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.casequeries import own_locked
from models.cases import Case, CaseEvent
from models.context import Context
from models.onbehalf import reaches
from models.outgoing import Occasion
from models.statuses import HELPED, EventKind
from models.timeline import beside, tell_staff

CHANGED = EventKind.CHANGE_TOLD
# What staff do after they looked into it.
ANSWERED = (EventKind.RECHECKED, "adjust", "taper", "stop", "settle_death")


def helped_of(session: Session, person_id: int) -> Sequence[Case]:
    """The person's own cases in which help is given, the newest first."""
    query = select(Case).where(Case.person_id == person_id, Case.status.in_(HELPED))
    return [case for case in session.scalars(query.order_by(Case.id.desc())) if reaches(case)]


def tell(ctx: Context, session: Session, person_id: int, receipt: str, words: str) -> bool:
    """Keep what changed in the person's own words and tell staff; False where nothing is given.

    The same words twice are one telling.
    """
    case, said = own_locked(session, person_id, receipt), words.strip()
    if case is None or case.status not in HELPED or not reaches(case) or not said:
        return False
    if said in (event.details.get("said") for event in told(session, case.id)):
        return True
    step = beside(ctx, case, EventKind.CHANGE_TOLD)
    step.person_id, step.details = person_id, {"said": said}
    case.updated_at = step.at
    session.add(step)
    session.flush()
    tell_staff(ctx, session, case, step, Occasion.STAFF_CHANGE)
    return True


def told(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """Every change that was told of a case, the newest first."""
    query = select(CaseEvent).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.CHANGE_TOLD
    )
    return session.scalars(query.order_by(CaseEvent.id.desc())).all()


def not_looked_at(session: Session, case_ids: Sequence[int]) -> set[int]:
    """Of these cases those whose last told change nobody has answered by a recheck or a move."""
    last = (
        select(func.max(CaseEvent.id))
        .where(CaseEvent.case_id.in_(case_ids), CaseEvent.kind.in_((*ANSWERED, CHANGED)))
        .group_by(CaseEvent.case_id)
    )
    query = select(CaseEvent.case_id).where(CaseEvent.id.in_(last), CaseEvent.kind == CHANGED)
    return set(session.scalars(query))
