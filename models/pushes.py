"""The outbox: every notice to a person, until it ends in one honest outcome."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key
from models.sealed import SealedJSON


class PushState(StrEnum):
    """`held` waits for the person to write; `sent` was taken by the platform;
    `paused` and `stopped` are a campaign's that staff held up or ended."""

    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNFOLLOWED = "unfollowed"
    OVER_QUOTA = "over_quota"
    NO_CHANNEL = "no_channel"
    EXPIRED = "expired"
    FAILED = "failed"
    EXPANDED = "expanded"
    PAUSED = "paused"
    STOPPED = "stopped"


# Ends by which nobody was reached.
UNDELIVERED = (
    PushState.REFUSED, PushState.UNFOLLOWED, PushState.OVER_QUOTA, PushState.NO_CHANNEL,
    PushState.EXPIRED, PushState.FAILED,
)
# What the platform took, or the person has.
ARRIVED = (PushState.SENT, PushState.DELIVERED)

CAMPAIGN_RANK = 9


class Push(Base):
    """One notice to one person (or, until expanded, to the desk of a place).

    `township` is that place; with a `role` only its staff of that role are meant.
    Written in the transaction that causes it; `key` makes it unique. `details` fill the
    texts of its `occasion` (`notices/occasions.py`). Of the lowest `rank` first: 0 for the
    steps of a case and all that somebody waits for, `CAMPAIGN_RANK` for what staff send to many.
    """

    __tablename__ = "pushes"
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        # What a claim walks along: urgent first, and a campaign's waiting rows never in between.
        Index(None, "state", "rank", "next_try_at", "id"),
        Index(None, "campaign_id", "state"),
        Index(None, "person_id", "state"),
        Index(None, "msg_id"),
        Index(None, "created_at"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    occasion: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    township: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    role: Mapped[str] = mapped_column(String(20), default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    account: Mapped[str] = mapped_column(String(40), default="")
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("pushes.details"))
    state: Mapped[str] = mapped_column(String(12), default=PushState.PENDING)
    channel: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    msg_id: Mapped[str | None] = mapped_column(String(30))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PushAttempt(Base):
    """One try at a push: the channel, what the platform answered, and when."""

    __tablename__ = "push_attempts"

    id: Mapped[Key]
    push_id: Mapped[int] = mapped_column(ForeignKey("pushes.id"), index=True)
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    errcode: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(20))

    __table_args__ = (Index(None, "identity_id", "channel", "at"),)
