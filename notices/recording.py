"""Writing down what arrived: the records of sends that end together go in one transaction.

Each sender waits until its own record is safe before it takes up the next push: however many
share a transaction, a worker that dies leaves no more sends without a record than it had
connections. Whoever finds nobody writing writes for all that wait; the next of those that came
meanwhile writes after them.
"""

from __future__ import annotations

import json
import threading
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from models.base import UtcTime
from models.context import Context
from models.leases import Lease
from models.prepared import Prepared
from models.pushes import Push, PushAttempt, PushState
from notices import metrics
from notices.channel import Delivery
from notices.claims import Claimed
from notices.outbox import EARLY, Ending, job_finished

log = structlog.get_logger(__name__)
_PUSHES = typing.cast(Table, Push.__table__)
_ATTEMPTS = typing.cast(Table, PushAttempt.__table__)
_ATTEMPT = insert(_ATTEMPTS)
# What is written of each arrival, under the name that both ways of writing give it.
_KINDS: dict[str, TypeEngine[Any]] = {
    "push_id": BigInteger(), "held": String(), "to_state": String(), "way": String(),
    "why": String(), "their_id": String(), "at_end": UtcTime(),
    "at": UtcTime(), "channel": String(), "identity_id": BigInteger(),
    "errcode": Integer(), "outcome": String(),
}
_TRIED = ("push_id", "at", "channel", "identity_id", "errcode", "outcome")


def _ending(of: Callable[[str], ColumnElement[Any]]) -> Update:
    """Where a push stands by its arrival. Who has lost the lease may still report one, where
    nobody has taken the push up again."""
    return (
        update(_PUSHES)
        .where(
            _PUSHES.c.id == of("push_id"),
            or_(_PUSHES.c.lease == of("held"), _PUSHES.c.state == PushState.PENDING.value),
        )
        .values(
            state=of("to_state"), channel=of("way"), reason=of("why"),
            msg_id=func.coalesce(of("their_id"), _PUSHES.c.msg_id),
            ended_at=of("at_end"), lease=None, leased_until=None,
        )
    )


def _at_once() -> Select[int]:
    """Both for any number of arrivals in one statement, as PostgreSQL takes it: a list in JSON."""
    columns = [column(name, kind) for name, kind in _KINDS.items()]
    given = cast(cast(bindparam("came", type_=String()), Text), JSONB)
    came = func.jsonb_to_recordset(given).table_valued(*columns, name="came")
    came = came.render_derived(with_types=True)
    ended = _ending(lambda name: came.c[name]).returning(_PUSHES.c.id).cte("ended")
    tries = select(*(came.c[name] for name in _TRIED))
    tried = insert(_ATTEMPTS).from_select(_TRIED, tries).returning(_ATTEMPTS.c.id).cte("tried")
    return select(func.count()).select_from(tried).add_cte(ended)


_ARRIVED = _ending(lambda name: bindparam(name, type_=_KINDS[name]))
_AT_ONCE = _at_once()
_PREPARED = Prepared("arrived", _AT_ONCE)


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
        written = self._is_written([one.arrival for one in batch])
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()
        for one in batch:
            one.written = written
            one.woken.set()

    def _is_written(self, arrivals: list[Arrival]) -> bool:
        try:
            write(self._ctx, arrivals)
        except Exception as error:  # whatever it is, nobody waits for ever; alone it shows again
            log.error("arrivals_not_written", count=len(arrivals), error=type(error).__name__)
            return False
        return True


def write(ctx: Context, arrivals: list[Arrival]) -> None:
    """Every try, and where its push stands, in one transaction."""
    if ctx.db.is_sqlite or any(map(_is_awaited, arrivals)):
        with ctx.db.begin() as session:
            _write(session, ctx, arrivals)
            _finish_early(ctx, session, arrivals, ctx.now())
    else:
        # Nothing else is to be done for these: the one statement, as cheap as it can be said.
        with ctx.db.wire() as wire:
            _PREPARED.row(wire, {"came": _came(ctx, arrivals)})
    for one in arrivals:
        metrics.TRIES.labels(one.delivery.way, one.delivery.outcome).inc()
        metrics.pushed(one.ending.state, one.ending.way or "")


def _write(session: Session, ctx: Context, arrivals: list[Arrival]) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        rows = _rows(ctx, arrivals)
        connection.execute(_ATTEMPT, [{name: row[name] for name in _TRIED} for row in rows])
        connection.execute(_ARRIVED, rows)
    else:
        connection.execute(_AT_ONCE, {"came": _came(ctx, arrivals)})


def _is_awaited(one: Arrival) -> bool:
    """Whether an event says later what became of it, and may have come already."""
    return one.ending.state is PushState.SENT


def _came(ctx: Context, arrivals: list[Arrival]) -> str:
    return json.dumps(_rows(ctx, arrivals), ensure_ascii=False, default=datetime.isoformat)


def _rows(ctx: Context, arrivals: list[Arrival]) -> list[dict[str, object]]:
    """In one order, so that no two writers wait for each other crosswise."""
    now = ctx.now()
    return [_row(one, now) for one in sorted(arrivals, key=lambda one: one.push.id)]


def _row(one: Arrival, now: datetime) -> dict[str, object]:
    state = one.ending.state
    return {
        "push_id": one.push.id, "held": one.push.lease, "to_state": state.value,
        "way": one.ending.way.value if one.ending.way else "", "why": one.ending.reason,
        "their_id": one.ending.msg_id, "at_end": None if state is PushState.SENT else now,
        "at": now, "channel": one.delivery.way.value, "identity_id": one.identity_id,
        "errcode": one.delivery.errcode, "outcome": one.delivery.outcome.value,
    }


def _finish_early(
    ctx: Context, session: Session, arrivals: list[Arrival], now: datetime
) -> None:
    """What the platform has said of these before we had written down which they are."""
    names = {
        f"{EARLY}{one.ending.msg_id}"[:60]: one.ending.msg_id
        for one in arrivals if _is_awaited(one) and one.ending.msg_id
    }
    if not names:
        return
    events = session.execute(
        select(Lease.name, Lease.holder).where(Lease.name.in_(names), Lease.until >= now)
    )
    for name, status in events.all():
        job_finished(session, ctx, names[name] or "", status)
