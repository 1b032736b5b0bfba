"""What is still possible right now to tell one person, for staff who wonder. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notices.channel import Way
from notices.ladder import Chat


@dataclass(frozen=True)
class Means:
    """What the ladder would find, over all of the person's chats.

    `custom` customer-service messages until `until`; `grants` subscription messages, of which
    `lasting` says that there are any number; `template` whether a template message goes. Without
    any of these `follows` says whether their next message opens a way; `known` whether they have
    ever had a chat with us.
    """

    custom: int = 0
    until: datetime | None = None
    grants: int = 0
    lasting: bool = False
    template: bool = False
    follows: bool = False
    known: bool = False

    @property
    def any(self) -> bool:
        """Whether anything goes at once."""
        return bool(self.custom or self.grants or self.lasting or self.template)


def means_of(chats: Sequence[Chat], now: datetime) -> Means:
    """What is possible in these chats, each fitted to the messages that are meant."""
    custom, until, grants, lasting, template = 0, None, 0, False, False
    for chat in chats:
        if chat.followed and chat.may_custom and _goes(chat, Way.CUSTOM, now):
            left = chat.left(now)
            if left > custom:
                custom, until = left, chat.until(now)
        if chat.may_subscribe and _goes(chat, Way.SUBSCRIBE, now):
            lasting = lasting or None in chat.grants.values()
            grants += sum(left or 0 for left in chat.grants.values())
        if chat.followed and chat.may_template and _goes(chat, Way.TEMPLATE, now):
            template = True
    return Means(
        custom, until, grants, lasting, template, any(chat.followed for chat in chats), bool(chats)
    )


def _goes(chat: Chat, way: Way, now: datetime) -> bool:
    rest = chat.resting.get(way)
    return rest is None or rest.until <= now
