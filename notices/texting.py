"""The rung of text messages: who may be sent one, from when on, and what a try came to.

Only to who said that they want them (`models/textable.py`), and only what is worth a knock at the
door. Who still follows is given time to write first; who has left is written to at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from models import textable
from models.among import among
from models.context import Context
from models.knocking import TOLD
from models.people import Identity
from models.pushes import Push, PushAttempt, PushState
from models.rows import changed
from models.wishes import Wishes
from notices.channel import Delivery, Outcome, PlatformTrouble, Way
from notices.claims import Claimed
from notices.sms import ON_CONSOLE, TOOK, texter_of

# A text that was taken, refused or only said on the console is not tried again.
OVER = frozenset({Outcome.DONE, Outcome.DROP, Outcome.NOBODY})


@dataclass(frozen=True)
class Texting:
    """To which telephone a push may go as a text, and from when on if the chat may still open."""

    to: str = field(repr=False)
    at: datetime


def texting(ctx: Context, session: Session, batch: Sequence[Claimed]) -> dict[int, Texting]:
    """For each push (by its id) that may go as a text: to whom, and from when on."""
    batch = [push for push in batch if push.occasion in TOLD]
    if ctx.settings.sms.kind == "none" or not batch:
        return {}
    phones = textable.phones(session, {push.person_id for push in batch})
    numbers = [push.id for push in batch if push.person_id in phones]
    if not numbers:
        return {}
    over = set(session.scalars(
        select(PushAttempt.push_id).where(
            among(PushAttempt.push_id, numbers), PushAttempt.channel == Way.SMS,
            PushAttempt.outcome.in_(OVER),
        )
    ))
    wait = timedelta(hours=ctx.settings.sms.after_hours)
    rows = session.execute(
        select(Push.id, Push.person_id, Push.created_at).where(among(Push.id, numbers))
    )
    return {
        row.id: Texting(phones[row.person_id], row.created_at + wait)
        for row in rows if row.id not in over
    }


def send(ctx: Context, to: str, text: str, own_id: str) -> Delivery:
    """One try. The console's is honest: it reached nobody."""
    texter = texter_of(ctx)
    try:
        texter.send(to, text, own_id)
    except PlatformTrouble as trouble:
        return Delivery(Way.SMS, trouble.kind, trouble.words, trouble.errcode)
    if not texter.reaches:
        return Delivery(Way.SMS, Outcome.NOBODY, ON_CONSOLE)
    # A gateway that took it is all the truth there is.
    return Delivery(Way.SMS, Outcome.DONE, TOOK)


def wake(ctx: Context) -> int:
    """Take up what is held and has waited long enough, or whose person has left; how many."""
    now = ctx.now()
    follows = exists().where(Identity.person_id == Push.person_id, Identity.followed.is_(True))
    chances = [~follows]
    if ctx.settings.sms.kind != "none":
        chances.append(_may_text(now - timedelta(hours=ctx.settings.sms.after_hours)))
    statement = (
        update(Push)
        .where(Push.state == PushState.HELD, Push.expires_at > now, or_(*chances))
        .values(state=PushState.PENDING, next_try_at=now, tries=0)
        .execution_options(synchronize_session=False)
    )
    with ctx.db.begin() as session:
        return changed(session, statement)


def _may_text(since: datetime) -> ColumnElement[bool]:
    wants = exists().where(Wishes.person_id == Push.person_id, Wishes.sms.is_(True))
    tried = exists().where(PushAttempt.push_id == Push.id, PushAttempt.channel == Way.SMS)
    return and_(Push.occasion.in_(TOLD), Push.created_at <= since, wants, ~tried)

