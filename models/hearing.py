"""The callback's short way: one message read, answered and kept in two statements (SQLite: three).

Plain Core on prepared statements: the ORM would cost more than everything else here. The
talk's row is the lock that puts two messages of one person in order; the message's unique
key is what makes a repeat harmless, also at another process while the first still works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, select, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite

from models.people import Identity, Person
from models.prepared import Prepared
from models.sealed import SealedText
from models.talks import Message, Talk


@dataclass(frozen=True)
class Caller:
    """Who writes, and where their talk stands: `state` as the JSON text that is kept sealed."""

    identity_id: int
    person_id: int
    followed: bool
    locale: str
    state: str
    held: bool


@dataclass(frozen=True)
class Repeat:
    """The message was answered before: the same reply again."""

    reply: str | None
    how: str


class Raced(Exception):
    """Another process handles this very message, or created this person, at this moment."""


# The same bytes as the column's own type makes, without a parse here and a dump there.
_STATE = SealedText("talks.state")
_FIND = (
    select(
        Identity.id, Identity.person_id, Identity.followed, Person.locale,
        type_coerce(Talk.state, _STATE), Talk.held, Message.reply, Message.how,
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
_OPEN = Prepared("open_talk", _FIND.with_for_update(of=Talk))
_OPEN_AT_ONCE = Prepared("open_at_once", _FIND.with_for_update(of=Talk, skip_locked=True))
_MESSAGE: dict[str, Any] = {
    name: bindparam(name)
    for name in (
        "account", "key", "identity_id", "kind", "content", "reply", "how", "received_at",
    )
}
_TALK: dict[str, Any] = {
    "state": bindparam("state", type_=_STATE), "updated_at": bindparam("received_at"),
}
# SQLite cannot change two tables in one statement.
_SQLITE_MESSAGE = (
    sqlite.insert(Message)
    .values(_MESSAGE)
    .on_conflict_do_nothing(index_elements=["account", "key"])
    .returning(Message.id)
)
_SQLITE_TALK = update(Talk).where(Talk.person_id == bindparam("talk_person")).values(_TALK)
_kept = (
    postgresql.insert(Message)
    .values(_MESSAGE)
    .on_conflict_do_nothing(index_elements=["account", "key"])
    .returning(Message.id)
    .cte("kept")
)
_moved = (
    update(Talk)
    .where(Talk.person_id == bindparam("talk_person"), exists(select(_kept.c.id)))
    .values(_TALK)
    .returning(Talk.person_id)
    .cte("moved")
)
_KEEP_MESSAGE = Prepared("keep_message", select(_kept.c.id))
_KEEP_BOTH = Prepared("keep_both", select(_kept.c.id).add_cte(_moved))
_KEEP_IDENTITY = {
    "sqlite": sqlite.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
    "postgresql": postgresql.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
}


def open_talk(
    connection: Connection, account: str, openid_key: bytes, message_key: str,
    *, at_once: bool = False,
) -> Caller | Repeat | None:
    """Lock the caller's talk; a Repeat where this message was answered; None for a stranger.

    `at_once` does not wait for a lock: then a talk that another message holds is None too.
    """
    row = (_OPEN_AT_ONCE if at_once else _OPEN).row(
        connection,
        {"message_key": message_key, "caller_account": account, "caller_key": openid_key},
    )
    if row is None:
        return None
    *caller, reply, how = row
    return Caller(*caller) if how is None else Repeat(reply, how)


def welcome_caller(
    connection: Connection, account: str, openid: str, openid_key: bytes, now: datetime
) -> Caller:
    """A new person with one chat and an empty talk; raises Raced if someone else was quicker."""
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
    connection.execute(
        insert(Talk),
        {"person_id": person_id, "state": {}, "held": False, "updated_at": now},
    )
    return Caller(identity_id, person_id, True, "", "{}", False)


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


def keep(
    connection: Connection, kept: Kept, person_id: int, state: str | None
) -> None:
    """Keep a message with its reply, and where the talk stands (None: where it stood).

    Raises Raced where the message is kept already; then nothing has changed.
    """
    values = {**vars(kept), "talk_person": person_id, "state": state}
    if connection.dialect.name == "postgresql":
        statement = _KEEP_MESSAGE if state is None else _KEEP_BOTH
        if statement.row(connection, values) is None:
            raise Raced
        return
    if connection.execute(_SQLITE_MESSAGE, values).one_or_none() is None:
        raise Raced
    if state is not None:
        connection.execute(_SQLITE_TALK, values)


def set_followed(connection: Connection, identity_id: int, followed: bool) -> None:
    """The person follows the account, or no longer does."""
    connection.execute(
        update(Identity).where(Identity.id == identity_id).values(followed=followed)
    )
