"""What a decision does to the register: assistance is granted, begins, changes and ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.assistance import Assistance, AssistanceChange
from models.cases import Case
from models.context import Context
from models.moves import Move
from models.paces import interval
from models.policy import StaffView
from models.steps import Grant, Step, grant_of

STATE = {
    "grant": "granted", "grant_urgent": "granted", "assist": "running", "adjust": "running",
    "taper": "tapering", "stop": "ended", "finish": "ended", "settle_death": "ended",
}


def of_case(session: Session, case_id: int) -> Assistance | None:
    """The help that a case gives, or None where nothing was granted."""
    return session.scalars(select(Assistance).where(Assistance.case_id == case_id)).one_or_none()


def amount_on(last: date) -> ColumnElement[Decimal | None]:
    """What is given on a day: of the changes that had begun by then the last decided."""
    return (
        select(AssistanceChange.after)
        .where(AssistanceChange.assistance_id == Assistance.id, AssistanceChange.from_on <= last)
        .order_by(AssistanceChange.id.desc()).limit(1)
        .correlate(Assistance).scalar_subquery()
    )


def carry_out(
    ctx: Context, session: Session, case: Case, line: Move, step: Step,
    details: dict[str, Any], staff: StaffView | None,
) -> None:
    """Write to the register what this move means for it; other moves mean nothing."""
    if line.name not in STATE:
        return
    found = of_case(session, case.id)
    kept = details.get("grant")
    grant = grant_of(kept) if kept else None
    if found is None:
        if grant is None:
            return
        found = _begin(ctx, case, grant, urgent=line.name == "grant_urgent")
        session.add(found)
        session.flush()
    before = found.amount
    if grant is not None and line.name in ("adjust", "grant"):
        found.amount, found.form, found.words = grant.amount, grant.form, grant.words or None
        found.monthly, found.persons = grant.monthly, grant.persons
    # Only a day that the move asks for counts: a form may carry others.
    said = details.get("from_on") or details.get("died_on")
    day = date.fromisoformat(said) if said else ctx.today()
    found.state = STATE[line.name]
    if line.name == "assist":
        until = interval(ctx, case.township, case.scheme, step.recheck)
        found.from_on, found.recheck_months = day, until.months
        found.recheck_on = months_later(day, until.months)
    if found.state == "ended":
        found.until_on, found.recheck_on = day, None
    details.setdefault("grant", _as_grant(found).kept())
    session.add(
        AssistanceChange(
            assistance_id=found.id, kind=line.name, before=before, after=found.amount,
            from_on=day, staff_id=staff.id if staff else None, at=ctx.now(),
        )
    )


def _begin(ctx: Context, case: Case, grant: Grant, *, urgent: bool) -> Assistance:
    return Assistance(
        case_id=case.id, county=case.county, township=case.township, village=case.living_area,
        scheme=case.scheme or "temporary", form=grant.form, amount=grant.amount,
        words=grant.words or None, monthly=grant.monthly, persons=grant.persons, urgent=urgent,
        state="granted", decided_on=ctx.today(),
    )


def _as_grant(found: Assistance) -> Grant:
    return Grant(found.form, found.amount, found.words or "", found.monthly, found.persons)


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)
