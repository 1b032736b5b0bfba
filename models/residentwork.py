"""What people do with their own case after they have sent it, each recorded and told to staff."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import assistants
from models.areas import Level
from models.casequeries import own_locked
from models.cases import Case, CaseEvent
from models.context import Context
from models.outgoing import Occasion
from models.statuses import OPEN, EventKind, Status
from models.timeline import note

ONE_TELLING = timedelta(minutes=10)


def ask_withdrawal(ctx: Context, session: Session, person_id: int, receipt: str) -> bool:
    """A resident wants their case back; staff withdraw it. False where it is not theirs or open."""
    case = own_locked(session, person_id, receipt)
    if case is None or case.status not in OPEN:
        return False
    note(ctx, session, case, EventKind.WITHDRAW_ASKED, Occasion.STAFF_WITHDRAW_ASKED)
    return True


def add_words(
    ctx: Context, session: Session, person_id: int, receipt: str, words: str
) -> None:
    """More words of a person for a case: kept word for word, once; staff are told again.

    Words in quick succession are one telling: the first is told at once, those of the next
    minutes stand with it on the case.
    """
    case = own_locked(session, person_id, receipt)
    if case is None:
        return
    more = list(case.answers.get("more") or ())
    if words in more or words == case.answers.get("what"):
        return
    case.answers = {**case.answers, "more": [*more, words]}
    case.updated_at = ctx.now()
    since = ctx.now() - ONE_TELLING
    told = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.TOLD_MORE, CaseEvent.at > since
    )
    if session.scalar(told.limit(1)) is None:
        note(ctx, session, case, EventKind.TOLD_MORE, Occasion.STAFF_NEW_CASE)


def add_contact(
    ctx: Context, session: Session, person_id: int, receipt: str,
    *, phone: str | None, living: str | None,
) -> None:
    """A telephone or a place that a report of danger lacked; the place moves it to its township."""
    case = own_locked(session, person_id, receipt)
    if case is None:
        return
    if phone and case.phone and phone != case.phone:
        # A second number does not push out the first: it can be somebody else's.
        more = [*(case.answers.get("more") or ()), phone]
        case.answers = {**case.answers, "more": list(dict.fromkeys(more))}
    elif phone:
        case.phone, case.phone_key = phone, ctx.keys.lookup("phone", phone)
    if living:
        case.living_area = living
        township = ctx.directory.areas.at(living, Level.TOWNSHIP)
        if township is not None and case.status == Status.SUBMITTED:
            case.township = township.code
            county = ctx.directory.areas.at(living, Level.COUNTY)
            case.county = county.code if county else case.county
        if case.on_behalf and case.reporter_id is None:
            post = assistants.post_in(session, person_id, living)
            case.reporter_id = post.id if post else None
    case.updated_at = ctx.now()
    note(ctx, session, case, EventKind.TOLD_MORE, Occasion.STAFF_NEW_CASE)


def note_supplied(ctx: Context, session: Session, case: Case) -> None:
    """The resident has sent papers for a returned case: said on the timeline and to staff."""
    note(ctx, session, case, EventKind.SUPPLIED, Occasion.STAFF_SUPPLIED)
