"""A county whose clocks are watched: cases that are moved, and a time that is moved on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models import clockwork
from models.cases import Case, CaseEvent
from models.casework import make_move
from models.clocks import CaseClock
from models.context import Context
from models.departments import Department, fill_in
from models.people import Staff, view_of
from models.policy import StaffView
from models.pushes import Push
from models.speaking import known_person
from models.steps import Grant, Step
from models.submitting import Application, submit
from tests.models.county import county
from tests.models.visits import visit_for
from tests.service import Clock
from webhooks.demo.county import COUNTY

DAWAN, VILLAGE = "450799101000", "450799101200"
numbers = itertools.count()


@dataclass
class House:
    """The context, its clock, and who sits at the desks."""

    ctx: Context
    clock: Clock
    staff: dict[str, StaffView] = field(default_factory=dict)

    def go_to(self, day: date, hour: int = 10) -> None:
        """Move the time to an hour of a day where the people are."""
        self.clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=self.ctx.zone)

    def case(self, **changes: Any) -> str:
        with self.ctx.db.begin() as session:
            values = {
                "account": "county", "person_id": known_person(self.ctx, session, "county", "o-1"),
                "bundle": f"{next(numbers):032x}", "name": "王秀英", "phone": "17000005678",
                "urgent": False, "living": VILLAGE, "home": VILLAGE, "incident": None,
                "on_behalf": False, "scheme": None, "consent_version": "1:both",
                "answers": {"what": "房子漏了"},
            }
            receipt = submit(self.ctx, session, Application(**values | changes)).receipt
        # As the worker does within the minute.
        clockwork.catch_up(self.ctx)
        return receipt

    def move(
        self, receipt: str, move: str, who: str = "officer", *, ready: bool = True, **more: Any
    ) -> None:
        """Make a move with everything that any move needs; what was to be done before it is, where
        it is `ready`."""
        values: dict[str, Any] = {
            "unit": "民政办", "officer_id": self.staff["officer"].id, "missing": ("户口本",),
            "words": "家里的情况符合", "reason": "不办了", "scheme": "dibao",
            "departments": self._first_department(),
            "grant": Grant("money", Decimal("300.00"), monthly=True), "from_on": self.ctx.today(),
        } | more
        if ready:
            with self.ctx.db.begin() as session:
                visit_for(self.ctx, session, receipt, move)
        with self.ctx.db.begin() as session:
            version = self.of(receipt).version
            make_move(self.ctx, session, self.staff[who], receipt, Step(move, version, **values))

    def _first_department(self) -> tuple[str, ...]:
        """One of the county's directory, which is filled in where it is empty."""
        with self.ctx.db.begin() as session:
            fill_in(self.ctx, session, COUNTY)
            first = session.scalars(select(Department.id).order_by(Department.id)).first()
        return (str(first),)

    def accepted(self, **changes: Any) -> str:
        receipt = self.case(**changes)
        self.move(receipt, "register")
        self.move(receipt, "accept")
        return receipt

    def of(self, receipt: str) -> Case:
        with self.ctx.db.read() as session:
            return session.scalars(select(Case).where(Case.receipt == receipt)).one()

    def clocks(self, receipt: str) -> dict[str, CaseClock]:
        """Every living clock of a case by its kind."""
        with self.ctx.db.read() as session:
            query = select(CaseClock).join(Case, Case.id == CaseClock.case_id)
            rows = session.scalars(query.where(Case.receipt == receipt, CaseClock.state != "over"))
            return {row.kind: row for row in rows}

    def events(self, receipt: str, kind: str) -> list[CaseEvent]:
        with self.ctx.db.read() as session:
            query = select(CaseEvent).join(Case, Case.id == CaseEvent.case_id)
            found = query.where(Case.receipt == receipt, CaseEvent.kind == kind)
            return list(session.scalars(found.order_by(CaseEvent.id)))

    def pushes(self, receipt: str, occasion: str, kind: str = "") -> list[Push]:
        with self.ctx.db.read() as session:
            query = select(Push).join(Case, Case.id == Push.case_id)
            found = query.where(Case.receipt == receipt, Push.occasion == occasion)
            rows = list(session.scalars(found.order_by(Push.id)))
        return [row for row in rows if row.details.get("kind", "") == kind or not kind]


@contextmanager
def opened(url: str, folder: Path, **changes: Any) -> Iterator[House]:
    """A county on this database, on 24 November 2026."""
    ctx, clock = county(url, folder, **changes)
    house = House(ctx, clock)
    with ctx.db.read() as session:
        for member in session.scalars(select(Staff).order_by(Staff.id)):
            wanted = member.area in (DAWAN, COUNTY)
            name = str(member.role)
            if wanted and name in house.staff:
                name = f"other {name}"
            if wanted:
                house.staff[name] = view_of(member)
    house.go_to(date(2026, 11, 24))
    try:
        yield house
    finally:
        ctx.db.close()
