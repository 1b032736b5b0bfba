"""The ladder: by which way a push goes next. Pure.

A customer-service message while the window that the person opened lasts and has messages
left, then a subscription message where they have allowed one, then a template message, then
waiting until they write; and where they want them, a text message: at once to who has left, else
when they have not written for long enough. Kept from what happened (their messages and taps, our
sends, the platform's answers), never guessed. Why in this order: docs/decisions/0013-grants.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.settings import mark
from notices.channel import Way

# facts/wechat.md §3: how many messages a person's act grants, and for how long. The margins
# are for the way that their message and ours take.
MESSAGE_QUOTA, MESSAGE_WINDOW = 5, timedelta(hours=48) - timedelta(minutes=1)
EVENT_QUOTA, EVENT_WINDOW = 3, timedelta(minutes=1) - timedelta(seconds=5)

MESSAGES = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link"})
EVENTS = frozenset(
    {"event:subscribe", "event:click", "event:scan", "event:scancode_push",
     "event:scancode_waitmsg"}
)
LEAVING = "event:unsubscribe"
WAYS = (Way.CUSTOM, Way.SUBSCRIBE, Way.TEMPLATE)

WAITS = mark("没有别的办法送到，等本人来消息时再说。")
LEFT = mark("本人已经取消关注。")
QUIET = mark("本人这时候不想被打扰，过了再发。")
NOBODY = mark("本人没有在任何公众号里，只能打电话或者上门。")


@dataclass(frozen=True)
class Rest:
    """Until when a way rests, and why (words for staff, marked)."""

    until: datetime
    words: str


@dataclass(frozen=True)
class Chat:
    """One (account, openid) of the person, with what is possible in it.

    `sends` are the moments of our customer-service messages of the last two days; `shut_at`
    is when the platform last said that the window is closed or used up. `grants` are the
    subscription messages that they have allowed, by template id: how many, or None for any number;
    `may_subscribe` is whether one of them fits what is to be sent. `resting` are the ways on which
    the account is stopped.
    """

    identity_id: int
    account: str
    openid: str = field(repr=False)
    followed: bool
    may_custom: bool
    may_template: bool
    last_message: datetime | None = None
    last_event: datetime | None = None
    shut_at: datetime | None = None
    sends: tuple[datetime, ...] = ()
    grants: Mapping[str, int | None] = field(default_factory=dict)
    may_subscribe: bool = False
    resting: Mapping[Way, Rest] = field(default_factory=dict)

    def left(self, now: datetime) -> int:
        """How many customer-service messages the person's last acts still allow."""
        return max(
            self._left(self.last_message, MESSAGE_QUOTA, MESSAGE_WINDOW, now),
            self._left(self.last_event, EVENT_QUOTA, EVENT_WINDOW, now),
        )

    def until(self, now: datetime) -> datetime | None:
        """Until when there are some left; None where there are none."""
        ends = [
            act + window
            for act, quota, window in (
                (self.last_message, MESSAGE_QUOTA, MESSAGE_WINDOW),
                (self.last_event, EVENT_QUOTA, EVENT_WINDOW),
            )
            if act is not None and self._left(act, quota, window, now)
        ]
        return max(ends, default=None)

    def _left(self, act: datetime | None, quota: int, window: timedelta, now: datetime) -> int:
        if act is None or now >= act + window:
            return 0
        if self.shut_at is not None and self.shut_at >= act:
            return 0
        # How two open windows share their messages is not documented: each send counts in both.
        return max(0, quota - sum(sent >= act for sent in self.sends))


@dataclass(frozen=True)
class Wanted:
    """What is to be sent: how many messages it takes, and the ways that are closed to it.

    `text_at`: from when on it may go as a text message, None: never.
    """

    account: str = ""
    messages: int = 1
    has_template: bool = False
    closed: frozenset[tuple[int, Way]] = frozenset()
    text_at: datetime | None = None


@dataclass(frozen=True)
class Send:
    """Send it by this way to this chat."""

    identity_id: int
    way: Way


@dataclass(frozen=True)
class Text:
    """Send it to their telephone, as a text message."""


@dataclass(frozen=True)
class Wait:
    """A way is there but rests; try again then."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Hold:
    """Only the person's next message opens a way."""

    reason: str = WAITS


@dataclass(frozen=True)
class NoWay:
    """There is none: `left` tells whether the person once followed."""

    reason: str
    left: bool


Rung = Send | Text | Wait | Hold | NoWay


def next_rung(wanted: Wanted, chats: Sequence[Chat], now: datetime) -> Rung:
    """The next way for this push."""
    # The account of the case first, then where the person was last.
    order = sorted(chats, key=lambda chat: (chat.account != wanted.account, -_last(chat)))
    rests: list[Rest] = []
    for way in WAYS:
        for chat in order:
            if (chat.identity_id, way) in wanted.closed or not _open(wanted, chat, way, now):
                continue
            rest = chat.resting.get(way)
            if rest is None or rest.until <= now:
                return Send(chat.identity_id, way)
            rests.append(rest)
    if rests:
        first = min(rests, key=lambda rest: rest.until)
        return Wait(first.until, first.words)
    here = any(chat.followed for chat in chats)
    if wanted.text_at is not None and (not here or wanted.text_at <= now):
        return Text()
    if here:
        return Hold()
    return NoWay(LEFT, left=True) if chats else NoWay(NOBODY, left=False)


def _open(wanted: Wanted, chat: Chat, way: Way, now: datetime) -> bool:
    if way is Way.SUBSCRIBE:
        # What was allowed reaches also who has unfollowed since: among WeChat's 服务通知.
        return chat.may_subscribe and wanted.has_template
    if not chat.followed:
        return False
    if way is Way.CUSTOM:
        return chat.may_custom and chat.left(now) >= wanted.messages
    return chat.may_template and wanted.has_template


def _last(chat: Chat) -> float:
    acts = [act.timestamp() for act in (chat.last_message, chat.last_event) if act]
    return max(acts, default=0.0)
