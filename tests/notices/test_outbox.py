"""Claims, leases, order, spreading, and what later news does: on SQLite and PostgreSQL."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from models.context import Context
from models.outgoing import Occasion
from models.pushes import Push, PushState
from notices import claims, outbox
from notices.channel import Way
from notices.outbox import Ending, job_finished, settle, take_held
from notices.sender import drain
from tests.notices.house import COUNTY, NEXT_TOWN, TOWN, House, Someone

CUSTOM, TEMPLATE = "message/custom/send", "message/template/send"


def wait_for(what: object, seconds: float = 5.0) -> None:
    """Until the callable is true."""
    until = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def drained(ctx: Context) -> int:
    done = 0
    while now := drain(ctx):
        done += now
    return done


def in_talk(house: House, number: int = 1) -> list[Someone]:
    people = [house.follow(f"居民{n}") for n in range(number)]
    for someone in people:
        house.write(someone)
    return people


def test_window_then_template_then_held(either: House) -> None:
    house = either
    [wang] = in_talk(house)
    pushes = [house.push(wang) for _ in range(6)]
    drained(house.ctx)
    assert [house.state(push) for push in pushes] == [
        *[(PushState.DELIVERED, "custom")] * 5, (PushState.SENT, "template"),
    ]
    house.clock.move(hours=49)
    late = house.push(wang)
    drained(house.ctx)
    assert house.state(late) == (PushState.SENT, "template")
    wait_for(lambda: len(house.finished) == 2)
    wait_for(lambda: house.state(late)[0] == PushState.DELIVERED)
    page = "https://example.test/m/enter?account=qingshui&next=%2Fm%2Fcases%2F2611-483705-72"
    assert house.inbox(wang)[-1]["url"] == page
    # A village account has neither: its push waits for the person.
    aunt = house.follow("陈阿婆", account="xiaowan")
    house.write(aunt)
    held = house.push(aunt)
    drained(house.ctx)
    assert house.state(held) == (PushState.HELD, "")
    assert house.held(aunt)
    # What the platform was asked agrees with what was reckoned: it never had to refuse.
    assert {call["errcode"] for call in house.calls(CUSTOM) + house.calls(TEMPLATE)} == {0}


def test_after_following_three_in_a_minute(house: House) -> None:
    openid = house.control("people", {"name": "新人"})["openid"]
    key = house.ctx.keys.lookup("openid", openid)
    with house.ctx.db.read() as session:
        from models.people import Identity

        row = session.scalars(select(Identity).where(Identity.openid_key == key)).one()
    someone = Someone(row.person_id, row.id, openid, "qingshui")
    pushes = [house.push(someone) for _ in range(4)]
    drained(house.ctx)
    assert [house.state(push)[1] for push in pushes] == ["custom"] * 3 + ["template"]


def test_a_late_reply_waits_where_no_window_is_open(house: House) -> None:
    wang = house.follow()
    push = house.push(wang, Occasion.LATE_REPLY, details={"text": "您住在哪个村？"})
    drained(house.ctx)
    assert house.state(push) == (PushState.HELD, "")
    house.write(wang)
    with house.ctx.db.begin() as session:
        assert take_held(house.ctx, session, wang.person) == ["您住在哪个村？"]
    assert house.state(push) == (PushState.DELIVERED, "passive")
    assert not house.held(wang)


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
    assert [re.search(r"first|second", text)[0] for text in house.texts(wang)] == [  # type: ignore[index]
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
    from notices.sender import platform_of

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

    event.listen(house.ctx.db.engine, "before_execute", _on_attempt := _only_attempts(die))
    with pytest.raises(KeyboardInterrupt):
        drain(house.ctx)
    event.remove(house.ctx.db.engine, "before_execute", _on_attempt)
    assert house.state(push)[0] == PushState.SENDING
    assert len(house.inbox(wang)) == 1
    house.clock.move(seconds=61)
    drain(house.ctx)
    assert house.state(push) == (PushState.SENT, "template")
    assert len(house.calls(TEMPLATE)) == 2
    assert len(house.inbox(wang)) == 1


def _only_attempts(act: object):  # type: ignore[no-untyped-def]
    def listen(_conn, statement, *_rest):  # type: ignore[no-untyped-def]
        if "INSERT INTO push_attempts" in str(statement):
            act()  # type: ignore[operator]

    return listen


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


def test_an_arrival_reported_late_still_counts(house: House) -> None:
    [wang] = in_talk(house)
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [slow] = claims.claim(house.ctx, session, 1)
    house.clock.move(seconds=61)
    with house.ctx.db.begin() as session:
        claims.reclaim(house.ctx, session)
    with house.ctx.db.begin() as session:
        settle(house.ctx, session, slow, Ending(PushState.DELIVERED, Way.CUSTOM))
    assert house.state(push) == (PushState.DELIVERED, "custom")
    assert drain(house.ctx) == 0


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
    from models.people import Staff

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


def test_who_has_left_and_who_never_came(house: House) -> None:
    [wang] = in_talk(house)
    house.write(wang, unfollow=True)
    push = house.push(wang)
    from models.people import Person

    with house.ctx.db.begin() as session:
        stranger = Person(created_at=house.clock.now())
        session.add(stranger)
        session.flush()
        nobody = Someone(stranger.id, 0, "", "")
    other = house.push(nobody)
    drained(house.ctx)
    assert house.state(push)[0] == PushState.UNFOLLOWED
    assert house.state(other)[0] == PushState.NO_CHANNEL
    # Back again, with the window that following opens: what was said before does not count.
    house.write(wang, follow=True)
    back = house.push(wang)
    drained(house.ctx)
    assert house.state(back) == (PushState.DELIVERED, "custom")
    house.clock.move(minutes=2)
    later = house.push(wang)
    drained(house.ctx)
    assert house.state(later) == (PushState.SENT, "template")


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


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("success", PushState.DELIVERED), ("failed:user block", PushState.REFUSED),
        ("failed: user block", PushState.REFUSED), ("failed: system failed", PushState.FAILED),
        ("failed:system failed", PushState.FAILED), ("failed:freq limit", PushState.OVER_QUOTA),
    ],
)
def test_the_event_about_a_template_moves_forward_only(
    house: House, status: str, state: str
) -> None:
    house.heed_events = False
    wang = house.follow()
    push = house.push(wang)
    drained(house.ctx)
    msg_id = house.row(push).msg_id
    assert msg_id
    assert house.state(push) == (PushState.SENT, "template")

    def finished(said: str) -> bool:
        with house.ctx.db.begin() as session:
            return job_finished(session, house.ctx, msg_id, said)

    assert finished(status)
    assert house.state(push)[0] == state
    assert house.row(push).ended_at is not None
    for again in ("success", "failed:user block", status):
        assert not finished(again)
        assert house.state(push)[0] == state


def test_an_event_that_comes_before_its_push_is_written_down(house: House) -> None:
    wang = house.follow()
    push = house.push(wang)
    with house.ctx.db.begin() as session:
        [claimed] = claims.claim(house.ctx, session, 1)
    with house.ctx.db.begin() as session:
        assert not job_finished(session, house.ctx, "4242", "success")
    with house.ctx.db.begin() as session:
        settle(
            house.ctx, session, claimed, Ending(PushState.SENT, Way.TEMPLATE, msg_id="4242")
        )
    assert house.state(push) == (PushState.DELIVERED, "template")


def test_who_blocks_templates_is_recorded_as_refusing(house: House) -> None:
    wang = house.follow(blocks=True)
    push = house.push(wang)
    drained(house.ctx)
    wait_for(lambda: house.state(push)[0] == PushState.REFUSED)


def test_no_word_of_a_template_for_a_week_is_no_success(house: House) -> None:
    house.heed_events = False
    push = house.push(house.follow())
    drained(house.ctx)
    house.clock.move(days=8)
    with house.ctx.db.begin() as session:
        claims.expire(house.ctx, session)
    assert house.state(push)[0] == PushState.FAILED
    assert house.row(push).reason == claims.UNCONFIRMED


def test_held_pushes_go_with_the_next_reply_as_far_as_there_is_room(house: House) -> None:
    aunt = house.follow("陈阿婆", account="xiaowan")
    first = house.push(aunt)
    long = house.push(aunt, details={"kind": "answer", "words": "请您带上户口本来一趟。" * 60})
    drained(house.ctx)
    assert house.held(aunt)
    told: list[str] = []
    for _ in range(8):
        house.write(aunt)
        with house.ctx.db.begin() as session:
            texts = take_held(house.ctx, session, aunt.person)
        assert sum(len(text.encode()) + 2 for text in texts) <= outbox.PASSIVE_ROOM + 2
        told += texts
        drained(house.ctx)
        if not house.held(aunt):
            break
    assert "".join(told).count("请您带上户口本来一趟。") == 60
    assert house.state(first) == house.state(long) == (PushState.DELIVERED, "passive")
    for text in told:
        assert text.splitlines()[0].startswith("您在镇上")


def test_what_has_no_room_goes_by_itself_where_the_account_may(house: House) -> None:
    wang = house.follow()
    pushes = [
        house.push(wang, Occasion.LATE_REPLY, details={"text": f"第{n}句" * 40}) for n in range(6)
    ]
    drained(house.ctx)
    assert {house.state(push)[0] for push in pushes} == {PushState.HELD}
    house.write(wang)
    with house.ctx.db.begin() as session:
        texts = take_held(house.ctx, session, wang.person, room=800)
    assert len(texts) == 2
    assert not house.held(wang)
    drained(house.ctx)
    assert [house.state(push) for push in pushes] == [
        *[(PushState.DELIVERED, "passive")] * 2, *[(PushState.DELIVERED, "custom")] * 4,
    ]
    assert [text[:3] for text in house.texts(wang)] == ["第2句", "第3句", "第4句", "第5句"]


def test_who_writes_while_no_way_was_found_is_told_at_once(house: House) -> None:
    """The message comes between the look at the window and the decision to wait."""
    wang = house.follow()
    push = house.push(wang, Occasion.LATE_REPLY, details={"text": "好了"})
    with house.ctx.db.begin() as session:
        [claimed] = claims.claim(house.ctx, session, 1)
    house.write(wang)
    with house.ctx.db.begin() as session:
        settle(house.ctx, session, claimed, Ending(PushState.HELD, reason="x"))
    assert house.state(push)[0] == PushState.PENDING
    drained(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")


def test_a_long_text_goes_in_pieces_and_goes_on_where_it_stopped(house: House) -> None:
    [wang] = in_talk(house)
    push = house.push(wang, details={"kind": "answer", "words": "请您带上户口本来一趟。" * 150})
    house.world.faults.clear()
    first = threading.Event()

    def after_one(*_: object) -> None:
        if not first.is_set():
            first.set()
            house.fault(CUSTOM, errcode=-1)

    event.listen(house.ctx.db.engine, "before_execute", listen := _only_attempts(after_one))
    drained(house.ctx)
    event.remove(house.ctx.db.engine, "before_execute", listen)
    assert [try_[1] for try_ in house.tries(push)] == ["done", "retry"]
    house.clock.move(minutes=1)
    drained(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")
    texts = house.texts(wang)
    assert [text.splitlines()[0][-5:] for text in texts] == [
        f"（{n}/{len(texts)}）" for n in range(1, len(texts) + 1)
    ]
    assert "".join(texts).count("请您带上户口本来一趟。") == 150


def test_a_demo_with_a_real_address_messages_nobody(house: House) -> None:
    from dataclasses import replace

    [wang] = in_talk(house)
    account = replace(house.ctx.settings.accounts[0], api_base_url="https://api.weixin.qq.com")
    demo = Context(
        replace(house.ctx.settings, environment="demo", accounts=(account,)),
        house.ctx.db, house.clock, house.ctx.speak,
    )
    push = house.push(wang)
    drained(demo)
    assert house.state(push) == (PushState.DELIVERED, "console")
    assert house.inbox(wang) == []


def test_a_push_costs_few_statements(either: House) -> None:
    house = either
    [wang] = in_talk(house)
    house.push(wang)
    drained(house.ctx)
    push = house.push(wang)
    statements: list[str] = []

    def note(_c, _cu, statement, *_rest):  # type: ignore[no-untyped-def]
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

    def note(_c, cursor, statement, parameters, *_rest):  # type: ignore[no-untyped-def]
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
