"""Hearings: what the person said before help is reduced or stopped (社会救助法 art. 48)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.assistance import Assistance, AssistanceChange
from models.base import Base, Key
from models.sealed import SealedText


class Hearing(Base):
    """One hearing about one move: what the person was told, and what they said.

    `how`: `asked` (told in chat, the answer is awaited until `until_on`), `chat`, or a way of
    `models/hearingwork.WAYS`. `why` is what the person was told in chat. `heard_at` is None
    while nothing is said.
    """

    __tablename__ = "hearings"
    __table_args__ = (Index(None, "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    move: Mapped[str] = mapped_column(String(20))
    how: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(SealedText("hearings.why"))
    words: Mapped[str | None] = mapped_column(SealedText("hearings.words"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    until_on: Mapped[date | None]
    asked_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]


def of_case(session: Session, case_id: int) -> Sequence[Hearing]:
    """Every hearing of a case, the newest first."""
    query = select(Hearing).where(Hearing.case_id == case_id)
    return session.scalars(query.order_by(Hearing.id.desc())).all()


def since(session: Session, case_id: int) -> datetime | None:
    """When the help of a case last changed: what was heard before that was about something else."""
    query = (
        select(func.max(AssistanceChange.at))
        .join(Assistance, Assistance.id == AssistanceChange.assistance_id)
        .where(Assistance.case_id == case_id)
    )
    return session.scalar(query)


def heard_about(session: Session, case_id: int) -> set[str]:
    """The moves about which the person was heard since the help last changed."""
    query = select(Hearing.move).where(Hearing.case_id == case_id, Hearing.heard_at.is_not(None))
    changed = since(session, case_id)
    if changed is not None:
        query = query.where(Hearing.heard_at >= changed)
    return set(session.scalars(query))
