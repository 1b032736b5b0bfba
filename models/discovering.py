"""主动发现: an assistant reports a household that does not ask for itself.

社会救助法 art. 39: who discovers reports in time, and the township looks by itself. A report is a
case like any other: it puts nobody on a list, and the township asks the household itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import assistants, known, submitting
from models.alarms import not_secret
from models.cases import Case
from models.context import Context
from models.policy import NotAllowed
from models.settings import mark

NOT_YOURS = mark("这个村现在不归您管，报不上去。您写的都留着，请问问镇上。")
# Told by duty (社会救助法 art. 39), whether or not the household has agreed; what they said of it.
CONSENT = "discovery"
REPORTS_SHOWN = 50


def report(
    ctx: Context, session: Session, *, account: str, person_id: int, bundle: str,
    answers: dict[str, Any],
) -> Case:
    """Hand in what an assistant found in one of their villages (`answers["living"]`).

    `bundle` is made where the report is written: sent again, it is the case that it became. It
    joins the open case of its household where that is certain (`models/known.py`).
    Raises NotAllowed where the village is not, or no longer, theirs.
    """
    village = str(answers.get("living") or "")
    post = assistants.post_in(session, person_id, village)
    if post is None:
        raise NotAllowed(NOT_YOURS)
    # What is heard in the words cannot wait; how urgent they called it stays as they said it.
    urgent = bool(answers.get("urgent") or answers.get("danger"))
    case = submitting.submit(
        ctx,
        session,
        submitting.Application(
            account=account,
            person_id=person_id,
            bundle=bundle,
            name=str(answers.get("name") or ""),
            phone=str(answers.get("phone") or ""),
            urgent=urgent,
            living=village,
            home=None,
            incident=None,
            on_behalf=True,
            scheme="temporary" if urgent else None,
            consent_version=f"{CONSENT}:{answers.get('aware', 'unsaid')}",
            answers=answers,
            reporter_id=post.id,
        ),
    )
    known.join_in(ctx, session, case)
    return session.get_one(Case, case.id)


def harm_of(session: Session, person_id: int) -> Sequence[Case]:
    """What this assistant reported of harm, the newest first: for their own eyes, and of it only
    that it came in, for a telephone goes from hand to hand."""
    query = select(Case).where(
        Case.person_id == person_id, Case.reporter_id.is_not(None), ~not_secret()
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(REPORTS_SHOWN)).all()


def reports_of(session: Session, villages: Collection[str]) -> Sequence[Case]:
    """What assistants reported from these villages, the newest first; also those before them.

    Not what tells of harm: nobody in the village sees that it was said.
    """
    query = select(Case).where(
        Case.living_area.in_(villages), Case.reporter_id.is_not(None), not_secret()
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(REPORTS_SHOWN)).all()
