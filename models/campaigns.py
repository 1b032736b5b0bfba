"""Campaigns (群发): what staff write to many people, and how far each run of one has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff
from models.sealed import SealedJSON, SealedText
from models.settings import mark


class State(StrEnum):
    """`SIGNING` waits for a second person; `RUNNING` goes out, at its time and by itself."""

    DRAFT = "draft"
    SIGNING = "signing"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


STATE_NAMES = {
    State.DRAFT: mark("写好了，还没有发"),
    State.SIGNING: mark("等另一位签字"),
    State.RUNNING: mark("在发"),
    State.PAUSED: mark("先停一停"),
    State.STOPPED: mark("停了，不再发"),
    State.DONE: mark("发完了"),
}


class Campaign(Base):
    """One text to many. `audience` is an `audiences.Audience` as JSON.

    `next_at` is when it goes out next, None once no run is to come; `month_day` and `month_hour`
    (where the people are) are set where it goes out every month.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index(None, "state", "next_at"),)

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    account: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(SealedText("campaigns.title"))
    text: Mapped[str] = mapped_column(SealedText("campaigns.text"))
    audience: Mapped[dict[str, Any]] = mapped_column(SealedJSON("campaigns.audience"))
    state: Mapped[str] = mapped_column(String(10))
    next_at: Mapped[datetime | None]
    month_day: Mapped[int | None]
    month_hour: Mapped[int | None]
    counted: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]

    maker: Mapped[Staff] = relationship(foreign_keys=[made_by], lazy="joined")
    signer: Mapped[Staff | None] = relationship(foreign_keys=[signed_by], lazy="joined")


class CampaignRun(Base):
    """One time that a campaign goes out; `last_person` is how far it has come in the outbox."""

    __tablename__ = "campaign_runs"
    __table_args__ = (UniqueConstraint("campaign_id", "due_at"), Index(None, "open"))

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    due_at: Mapped[datetime]
    last_person: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    open: Mapped[bool] = mapped_column(default=True)
