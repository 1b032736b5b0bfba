"""What is said with one person: the talk's state, and every message once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key
from models.sealed import SealedJSON, SealedText


class Talk(Base):
    """Where the talk with a person stands, chat and page alike; the row is also its lock.

    `state` is what `bot/talking.py` keeps. `held` is true while pushes wait for the person
    to write, because no other channel is open.
    """

    __tablename__ = "talks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(SealedJSON("talks.state"))
    held: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


class Message(Base):
    """One message or event from the platform, by its key, with the reply that it got.

    `key` is the platform's MsgId, or for events the keyed hash of sender, time, event and
    event key. `how` tells what became of the reply: `passive`, `late` (sent as a push), or
    `none` (nothing to say).
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account", "key"),
        Index(None, "identity_id", "received_at"),
    )

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(40))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"))
    kind: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]] = mapped_column(SealedJSON("messages.content"))
    reply: Mapped[str | None] = mapped_column(SealedText("messages.reply"))
    how: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[datetime]
