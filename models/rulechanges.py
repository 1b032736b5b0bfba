"""Changes of local rules: put by one person of the county, in force once another has signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.twosigned import TwoSigned


class RuleChange(TwoSigned, Base):
    """One change.

    `value` is as in `Rule`; empty where the area gives up a rule of its own from that day on.
    """

    __tablename__ = "rule_changes"
    __table_args__ = (Index(None, "area", "key"),)

    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    basis: Mapped[str] = mapped_column(String(200))
    from_: Mapped[date] = mapped_column("from_day")
    until: Mapped[date | None] = mapped_column("until_day")

    @property
    def about(self) -> dict[str, str]:
        return {"key": self.key}


def waiting(session: Session, areas: Sequence[str]) -> Sequence[RuleChange]:
    """What waits for a second person in these areas, the first put first."""
    query = select(RuleChange).where(RuleChange.state == "open", RuleChange.area.in_(areas))
    return session.scalars(query.order_by(RuleChange.id)).all()


def history(session: Session, areas: Sequence[str], key: str) -> Sequence[RuleChange]:
    """What was signed for a key in these areas, the newest first."""
    query = select(RuleChange).where(
        RuleChange.state == "signed", RuleChange.area.in_(areas), RuleChange.key == key
    )
    return session.scalars(query.order_by(RuleChange.id.desc()).limit(50)).all()
