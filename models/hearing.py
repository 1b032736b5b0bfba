"""The callback's short way: one message read, answered and kept in three statements.

Plain Core on prepared statements: the ORM would cost more than everything else here. The
talk's row is the lock that puts two messages of one person in order; the message's unique
key is what makes a repeat harmless, also at another process while the first still works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.people import Identity, Person
from models.talks import Message, Talk


@dataclass(frozen=True)
class Caller:
    """Who writes, and where their talk stands."""

    identity_id: int
    person_id: int
    followed: bool
    locale: str
    state: dict[str, Any]
    held: bool


@dataclass(frozen=True)
class Repeat:
    """The message was answered before: the same reply again."""

    reply: str | None
    how: str


class Raced(Exception):
    """Another process handles this very message, or created this person, at this moment."""


_OPEN = (
    select(
        Identity.id, Identity.person_id, Identity.followed, Person.locale, Talk.state, Talk.held,
        Message.reply, Message.how,
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
    .with_for_update(of=Talk)
)
_KEEP_TALK = (
    update(Talk)
    .where(Talk.person_id == bindparam("talk_person"))
    .values(state=bindparam("state"), updated_at=bindparam("updated_at"))
)
_KEEP_MESSAGE = {
    "sqlite": sqlite.insert(Message)
    .on_conflict_do_nothing(index_elements=["account", "key"])
    .returning(Message.id),
    "postgresql": postgresql.insert(Message)
    .on_conflict_do_nothing(index_elements=["account", "key"])
    .returning(Message.id),
}
_KEEP_IDENTITY = {
    "sqlite": sqlite.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
    "postgresql": postgresql.insert(Identity)
    .on_conflict_do_nothing(index_elements=["account", "openid_key"])
    .returning(Identity.id),
}


def open_talk(
    connection: Connection, account: str, openid_key: bytes, message_key: str
) -> Caller | Repeat | None:
    """Lock the caller's talk; a Repeat where this message was answered; None for a stranger."""
    row = connection.execute(
        _OPEN,
        {"message_key": message_key, "caller_account": account, "caller_key": openid_key},
    ).one_or_none()
    if row is None:
        return None
    if row.how is not None:
        return Repeat(row.reply, row.how)
    return Caller(row.id, row.person_id, row.followed, row.locale, row.state, row.held)


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
    return Caller(identity_id, person_id, True, "", {}, False)


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


def keep_message(connection: Connection, kept: Kept) -> None:
    """Keep a message with its reply; raises Raced where it is kept already."""
    row = connection.execute(_KEEP_MESSAGE[connection.dialect.name], vars(kept))
    if row.scalar_one_or_none() is None:
        raise Raced


def keep_talk(
    connection: Connection, person_id: int, state: dict[str, Any], now: datetime
) -> None:
    """Keep where the talk stands."""
    connection.execute(
        _KEEP_TALK,
        {"talk_person": person_id, "state": state, "updated_at": now},
    )


def set_followed(connection: Connection, identity_id: int, followed: bool) -> None:
    """The person follows the account, or no longer does."""
    connection.execute(
        update(Identity).where(Identity.id == identity_id).values(followed=followed)
    )
