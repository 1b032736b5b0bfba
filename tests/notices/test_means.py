"""What is still possible right now: what staff read is what the ladder would do. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notices.channel import Way
from notices.ladder import MESSAGE_WINDOW, Chat, Rest, Send, Wanted, next_rung
from notices.means import Means, means_of

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CHAT = Chat(1, "qingshui", "o1", followed=True, may_custom=True, may_template=False)


def test_who_has_just_written_can_be_told_by_messages() -> None:
    wrote = NOW - timedelta(hours=1)
    chat = replace(CHAT, last_message=wrote, sends=(wrote,))
    assert means_of([chat], NOW) == Means(
        custom=4, until=wrote + MESSAGE_WINDOW, follows=True, known=True
    )
    # The minute that a tap opens is over before the two days are.
    tapped = replace(chat, sends=(), last_event=NOW)
    assert tapped.until(NOW) == wrote + MESSAGE_WINDOW


def test_what_was_allowed_is_counted_and_what_lasts_is_said() -> None:
    two = replace(CHAT, grants={"A": 2}, may_subscribe=True)
    assert (means_of([two], NOW).grants, means_of([two], NOW).lasting) == (2, False)
    lasts = replace(two, grants={"A": None})
    assert (means_of([lasts], NOW).grants, means_of([lasts], NOW).lasting) == (0, True)
    # Of another template than the one that is meant.
    assert not means_of([replace(two, may_subscribe=False)], NOW).any


def test_nothing_is_told_apart_by_why() -> None:
    assert means_of([], NOW) == Means()
    assert means_of([replace(CHAT, followed=False)], NOW) == Means(known=True)
    assert means_of([CHAT], NOW) == Means(follows=True, known=True)


def test_a_way_that_rests_is_none() -> None:
    rest = {Way.TEMPLATE: Rest(NOW + timedelta(minutes=5), "")}
    chat = replace(CHAT, may_template=True)
    assert means_of([chat], NOW).template
    assert not means_of([replace(chat, resting=rest)], NOW).any


def test_it_agrees_with_the_ladder() -> None:
    for chat in (
        CHAT, replace(CHAT, last_message=NOW), replace(CHAT, may_template=True),
        replace(CHAT, followed=False, may_subscribe=True, grants={"A": 1}),
        replace(CHAT, followed=False, last_message=NOW, may_template=True),
    ):
        rung = next_rung(Wanted(has_template=True), [chat], NOW)
        assert means_of([chat], NOW).any == isinstance(rung, Send), chat
