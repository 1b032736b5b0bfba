"""Before a report is sent: is this household reported already? Yes, or nothing is known.

Nobody can fish for names with it: it answers for the villages of one's own posts, for so many
different households a day, and every question is kept. What is kept of it is a keyed hash.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import assistants, audit
from models.alarms import not_secret
from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.statuses import OPEN
from models.upsert import insert_or_skip


class Inquiry(Base):
    """Somebody asked of a household on a day; asked again, it is the same question.

    `household_key` is the keyed hash of village and name.
    """

    __tablename__ = "inquiries"
    __table_args__ = (Index(None, "person_id", "day", "household_key", unique=True),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
    household_key: Mapped[bytes] = mapped_column(LargeBinary(16))


def is_reported(
    ctx: Context, session: Session, person_id: int, village: str, name: str
) -> bool:
    """Whether an open matter of this name is known in a village of the person's own.

    False too where it is not theirs, or they have asked of too many today.
    """
    name = name.strip()
    if not name or village not in {post.area for post in assistants.posts_of(session, person_id)}:
        return False
    may = _may_ask(ctx, session, person_id, ctx.keys.lookup("household", f"{village}/{name}"))
    query = select(Case.id).where(
        Case.living_area == village, Case.name_key == ctx.keys.lookup("name", name),
        Case.status.in_(OPEN), not_secret(),
    )
    found = may and session.scalar(query.limit(1)) is not None
    audit.record(
        session, ctx.now(), "household.asked", "area", None, person_id=person_id,
        village=village, answered=may, known=found,
    )
    return found


def _may_ask(ctx: Context, session: Session, person_id: int, key: bytes) -> bool:
    """Count the question, once a day for one household, as long as there is room."""
    mine = (Inquiry.person_id == person_id) & (Inquiry.day == ctx.today())
    asked = select(func.count()).select_from(Inquiry).where(mine, Inquiry.household_key != key)
    if (session.scalar(asked) or 0) >= ctx.settings.discovery.asks_per_day:
        return False
    values = {"person_id": person_id, "day": ctx.today(), "household_key": key}
    insert_or_skip(session, Inquiry, values, ("person_id", "day", "household_key"))
    return True
