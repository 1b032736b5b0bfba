"""What was granted (救助待遇): how much, from when, and how it changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key
from models.sealed import SealedText


class Assistance(Base):
    """The help that one case gives; the register that lists and payments are drawn from.

    `form`: `money`, `goods` or `service` (社会救助法 art. 34). `amount` is yuan, each month
    where `monthly`; goods and services have `words`. `state`: `granted` (not yet given),
    `running`, `tapering`, `ended`. `persons` is how many of the household it is for.
    `recheck_told` is the recheck day that its officers have been told of.
    """

    __tablename__ = "assistance"
    __table_args__ = (
        Index(None, "township", "scheme", "state"), Index(None, "county", "scheme", "state"),
        Index(None, "state", "recheck_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    county: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    township: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    village: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    scheme: Mapped[str] = mapped_column(String(20))
    form: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    words: Mapped[str | None] = mapped_column(SealedText("assistance.words"))
    monthly: Mapped[bool] = mapped_column(default=False)
    persons: Mapped[int] = mapped_column(default=1)
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10))
    decided_on: Mapped[date]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    recheck_on: Mapped[date | None]
    recheck_months: Mapped[int | None]
    recheck_told: Mapped[date | None]


class AssistanceChange(Base):
    """One change of it: from one amount to another, from a day on, decided by someone."""

    __tablename__ = "assistance_changes"
    __table_args__ = (Index(None, "assistance_id", "id"),)

    id: Mapped[Key]
    assistance_id: Mapped[int] = mapped_column(ForeignKey("assistance.id"))
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    after: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    from_on: Mapped[date]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
