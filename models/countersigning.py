"""What one person of a county puts and another signs: the part that all such changes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.areas import covers
from models.context import Context
from models.policy import NotAllowed, StaffView, is_same_person
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from models.twosigned import TwoSigned

GONE = mark("这一条刚才有人动过了。下面是最新的情况。")

T = TypeVar("T", bound=TwoSigned)


@dataclass(frozen=True)
class Countersigned(Generic[T]):
    """One kind of change: its table, its name in the audit log, and the words of its refusals.

    All raise NotAllowed; what takes a number also LookupError and MoveRefused.
    """

    table: type[T]
    name: str
    not_county: str
    needs_another: str

    def must_be_county(self, staff: StaffView) -> None:
        """Only a county's own people put and sign."""
        if staff.role is not Role.COUNTY:
            raise NotAllowed(self.not_county)

    def to_sign(self, session: Session, staff: StaffView, number: int) -> T:
        """The change that waits, for somebody else than who put it."""
        change = self._open(session, staff, number)
        if is_same_person(staff, change.put):
            raise NotAllowed(self.needs_another)
        return change

    def drop(self, ctx: Context, session: Session, staff: StaffView, number: int) -> T:
        """Not right: it waits for nobody any longer; also who put it may take it back."""
        change = self._open(session, staff, number)
        self.settle(ctx, session, staff, change, "dropped")
        return change

    def settle(
        self, ctx: Context, session: Session, staff: StaffView, change: T, state: str
    ) -> None:
        """It waits no longer: `signed` or `dropped`, by whom and when."""
        change.state, change.signed_by, change.signed_at = state, staff.id, ctx.now()
        self.record(ctx, session, staff, state, change)

    def record(
        self, ctx: Context, session: Session, staff: StaffView, what: str, change: T
    ) -> None:
        """Into the audit log."""
        details: dict[str, Any] = {**change.about}
        audit.record(
            session, ctx.now(), f"{self.name}.{what}", self.name, change.id, staff_id=staff.id,
            area=change.area, **details,
        )

    def _open(self, session: Session, staff: StaffView, number: int) -> T:
        self.must_be_county(staff)
        query = select(self.table).where(self.table.id == number)
        found = session.scalars(query.with_for_update(of=self.table)).one_or_none()
        if found is None or not covers(staff.area, found.area):
            raise LookupError(number)
        if found.state != "open":
            raise MoveRefused(GONE)
        return found
