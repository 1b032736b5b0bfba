"""State Council notices on days off that were pasted at the desk, over the kept library.

A notice holds for the whole country, so for every county of the service. It counts once a
second person of a county has signed it; of two for one year the one signed last holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import workdays
from models.base import Base, Key
from models.people import Staff

# Some ninety days, as text.
DAYS_LIMIT = 1000


class CalendarNotice(Base):
    """One pasted notice. `state`: `open` (one person), `signed` (two), or `dropped`.

    `off` and `worked` are days as ISO dates between commas, `words` the text as it was pasted,
    `basis` its number. `applied_at`: since when every clock goes by it.
    """

    __tablename__ = "calendar_notices"
    __table_args__ = (Index(None, "state", "year"),)

    id: Mapped[Key]
    year: Mapped[int]
    off: Mapped[str] = mapped_column(String(DAYS_LIMIT))
    worked: Mapped[str] = mapped_column(String(DAYS_LIMIT))
    basis: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    put_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    put_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]

    put: Mapped[Staff] = relationship(foreign_keys=[put_by], lazy="joined")
    signed: Mapped[Staff | None] = relationship(foreign_keys=[signed_by], lazy="joined")


@dataclass(frozen=True)
class Calendar:
    """Which days offices work: signed notices first, then the library; asks no table.

    Where a notice leaves a statutory day out, the day is off all the same.
    """

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = field(default=frozenset())

    def is_working(self, day: date) -> bool:
        if day in self.off:
            return False
        if day in self.worked:
            return True
        if day.year not in self.years:
            return workdays.is_working_day(day)
        return day.weekday() < 5 and day not in workdays.statutory_days(day.year)

    def is_settled(self, year: int) -> bool:
        return year in self.years or workdays.is_settled(year)


def read_calendar(session: Session) -> Calendar:
    """The notices that count; one statement. Of one year the one signed last."""
    rows = session.execute(
        select(CalendarNotice.year, CalendarNotice.off, CalendarNotice.worked)
        .where(CalendarNotice.state == "signed")
        .order_by(CalendarNotice.signed_at, CalendarNotice.id)
    )
    held = {year: (days_of(off), days_of(worked)) for year, off, worked in rows}
    off = frozenset[date]().union(*(found[0] for found in held.values()))
    worked = frozenset[date]().union(*(found[1] for found in held.values()))
    return Calendar(frozenset(held), off, worked)


def days_of(text: str) -> frozenset[date]:
    """Days as they are kept."""
    return frozenset(date.fromisoformat(day) for day in text.split(",") if day)


def kept(days: frozenset[date]) -> str:
    """Days as a notice keeps them."""
    return ",".join(day.isoformat() for day in sorted(days))


def notices(session: Session) -> Sequence[CalendarNotice]:
    """The notices that wait or count, the newest first."""
    query = select(CalendarNotice).where(CalendarNotice.state != "dropped")
    return session.scalars(query.order_by(CalendarNotice.id.desc()).limit(20)).all()
