"""How pushes end: what a try came to, what the platform tells later, what waits for the person.

States only ever move forward: an end is never taken back, whoever reports late or twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from models import leases, wishes
from models.context import Context
from models.leases import Lease
from models.people import Identity, Person
from models.pushes import Push, PushAttempt, PushState
from models.rows import changed
from models.settings import mark
from models.talks import Message, Talk
from models.upsert import insert_or_skip
from notices import metrics
from notices.channel import Delivery, Outcome, Way
from notices.claims import Claimed
from notices.occasions import spoken
from notices.pieces import pieces, size

# What a passive reply has room for beside what is being answered, in bytes; and the pieces in
# which a text goes where passive replies are the only way to the person.
PASSIVE_ROOM = 1500
PASSIVE_PIECE = 1000

UNWANTED = mark("本人不收群发的消息。")
BLOCKED = mark("本人不接收公众号的通知。")
QUOTA_GONE = mark("微信说发得太多，没有送。")
NOT_SENT = mark("微信没能送到。")
# How the platform's event about a template message reads (spacing varies) → how the push ends.
FINISHED = (
    ("success", PushState.DELIVERED, ""),
    ("user block", PushState.REFUSED, BLOCKED),
    ("freq limit", PushState.OVER_QUOTA, QUOTA_GONE),
    ("", PushState.FAILED, NOT_SENT),
)
# An event may come before we have written down which message it is about.
EARLY = "early:"
EARLY_SECONDS = 3600.0


@dataclass(frozen=True)
class Ending:
    """Where a push stands after a round: an end, or `PENDING` with the moment of its next try."""

    state: PushState
    way: Way | None = None
    reason: str = ""
    msg_id: str | None = None
    next_try_at: datetime | None = None
    # A try that never reached the platform's judgement of this push does not count.
    free: bool = False


def attempt(
    ctx: Context, session: Session, push: Claimed, identity_id: int | None, delivery: Delivery
) -> bool:
    """Record one try, and prolong the lease for the next; False where the lease was lost."""
    now = ctx.now()
    metrics.TRIES.labels(delivery.way, delivery.outcome).inc()
    session.add(
        PushAttempt(
            push_id=push.id, at=now, channel=delivery.way, identity_id=identity_id,
            errcode=delivery.errcode, outcome=delivery.outcome,
        )
    )
    if delivery.outcome is Outcome.UNFOLLOWED:
        session.execute(
            update(Identity).where(Identity.id == identity_id).values(followed=False)
        )
    until = now + timedelta(seconds=ctx.settings.pushes.lease_seconds)
    statement = update(Push).where(
        Push.id == push.id, Push.lease == push.lease, Push.state == PushState.SENDING
    )
    return bool(changed(session, statement.values(leased_until=until)))


def settle(ctx: Context, session: Session, push: Claimed, ending: Ending) -> None:
    """Write down how a round ended. Who has lost the lease may still report an arrival."""
    now = ctx.now()
    if ending.state is PushState.HELD:
        ending = _hold(session, push, ending, now)
    row = session.get(Push, push.id, with_for_update=True)
    assert row is not None
    arrived = ending.state in (PushState.SENT, PushState.DELIVERED)
    if row.lease != push.lease and not (arrived and row.state == PushState.PENDING):
        return
    row.state, row.reason = ending.state, ending.reason
    row.lease = row.leased_until = None
    row.channel = ending.way or row.channel
    row.msg_id = ending.msg_id or row.msg_id
    if ending.free:
        row.tries = max(0, row.tries - 1)
    if ending.next_try_at is not None:
        row.next_try_at = ending.next_try_at
    if ending.state is PushState.SENT and row.msg_id:
        _finish_early(session, row, now)
    _end(row, now)


def _end(row: Push, now: datetime) -> None:
    if row.state not in (PushState.PENDING, PushState.HELD, PushState.SENT):
        row.ended_at = now
    metrics.pushed(row.state, row.channel)


def _hold(session: Session, push: Claimed, ending: Ending, now: datetime) -> Ending:
    """Let the talk know that something waits.

    The talk's row is the lock that the callback takes too: whoever wrote while we were looking
    for a way is seen here, and their push is tried again instead of waiting for the next word.
    """
    row = {"person_id": push.person_id, "state": {}, "held": True, "updated_at": now}
    if insert_or_skip(session, Talk, row, ("person_id",)) is None:
        session.execute(update(Talk).where(Talk.person_id == push.person_id).values(held=True))
    wrote = session.scalar(
        select(func.max(Message.received_at))
        .join(Identity, Identity.id == Message.identity_id)
        .where(
            Identity.person_id == push.person_id,
            Message.received_at > push.at, Message.received_at <= now,
        )
    )
    if wrote is None:
        return ending
    return Ending(PushState.PENDING, reason=ending.reason, next_try_at=now, free=True)


def job_finished(
    session: Session, ctx: Context, msg_id: str, status: str, keep: float = EARLY_SECONDS
) -> bool:
    """Whether a card arrived, as the platform's event says: of a template message by its id, of a
    subscription message by `subscribed.waiting_id`. Moves forward only.

    False where it speaks of no push that waits for it; an event that came before its push was
    written down is kept for `keep` seconds.
    """
    row = session.scalars(
        select(Push).where(Push.msg_id == msg_id, Push.state == PushState.SENT)
        .order_by(Push.id).limit(1).with_for_update()
    ).first()
    if row is None:
        leases.take(session, f"{EARLY}{msg_id}"[:60], status[:40], ctx.now(), keep)
        return False
    return _finish(row, status, ctx.now())


def _finish(row: Push, status: str, now: datetime) -> bool:
    if row.state != PushState.SENT:
        return False
    said = status.strip().lower()
    row.state, row.reason = next(
        (state, words) for sign, state, words in FINISHED if sign in said
    )
    _end(row, now)
    return True


def _finish_early(session: Session, row: Push, now: datetime) -> None:
    event = session.get(Lease, f"{EARLY}{row.msg_id}"[:60])
    if event is not None and event.until >= now:
        _finish(row, event.holder, now)
        session.delete(event)


def take_held(
    ctx: Context, session: Session, person_id: int, room: int = PASSIVE_ROOM
) -> list[str]:
    """What waited for this person to write: texts for the passive reply, marked as delivered.

    At most `room` bytes of them (the reply has 2048 in all), oldest first. The rest goes out
    at once as customer-service messages where the account may, else it waits for the next word.
    """
    now = ctx.now()
    rows = session.scalars(
        select(Push)
        .where(Push.person_id == person_id, Push.state == PushState.HELD, Push.expires_at > now)
        .order_by(Push.rank, Push.id).with_for_update()
    ).all()
    person = session.get(Person, person_id)
    locale = person.locale if person else ""
    may_custom = bool(rows) and _may_custom(ctx, session, person_id)
    texts: list[str] = []
    waiting = False
    unwanted = any(row.rank for row in rows) and not wishes.of(session, person_id).campaigns
    for row in rows:
        if row.rank and unwanted:
            row.state, row.reason = PushState.REFUSED, UNWANTED
            _end(row, now)
            continue
        words = spoken(ctx, row.occasion, row.details, row.township or "", locale)
        parts = words.texts
        if may_custom:
            waiting = waiting or len(parts) > 1
        elif len(parts) > 1 or size(parts[0]) > room or _parts_said(session, row):
            parts = pieces(words.title, words.body, PASSIVE_PIECE)[_parts_said(session, row):]
        while parts and not waiting and size(parts[0]) <= room:
            room -= size(parts[0]) + 2
            texts.append(parts[0])
            parts = parts[1:]
            session.add(
                PushAttempt(push_id=row.id, at=now, channel=Way.PASSIVE, outcome=Outcome.DONE)
            )
        if not parts:
            row.state, row.channel, row.reason = PushState.DELIVERED, Way.PASSIVE, ""
            _end(row, now)
            continue
        waiting = True
        if may_custom:
            row.state, row.next_try_at, row.tries = PushState.PENDING, now, 0
    still = session.scalar(
        select(exists().where(Push.person_id == person_id, Push.state == PushState.HELD))
    )
    session.execute(update(Talk).where(Talk.person_id == person_id).values(held=bool(still)))
    return texts


def _parts_said(session: Session, row: Push) -> int:
    """How many pieces of this push have already gone out in passive replies."""
    return session.scalar(
        select(func.count()).select_from(PushAttempt).where(
            PushAttempt.push_id == row.id, PushAttempt.channel == Way.PASSIVE
        )
    ) or 0


def _may_custom(ctx: Context, session: Session, person_id: int) -> bool:
    slugs = session.scalars(
        select(Identity.account).where(
            Identity.person_id == person_id, Identity.followed.is_(True)
        )
    )
    accounts = (ctx.settings.account(slug) for slug in slugs)
    return any(account is not None and account.may_send_custom for account in accounts)
