"""What waits for the person to write, and what is too long for one message."""

from __future__ import annotations

import threading

from sqlalchemy import event

from models.outgoing import Occasion
from models.pushes import PushState
from notices import claims, outbox
from notices.outbox import Ending, settle, take_held
from tests.notices.house import House
from tests.notices.turns import at_each_attempt, drained, in_talk

CUSTOM = "message/custom/send"


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

    event.listen(house.ctx.db.engine, "before_execute", listen := at_each_attempt(after_one))
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
