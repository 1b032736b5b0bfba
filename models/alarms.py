"""Harm to somebody, and the departments that the law has told of it at once.

未成年人保护法 art. 11 (a child), 反家庭暴力法 art. 14 (who cannot speak up; who reports is kept
secret). The list is the county's (`[harm.*]`). Nobody in the village sees that it was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Key
from models.cases import Case
from models.departments import Department
from models.people import Staff
from models.policy import StaffView
from models.sealed import SealedText
from models.settings import mark

CHILD, ADULT = "child", "adult"
KIND_NAMES = {CHILD: mark("孩子可能受到伤害"), ADULT: mark("有人可能被打、被关、被丢下")}
# What is recognised in words (bot/danger.py) → the kind; a life in danger by itself is none.
RECOGNISED = {"child": CHILD, "violence": ADULT}


class Alarm(Base):
    """One department to be told of the harm in one case.

    `name` is as the county's list has it, `department_id` its place in the directory, if it has
    one. `recognised`: heard in the words rather than said. `how`: `chat` (its liaison took it) or
    `phone` (staff called); empty until then. `words`: who answered and what they will do.
    """

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("case_id", "name"), Index(None, "department_id", "told_at"))

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(200))
    recognised: Mapped[bool] = mapped_column(default=False)
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    how: Mapped[str] = mapped_column(String(10), default="")
    words: Mapped[str | None] = mapped_column(SealedText("alarms.words"))

    case: Mapped[Case] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")
    teller: Mapped[Staff | None] = relationship(lazy="joined")


def harm_in(answers: Mapping[str, Any]) -> tuple[str, bool] | None:
    """The kind of harm that a report tells of, and whether it was only recognised.

    A grown person who tells of themselves is helped by the township and told to call 110: nobody
    calls the police over their head.
    """
    said = str(answers.get("harm") or "")
    if said in KIND_NAMES:
        return said, False
    kind = RECOGNISED.get(str(answers.get("danger") or ""))
    if kind is None or (kind == ADULT and answers.get("whom") != "other"):
        return None
    return kind, True


def of_case(session: Session, case_id: int) -> Sequence[Alarm]:
    """Who is to be told of a case, in the county's order."""
    return session.scalars(select(Alarm).where(Alarm.case_id == case_id).order_by(Alarm.id)).all()


def is_raised(session: Session, case_id: int) -> bool:
    """Whether a case tells of harm."""
    return session.scalar(select(Alarm.id).where(Alarm.case_id == case_id).limit(1)) is not None


def not_secret() -> ColumnElement[bool]:
    """Of queries for eyes in the village: without the cases that tell of harm."""
    return ~exists().where(Alarm.case_id == Case.id)


def theirs(session: Session, staff: StaffView, number: int) -> Alarm:
    """An alarm for the liaison's own department; LookupError for every other one."""
    found = session.get(Alarm, number)
    if found is None or found.department_id is None or found.department_id != staff.department_id:
        raise LookupError(number)
    return found


def number_of(alarm: Alarm) -> str:
    """What a department calls it by; the case's receipt is not theirs to know."""
    return f"BJ-{alarm.id:05}"
