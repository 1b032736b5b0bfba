"""Taking pushes up: spread to the people meant, claimed under a lease, let go when too late.

Every step is one short transaction. A worker that dies loses its lease, and another takes the
push up again: so a push may go out twice, and says the same both times.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from models.among import among
from models.base import UtcTime
from models.campaigns import Campaign, State
from models.context import Context
from models.kinscope import kept_out
from models.leave import away
from models.outgoing import Occasion
from models.people import Staff
from models.pushes import CAMPAIGN_RANK, Push, PushState
from models.rows import changed
from models.settings import mark
from models.statuses import DESK_ROLES
from models.upsert import insert_or_skip
from notices.channel import CODES
from notices.ladder import QUIET

# What still moves by itself; behind it the person's next push waits its turn.
WAITING = (PushState.PENDING, PushState.SENDING)
# Of what staff held up or ended nothing more is claimed, from that moment.
HELD_UP = (State.PAUSED, State.STOPPED)
WAITS = (PushState.PENDING, PushState.HELD, PushState.PAUSED)
NO_STAFF = mark("这个乡镇还没有绑定微信的经办人。")
UNCONFIRMED = mark("微信收下了，但一直没有说送没送到。")
TOO_LATE = mark("过了时候，不用再送了。")
DAY_OVER = CODES[45009].words


@dataclass(frozen=True)
class Claimed:
    """A push that this worker alone may send until its lease ends."""

    id: int
    lease: str
    occasion: str
    person_id: int
    township: str
    account: str
    details: dict[str, Any]
    key: str
    tries: int
    at: datetime
    until: datetime
    rank: int = 0


def is_idle(ctx: Context) -> bool:
    """Whether nothing is due; asked each second, so it takes no writer's lock."""
    now = ctx.now()
    due = or_(
        and_(Push.state == PushState.PENDING, Push.next_try_at <= now),
        and_(Push.state == PushState.SENDING, Push.leased_until < now),
    )
    with ctx.db.read() as session:
        return session.scalar(select(Push.id).where(due).limit(1)) is None


def expand(ctx: Context, session: Session, limit: int) -> int:
    """Make of a push to a township one to each of its officers and heads; how many were spread."""
    now = ctx.now()
    parents = session.scalars(
        select(Push)
        .where(
            Push.state == PushState.PENDING, Push.next_try_at <= now, Push.person_id.is_(None)
        )
        .order_by(Push.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    for parent in parents:
        people = _told(ctx, session, parent)
        for person_id, staff_id in people.items():
            row = {
                "key": f"{parent.key}:{staff_id}", "occasion": parent.occasion,
                "person_id": person_id, "township": parent.township, "case_id": parent.case_id,
                "event_id": parent.event_id, "account": parent.account,
                "details": parent.details, "state": PushState.PENDING, "next_try_at": now,
                "created_at": parent.created_at, "expires_at": parent.expires_at,
            }
            insert_or_skip(session, Push, row, ("key",))
        parent.state = PushState.EXPANDED if people else PushState.NO_CHANNEL
        parent.reason = "" if people else NO_STAFF
        parent.ended_at = now
    return len(parents)


def _told(ctx: Context, session: Session, parent: Push) -> dict[int, int]:
    """Who hears of it: not those whose relative's case it is; where nobody else is there, the
    county. Not who is on leave, while someone else is there. Where someone is in danger, everyone.
    """
    place, role = parent.township, parent.role
    if parent.occasion == Occasion.STAFF_ALARM:
        return _staff_of(session, place, role)
    if found := _staff_of(session, place, role, parent.case_id, ctx.today()):
        return found
    people = _staff_of(session, place, role, parent.case_id)
    if not people and role:
        # Nobody of this role is bound: their colleagues know whom to ask.
        people, role = _staff_of(session, place, "", parent.case_id), ""
    if not people and place and _staff_of(session, place, role):
        people = _staff_of(session, place[:6] + "000000", "", parent.case_id)
    return people


def _staff_of(
    session: Session, township: str | None, role: str = "", case_id: int | None = None,
    at_work: date | None = None,
) -> dict[int, int]:
    """The bound staff at a place's desk, or those of one role: person → staff, each person once.

    With a case, without those from whom it is kept; with a day, without those on leave then.
    """
    query = select(Staff.person_id, Staff.id).where(
        Staff.area == township, Staff.role.in_({role} if role else DESK_ROLES),
        Staff.left_at.is_(None), Staff.person_id.is_not(None),
    )
    if case_id is not None:
        query = query.where(Staff.id.not_in(kept_out(case_id)))
    if at_work is not None:
        query = query.where(~away(at_work))
    rows = session.execute(query.order_by(Staff.id.desc()))
    return {row.person_id: row.id for row in rows}


def reclaim(ctx: Context, session: Session) -> int:
    """Give pushes whose worker has died back to the queue; how many."""
    now = ctx.now()
    return changed(
        session,
        update(Push)
        .where(Push.state == PushState.SENDING, Push.leased_until < now)
        .values(state=PushState.PENDING, lease=None, leased_until=None, next_try_at=now)
        .execution_options(synchronize_session=False)
    )


def claim(ctx: Context, session: Session, limit: int) -> list[Claimed]:
    """Claim due pushes, at most one a person and only their oldest, so that order is kept.

    Others skip the rows that one claims (PostgreSQL), or wait for its transaction (SQLite).
    """
    now = ctx.now()
    rows = list(session.execute(_STEPS, {"now": now, "most": limit}))
    if len(rows) < limit:
        rows += session.execute(_SENT_TO_MANY, {"now": now, "most": limit - len(rows)})
    until = now + timedelta(seconds=ctx.settings.pushes.lease_seconds)
    if not rows:
        return []
    lease = secrets.token_hex(8)
    session.execute(
        update(Push).where(among(Push.id, (push.id for push in rows))).values(
            state=PushState.SENDING, lease=lease, leased_until=until, tries=Push.tries + 1
        ).execution_options(synchronize_session=False)
    )
    return [
        Claimed(
            push.id, lease, push.occasion, push.person_id or 0, push.township or "",
            push.account, push.details, push.key, push.tries + 1, now, until, push.rank,
        )
        for push in rows
    ]


def _due(which: ColumnElement[bool]) -> Select[Any]:
    """Due pushes of one rank, built once, for `now` and `most`. Of one person the more urgent
    first, and then the older; so a campaign's waits behind a step of the case, and never the
    other way about."""
    earlier, now = aliased(Push), bindparam("now", type_=UtcTime())
    before = or_(
        earlier.rank < Push.rank, and_(earlier.rank == Push.rank, earlier.id < Push.id)
    )
    return (
        select(
            Push.id, Push.occasion, Push.person_id, Push.township, Push.account, Push.details,
            Push.key, Push.tries, Push.rank,
        )
        .where(
            Push.state == PushState.PENDING, which, Push.next_try_at <= now,
            Push.expires_at > now, Push.person_id.is_not(None),
            ~exists().where(
                earlier.person_id == Push.person_id, earlier.state.in_(WAITING), before,
                # What waits for somebody's morning does not hold up what may not wait.
                or_(earlier.reason != QUIET, earlier.next_try_at <= now),
            ),
        )
        .order_by(Push.next_try_at, Push.id).limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True, of=Push)
    )


_STEPS = _due(Push.rank == 0)
_SENT_TO_MANY = _due(
    and_(
        Push.rank == CAMPAIGN_RANK,
        or_(
            Push.campaign_id.is_(None),
            Push.campaign_id.not_in(select(Campaign.id).where(Campaign.state.in_(HELD_UP))),
        ),
    )
)


def expire(ctx: Context, session: Session) -> int:
    """End what is no longer worth sending, or never was confirmed; how many."""
    now = ctx.now()
    endings: Sequence[tuple[ColumnElement[bool], PushState, str]] = (
        (
            and_(Push.state == PushState.PENDING, Push.reason == DAY_OVER),
            PushState.OVER_QUOTA, DAY_OVER,
        ),
        (Push.state.in_(WAITS), PushState.EXPIRED, TOO_LATE),
        (Push.state == PushState.SENT, PushState.FAILED, UNCONFIRMED),
    )
    ended = 0
    for which, state, words in endings:
        # Why it could not go earlier says more than that it is too late now.
        reason = case((Push.reason == "", words), else_=Push.reason)
        statement = update(Push).where(which, Push.expires_at <= now)
        statement = statement.values(state=state, ended_at=now, reason=reason)
        ended += changed(session, statement.execution_options(synchronize_session=False))
    return ended


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest push that should have gone has been due."""
    return session.scalar(
        select(Push.next_try_at)
        .where(Push.state == PushState.PENDING, Push.next_try_at <= now)
        .order_by(Push.next_try_at).limit(1)
    )
