"""Empties the outbox: while one batch is being sent, the next is claimed and read.

No transaction is open across the network. However far ahead it claims, no more is under way
without a record than there are connections: each sender waits for its own (`recording.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from models.context import Context
from notices import claims
from notices.claims import Claimed
from notices.reach import Reach, reach_of
from notices.recording import Recorder
from notices.sender import deal_with

BATCH = 128
# How many are sent at once; each one is a different person's.
AT_ONCE = 8
# So many rounds share one look for what has died or is too late; a claim takes neither up.
TIDIED = 8


def drain(ctx: Context, *, limit: int = BATCH) -> int:
    """One round: spread, claim, send, record. How many pushes it dealt with; 0 when none is due."""
    turns = iter((True,))
    return drain_on(ctx, lambda: next(turns, False), limit=limit)


def drain_on(ctx: Context, goes_on: Callable[[], bool], *, limit: int = BATCH) -> int:
    """Round after round, until nothing is due or `goes_on` says no; how many it dealt with."""
    done, recorder, rounds = 0, Recorder(ctx), count()
    under_way: deque[Future[None]] = deque()
    with ThreadPoolExecutor(AT_ONCE, "sender") as pool:
        while goes_on():
            spread, batch = _taken(ctx, limit, tidy=next(rounds) % TIDIED == 0)
            done += spread + len(batch)
            if len(batch) == 1 and not under_way:
                deal_with(ctx, *batch[0], recorder)
                continue
            under_way.extend(pool.submit(deal_with, ctx, *one, recorder) for one in batch)
            if not (spread or under_way):
                break
            # Sending half of a batch takes as long as taking up the next. Where little was due,
            # what is due next is what these let through.
            _wait(under_way, limit // 2 if len(batch) == limit else 0)
        _wait(under_way, 0)
    return done


def _taken(
    ctx: Context, limit: int, *, tidy: bool
) -> tuple[int, list[tuple[Claimed, Reach]]]:
    """How many were spread to those meant, and what was claimed, with how they are reached."""
    if claims.is_idle(ctx):
        return 0, []
    with ctx.db.begin() as session:
        if tidy:
            claims.reclaim(ctx, session)
            claims.expire(ctx, session)
        spread = claims.expand(ctx, session, limit)
    with ctx.db.begin() as session:
        batch = claims.claim(ctx, session, limit)
    if not batch:
        return spread, []
    with ctx.db.read() as session:
        reaches = reach_of(ctx, session, batch)
    return spread, [(push, reaches[push.id]) for push in batch]


def _wait(under_way: deque[Future[None]], left: int) -> None:
    """Until no more than so many are under way; raises what kept one from being written down."""
    while len(under_way) > left:
        under_way.popleft().result()
