"""From a message to its reply: one transaction, a repeat harmless, nothing slow.

Most messages change nothing but their own talk and wait for nobody: they are answered at once,
in the callback's own thread. All others are worked at in a thread of their own, so that the
callback can answer in time whatever happens: when the reply is late, it goes out as a push
instead (`Deadline.settle` is asked at the last moment).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.engine import hear
from bot.messages import SPOKEN, Heard, Kind
from bot.state import State
from bot.visit import Visit
from models.accounts import Account
from models.context import Context
from models.hearing import (
    Caller,
    Kept,
    Raced,
    Repeat,
    find_at_once,
    keep,
    keep_at_once,
    open_talk,
    set_followed,
    welcome_caller,
)
from models.outgoing import Occasion, enqueue
from models.prepared import Lost
from models.sealed import json_text
from notices.outbox import job_finished, take_held
from notices.subscribed import hear as hear_of_subscriptions

RACES = 5
# What fits in one passive reply: the platform documents no number; more than this was seen
# to fail (facts: wechat.md §1). The rest follows as a push.
MAX_REPLY_BYTES = 1900


@dataclass
class Deadline:
    """Whether the callback still waits. Whoever asks first decides, under the lock."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _late: bool = False
    _settled: bool = False

    def settle(self) -> bool:
        """The answer is about to be committed: True if it can still go out as the reply."""
        with self._lock:
            self._settled = True
            return not self._late

    def give_up(self) -> bool:
        """The callback's time is over: True if the answer will go out as a push."""
        with self._lock:
            if not self._settled:
                self._late = True
            return self._late


@dataclass(frozen=True)
class Answered:
    """The reply to a message; empty where nothing is said. `late`: it went out as a push."""

    text: str
    late: bool = False


class Busy(Exception):
    """This message may take a while: its talk is locked, or records are to be looked up."""


def answer_at_once(ctx: Context, account: Account, openid: str, key: str, heard: Heard) -> Answered:
    """What `answer` does, where it needs two statements and no waiting; else raises Busy."""
    if ctx.db.is_sqlite:
        raise Busy  # every writer waits for every other
    now = ctx.now()
    try:
        with ctx.db.wire() as wire:
            caller = find_at_once(wire, account.slug, ctx.keys.lookup("openid", openid), key)
            if isinstance(caller, Repeat):
                return _again(caller)
            if caller is None or caller.held or _follows(caller, heard) is not None:
                raise Busy
            visit = _visit(ctx, account, caller, _no_session)
            first, rest = split(_say(visit, caller, heard))
            if rest:
                raise Busy
            how = "passive" if first else "none"
            kept = _kept(account, key, caller, heard, first, how, now)
            keep_at_once(wire, kept, caller, json_text(visit.state.as_json()))
            return Answered(first)
    except (Raced, Lost) as error:
        raise Busy from error


def _no_session() -> Session:
    raise Busy


def answer(
    ctx: Context, account: Account, openid: str, key: str, heard: Heard, deadline: Deadline
) -> Answered:
    """Handle one message once; a repeat gets the very same reply and changes nothing."""
    openid_key = ctx.keys.lookup("openid", openid)
    for _ in range(RACES):
        try:
            with ctx.db.connect() as connection:
                return _once(ctx, connection, account, openid, openid_key, key, heard, deadline)
        except Raced:
            continue
    raise RuntimeError("a message was raced for too often")


def _once(
    ctx: Context, connection: Connection, account: Account, openid: str, openid_key: bytes,
    key: str, heard: Heard, deadline: Deadline,
) -> Answered:
    now = ctx.now()
    caller = open_talk(connection, account.slug, openid_key, key)
    if isinstance(caller, Repeat):
        return _again(caller)
    if caller is None:
        caller = welcome_caller(connection, account.slug, openid, openid_key, now)
    sessions: list[Session] = []

    def open_session() -> Session:
        sessions.append(Session(connection, expire_on_commit=False))
        return sessions[-1]

    visit = _visit(ctx, account, caller, open_session)
    said = _say(visit, caller, heard)
    if caller.held and heard.kind in SPOKEN:
        waiting = take_held(ctx, visit.session, caller.person_id)
        said = "\n\n".join([*waiting, said]).strip()
    follows = _follows(caller, heard)
    if follows is not None:
        set_followed(connection, caller.identity_id, follows)
    first, rest = split(said)
    late = bool(said) and account.may_send_custom and not deadline.settle()
    if late or rest:
        enqueue(
            visit.session, now, ctx.settings.pushes.expire_days, Occasion.LATE_REPLY,
            f"late:{account.slug}:{key}", person_id=visit.person_id, account=account.slug,
            details={"text": said if late else rest},
        )
    for session in sessions:
        session.flush()
    how = "late" if late else "passive" if said else "none"
    kept = _kept(account, key, caller, heard, first, how, now)
    keep(connection, kept, caller, json_text(visit.state.as_json()))
    return Answered("" if late else first, late)


def _again(repeat: Repeat) -> Answered:
    return Answered(repeat.reply or "", late=repeat.how == "late")


def _visit(
    ctx: Context, account: Account, caller: Caller, open_session: Callable[[], Session]
) -> Visit:
    state = State.of(json.loads(caller.state))
    return Visit(
        ctx, account, caller.person_id, state, ctx.speak(caller.locale), open_session,
        big=caller.big_type,
    )


def _kept(
    account: Account, key: str, caller: Caller, heard: Heard, reply: str, how: str, now: datetime
) -> Kept:
    content = heard.kept()
    return Kept(
        account.slug, key, caller.identity_id, heard.kind, content, reply or None, how, now
    )


def _say(visit: Visit, caller: Caller, heard: Heard) -> str:
    if heard.kind is Kind.SUBSCRIPTION:
        hear_of_subscriptions(
            visit.ctx, visit.session, visit.account.slug, caller.identity_id, heard.detail,
            heard.told,
        )
        return ""
    if heard.kind is Kind.TEMPLATE_DONE:
        job_finished(visit.session, visit.ctx, heard.scene, heard.detail)
        return ""
    return hear(visit, heard)


def _follows(caller: Caller, heard: Heard) -> bool | None:
    """Whether the person follows the account now, where that is news."""
    follows = heard.kind is not Kind.UNSUBSCRIBE
    tells = heard.kind in (Kind.SUBSCRIBE, Kind.UNSUBSCRIBE) or heard.kind in SPOKEN
    return follows if tells and follows != caller.followed else None


def split(text: str) -> tuple[str, str]:
    """What fits in the reply, and what follows it; broken between lines where that is possible."""
    if len(text.encode()) <= MAX_REPLY_BYTES:
        return text, ""
    kept = text.encode()[:MAX_REPLY_BYTES].decode("utf-8", "ignore")
    at = kept.rfind("\n")
    at = at if at > 0 else len(kept)
    return text[:at], text[at:].lstrip("\n")
