"""Which way next: windows and quotas to templates to waiting. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notices.channel import Way
from notices.ladder import Chat, Hold, NoWay, Rest, Send, Wait, Wanted, next_rung

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CHAT = Chat(1, "qingshui", "o1", followed=True, may_custom=True, may_template=True)
ASK = Wanted("qingshui", has_template=True)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


def test_a_message_opens_five_for_two_days() -> None:
    chat = replace(CHAT, last_message=ago(hours=47))
    assert next_rung(ASK, [chat], NOW) == Send(1, Way.CUSTOM)
    used = replace(chat, sends=tuple(ago(hours=h) for h in (1, 2, 3, 4, 5)))
    assert next_rung(ASK, [used], NOW) == Send(1, Way.TEMPLATE)
    assert next_rung(ASK, [replace(CHAT, last_message=ago(hours=48))], NOW) == (
        Send(1, Way.TEMPLATE)
    )


def test_sends_before_the_last_message_do_not_count() -> None:
    chat = replace(
        CHAT, last_message=ago(hours=1), sends=tuple(ago(hours=h) for h in (2, 3, 4, 5, 6))
    )
    assert chat.left(NOW) == 5


def test_an_event_opens_three_for_a_minute() -> None:
    chat = replace(CHAT, last_event=ago(seconds=30), sends=(ago(seconds=20), ago(seconds=10)))
    assert chat.left(NOW) == 1
    assert replace(chat, last_event=ago(seconds=56)).left(NOW) == 0


def test_after_the_platform_said_no_the_window_counts_as_shut() -> None:
    chat = replace(CHAT, last_message=ago(hours=2), shut_at=ago(hours=1))
    assert chat.left(NOW) == 0
    assert replace(chat, last_message=ago(minutes=1)).left(NOW) == 5


def test_what_takes_several_messages_needs_room_for_all() -> None:
    chat = replace(CHAT, last_message=ago(hours=1), sends=(ago(minutes=9), ago(minutes=8)))
    assert next_rung(replace(ASK, messages=3), [chat], NOW) == Send(1, Way.CUSTOM)
    assert next_rung(replace(ASK, messages=4), [chat], NOW) == Send(1, Way.TEMPLATE)


def test_what_was_allowed_is_used_before_what_nobody_asked_for() -> None:
    allowed = replace(CHAT, may_subscribe=True)
    assert next_rung(ASK, [allowed], NOW) == Send(1, Way.SUBSCRIBE)
    assert next_rung(ASK, [replace(allowed, last_message=ago(hours=1))], NOW) == (
        Send(1, Way.CUSTOM)
    )
    shut = replace(ASK, closed=frozenset({(1, Way.SUBSCRIBE)}))
    assert next_rung(shut, [allowed], NOW) == Send(1, Way.TEMPLATE)
    # What fits no card goes by none.
    assert next_rung(replace(ASK, has_template=False), [allowed], NOW) == Hold()


def test_what_was_allowed_reaches_who_has_unfollowed() -> None:
    left = replace(CHAT, followed=False, may_subscribe=True, last_message=ago(hours=1))
    assert next_rung(ASK, [left], NOW) == Send(1, Way.SUBSCRIBE)
    stayed = replace(CHAT, identity_id=2, last_message=ago(hours=1))
    assert next_rung(ASK, [left, stayed], NOW) == Send(2, Way.CUSTOM)


def test_without_any_way_the_push_waits_for_the_person() -> None:
    village = replace(CHAT, may_custom=False, may_template=False, last_message=NOW)
    assert next_rung(ASK, [village], NOW) == Hold()
    assert next_rung(replace(ASK, has_template=False), [CHAT], NOW) == Hold()


def test_nobody_there_is_told_apart_from_somebody_who_left() -> None:
    nobody = next_rung(ASK, [], NOW)
    left = next_rung(ASK, [replace(CHAT, followed=False)], NOW)
    assert isinstance(nobody, NoWay)
    assert isinstance(left, NoWay)
    assert (nobody.left, left.left) == (False, True)


def test_another_chat_is_taken_where_the_first_is_shut() -> None:
    first = replace(CHAT, followed=False)
    second = replace(CHAT, identity_id=2, account="county", last_message=ago(hours=1))
    assert next_rung(ASK, [first, second], NOW) == Send(2, Way.CUSTOM)
    # A real message in another chat comes before a card in the account of the case.
    assert next_rung(ASK, [CHAT, second], NOW) == Send(2, Way.CUSTOM)


def test_the_account_of_the_case_comes_first() -> None:
    chats = [
        replace(CHAT, identity_id=2, account="county", last_message=ago(minutes=1)),
        replace(CHAT, last_message=ago(hours=9)),
    ]
    assert next_rung(ASK, chats, NOW) == Send(1, Way.CUSTOM)


def test_a_resting_way_is_passed_over_and_waited_for() -> None:
    rest = Rest(NOW + timedelta(minutes=5), "停")
    chat = replace(CHAT, last_message=ago(hours=1), resting={Way.CUSTOM: rest})
    assert next_rung(ASK, [chat], NOW) == Send(1, Way.TEMPLATE)
    both = replace(chat, resting={Way.CUSTOM: rest, Way.TEMPLATE: rest})
    assert next_rung(ASK, [both], NOW) == Wait(rest.until, "停")
    assert next_rung(ASK, [both], rest.until) == Send(1, Way.CUSTOM)


def test_closed_ways_are_not_offered_again() -> None:
    chat = replace(CHAT, last_message=ago(hours=1))
    closed = frozenset({(1, Way.CUSTOM)})
    assert next_rung(replace(ASK, closed=closed), [chat], NOW) == Send(1, Way.TEMPLATE)
    closed |= {(1, Way.TEMPLATE)}
    assert next_rung(replace(ASK, closed=closed), [chat], NOW) == Hold()


moments = st.none() | st.integers(0, 72 * 3600).map(lambda s: NOW - timedelta(seconds=s))


@given(
    message=moments, event=moments, shut=moments,
    sends=st.lists(st.integers(0, 48 * 3600).map(lambda s: NOW - timedelta(seconds=s))),
    followed=st.booleans(), custom=st.booleans(), template=st.booleans(),
)
def test_closing_each_way_offered_always_comes_to_an_end(
    message: datetime | None, event: datetime | None, shut: datetime | None,
    sends: list[datetime], followed: bool, custom: bool, template: bool,
) -> None:
    chat = Chat(1, "qingshui", "o1", followed, custom, template, message, event, shut,
                tuple(sends))
    assert 0 <= chat.left(NOW) <= 5
    closed: frozenset[tuple[int, Way]] = frozenset()
    for _ in range(3):
        rung = next_rung(replace(ASK, closed=closed), [chat], NOW)
        if not isinstance(rung, Send):
            break
        closed |= {(rung.identity_id, rung.way)}
    assert isinstance(rung, Hold | NoWay)
