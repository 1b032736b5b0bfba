"""The county's directory of departments: whom a case can be referred to, and for what."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import audit
from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.people import Staff
from models.policy import StaffView
from models.upsert import insert_or_skip

SOURCE = "赤水市社会救助联席会议制度（2014）四{entry}，原文第{line}行"
NAME_LIMIT, DUTIES_LIMIT, PHONE_LIMIT = 30, 500, 30


class Department(Base):
    """One department of a county. `schemes` are codes of `models/paths.py`, parted by spaces.

    `duties` is what it is there for, `source` where that stands. A retired one keeps its name
    and what was referred to it; nothing new goes there.
    """

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("area", "name"),)

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    duties: Mapped[str] = mapped_column(String(DUTIES_LIMIT), default="")
    schemes: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(PHONE_LIMIT), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    def stands_for(self, schemes: Iterable[str]) -> bool:
        """Whether any of these schemes is this department's."""
        return not set(self.schemes.split()).isdisjoint(schemes)


def shipped() -> list[dict[str, Any]]:
    """The directory that a county may begin with (`departments.toml`)."""
    text = (files("models") / "departments.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["departments"]
    return found


def fill_in(ctx: Context, session: Session, county: str, staff: StaffView | None = None) -> int:
    """Put the shipped departments into a county's directory; those that are there stay."""
    added = 0
    for row in shipped():
        values = {
            "area": county, "name": row["name"], "duties": row["duties"], "phone": "",
            "schemes": " ".join(row["schemes"]), "created_at": ctx.now(),
            "source": SOURCE.format(entry=row["entry"], line=row["line"]),
        }
        added += insert_or_skip(session, Department, values, ("area", "name")) is not None
    audit.record(
        session, ctx.now(), "department.filled", "area", None,
        staff_id=staff.id if staff else None, county=county, added=added,
    )
    return added


def of_county(session: Session, county: str, *, retired: bool = False) -> Sequence[Department]:
    """A county's departments in the order they were listed; the retired ones apart."""
    gone = Department.retired_at.is_not(None) if retired else Department.retired_at.is_(None)
    query = select(Department).where(Department.area == county, gone)
    return session.scalars(query.order_by(Department.id)).all()


def for_case(session: Session, case: Case) -> list[Department]:
    """Those that a case can be referred to; first those that stand for what it needs."""
    wanted = {case.scheme or "", *map(str, case.answers.get("needs") or ())}
    found = of_county(session, case.county)
    return sorted(found, key=lambda one: not one.stands_for(wanted))


def chosen(session: Session, county: str, asked: Iterable[str]) -> list[Department]:
    """The departments of these numbers, in the directory's order; none where one is not there."""
    wanted = set(asked)
    found = [one for one in of_county(session, county) if str(one.id) in wanted]
    return found if len(found) == len(wanted) else []


def find(session: Session, county: str, number: int) -> Department:
    """A department of the county; raises LookupError for any other."""
    found = session.get(Department, number)
    if found is None or found.area != county:
        raise LookupError(number)
    return found


def liaisons(session: Session, number: int) -> Sequence[Staff]:
    """Who works the referrals of a department."""
    query = select(Staff).where(Staff.department_id == number, Staff.left_at.is_(None))
    return session.scalars(query.order_by(Staff.id)).all()
