"""The fixed messages of pushes to residents that a county may put in its own words.

Nothing that staff are sent, no campaign, and not the word that a complaint was answered: that
push carries no place on purpose, so nobody could tell whose words it should have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.moves import EVENT_TOLD, MOVES
from models.onbehalf import AT_WORK, LACKING, OVER, STANDS
from models.outgoing import Occasion
from models.settings import mark
from models.statuses import STATUS_NEXT, STATUS_SAID, EventKind, Status
from models.timeline import BESIDE, REPORTED
from models.wordingwords import Known
from notices import occasions, teller
from notices.householdwords import NEW_LIST, TO_THEM
from notices.occasions import SAY_IT_ALL

# What a resident did is on the timeline; nobody is sent a push of it.
NOT_PUSHED = frozenset({
    EventKind.SUBMIT, EventKind.WITHDRAW_ASKED, EventKind.SUPPLIED, EventKind.TOLD_MORE,
    EventKind.HEARD, EventKind.CHANGE_TOLD,
})
# Invented, for looking alone.
UNREADABLE = "这张照片打不开，请再拍一张发来。"


@dataclass(frozen=True)
class Message:
    """One message; `occasion` and `details` make a push in which it is said."""

    known: Known
    occasion: Occasion
    details: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return hashlib.sha256(self.known.source.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Group:
    """The messages of one occasion."""

    name: str
    messages: tuple[Message, ...]


def _moved(
    source: str, kind: str, label: str = "", is_title: bool = False, **details: Any
) -> Message:
    known = Known(source, is_title)
    return Message(known, Occasion.CASE_MOVED, {"kind": kind, **details}, label)


def _titles() -> Iterator[Message]:
    yield _moved(occasions.MOVED, "register", is_title=True)
    for kind, title in occasions.TITLES.items():
        yield _moved(title, kind, is_title=True)


def _told() -> Iterator[Message]:
    for kind, sentence in EVENT_TOLD.items():
        if kind not in NOT_PUSHED:
            yield _moved(sentence, kind, MOVES[kind].title if kind in MOVES else "")


def _coming() -> Iterator[Message]:
    yield _moved(occasions.NEXT, "register")
    for move in MOVES.values():
        if move.name not in SAY_IT_ALL:
            yield _moved(STATUS_NEXT[move.to], move.name, STATUS_SAID[move.to])
    yield _moved(occasions.RETAKE, EventKind.PAPER_UNCLEAR)


def _dates() -> Iterator[Message]:
    yield _moved(teller.DUE, "accept", due_in=9)
    yield _moved(teller.DUE_GIVEN, "grant", due_in=9)
    yield _moved(teller.DUE_TODAY, "accept", due_in=0)
    yield _moved(teller.DUE_PAST, "accept", due_in=-1)
    yield _moved(teller.CALL, "accept")
    yield Message(Known(teller.CALL_ONLY), Occasion.NOTICE_NEW, {"receipt": ""})


def _beside() -> Iterator[Message]:
    at_work = Status.REGISTERED
    yield _moved(occasions.STANDS, BESIDE, status=at_work)
    yield _moved(occasions.REPORTED_MOVED, REPORTED, is_title=True, status=at_work)
    yield _moved(occasions.THANKS, REPORTED, status=at_work)
    for words, status in (
        (AT_WORK, at_work), (LACKING, Status.RETURNED), (OVER, Status.ENDED),
        (STANDS[Status.WITHDRAWN], Status.WITHDRAWN), (STANDS[Status.MERGED], Status.MERGED),
    ):
        yield _moved(words, REPORTED, status=status)


def _lost() -> Iterator[Message]:
    def lost(source: str, kind: str, reason: str = "", is_title: bool = False) -> Message:
        details = {"kind": kind, "reason": reason}
        return Message(Known(source, is_title), Occasion.PAPER_LOST, details)

    yield lost(occasions.PAPER_TITLE, "image", is_title=True)
    for kind in occasions.LOST:
        yield lost(occasions.LOST[kind], kind)
        yield lost(occasions.REFUSED[kind], kind, UNREADABLE)
    yield lost(occasions.SEND_AGAIN, "image")


def _household() -> Iterator[Message]:
    for occasion, (title, body) in TO_THEM.items():
        yield Message(Known(title, True), Occasion(occasion))
        yield Message(Known(body), Occasion(occasion))


def _lists() -> Iterator[Message]:
    title, body = NEW_LIST
    yield Message(Known(title, True), Occasion.NOTICE_NEW, {"receipt": ""})
    yield Message(Known(body), Occasion.NOTICE_NEW, {"receipt": ""})


def _once(messages: Iterator[Message]) -> tuple[Message, ...]:
    """Each once: some are said of several steps."""
    found: dict[str, Message] = {}
    for message in messages:
        found.setdefault(message.known.source, message)
    return tuple(found.values())


GROUPS = tuple(Group(name, _once(messages)) for name, messages in (
    (mark("办事有进展：第一行"), _titles()),
    (mark("办事有进展：说了什么"), _told()),
    (mark("办事有进展：接下来怎么办"), _coming()),
    (mark("日子和电话"), _dates()),
    (mark("并在一起办的、替别人说的"), _beside()),
    (mark("照片、语音没有收到"), _lost()),
    (mark("别人替这家说了情况"), _household()),
    (mark("村里有新的公示"), _lists()),
))
MESSAGES = {message.key: message for group in GROUPS for message in group.messages}
BY_SOURCE = {message.known.source: message for message in MESSAGES.values()}
