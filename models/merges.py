"""Which case stands beside which (并案): the table, and who is merged into whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.cases import Case


class Merge(Base):
    """One case merged into another; `was` is its status before. Taken apart: `undone_at`.

    `into_id` is the case that it was merged into, `top_id` the one that it stands beside now: that
    may have been merged further. `made_urgent`: it was urgent, and the other one was not.
    No `staff_id`: it joined by itself (`models/known.py`); `clock_id` is what it started there.
    """

    __tablename__ = "merges"
    __table_args__ = (Index(None, "case_id"), Index(None, "top_id"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    top_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    made_urgent: Mapped[bool] = mapped_column(default=False)
    was: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("case_clocks.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


def target(case: Case) -> Select[Case]:
    """The case that this one stands beside. Readers scope it: `casequeries.joined_to`."""
    query = select(Case).join(Merge, Merge.top_id == Case.id)
    return query.where(Merge.case_id == case.id, Merge.undone_at.is_(None))


def sources(case: Case) -> Select[Case]:
    """The cases that are merged into this one, the first first. Readers scope it:
    `casequeries.joined`."""
    query = select(Case).join(Merge, Merge.case_id == Case.id)
    return query.where(Merge.top_id == case.id, Merge.undone_at.is_(None)).order_by(Merge.id)


def merged_into(session: Session, case: Case) -> Sequence[Case]:
    """The same without scope: for telling their people (`models/timeline.py`), and only that."""
    return session.scalars(sources(case)).all()


def live(session: Session, top_id: int) -> Sequence[Merge]:
    """The merges of all that stands beside this case, the first first."""
    query = select(Merge).where(Merge.top_id == top_id, Merge.undone_at.is_(None))
    return session.scalars(query.order_by(Merge.id)).all()
