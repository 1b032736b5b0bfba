"""A household that is helped month by month, by the moves that lead there; on either database."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models import casework, granting
from models.assistance import Assistance
from models.cases import Case, CaseEvent
from models.context import Context
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.pushes import Push
from models.speaking import known_person
from models.statuses import Role
from models.steps import Grant, MoveRefused, Step
from models.submitting import Application, submit
from tests.models.county import county
from tests.models.visits import visit_for
from tests.service import Clock
from webhooks.demo.county import COUNTY

DAWAN, QINGSHI = "450799101000", "450799102000"
VILLAGES = {DAWAN: "450799101200", QINGSHI: "450799102200"}
numbers = itertools.count()


@dataclass
class Ground:
    """A county with its staff, its clock, and the ways to get a case somewhere."""

    ctx: Context
    clock: Clock

    def staff(self, role: Role, area: str = DAWAN) -> StaffView:
        with self.ctx.db.read() as session:
            found = session.scalars(
                select(Staff).where(Staff.role == role, Staff.area == area).order_by(Staff.id)
            ).first()
        assert found is not None, (role, area)
        return StaffView(found.id, found.name, role, found.area, found.unit, found.person_id)

    @property
    def county(self) -> StaffView:
        return self.staff(Role.COUNTY, COUNTY)

    def case(self, receipt: str) -> Case:
        with self.ctx.db.read() as session:
            return session.scalars(select(Case).where(Case.receipt == receipt)).one()

    def given(self, receipt: str) -> Assistance:
        with self.ctx.db.read() as session:
            found = granting.of_case(session, self.case(receipt).id)
        assert found is not None
        return found

    def events(self, receipt: str) -> list[CaseEvent]:
        with self.ctx.db.read() as session:
            case = session.scalars(select(Case).where(Case.receipt == receipt)).one()
            query = select(CaseEvent).where(CaseEvent.case_id == case.id)
            return list(session.scalars(query.order_by(CaseEvent.id)))

    def pushes(self, occasion: str) -> list[Push]:
        with self.ctx.db.read() as session:
            query = select(Push).where(Push.occasion == occasion).order_by(Push.id)
            return list(session.scalars(query))

    def do(self, use: Callable[..., Any], *values: Any, **more: Any) -> Any:
        """A use case in a transaction of its own."""
        with self.ctx.db.begin() as session:
            return use(self.ctx, session, *values, **more)

    def move(self, receipt: str, who: StaffView, move: str, **more: Any) -> None:
        with self.ctx.db.begin() as session:
            visit_for(self.ctx, session, receipt, move)
        self.do(casework.make_move, who, receipt, Step(move, self.case(receipt).version, **more))

    def forward(self, receipt: str, who: StaffView, move: str, **more: Any) -> None:
        self.do(casework.put_forward, who, receipt, Step(move, self.case(receipt).version, **more))

    def refused(self, use: Callable[..., Any], *values: Any, **more: Any) -> str:
        """Why it was refused; fails where it was not."""
        try:
            self.do(use, *values, **more)
        except (MoveRefused, NotAllowed) as wrong:
            return str(wrong.reason)
        raise AssertionError("it was not refused")

    def person(self, openid: str = "o-helped") -> int:
        with self.ctx.db.begin() as session:
            return known_person(self.ctx, session, "county", openid)

    def registered(
        self, township: str = DAWAN, openid: str = "o-helped", **said: Any
    ) -> str:
        village = VILLAGES[township]
        officer = self.staff(Role.OFFICER, township)
        made = Application(
            account="county", person_id=self.person(openid), bundle=f"{next(numbers):032x}",
            phone="17000005678", incident=None,
            on_behalf=False, scheme=None, consent_version="1:both",
            answers={"what": "爹妈都不在了"},
            **({"urgent": False, "name": "王秀英", "living": village, "home": village} | said),
        )
        with self.ctx.db.begin() as session:
            receipt: str = submit(self.ctx, session, made).receipt
        self.move(receipt, officer, "register", unit="民政办", officer_id=officer.id)
        return receipt

    def helped(
        self, township: str = DAWAN, amount: str = "300.00", openid: str = "o-helped",
        **assist: Any,
    ) -> str:
        """A child that gets so much each month from today on."""
        receipt = self.registered(township, openid)
        officer, grant = self.staff(Role.OFFICER, township), money(amount)
        self.move(receipt, officer, "accept", scheme="child")
        self.move(receipt, officer, "investigate")
        self.move(receipt, officer, "forward", grant=grant)
        self.move(receipt, self.county, "grant")
        self.move(receipt, officer, "assist", from_on=self.ctx.today(), **assist)
        return receipt

    def proposed(
        self, name: str = "王秀英", amount: str = "410.00", village: str = VILLAGES[DAWAN],
        scheme: str = "dibao",
    ) -> str:
        """Someone of whom so much each month was put forward, and hangs in public."""
        receipt = self.registered(DAWAN, f"o-{next(numbers)}", name=name, living=village)
        officer = self.staff(Role.OFFICER)
        self.move(receipt, officer, "accept", scheme=scheme)
        self.move(receipt, officer, "investigate")
        self.move(receipt, officer, "propose", grant=money(amount))
        return receipt

    def listed(self, name: str = "王秀英", amount: str = "410.00", **more: str) -> str:
        """Someone who gets so much each month from today on, after the notice of it."""
        receipt, officer = self.proposed(name, amount, **more), self.staff(Role.OFFICER)
        self.later(10)
        self.move(receipt, officer, "conclude")
        self.move(receipt, self.county, "grant")
        self.move(receipt, officer, "assist", from_on=self.ctx.today())
        return receipt

    def cared_for(self, receipt: str) -> None:
        """From a registered case to 特困 help month by month, with the notice that it needs."""
        officer = self.staff(Role.OFFICER)
        self.move(receipt, officer, "accept", scheme="tekun")
        self.move(receipt, officer, "investigate")
        self.move(receipt, officer, "propose", grant=money("900.00"))
        self.later(10)
        self.move(receipt, officer, "conclude")
        self.move(receipt, self.county, "grant")
        self.move(receipt, officer, "assist", from_on=self.ctx.today())

    def later(self, days: int) -> date:
        self.clock.advance(timedelta(days=days))
        return self.ctx.today()


def money(amount: str) -> Grant:
    return Grant("money", Decimal(amount), "", True, 2)


def ground(url: str, folder: Path) -> Ground:
    return Ground(*county(url, folder))
