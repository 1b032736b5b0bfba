"""What a county's people taught the bot: a few words, and what whoever says them wants.

The lexicon of every county comes with a release; these are one county's own, from what was not
understood there. Danger is read from the words of every county alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff

MOST_WORDS = 12


@dataclass(frozen=True)
class Taught:
    """`intent`: a key of `bot/understand.py`'s Intent."""

    words: str
    intent: str


# County → what it taught.
Phrases = Mapping[str, tuple[Taught, ...]]


class Phrase(Base):
    """Holds until somebody takes it back; the row stays."""

    __tablename__ = "phrases"
    __table_args__ = (Index(None, "area", "gone_at"),)

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    words: Mapped[str] = mapped_column(String(MOST_WORDS))
    intent: Mapped[str] = mapped_column(String(20))
    put_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    put_at: Mapped[datetime]
    gone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    gone_at: Mapped[datetime | None]

    put: Mapped[Staff] = relationship(foreign_keys=put_by, lazy="joined")


def read_phrases(session: Session) -> Phrases:
    """What holds in every county of the service; one statement."""
    rows = session.execute(
        select(Phrase.area, Phrase.words, Phrase.intent)
        .where(Phrase.gone_at.is_(None)).order_by(Phrase.id)
    )
    found: dict[str, tuple[Taught, ...]] = {}
    for area, words, intent in rows:
        found[area] = (*found.get(area, ()), Taught(words, intent))
    return found


def holding(session: Session, area: str) -> Sequence[Phrase]:
    """What holds in a county, the newest first."""
    query = select(Phrase).where(Phrase.area == area, Phrase.gone_at.is_(None))
    return session.scalars(query.order_by(Phrase.id.desc())).all()
