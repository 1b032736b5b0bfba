"""The callback's statements: one message read, answered and kept.

Plain Core: the ORM would cost more than everything else here. Two ways lead through it.

The long way locks the talk's row, which puts two messages of one person in order, and has
the rest of its transaction for whatever the message is about.

The short way (PostgreSQL) is for a message that changes nothing but its own talk: it reads
without a lock, and one statement keeps message and talk if the talk stands as it was read and
nobody holds it. Else nothing is kept, and the long way is gone.

On both the message's unique key makes a repeat harmless, also at another process while the
first still works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    Select,
    and_,
    bindparam,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from models.people import Identity, Person
from models.prepared import Prepared, Wire
from models.sealed import SealedText
from models.talks import Message, Talk


@dataclass(frozen=True)
class Caller:
    """Who writes, and where their talk stands.

    `state` is the JSON text that is kept sealed, `sealed` the bytes themselves: sealed twice,
    the same text gives other bytes, so they tell whether anyone has written since. Somebody
    new has none: the talk is first kept together with the first message.
    """

    identity_id: int
    person_id: int
    followed: bool
    locale: str
    big_type: bool
    state: str
    sealed: bytes
    held: bool


@dataclass(frozen=True)
class Repeat:
    """The message was answered before: the same reply again."""

    reply: str | None
    how: str


@dataclass(frozen=True)
class Kept:
    """What is kept of one message: everything but the talk's state."""

    account: str
    key: str
    identity_id: int
    kind: str
    content: dict[str, Any]
    reply: str | None
    how: str
    received_at: datetime


class Raced(Exception):
    """Another process handles this very message, or this person, at this moment."""


# The column's own bytes as text: no parse and no dump to see whether it changed.
_STATE = SealedText("talks.state")
_FIND = (
    select(
        Identity.id, Identity.person_id, Identity.followed, Person.locale, Person.big_type,
        type_coerce(Talk.state, _STATE).label("state"),
        type_coerce(Talk.state, LargeBinary).label("sealed"),
        Talk.held, Message.reply, Message.how,
    )
    .join(Person, Person.id == Identity.person_id)
    .join(Talk, Talk.person_id == Identity.person_id)
    .outerjoin(
        Message,
        and_(Message.account == Identity.account, Message.key == bindparam("message_key")),
    )
    .where(
        Identity.account == bindparam("caller_account"),
        Identity.openid_key == bindparam("caller_key"),
    )
)
_OPEN = _FIND.with_for_update(of=Talk)
_MESSAGE: dict[str, Any] = {
    name: bindparam(name, type_=Message.__table__.c[name].type)
    for name in (
        "account", "key", "identity_id", "kind", "content", "reply", "how", "received_at",
    )
}
_UNIQUE = ("account", "key")
_OF_PERSON = Talk.person_id == bindparam("talk_person")
_TALK: dict[str, Any] = {
    "state": bindparam("state", type_=_STATE), "updated_at": bindparam("received_at"),
}
_KEEP_TALK = update(Talk).where(_OF_PERSON).values(_TALK)
_BEGIN_TALK = {"person_id": bindparam("talk_person"), "held": False, **_TALK}
# SQLite cannot change two tables in one statement.
_KEEP_MESSAGE = (
    sqlite.insert(Message).values(_MESSAGE)
    .on_conflict_do_nothing(index_elements=_UNIQUE).returning(Message.id)
)


def _keep_both(message: Select[*tuple[Any, ...]], *, begin: bool = False) -> Select[int]:
    """Message and talk in one statement; no row where the message is kept already."""
    kept = (
        postgresql.insert(Message).from_select(list(_MESSAGE), message)
        .on_conflict_do_nothing(index_elements=_UNIQUE).returning(Message.id).cte("kept")
    )
    talk = (
        insert(Talk).values(_BEGIN_TALK).returning(Talk.person_id) if begin
        else _KEEP_TALK.where(select(kept.c.id).exists()).returning(Talk.person_id)
    )
    return select(kept.c.id).add_cte(talk.cte("talk"))


_KEEP_BOTH = {
    begin: _keep_both(select(*_MESSAGE.values()), begin=begin) for begin in (False, True)
}
_standing = (
    select(Talk.person_id)
    .where(
        _OF_PERSON, type_coerce(Talk.state, LargeBinary) == bindparam("sealed"),
        Talk.held.is_(False),
    )
    .with_for_update(of=Talk, skip_locked=True)
    .cte("standing")
)
_FIND_AT_ONCE = Prepared("find_at_once", _FIND)
_KEEP_AT_ONCE = Prepared(
    "keep_at_once", _keep_both(select(*_MESSAGE.values()).select_from(_standing))
)
_KEEP_IDENTITY = {
    "sqlite": sqlite.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
    "postgresql": postgresql.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
}


def _caller(row: Any) -> Caller | Repeat | None:
    if row is None:
        return None
    *caller, reply, how = row
    return Caller(*caller) if how is None else Repeat(reply, how)


def open_talk(
    connection: Connection, account: str, openid_key: bytes, message_key: str
) -> Caller | Repeat | None:
    """Lock the caller's talk; a Repeat where this message was answered; None for a stranger."""
    values = {"message_key": message_key, "caller_account": account, "caller_key": openid_key}
    return _caller(connection.execute(_OPEN, values).one_or_none())


def find_at_once(
    wire: Wire, account: str, openid_key: bytes, message_key: str
) -> Caller | Repeat | None:
    """The same without a lock, for the short way."""
    values = {"message_key": message_key, "caller_account": account, "caller_key": openid_key}
    return _caller(_FIND_AT_ONCE.row(wire, values))


def welcome_caller(
    connection: Connection, account: str, openid: str, openid_key: bytes, now: datetime
) -> Caller:
    """A new person with one chat, whose talk begins; raises Raced if someone else was quicker."""
    person_id = connection.execute(
        insert(Person).returning(Person.id), {"created_at": now, "locale": "", "big_type": False}
    ).scalar_one()
    identity_id = connection.execute(
        _KEEP_IDENTITY[connection.dialect.name],
        {
            "account": account, "openid": openid, "openid_key": openid_key,
            "person_id": person_id, "followed": True, "created_at": now,
        },
    ).scalar_one_or_none()
    if identity_id is None:
        raise Raced
    return Caller(identity_id, person_id, True, "", False, "{}", b"", False)


def _values(kept: Kept, caller: Caller, state: str) -> dict[str, Any]:
    return {
        **vars(kept), "talk_person": caller.person_id, "state": state, "sealed": caller.sealed,
    }


def keep(connection: Connection, kept: Kept, caller: Caller, state: str) -> None:
    """Keep a message with its reply, and where the talk stands; raises Raced where it is kept."""
    values, begins = _values(kept, caller, state), not caller.sealed
    together = connection.dialect.name == "postgresql"
    first = _KEEP_BOTH[begins] if together else _KEEP_MESSAGE
    if connection.execute(first, values).one_or_none() is None:
        raise Raced
    if not together and (begins or state != caller.state):
        connection.execute(insert(Talk).values(_BEGIN_TALK) if begins else _KEEP_TALK, values)


def keep_at_once(wire: Wire, kept: Kept, caller: Caller, state: str) -> None:
    """Keep both at one stroke; raises Raced where someone came between: then nothing is kept."""
    if _KEEP_AT_ONCE.row(wire, _values(kept, caller, state)) is None:
        raise Raced


def set_followed(connection: Connection, identity_id: int, followed: bool) -> None:
    """The person follows the account, or no longer does."""
    connection.execute(
        update(Identity).where(Identity.id == identity_id).values(followed=followed)
    )
