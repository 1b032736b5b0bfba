"""What people wrote and the bot did not understand: kept, sealed, for a county's people to read.

One row for one sentence however often it was said, without who said it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.context import Context
from models.sealed import SealedText
from models.upsert import insert_or_skip

# Of a novel, enough to see what it is about.
MOST_SAID = 300
# Longer than messages, so that a county that looks once a quarter finds them.
KEPT = timedelta(days=90)
MOST_SHOWN = 200


class Unheard(Base):
    """`guesses` are the intents that were offered, by commas; `chosen` is what they then took,
    empty where nothing was. `done_at`: somebody has looked at it."""

    __tablename__ = "unheard"
    __table_args__ = (
        UniqueConstraint("area", "said_key"), Index(None, "area", "done_at", "last_at"),
    )

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    said: Mapped[str] = mapped_column(SealedText("unheard.said"))
    said_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    guesses: Mapped[str] = mapped_column(String(80), default="")
    chosen: Mapped[str] = mapped_column(String(20), default="")
    times: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[datetime | None]


def keep(ctx: Context, session: Session, area: str, said: str, guesses: str = "") -> None:
    """Note that this was not understood; said again after somebody looked, it counts only."""
    said, now = said.strip()[:MOST_SAID], ctx.now()
    if not said:
        return
    key = ctx.keys.lookup("unheard", said)
    row = {
        "area": area, "said": said, "said_key": key, "guesses": guesses, "chosen": "", "times": 0,
        "first_at": now, "last_at": now,
    }
    insert_or_skip(session, Unheard, row, ("area", "said_key"))
    session.execute(
        update(Unheard).where(Unheard.area == area, Unheard.said_key == key)
        .values(times=Unheard.times + 1, last_at=now)
        .execution_options(synchronize_session=False)
    )


def note_choice(ctx: Context, session: Session, area: str, said: str, intent: str) -> None:
    """What they took of the guesses, or from the menu."""
    key = ctx.keys.lookup("unheard", said.strip()[:MOST_SAID])
    session.execute(
        update(Unheard).where(Unheard.area == area, Unheard.said_key == key)
        .values(chosen=intent).execution_options(synchronize_session=False)
    )


def waiting(session: Session, area: str) -> Sequence[Unheard]:
    """What nobody has looked at, said most often first."""
    query = select(Unheard).where(Unheard.area == area, Unheard.done_at.is_(None))
    return session.scalars(
        query.order_by(Unheard.times.desc(), Unheard.last_at.desc(), Unheard.id).limit(MOST_SHOWN)
    ).all()


def kept(session: Session, area: str) -> Sequence[str]:
    """What was not understood lately, looked at or not: to try new words on."""
    query = select(Unheard.said).where(Unheard.area == area).order_by(Unheard.last_at.desc())
    return session.scalars(query.limit(MOST_SHOWN)).all()
