"""Who rests: accounts, or one of their channels, that the platform has told to stop.

Kept as leases in the database that an error code holds, so that every worker rests at once
and the web side can say so: nobody hammers a platform that has said no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import leases
from models.context import Context
from models.leases import Lease
from notices.channel import Delivery, Outcome, Scope, Way, meaning_of
from notices.ladder import Rest

PREFIX = "stop:"
STOP_SECONDS = 5 * 60.0
MINUTE_SECONDS = 65.0
SENDING = (Way.CUSTOM, Way.SUBSCRIBE, Way.TEMPLATE)


@dataclass(frozen=True)
class Stop:
    """An account that rests; `channel` is empty where all of it does. `words` are marked."""

    account: str
    channel: str
    outcome: Outcome
    errcode: int
    words: str
    until: datetime


def rest(ctx: Context, session: Session, account: str, delivery: Delivery) -> Rest:
    """Let an account or its channel rest as the answer asks."""
    channel = "" if delivery.scope is Scope.ACCOUNT else delivery.way
    seconds = _seconds(ctx, delivery.outcome)
    leases.take(
        session, f"{PREFIX}{account}:{channel}", f"{delivery.outcome}:{delivery.errcode}",
        ctx.now(), seconds,
    )
    return Rest(ctx.now() + timedelta(seconds=seconds), delivery.words)


def _seconds(ctx: Context, outcome: Outcome) -> float:
    if outcome is Outcome.TOO_FAST:
        return MINUTE_SECONDS
    if outcome is Outcome.DAY_OVER:
        # When the platform's day begins anew is not documented; its clock is Beijing's.
        here = ctx.now().astimezone(ctx.zone)
        midnight = (here + timedelta(days=1)).replace(hour=0, minute=5, second=0, microsecond=0)
        return (midnight - here).total_seconds()
    return STOP_SECONDS


def stops(session: Session, now: datetime) -> list[Stop]:
    """Everything that rests now."""
    rows = session.execute(
        select(Lease.name, Lease.holder, Lease.until).where(
            Lease.name.startswith(PREFIX, autoescape=True), Lease.until > now
        )
    )
    found = []
    for name, holder, until in rows:
        account, _, channel = name.removeprefix(PREFIX).partition(":")
        outcome, _, errcode = holder.partition(":")
        words = meaning_of(int(errcode)).words
        found.append(Stop(account, channel, Outcome(outcome), int(errcode), words, until))
    return found


def resting(found: list[Stop], account: str) -> dict[Way, Rest]:
    """The ways on which this account rests."""
    ways: dict[Way, Rest] = {}
    for stop in found:
        if stop.account == account:
            for way in (Way(stop.channel),) if stop.channel else SENDING:
                if way not in ways or ways[way].until < stop.until:
                    ways[way] = Rest(stop.until, stop.words)
    return ways


def stopped_accounts(ctx: Context) -> list[Stop]:
    """Accounts that somebody has to see to: a wrong secret, a missing whitelist entry, a ban."""
    with ctx.db.read() as session:
        found = stops(session, ctx.now())
    return [stop for stop in found if stop.outcome is Outcome.STOP_ACCOUNT]
