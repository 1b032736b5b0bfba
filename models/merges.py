"""Which case stands beside which (并案): the table, and who is merged into whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.cases import Case


class Merge(Base):
    """One case merged into another; `was` is its status before. Taken apart: `undone_at`."""

    __tablename__ = "merges"
    __table_args__ = (Index(None, "case_id"), Index(None, "into_id"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    was: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


def into_of(session: Session, case: Case) -> Case | None:
    """The case that this one is merged into."""
    query = (
        select(Case).join(Merge, Merge.into_id == Case.id)
        .where(Merge.case_id == case.id, Merge.undone_at.is_(None))
    )
    return session.scalars(query).one_or_none()


def merged_into(session: Session, case: Case) -> Sequence[Case]:
    """The cases that are merged into this one, the first first."""
    query = (
        select(Case).join(Merge, Merge.case_id == Case.id)
        .where(Merge.into_id == case.id, Merge.undone_at.is_(None))
    )
    return session.scalars(query.order_by(Merge.id)).all()
