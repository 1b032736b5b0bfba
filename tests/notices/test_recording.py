"""Arrivals are written together, each sender's own before it goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from models.pushes import PushState
from notices import claims, recording
from notices.channel import Delivery, Outcome, Way
from notices.outbox import Ending
from notices.recording import Arrival, Recorder
from tests.notices.house import House, Someone
from tests.notices.turns import drained, in_talk

DONE = Ending(PushState.DELIVERED, Way.CUSTOM)


def claimed(house: House, people: list[Someone]) -> list[Arrival]:
    for someone in people:
        house.push(someone)
    with house.ctx.db.begin() as session:
        found = claims.claim(house.ctx, session, 100)
    identity = {someone.person: someone.identity for someone in people}
    return [
        Arrival(push, identity[push.person_id], Delivery(Way.CUSTOM, Outcome.DONE), DONE)
        for push in found
    ]


def at_once(recorder: Recorder, arrivals: list[Arrival]) -> list[bool]:
    ready = Barrier(len(arrivals))

    def go(one: Arrival) -> bool:
        ready.wait()
        return recorder.record(one)

    with ThreadPoolExecutor(len(arrivals)) as pool:
        return list(pool.map(go, arrivals))




def test_each_is_written_and_fewer_transactions_are_made(
    either: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = claimed(either, in_talk(either, 12))
    recorder, sizes = Recorder(either.ctx), []
    write = recording.write

    def noting(ctx, batch):
        sizes.append(len(batch))
        write(ctx, batch)

    monkeypatch.setattr(recording, "write", noting)
    assert at_once(recorder, arrivals) == [True] * 12
    assert sum(sizes) == 12
    assert len(sizes) < 12, "some were written together"
    for one in arrivals:
        assert either.state(one.push.id) == (PushState.DELIVERED, "custom")
        assert either.tries(one.push.id) == [("custom", "done", None)]
        row = either.row(one.push.id)
        assert (row.lease, row.leased_until) == (None, None)
        assert row.ended_at is not None


def test_who_has_lost_the_lease_takes_nothing_back(either: House) -> None:
    """Another has taken it up again, or it has ended: the first one's late word changes nothing."""
    [late] = claimed(either, in_talk(either))
    either.clock.move(seconds=61)
    with either.ctx.db.begin() as session:
        claims.reclaim(either.ctx, session)
        claims.claim(either.ctx, session, 1)
    assert Recorder(either.ctx).record(late)
    assert either.state(late.push.id)[0] == PushState.SENDING
    either.clock.move(seconds=61)
    with either.ctx.db.begin() as session:
        claims.reclaim(either.ctx, session)
    assert Recorder(either.ctx).record(late)
    assert either.state(late.push.id) == (PushState.DELIVERED, "custom"), "nobody had it"


def test_where_the_group_cannot_be_written_each_is_alone(house: House) -> None:
    """Nobody is told again because of somebody else's row."""
    people = in_talk(house, 5)
    pushes = [house.push(someone) for someone in people]
    fallen: list[int] = []

    def fall(_conn, _cursor, statement, *_rest):
        if "INSERT INTO push_attempts" in statement and not fallen:
            fallen.append(1)
            raise OperationalError("INSERT", {}, Exception("away"))

    event.listen(house.ctx.db.engine, "before_cursor_execute", fall)
    drained(house.ctx)
    event.remove(house.ctx.db.engine, "before_cursor_execute", fall)
    assert fallen
    assert {house.state(push)[0] for push in pushes} == {PushState.DELIVERED}
    assert [len(house.texts(someone)) for someone in people] == [1] * 5
