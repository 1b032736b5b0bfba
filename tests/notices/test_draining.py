"""Emptying the outbox: the next batch is taken up while one is being sent."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from models.pushes import Push, PushState
from notices.draining import AT_ONCE, drain_on
from tests.notices.house import House
from tests.notices.turns import in_talk

CUSTOM = "message/custom/send"
BATCH = 32


def test_the_next_batch_is_claimed_while_one_is_being_sent(either: House) -> None:
    house = either
    pushes = [house.push(someone) for someone in in_talk(house, 2 * BATCH)]
    house.fault(CUSTOM, delay_ms=50, times=len(pushes))
    claimed: list[int] = []

    def goes_on() -> bool:
        with house.ctx.db.read() as session:
            claimed.append(session.scalar(
                select(func.count()).where(Push.state == PushState.SENDING)
            ) or 0)
        return True

    assert drain_on(house.ctx, goes_on, limit=BATCH) == len(pushes)
    assert claimed[0] == 0
    # The second claim finds the first one's last still on their way, and never a whole batch.
    assert AT_ONCE <= claimed[1] <= BATCH // 2
    assert claimed[-1] == 0
    assert Counter(house.state(push) for push in pushes) == {
        (PushState.DELIVERED, "custom"): len(pushes)
    }
    assert len(house.calls(CUSTOM)) == len(pushes)


def test_what_one_lets_through_goes_in_the_same_run(either: House) -> None:
    house = either
    (wang,) = in_talk(house)
    pushes = [house.push(wang, details={"receipt": str(number)}) for number in range(3)]
    assert drain_on(house.ctx, lambda: True) == 3
    assert {house.state(push)[0] for push in pushes} == {PushState.DELIVERED}


def test_a_worker_that_is_to_stop_claims_nothing_more(house: House) -> None:
    pushes = [house.push(someone) for someone in in_talk(house, 3)]
    assert drain_on(house.ctx, lambda: False) == 0
    assert {house.state(push)[0] for push in pushes} == {PushState.PENDING}
