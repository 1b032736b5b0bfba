"""Repeats, races and lateness at the callback: two processes, many threads, both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from models.outgoing import Occasion
from models.people import Identity, Person
from models.pushes import Push
from models.talks import Message, Talk
from tests.webhooks.callbacks import (
    ANSWERS,
    Process,
    counted,
    following,
    kept,
    message,
    photo,
    processes,
)
from webhooks import wechat

ROUNDS = 8


@pytest.fixture
def pair(database: str, tmp_path: Path) -> Iterator[list[Process]]:
    """Two web processes on one database."""
    with processes(database, tmp_path, 2) as made:
        yield made


@pytest.fixture
def on_postgres(postgres: Callable[[], str], tmp_path: Path) -> Iterator[Process]:
    """One web process on PostgreSQL."""
    with processes(postgres(), tmp_path) as made:
        yield made[0]


def at_once(calls: list[tuple[Process, str]]) -> list[str]:
    """Deliver all at the same moment; the replies in the order of the calls."""
    gate = threading.Barrier(len(calls))

    def deliver(process: Process, xml: str) -> str:
        gate.wait()
        return process.deliver(xml)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(deliver, *zip(*calls, strict=True)))


def state(process: Process, openid: str) -> dict[str, object]:
    """Where a talk stands."""
    key = process.ctx.keys.lookup("openid", openid)
    with process.ctx.db.read() as session:
        return session.scalars(
            select(Talk.state).join(Identity, Identity.person_id == Talk.person_id)
            .where(Identity.openid_key == key)
        ).one()


def test_one_message_three_times_at_once(pair: list[Process]) -> None:
    one, two = pair
    one.say("o_wang", "我要求助")
    for answer in ANSWERS[:6]:
        before = len(kept(one.ctx, "o_wang"))
        sent = message("o_wang", answer)
        replies = at_once([(one, sent), (two, sent), (one, sent)])
        assert len(set(replies)) == 1
        assert replies[0]
        assert len(kept(one.ctx, "o_wang")) == before + 1
        assert two.deliver(sent) == replies[0]


def test_a_repeat_changes_nothing(pair: list[Process]) -> None:
    one, two = pair
    one.say("o_wang", "我要求助", ANSWERS[0])
    sent = message("o_wang", "上一步")
    first = one.deliver(sent)
    one.say("o_wang", ANSWERS[0], ANSWERS[1])
    then = state(one, "o_wang")
    assert two.deliver(sent) == one.deliver(sent) == first
    assert state(one, "o_wang") == then


def test_messages_of_one_person_at_once_are_all_heeded(pair: list[Process]) -> None:
    one, two = pair
    one.say("o_wang", "我要求助", *ANSWERS[:6])
    trail = len(state(one, "o_wang")["draft"]["trail"])
    before = len(kept(one.ctx, "o_wang"))
    replies = at_once([(p, message("o_wang", "上一步")) for p in (one, two, one, two)])
    assert all(replies)
    assert len(set(replies)) == 4, "each undid another step"
    assert len(state(one, "o_wang")["draft"]["trail"]) == trail - 4
    assert len(kept(one.ctx, "o_wang")) == before + 4


def test_photos_at_once_are_all_counted(pair: list[Process]) -> None:
    one, two = pair
    one.say("o_wang", "我要求助", ANSWERS[0])
    replies = at_once([(p, photo("o_wang")) for p in (one, two, two, one)])
    assert len(set(replies)) == 4
    assert state(one, "o_wang")["draft"]["photos"] == 4


def test_a_new_follower_who_writes_at_once_is_one_person(pair: list[Process]) -> None:
    one, two = pair
    people = counted(one.ctx, Person)
    for number in range(ROUNDS):
        openid = f"o_new_{number}"
        event = following(openid)
        at_once([(one, event), (two, message(openid, "你好")), (two, event), (one, event)])
        rows = kept(one.ctx, openid)
        assert sorted(row.kind for row in rows) == ["event:subscribe", "text"]
    assert counted(one.ctx, Person) == people + ROUNDS


def test_many_people_at_once(pair: list[Process]) -> None:
    calls = [(pair[n % 2], message(f"o_many_{n % 6}", "我要求助")) for n in range(24)]
    before = counted(pair[0].ctx, Message)
    assert all(at_once(calls))
    assert counted(pair[0].ctx, Message) == before + 24


def test_a_locked_talk_makes_late_replies_pushes(
    pair: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    one.say("o_wang", "我要求助")
    monkeypatch.setattr(wechat, "ANSWER_SECONDS", 0.4)
    sent = message("o_wang", ANSWERS[0])
    with one.ctx.db.begin() as session:
        session.scalars(select(Talk).with_for_update()).all()
        started = time.monotonic()
        assert one.deliver(sent) == ""
        assert two.deliver(sent) == "", "a repeat while the first still works"
        assert time.monotonic() - started < 3
    one.app.extensions["yimen_callback"].pool.shutdown()
    two.app.extensions["yimen_callback"].pool.shutdown()
    row = kept(one.ctx, "o_wang")[-1]
    assert row.how == "late"
    with one.ctx.db.read() as session:
        push = session.scalars(select(Push).where(Push.occasion == Occasion.LATE_REPLY)).one()
    assert str(push.details["text"]).startswith(str(row.reply))


@pytest.mark.postgres
def test_a_held_talk_is_not_answered_the_short_way(on_postgres: Process) -> None:
    """A push that waits for the person's next word is looked for when it comes."""
    ctx = on_postgres.ctx
    on_postgres.say("o_wang", "我要求助")
    key = ctx.keys.lookup("openid", "o_wang")
    of_person = select(Identity.person_id).where(Identity.openid_key == key).scalar_subquery()
    with ctx.db.begin() as session:
        session.execute(update(Talk).where(Talk.person_id == of_person).values(held=True))
    on_postgres.say("o_wang", ANSWERS[0])
    with ctx.db.read() as session:
        assert session.scalar(select(Talk.held).where(Talk.person_id == of_person)) is False


@pytest.mark.postgres
@pytest.mark.parametrize(
    "blow",
    [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()",
        "DEALLOCATE ALL",
    ],
)
def test_a_lost_connection_costs_no_message(on_postgres: Process, blow: str) -> None:
    """PostgreSQL restarts, or forgets what was prepared: the message is answered all the same."""
    on_postgres.say("o_wang", "我要求助", ANSWERS[0])
    with on_postgres.ctx.db.begin() as session:
        session.execute(text(blow))
    before = len(kept(on_postgres.ctx, "o_wang")) if "DEALLOCATE" in blow else 2
    assert on_postgres.say("o_wang", "上一步")
    assert on_postgres.say("o_wang", ANSWERS[0])
    assert len(kept(on_postgres.ctx, "o_wang")) == before + 2
