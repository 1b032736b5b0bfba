"""Every error code of the platform ends as it should."""

from __future__ import annotations

import pytest

from models.people import Identity
from models.pushes import PushState
from notices.channel import CODES, Outcome, Scope
from notices.draining import drain
from notices.stops import stopped_accounts
from notices.wechat_channel import platform_of
from tests.notices.house import House, Someone

# facts/wechat.md §3, read once more by hand: code → what it asks for.
TABLE = {
    -1: "retry",
    40001: "refresh_token", 40014: "refresh_token", 42001: "refresh_token",
    40013: "stop_account", 40125: "stop_account", 40164: "stop_account",
    61004: "stop_account", 40243: "stop_account", 89503: "stop_account",
    40003: "unfollowed", 43004: "unfollowed", 46004: "unfollowed",
    43019: "refused", 48002: "refused", 43101: "no_grant",
    40007: "drop", 40036: "drop", 40037: "drop", 47001: "drop", 47003: "drop", 44002: "drop",
    45002: "drop", 45003: "drop", 45109: "drop",
    40029: "bad_code", 40163: "bad_code",
    45009: "day_over", 45011: "too_fast", 45066: "too_fast", 45065: "done",
    45015: "window_closed", 45047: "over_quota",
    48001: "stop_account", 48004: "stop_account", 50001: "stop_account", 50002: "stop_account",
}
BY = {kind: [code for code, of in TABLE.items() if of == kind] for kind in set(TABLE.values())}
CUSTOM = "message/custom/send"
TEMPLATE = "message/template/send"


@pytest.fixture
def wang(house: House) -> Someone:
    """A resident whose window is open."""
    someone = house.follow()
    house.write(someone)
    return someone


def test_the_table_is_whole() -> None:
    for code, kind in TABLE.items():
        assert CODES[code].outcome == kind, code
        assert CODES[code].words or kind == "done"
    for code, meaning in CODES.items():
        if meaning.outcome in (Outcome.STOP_ACCOUNT, Outcome.DAY_OVER):
            # Else the ladder would offer the same way again at once.
            assert meaning.scope is not Scope.PUSH, code


@pytest.mark.parametrize("code", [*BY["retry"], 99999, -2])
def test_busy_and_unknown_are_tried_again_and_then_failed(
    house: House, wang: Someone, code: int
) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code, times=1000)
    waits = []
    for _ in range(6):
        assert drain(house.ctx) == 1
        assert drain(house.ctx) == 0
        row = house.row(push)
        waits.append((row.next_try_at - house.clock.now()).total_seconds())
        house.clock.move(hours=1)
    assert house.state(push) == (PushState.FAILED, "custom")
    assert house.row(push).reason == CODES.get(code, CODES[-1]).words or code in (99999, -2)
    assert [try_[1:] for try_ in house.tries(push)] == [("retry", code)] * 6
    assert waits[:-1] == sorted(waits[:-1])
    assert 7 <= waits[0] <= 13


@pytest.mark.parametrize("status", [500, 502, 503, 413])
def test_http_errors_are_tried_again(house: House, wang: Someone, status: int) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, status=status)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.PENDING
    house.clock.move(minutes=1)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")
    assert [try_[1] for try_ in house.tries(push)] == ["retry", "done"]


def test_an_answer_after_thirty_seconds_is_not_waited_for(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, delay_ms=30_000)
    drain(house.ctx)
    assert house.tries(push) == [("custom", "retry", None)]


@pytest.mark.parametrize("code", BY["refresh_token"])
def test_a_refused_token_costs_the_push_nothing(house: House, wang: Someone, code: int) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")
    assert house.tries(push) == [("custom", "done", None)]


def test_a_token_that_stays_refused_is_tried_again_later(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=40001, times=2)
    drain(house.ctx)
    assert house.tries(push) == [("custom", "refresh_token", 40001)]
    house.clock.move(minutes=1)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")


@pytest.mark.parametrize("code", [40013, 40125, 40164, 61004, 40243, 89503])
def test_a_wrong_secret_or_address_stops_the_account(
    house: House, wang: Someone, code: int
) -> None:
    pushes = [house.push(wang)]
    others = [house.follow("李大山"), house.follow("赵小妹")]
    for someone in others:
        house.write(someone)
        pushes.append(house.push(someone))
    house.fault("stable_token", errcode=code, times=1000)
    for _ in range(10):
        drain(house.ctx)
    assert len(house.calls("stable_token")) == 1
    assert {house.state(push)[0] for push in pushes} == {PushState.PENDING}
    [stop] = stopped_accounts(house.ctx)
    assert (stop.account, stop.channel, stop.errcode) == ("qingshui", "", code)
    assert stop.words == CODES[code].words == house.row(pushes[0]).reason
    assert {house.row(push).tries for push in pushes} == {0}
    # Mended, it goes on by itself.
    house.world.faults.clear()
    house.clock.move(minutes=10)
    platform_of(house.ctx, "qingshui")._tokens._trouble = None  # five real seconds are over
    assert stopped_accounts(house.ctx) == []
    drain(house.ctx)
    assert {house.state(push)[0] for push in pushes} == {PushState.DELIVERED}


@pytest.mark.parametrize("code", [48001, 48004, 50001, 50002])
def test_a_forbidden_call_stops_that_channel_and_the_next_is_taken(
    house: House, wang: Someone, code: int
) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code, times=1000)
    drain(house.ctx)
    assert house.state(push) == (PushState.SENT, "template")
    second = house.push(wang)
    drain(house.ctx)
    assert house.state(second) == (PushState.SENT, "template")
    assert len(house.calls(CUSTOM)) == 1
    [stop] = stopped_accounts(house.ctx)
    assert (stop.channel, stop.errcode) == ("custom", code)


def test_where_every_way_is_stopped_the_push_waits(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=48004, times=1000)
    house.fault(TEMPLATE, errcode=48004, times=1000)
    for _ in range(5):
        drain(house.ctx)
    row = house.row(push)
    assert (row.state, row.tries, row.reason) == ("pending", 0, CODES[48004].words)
    assert row.next_try_at > house.clock.now()
    assert len(house.calls(CUSTOM)) == len(house.calls(TEMPLATE)) == 1


@pytest.mark.parametrize("code", BY["unfollowed"])
def test_who_is_gone_is_marked(house: House, wang: Someone, code: int) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.UNFOLLOWED
    with house.ctx.db.read() as session:
        found = session.get(Identity, wang.identity)
        assert found is not None
        assert not found.followed
    assert len(house.calls(TEMPLATE)) == 0


@pytest.mark.parametrize("code", BY["refused"])
def test_who_refuses_by_both_ways_has_refused(house: House, wang: Someone, code: int) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code)
    house.fault(TEMPLATE, errcode=code)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.REFUSED
    assert house.row(push).reason == CODES[code].words
    assert house.tries(push) == [("custom", "refused", code), ("template", "refused", code)]


@pytest.mark.parametrize("code", BY["drop"])
def test_what_the_platform_never_takes_is_not_sent_again(
    house: House, wang: Someone, code: int
) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code)
    house.fault(TEMPLATE, errcode=code)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.HELD
    assert house.row(push).reason == CODES[code].words
    assert house.tries(push) == [("custom", "drop", code), ("template", "drop", code)]
    assert house.held(wang)


@pytest.mark.parametrize("code", [45015, 45047])
def test_a_closed_window_leads_to_the_template_and_is_remembered(
    house: House, wang: Someone, code: int
) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=code)
    drain(house.ctx)
    assert house.state(push) == (PushState.SENT, "template")
    second = house.push(wang)
    drain(house.ctx)
    assert house.state(second) == (PushState.SENT, "template")
    assert len(house.calls(CUSTOM)) == 1
    house.write(wang)
    third = house.push(wang)
    drain(house.ctx)
    assert house.state(third) == (PushState.DELIVERED, "custom")


def test_the_days_quota_holds_the_channel_until_tomorrow(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=45009, times=1000)
    house.fault(TEMPLATE, errcode=45009, times=1000)
    for _ in range(3):
        drain(house.ctx)
    assert len(house.calls(CUSTOM)) == 1
    assert house.state(push)[0] == PushState.PENDING
    assert house.row(push).next_try_at.astimezone(house.ctx.zone).isoformat()[:16] == (
        "2026-11-25T00:05"
    )
    assert stopped_accounts(house.ctx) == []
    house.world.faults.clear()
    house.clock.move(days=1)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")


def test_a_quota_that_never_comes_back_ends_as_over_quota(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=45009, times=1000)
    house.fault(TEMPLATE, errcode=45009, times=1000)
    drain(house.ctx)
    house.clock.move(days=8)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.OVER_QUOTA


def test_too_fast_waits_a_minute(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=45011)
    house.fault(TEMPLATE, errcode=45011)
    drain(house.ctx)
    assert drain(house.ctx) == 0
    assert (house.row(push).state, house.row(push).tries) == ("pending", 0)
    house.clock.move(seconds=66)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")


def test_the_same_id_too_soon_waits_alone(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=45066)
    drain(house.ctx)
    assert house.state(push)[0] == PushState.PENDING
    other = house.follow("李大山")
    house.write(other)
    second = house.push(other)
    drain(house.ctx)
    assert house.state(second) == (PushState.DELIVERED, "custom")


def test_sent_before_is_done(house: House, wang: Someone) -> None:
    push = house.push(wang)
    house.fault(CUSTOM, errcode=45065)
    drain(house.ctx)
    assert house.state(push) == (PushState.DELIVERED, "custom")
