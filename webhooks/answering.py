"""From a message to its reply: one transaction, a repeat harmless, nothing slow.

Most messages change nothing but their own talk and wait for nobody: they are answered at once,
in the callback's own thread. All others are worked at in a thread of their own, so that the
callback can answer in time whatever happens: when the reply is late, it goes out as a push
instead (`Deadline.settle` is asked at the last moment).
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.engine import hear
from bot.messages import SPOKEN, Heard, Kind
from bot.state import State
from bot.visit import Visit
from models.context import Context
from models.hearing import (
    Caller,
    Kept,
    Raced,
    Repeat,
    keep,
    open_talk,
    set_followed,
    welcome_caller,
)
from models.outgoing import Occasion, enqueue
from models.prepared import Lost
from models.sealed import json_text
from models.settings import Account
from notices.outbox import job_finished, take_held

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
    openid_key = ctx.keys.lookup("openid", openid)
    try:
        with ctx.db.connect() as connection:
            return _once(
                ctx, connection, account, openid, openid_key, key, heard, Deadline(), at_once=True
            )
    except (Raced, Lost) as error:
        raise Busy from error


def answer(
    ctx: Context, account: Account, openid: str, key: str, heard: Heard, deadline: Deadline
) -> Answered:
    """Handle one message once; a repeat gets the very same reply and changes nothing.

    So what was raced for, or ended with the connection, can simply be tried again.
    """
    openid_key = ctx.keys.lookup("openid", openid)
    for _ in range(RACES):
        try:
            with ctx.db.connect() as connection:
                return _once(ctx, connection, account, openid, openid_key, key, heard, deadline)
        except (Raced, Lost):
            continue
    raise RuntimeError("a message was raced for too often")


def _once(
    ctx: Context, connection: Connection, account: Account, openid: str, openid_key: bytes,
    key: str, heard: Heard, deadline: Deadline, *, at_once: bool = False,
) -> Answered:
    now = ctx.now()
    caller = open_talk(connection, account.slug, openid_key, key, at_once=at_once)
    if isinstance(caller, Repeat):
        return Answered(caller.reply or "", late=caller.how == "late")
    if caller is None:
        if at_once:
            raise Busy
        caller = welcome_caller(connection, account.slug, openid, openid_key, now)
    sessions: list[Session] = []

    def open_session() -> Session:
        if at_once:
            raise Busy
        sessions.append(Session(connection, expire_on_commit=False))
        return sessions[-1]

    visit = Visit(
        ctx, account, caller.person_id, State.of(json.loads(caller.state)),
        ctx.speak(caller.locale), open_session,
    )
    said = _say(visit, heard)
    if caller.held and heard.kind in SPOKEN:
        waiting = take_held(ctx, visit.session, caller.person_id)
        said = "\n\n".join([*waiting, said]).strip()
    _follow(connection, caller, heard)
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
    state = json_text(visit.state.as_json())
    keep(
        connection,
        Kept(
            account.slug, key, caller.identity_id, heard.kind, heard.kept(), first or None, how,
            now,
        ),
        caller.person_id,
        state if state != caller.state else None,
    )
    return Answered("" if late else first, late)


def _say(visit: Visit, heard: Heard) -> str:
    if heard.kind is Kind.TEMPLATE_DONE:
        job_finished(visit.session, visit.ctx, heard.scene, heard.detail)
        return ""
    return hear(visit, heard)


def _follow(connection: Connection, caller: Caller, heard: Heard) -> None:
    follows = heard.kind is not Kind.UNSUBSCRIBE
    tells = heard.kind in (Kind.SUBSCRIBE, Kind.UNSUBSCRIBE) or heard.kind in SPOKEN
    if tells and follows != caller.followed:
        set_followed(connection, caller.identity_id, follows)


def split(text: str) -> tuple[str, str]:
    """What fits in the reply, and what follows it; broken between lines where that is possible."""
    if len(text.encode()) <= MAX_REPLY_BYTES:
        return text, ""
    kept = text.encode()[:MAX_REPLY_BYTES].decode("utf-8", "ignore")
    at = kept.rfind("\n")
    at = at if at > 0 else len(kept)
    return text[:at], text[at:].lstrip("\n")
