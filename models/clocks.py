"""The clocks of a case, a row each: when it began, when it runs out, and on which clause."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key
from models.sealed import SealedText


class CaseClock(Base):
    """One clock of one case.

    `state`: `running`, `resting` (with its recorded `reason` and the days it had `left`) or
    `over`. It runs out `counted` days (of its `unit`) after `counted_from`: its first day, or that
    on which it went on after resting. `stage` is how far it was escalated: 0 nobody, 1 officer
    (near), 2 officer, 3 head, 4 county; of a clock that waits for papers how often its person
    was reminded (`models/passing.py`). `extended` days were added, once, for `extended_for`.
    `provisional`: its end lies in a year whose days off are not yet made known.
    """

    __tablename__ = "case_clocks"
    __table_args__ = (Index(None, "case_id", "state"), Index(None, "state", "due_on"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10), default="running")
    started_on: Mapped[date]
    due_on: Mapped[date]
    days: Mapped[int]
    counted_from: Mapped[date]
    counted: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(200))
    left: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(SealedText("case_clocks.reason"))
    extended: Mapped[int] = mapped_column(default=0)
    extended_for: Mapped[str | None] = mapped_column(SealedText("case_clocks.extended_for"))
    stage: Mapped[int] = mapped_column(default=0)
    provisional: Mapped[bool] = mapped_column(default=False)
    over_at: Mapped[datetime | None]
