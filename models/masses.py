"""An article handed to followers by the platform (群发): to whom, in which parts, what came of it.

The platform takes lists of openids and tells counts alone afterwards, never who: a person's row
says that they were in a part, the part says what the platform counted (facts: wechat.md §3).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.articles import Article
from models.base import Base, Key
from models.people import Staff
from models.settings import mark

FEWEST, MOST = 2, 10_000  # openids in one call


class State(StrEnum):
    """`SIGNING` waits for a second person; `DONE`: nobody is left to whom it could go."""

    SIGNING = "signing"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


STATE_NAMES = {
    State.SIGNING: mark("等另一位签字"),
    State.RUNNING: mark("在发"),
    State.STOPPED: mark("停了，不再发"),
    State.DONE: mark("发完了"),
}


class Stage(StrEnum):
    """Of a part. `DRAFTED`: its draft is there; `SENT`: taken by the platform; `COUNTED`: the
    platform has told how many it reached."""

    WAITING = "waiting"
    DRAFTED = "drafted"
    SENT = "sent"
    COUNTED = "counted"
    FAILED = "failed"


# Of these a part has still a way to go.
MOVING = (Stage.WAITING, Stage.DRAFTED)


class Mass(Base):
    """The sending of one article; once for an article. The counts are those of when it was asked:
    `counted` people, `refused` who want no campaigns, `away` who do not follow, `full` who have
    had what the platform gives a person in a month."""

    __tablename__ = "masses"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), unique=True)
    account: Mapped[str] = mapped_column(String(40), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    counted: Mapped[int]
    refused: Mapped[int]
    away: Mapped[int]
    full: Mapped[int]
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]
    # When it began to go out: it is news for some days.
    begun_at: Mapped[datetime | None]

    article: Mapped[Article] = relationship(lazy="joined", innerjoin=True)
    asker: Mapped[Staff] = relationship(foreign_keys=[asked_by], lazy="joined")
    signer: Mapped[Staff | None] = relationship(foreign_keys=[signed_by], lazy="joined")


class MassPart(Base):
    """One call: at most 10,000 people with a draft of its own, which the call uses up.

    `client_id` is what the platform knows a repeat by; `msg_id` is what its event names. `total`,
    `left` (after its own filters), `reached` and `errors` are what the event counts.
    """

    __tablename__ = "mass_parts"
    __table_args__ = (Index(None, "stage", "next_try_at"),)

    id: Mapped[Key]
    mass_id: Mapped[int] = mapped_column(ForeignKey("masses.id"), index=True)
    stage: Mapped[str] = mapped_column(String(10))
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    media_id: Mapped[str] = mapped_column(String(128), default="")
    msg_id: Mapped[str] = mapped_column(String(40), default="", index=True)
    people: Mapped[int]
    total: Mapped[int | None]
    left: Mapped[int | None]
    reached: Mapped[int | None]
    errors: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    mass: Mapped[Mass] = relationship(lazy="joined", innerjoin=True)


class MassPerson(Base):
    """Somebody in a part, by the chat that the part is for."""

    __tablename__ = "mass_people"
    __table_args__ = (Index(None, "part_id"),)

    mass_id: Mapped[int] = mapped_column(ForeignKey("masses.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("mass_parts.id"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"))
