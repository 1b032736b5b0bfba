"""The door-knock list (上门名单): households that a notice did not reach, by village, and what
has closed each line since: another notice that arrived, a knock, a visit, a telephone call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models import audit
from models.casequeries import in_area
from models.cases import Case, CaseEvent
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.errands import Errand, ErrandKind
from models.policy import NotAllowed, StaffView
from models.pushes import ARRIVED, UNDELIVERED, Push
from models.pushreport import NOT_SHOWN, Span
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind, Status
from models.tasks import Task, TaskKind
from models.timeline import beside

# Longer lists nobody walks; a county looks at one township at a time.
MOST = 500


class How(StrEnum):
    """How a line came to be closed."""

    ARRIVED = "arrived"
    KNOCKED = "knocked"
    VISITED = "visited"
    PHONE = "phone"
    DOOR = "door"


HOWS = {
    How.ARRIVED: mark("后来的通知送到了"),
    How.KNOCKED: mark("协理员上门说过了"),
    How.VISITED: mark("上门看过了"),
    How.PHONE: mark("镇上打电话说过了"),
    How.DOOR: mark("镇上上门说过了"),
}
# Steps that close a line; what an officer says of it is a step as well.
STEPS = {
    EventKind.KNOCKED: How.KNOCKED, EventKind.VISITED: How.VISITED,
    EventKind.TOLD_BY_PHONE: How.PHONE, EventKind.TOLD_AT_DOOR: How.DOOR,
}
SAID = {How.PHONE: EventKind.TOLD_BY_PHONE, How.DOOR: EventKind.TOLD_AT_DOOR}


@dataclass(frozen=True)
class Door:
    """One household: the last notice that it did not get, who is to go, and what closed it."""

    case: Case
    push: Push
    errand: Errand | None
    closed: How | None
    closed_at: datetime | None

    @property
    def lost_at(self) -> datetime:
        """When the notice was given up."""
        return self.push.ended_at or self.push.created_at


def lost(*more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """That a push to the person of a case reached nobody, and it can be told at their door."""
    return (
        Push.state.in_(UNDELIVERED), Push.occasion.not_in(NOT_SHOWN),
        Push.person_id == Case.person_id,
        # Who speaks for others lives who knows where.
        Case.on_behalf.is_(False),
        Case.status.not_in((Status.WITHDRAWN, Status.MERGED)), *more,
    )


def doors(
    session: Session, staff: StaffView, span: Span, *more: ColumnElement[bool]
) -> list[Door]:
    """Every household of the area that a notice of this time did not reach; by village, the open
    ones first. `more` narrows it (a township, a village, a campaign). Six statements in all."""
    last: Select[Any] = in_area(
        select(func.max(Push.id).label("push_id")).select_from(Push)
        .join(Case, Case.id == Push.case_id)
        .where(*lost(*more), Push.created_at >= span.since, Push.created_at < span.until)
        .group_by(Push.case_id),
        staff,
    )
    rows = session.execute(
        select(Push, Case).join(Case, Case.id == Push.case_id).where(Push.id.in_(last))
        .order_by(Case.township, Case.living_area, Push.id).limit(MOST)
    ).all()
    known = _Since(session, [case for _, case in rows])
    found = [known.door(push, case) for push, case in rows]
    return sorted(found, key=lambda one: (
        one.case.township, one.case.living_area or "", one.closed is not None, -one.push.id
    ))


class _Since:
    """What has happened since to these cases; four statements."""

    def __init__(self, session: Session, cases: Sequence[Case]) -> None:
        numbers = [case.id for case in cases]
        self._arrived = {
            row.person_id: (row.number, row.at)
            for row in session.execute(
                select(Push.person_id, func.max(Push.id).label("number"),
                       func.max(func.coalesce(Push.ended_at, Push.created_at)).label("at"))
                .where(Push.person_id.in_([case.person_id for case in cases]),
                       Push.state.in_(ARRIVED))
                .group_by(Push.person_id)
            )
        }
        self._steps: dict[int, list[tuple[datetime, How]]] = {}
        for number, kind, at in session.execute(
            select(CaseEvent.case_id, CaseEvent.kind, func.max(CaseEvent.at))
            .where(CaseEvent.case_id.in_(numbers), CaseEvent.kind.in_(list(STEPS)))
            .group_by(CaseEvent.case_id, CaseEvent.kind)
        ):
            self._steps.setdefault(number, []).append((at, STEPS[EventKind(kind)]))
        for number, done_at in session.execute(
            select(Task.case_id, func.max(Task.done_at)).where(
                Task.case_id.in_(numbers), Task.kind == TaskKind.SURVEY, Task.state == "done",
                Task.done_at.is_not(None),
            ).group_by(Task.case_id)
        ):
            if done_at is not None:
                self._steps.setdefault(number, []).append((done_at, How.VISITED))
        self._errands: dict[int, Errand] = {
            one.case_id: one
            for one in session.scalars(
                select(Errand).where(
                    Errand.case_id.in_(numbers), Errand.kind == ErrandKind.KNOCK
                ).order_by(Errand.id)
            )
        }

    def door(self, push: Push, case: Case) -> Door:
        """The line of one household."""
        lost_at = push.ended_at or push.created_at
        closing = [step for step in self._steps.get(case.id, []) if step[0] >= lost_at]
        number, at = self._arrived.get(case.person_id, (0, lost_at))
        if number > push.id:
            closing.append((max(at, lost_at), How.ARRIVED))
        closed_at, closed = min(closing, default=(None, None))
        errand = self._errands.get(case.id)
        if errand is not None and errand.state != "open" and errand.created_at < lost_at:
            errand = None
        return Door(case, push, errand, closed, closed_at)


def tell(ctx: Context, session: Session, staff: StaffView, receipt: str, how: How) -> Case:
    """The township has told them itself. Raises LookupError, NotAllowed; said twice it is once."""
    case = locked_case(session, staff, receipt)
    if staff.role not in CASE_ROLES or how not in SAID:
        raise NotAllowed(NOT_YOURS)
    last = session.scalar(
        select(func.max(CaseEvent.at))
        .where(CaseEvent.case_id == case.id, CaseEvent.kind == SAID[how])
    )
    lost_at = session.scalar(
        select(func.max(func.coalesce(Push.ended_at, Push.created_at)))
        .join(Case, Case.id == Push.case_id).where(Push.case_id == case.id, *lost())
    )
    if lost_at is None or (last is not None and last >= lost_at):
        return case
    step = beside(ctx, case, SAID[how])
    step.staff_id = staff.id
    session.add(step)
    audit.record(
        session, ctx.now(), "door.told", "case", case.id, staff_id=staff.id, how=how.value
    )
    return case
