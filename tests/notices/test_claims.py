"""Claims, leases, order and spreading: on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from models.outgoing import Occasion
from models.people import Staff
from models.pushes import Push, PushState
from notices import claims
from notices.channel import Way
from notices.draining import drain
from notices.outbox import Ending, settle, take_held
from notices.wechat_channel import platform_of
from tests.notices.ground import COUNTY, NEXT_TOWN, TOWN
from tests.notices.house import House
from tests.notices.turns import at_each_attempt, drained, in_talk, wait_for

CUSTOM, TEMPLATE = "message/custom/send", "message/template/send"


def test_one_person_hears_things_in_their_order(either: House) -> None:
    house = either
    wang, li = in_talk(house, 2)
    first = house.push(wang, details={"receipt": "first"})
    house.fault(CUSTOM, errcode=-1)
    drain(house.ctx)
    second = house.push(wang, details={"receipt": "second"})
    other = house.push(li)
    drained(house.ctx)
    # The first backs off, and the second waits behind it; nobody else does.
    assert house.state(first)[0] == house.state(second)[0] == PushState.PENDING
    assert house.state(other)[0] == PushState.DELIVERED
    house.clock.move(minutes=1)
    drained(house.ctx)
    assert [re.search(r"first|second", text)[0] for text in house.texts(wang)] == [
        "first", "second",
    ]


def test_a_held_push_holds_up_no_other(house: House) -> None:
    wang = house.follow()
    late = house.push(wang, Occasion.LATE_REPLY, details={"text": "…"})
    after = house.push(wang)
    drained(house.ctx)
    assert house.state(late)[0] == PushState.HELD
    assert house.state(after) == (PushState.SENT, "template")


def test_two_workers_never_send_the_same_push(either: House) -> None:
    house = either
    people = in_talk(house, 12)
    twin = house.other()
    pushes = [house.push(someone) for someone in people for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(drained, ctx) for ctx in (house.ctx, twin, house.ctx, twin)]
        for run in runs:
            run.result()
    drained(house.ctx)
    assert Counter(house.state(push) for push in pushes) == {(PushState.DELIVERED, "custom"): 36}
    assert len(house.calls(CUSTOM)) == 36
    assert all(len(house.tries(push)) == 1 for push in pushes)
    for someone in people:
        assert len(house.inbox(someone)) == 3


@pytest.mark.postgres
def test_claims_of_two_open_transactions_do_not_meet(on_postgres: House) -> None:
    house = on_postgres
    people = in_talk(house, 4)
    for someone in people:
        house.push(someone)
        house.push(someone)
    with house.ctx.db.begin() as one, house.other().db.begin() as other:
        first = {push.id for push in claims.claim(house.ctx, one, 2)}
        second = {push.id for push in claims.claim(house.ctx, other, 10)}
        # The second pushes of the first two people are not taken either.
        assert (len(first), len(second)) == (2, 2)
        assert not first & second


def test_a_worker_killed_between_send_and_record_repeats_harmlessly(either: House) -> None:
    house = either
    [wang] = in_talk(house)
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [dead] = claims.claim(house.ctx, session, 1)
    platform_of(house.ctx, "qingshui").send_text(wang.openid, "说过了")
    assert drain(house.ctx) == 0
    house.clock.move(seconds=61)
    drain(house.other())
    assert house.state(push) == (PushState.DELIVERED, "custom")
    # The dead one wakes and reports: nothing is taken back.
    with house.ctx.db.begin() as session:
        settle(house.ctx, session, dead, Ending(PushState.FAILED, Way.CUSTOM, "x"))
    assert house.state(push) == (PushState.DELIVERED, "custom")


def test_a_repeated_template_is_none_for_the_platform(house: House) -> None:
    wang = house.follow()
    push = house.push(wang)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    event.listen(house.ctx.db.engine, "before_execute", _on_attempt := at_each_attempt(die))
    with pytest.raises(KeyboardInterrupt):
        drain(house.ctx)
    event.remove(house.ctx.db.engine, "before_execute", _on_attempt)
    assert house.state(push)[0] == PushState.SENDING
    assert len(house.inbox(wang)) == 1
    house.clock.move(seconds=61)
    drain(house.ctx)
    # The platform says at once that it arrived, beside us.
    wait_for(lambda: house.state(push) == (PushState.DELIVERED, "template"))
    assert len(house.calls(TEMPLATE)) == 2
    assert len(house.inbox(wang)) == 1


def test_who_dies_at_every_try_does_not_try_for_ever(house: House) -> None:
    [wang] = in_talk(house)
    push = house.push(wang)
    for _ in range(6):
        with house.ctx.db.begin() as session:
            claims.reclaim(house.ctx, session)
            assert len(claims.claim(house.ctx, session, 1)) == 1
        house.clock.move(seconds=61)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.FAILED
    assert house.calls(CUSTOM) == []


def test_a_push_to_a_township_reaches_each_bound_officer_once(either: House) -> None:
    house = either
    li, head, gone, elsewhere = in_talk(house, 4)
    first = house.staff(li)
    house.staff(li, "head")
    chief = house.staff(head, "head")
    house.staff(None)
    house.staff(elsewhere, area=NEXT_TOWN)
    house.staff(head, "county", area=COUNTY)
    left = house.staff(gone)
    with house.ctx.db.begin() as session:
        row = session.get(Staff, left)
        assert row is not None
        row.left_at = house.clock.now()
    parent = house.push(None, Occasion.STAFF_NEW_CASE, "new:1", township=TOWN)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(drained, (house.ctx, house.other())))
    drained(house.ctx)
    assert house.state(parent)[0] == PushState.EXPANDED
    with house.ctx.db.read() as session:
        rows = session.scalars(select(Push).where(Push.key.startswith("new:1:"))).all()
        assert {(row.key, row.person_id) for row in rows} == {
            (f"new:1:{first}", li.person), (f"new:1:{chief}", head.person),
        }
        assert {row.state for row in rows} == {PushState.DELIVERED}
    assert len(house.inbox(li)) == len(house.inbox(head)) == 1
    assert house.inbox(gone) == house.inbox(elsewhere) == []


def test_a_township_without_bound_staff_is_said(house: House) -> None:
    house.staff(None)
    parent = house.push(None, Occasion.STAFF_NEW_CASE, township=TOWN)
    drained(house.ctx)
    assert house.state(parent)[0] == PushState.NO_CHANNEL
    assert house.row(parent).reason == claims.NO_STAFF


def test_what_is_too_late_expires(house: House) -> None:
    aunt = house.follow(account="xiaowan")
    held = house.push(aunt)
    drained(house.ctx)
    house.clock.move(days=8)
    with house.ctx.db.begin() as session:
        assert claims.expire(house.ctx, session) == 1
    assert house.state(held)[0] == PushState.EXPIRED
    assert house.row(held).reason
    with house.ctx.db.begin() as session:
        assert take_held(house.ctx, session, aunt.person) == []
    assert not house.held(aunt)


def test_a_push_costs_few_statements(either: House) -> None:
    house = either
    [wang] = in_talk(house)
    house.push(wang)
    drained(house.ctx)
    push = house.push(wang)
    statements: list[str] = []

    def note(_c, _cu, statement, *_rest):
        if not statement.startswith(("BEGIN", "COMMIT")):
            statements.append(statement)

    event.listen(house.ctx.db.engine, "before_cursor_execute", note)
    drain(house.ctx)
    event.remove(house.ctx.db.engine, "before_cursor_execute", note)
    assert house.state(push)[0] == PushState.DELIVERED
    assert len(statements) <= 20, "\n".join(statements)


@pytest.mark.parametrize("question", ["claim", "idle", "reclaim"])
def test_what_has_ended_costs_the_queue_nothing(house: House, question: str) -> None:
    """What is due is found by an index: the table is never read through."""
    plans: list[str] = []

    def note(_c, cursor, statement, parameters, *_rest):
        if "pushes" in statement and not statement.startswith("EXPLAIN"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(house.ctx.db.engine, "before_cursor_execute", note)
    if question == "idle":
        claims.is_idle(house.ctx)
    else:
        with house.ctx.db.begin() as session:
            if question == "claim":
                claims.claim(house.ctx, session, 10)
            else:
                claims.reclaim(house.ctx, session)
    event.remove(house.ctx.db.engine, "before_cursor_execute", note)
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN")], plans
