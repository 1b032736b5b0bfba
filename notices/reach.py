"""What is known of how people can be reached: read for a whole batch in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.among import among
from models.context import Context
from models.grants import grants_of
from models.people import Identity, Person
from models.pushes import PushAttempt
from models.talks import Message
from notices.channel import Outcome, Way
from notices.claims import Claimed
from notices.ladder import EVENTS, LEAVING, MESSAGES, Chat
from notices.quiet import quiet_until
from notices.stops import resting, stops
from notices.texting import Texting, texting

LOOK_BACK = timedelta(hours=48)
UP = timedelta(minutes=15)
SHUTS = frozenset({Outcome.WINDOW_CLOSED, Outcome.OVER_QUOTA})
CLOSES = frozenset({Outcome.DROP, Outcome.REFUSED, Outcome.NO_GRANT, Outcome.BAD_CODE})


@dataclass(frozen=True)
class Reach:
    """The chats of one person, and what earlier rounds of this push came to.

    `said` counts, by chat, the pieces of a long text that have already gone out. `quiet_until`
    is set where the push waits for the end of their quiet hours, `texting` where it may go as a
    text message.
    """

    locale: str = ""
    chats: tuple[Chat, ...] = ()
    closed: frozenset[tuple[int, Way]] = frozenset()
    refused: bool = False
    said: dict[int, int] = field(default_factory=dict)
    quiet_until: datetime | None = None
    texting: Texting | None = None

    def is_awake(self, now: datetime) -> bool:
        """Whether they have just written: whoever is up is not disturbed."""
        return any(chat.last_message and chat.last_message > now - UP for chat in self.chats)


@dataclass
class _Acts:
    """What happened in one chat in the last two days."""

    last_message: datetime | None = None
    last_event: datetime | None = None
    shut_at: datetime | None = None
    sends: list[datetime] = field(default_factory=list)


def reach_of(ctx: Context, session: Session, batch: Sequence[Claimed]) -> dict[int, Reach]:
    """For each push (by its id) how its person can be reached; a few statements in all."""
    people = {push.person_id for push in batch}
    locales = {
        row.id: row.locale
        for row in session.execute(select(Person.id, Person.locale).where(among(Person.id, people)))
    }
    chats = chats_of(ctx, session, people)
    earlier = _earlier(session, [push.id for push in batch])
    quiet, texts = quiet_until(ctx, session, batch), texting(ctx, session, batch)
    reaches = {}
    for push in batch:
        closed, refused, said = earlier[push.id]
        reaches[push.id] = Reach(
            locales.get(push.person_id, ""), tuple(chats[push.person_id]), frozenset(closed),
            refused, said, quiet.get(push.id), texts.get(push.id),
        )
    return reaches


def chats_of(
    ctx: Context, session: Session, people: Collection[int]
) -> defaultdict[int, list[Chat]]:
    """The chats of these people, with what is possible in each; five statements in all."""
    rows = session.execute(
        select(Identity.id, Identity.person_id, Identity.account, Identity.openid,
               Identity.followed)
        .where(among(Identity.person_id, people)).order_by(Identity.id)
    ).all()
    chats = defaultdict[int, list[Chat]](list)
    if not rows:
        return chats
    identities = [row.id for row in rows]
    acts, allowed = _acts(ctx, session, identities), grants_of(session, identities)
    found = stops(session, ctx.now())
    for row in rows:
        account = ctx.settings.account(row.account)
        done = acts[row.id]
        chats[row.person_id].append(
            Chat(
                row.id, row.account, row.openid,
                # Of an account that is no longer configured nobody can be reached.
                followed=row.followed and account is not None,
                may_custom=account is not None and account.may_send_custom,
                may_template=account is not None and account.may_send_templates,
                last_message=done.last_message, last_event=done.last_event,
                shut_at=done.shut_at, sends=tuple(done.sends),
                grants=allowed.get(row.id, {}), resting=resting(found, row.account),
            )
        )
    return chats


def _acts(ctx: Context, session: Session, identities: list[int]) -> dict[int, _Acts]:
    since = ctx.now() - LOOK_BACK
    acts: dict[int, _Acts] = defaultdict(_Acts)
    left: dict[int, datetime] = {}
    last = session.execute(
        select(Message.identity_id, Message.kind, func.max(Message.received_at).label("at"))
        .where(among(Message.identity_id, identities), Message.received_at > since)
        .group_by(Message.identity_id, Message.kind)
    ).all()
    for row in last:
        if row.kind == LEAVING:
            left[row.identity_id] = row.at
    for row in last:
        # Who left and came back begins anew.
        if row.identity_id in left and row.at <= left[row.identity_id]:
            continue
        done = acts[row.identity_id]
        if row.kind in MESSAGES:
            done.last_message = max(row.at, done.last_message or row.at)
        elif row.kind in EVENTS:
            done.last_event = max(row.at, done.last_event or row.at)
    tries = session.execute(
        select(PushAttempt.identity_id, PushAttempt.at, PushAttempt.outcome).where(
            among(PushAttempt.identity_id, identities), PushAttempt.channel == Way.CUSTOM,
            PushAttempt.at > since,
        )
    )
    for identity_id, at, outcome in tries:
        assert identity_id is not None
        done = acts[identity_id]
        if outcome == Outcome.DONE:
            done.sends.append(at)
        elif outcome in SHUTS:
            done.shut_at = max(at, done.shut_at or at)
    return acts


Earlier = tuple[set[tuple[int, Way]], bool, dict[int, int]]


def _earlier(session: Session, pushes: list[int]) -> dict[int, Earlier]:
    found: dict[int, Earlier] = {push_id: (set(), False, {}) for push_id in pushes}
    rows = session.execute(
        select(PushAttempt.push_id, PushAttempt.identity_id, PushAttempt.channel,
               PushAttempt.outcome)
        .where(among(PushAttempt.push_id, pushes), PushAttempt.identity_id.is_not(None))
    )
    for row in rows:
        closed, refused, said = found[row.push_id]
        if row.outcome in CLOSES:
            closed.add((row.identity_id, Way(row.channel)))
            found[row.push_id] = (closed, refused or row.outcome == Outcome.REFUSED, said)
        elif row.outcome == Outcome.DONE and row.channel == Way.CUSTOM:
            said[row.identity_id] = said.get(row.identity_id, 0) + 1
    return found
