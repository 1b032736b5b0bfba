"""Searches that someone does every week, kept under a name of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.policy import StaffView
from models.sealed import SealedJSON, SealedText
from models.searching import Criteria

MOST = 12
NAME_LIMIT = 12


class SavedSearch(Base):
    """One search of one member of staff; `criteria` are `Criteria.kept`: nobody's name."""

    __tablename__ = "saved_searches"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(SealedText("saved_searches.name"))
    criteria: Mapped[dict[str, Any]] = mapped_column(SealedJSON("saved_searches.criteria"))
    created_at: Mapped[datetime]


def of_staff(session: Session, staff: StaffView) -> Sequence[SavedSearch]:
    """What this person keeps, the oldest first."""
    query = select(SavedSearch).where(SavedSearch.staff_id == staff.id)
    return session.scalars(query.order_by(SavedSearch.id).limit(MOST)).all()


def keep(
    session: Session, now: datetime, staff: StaffView, name: str, wanted: Criteria
) -> SavedSearch | None:
    """Keep a search; None where there are `MOST` already."""
    mine = select(func.count()).where(SavedSearch.staff_id == staff.id)
    if (session.scalar(mine) or 0) >= MOST:
        return None
    made = SavedSearch(
        staff_id=staff.id, name=name, criteria=wanted.kept(), created_at=now
    )
    session.add(made)
    session.flush()
    return made


def drop(session: Session, staff: StaffView, number: int) -> None:
    """Keep it no longer; nobody else's can be dropped."""
    session.execute(
        delete(SavedSearch).where(SavedSearch.id == number, SavedSearch.staff_id == staff.id)
    )
