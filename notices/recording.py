"""Writing down what arrived: the records of sends that end together go in one transaction.

Each sender waits until its own record is safe before it takes up the next push: however many
share a transaction, a worker that dies leaves no more sends without a record than it had
connections. Whoever finds nobody writing writes for all that wait; the next of those that came
meanwhile writes after them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import structlog
from sqlalchemy import String, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.context import Context
from models.leases import Lease
from models.pushes import Push, PushAttempt, PushState
from notices import metrics
from notices.channel import Delivery
from notices.claims import Claimed
from notices.outbox import EARLY, Ending, job_finished

log = structlog.get_logger(__name__)
_PUSHES, _ATTEMPTS = cast(Table, Push.__table__), cast(Table, PushAttempt.__table__)
_ATTEMPT = insert(_ATTEMPTS)
# Who has lost the lease may still report an arrival, where nobody has taken the push up again.
_ARRIVED = (
    update(_PUSHES)
    .where(
        _PUSHES.c.id == bindparam("push_id"),
        or_(
            _PUSHES.c.lease == bindparam("held"),
            _PUSHES.c.state == PushState.PENDING.value,
        ),
    )
    .values(
        state=bindparam("to_state"), channel=bindparam("way"), reason=bindparam("why"),
        msg_id=func.coalesce(bindparam("their_id", type_=String), _PUSHES.c.msg_id),
        ended_at=bindparam("at_end"), lease=None, leased_until=None,
    )
)


@dataclass(frozen=True)
class Arrival:
    """One send that the platform took, and where the push stands by it: sent or delivered."""

    push: Claimed
    identity_id: int
    delivery: Delivery
    ending: Ending


@dataclass
class _Waiting:
    arrival: Arrival
    woken: threading.Event = field(default_factory=threading.Event)
    written: bool = False
    leads: bool = False


class Recorder:
    """For the threads of one round."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._busy = False

    def record(self, arrival: Arrival) -> bool:
        """Whether it is written. Where those beside it could not be, it is to be written alone."""
        mine = _Waiting(arrival)
        with self._lock:
            self._waiting.append(mine)
            mine.leads, self._busy = not self._busy, True
        if not mine.leads:
            mine.woken.wait()
        if mine.leads:
            self._write()
        return mine.written

    def _write(self) -> None:
        """Write for all that wait, and let the next one write for those that came meanwhile."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        written = False
        try:
            with self._ctx.db.begin() as session:
                write(self._ctx, session, [one.arrival for one in batch])
            written = True
        except SQLAlchemyError as error:
            log.error("arrivals_not_written", count=len(batch), error=type(error).__name__)
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()
        for one in batch:
            one.written = written
            one.woken.set()


def write(ctx: Context, session: Session, arrivals: list[Arrival]) -> None:
    """Every try, and where its push stands; two statements however many, and one for early events.
    """
    now = ctx.now()
    # In one order, so that no two writers wait for each other crosswise.
    arrivals = sorted(arrivals, key=lambda one: one.push.id)
    connection = session.connection()
    connection.execute(_ATTEMPT, [_try(one, now) for one in arrivals])
    connection.execute(_ARRIVED, [_end(one, now) for one in arrivals])
    for one in arrivals:
        metrics.TRIES.labels(one.delivery.way, one.delivery.outcome).inc()
        metrics.pushed(one.ending.state, one.ending.way or "")
    _finish_early(ctx, session, arrivals, now)


def _try(one: Arrival, now: datetime) -> dict[str, object]:
    return {
        "push_id": one.push.id, "at": now, "channel": one.delivery.way.value,
        "identity_id": one.identity_id, "errcode": one.delivery.errcode,
        "outcome": one.delivery.outcome.value,
    }


def _end(one: Arrival, now: datetime) -> dict[str, object]:
    state = one.ending.state
    return {
        "push_id": one.push.id, "held": one.push.lease, "to_state": state.value,
        "way": one.ending.way.value if one.ending.way else "", "why": one.ending.reason,
        "their_id": one.ending.msg_id, "at_end": None if state is PushState.SENT else now,
    }


def _finish_early(
    ctx: Context, session: Session, arrivals: list[Arrival], now: datetime
) -> None:
    """What the platform has said of these before we had written down which they are."""
    names = {
        f"{EARLY}{one.ending.msg_id}"[:60]: one.ending.msg_id
        for one in arrivals if one.ending.state is PushState.SENT and one.ending.msg_id
    }
    if not names:
        return
    events = session.execute(
        select(Lease.name, Lease.holder).where(Lease.name.in_(names), Lease.until >= now)
    )
    for name, status in events.all():
        job_finished(session, ctx, names[name] or "", status)
