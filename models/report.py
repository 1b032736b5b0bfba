"""The month's numbers as counties report them: 户数、人数、当月新增、当月退出、资金支出.

(policy.md, 统计). Drawn from the register of help (`models/assistance.py`): what is given month
after month counts as households; what is given once counts in the month in which it was given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from models.areas import prefix
from models.assistance import Assistance, AssistanceChange
from models.deskqueries import Wide
from models.figures import Span
from models.granting import amount_on
from models.policy import StaffView


@dataclass(frozen=True)
class Report:
    """One township's line for one scheme. `once` counts help that was given a single time."""

    township: str
    scheme: str
    households: int = 0
    persons: int = 0
    begun: int = 0
    ended: int = 0
    once: int = 0
    spent: Decimal = Decimal("0.00")


def _in_area(query: Wide, staff: StaffView, span: Span) -> Wide:
    digits = prefix(staff.area)
    if len(digits) == 6:
        query = query.where(Assistance.county == staff.area)
    else:
        query = query.where(Assistance.township == digits.ljust(12, "0")[:9] + "000")
    if span.township:
        query = query.where(Assistance.township == span.township)
    return query.where(Assistance.scheme == span.scheme) if span.scheme else query


def reported(session: Session, staff: StaffView, span: Span) -> list[Report]:
    """A line for each township and scheme with anything to report; two statements."""
    found: dict[tuple[str, str], Report] = {}
    for township, scheme, households, persons, begun, ended, spent in session.execute(
        _regular(staff, span)
    ):
        if households or begun or ended:
            found[township, scheme] = Report(
                township, scheme, households, persons or 0, begun, ended, spent=_money(spent)
            )
    for township, scheme, once, spent in session.execute(_once(staff, span)):
        line = found.get((township, scheme), Report(township, scheme))
        found[township, scheme] = replace(line, once=once, spent=line.spent + _money(spent))
    return [found[key] for key in sorted(found)]


def _money(spent: object) -> Decimal:
    """SQLite adds up in floating point: two places are what there was."""
    return Decimal(str(spent or 0)).quantize(Decimal("0.01"))


def _regular(staff: StaffView, span: Span) -> Wide:
    first, end = span.first, span.end
    begins, ends = Assistance.from_on, Assistance.until_on
    stands = and_(begins < end, or_(ends.is_(None), ends >= end))
    paid = and_(begins < end, or_(ends.is_(None), ends >= first))
    query: Wide = select(
        Assistance.township, Assistance.scheme, func.count().filter(stands),
        func.sum(Assistance.persons).filter(stands),
        func.count().filter(_within(begins, first, end)),
        func.count().filter(_within(ends, first, end)),
        func.sum(amount_on(span.last)).filter(paid),
    ).where(Assistance.from_on.is_not(None))
    return _in_area(query, staff, span).group_by(Assistance.township, Assistance.scheme)


def _within(day: SQLColumnExpression[Any], first: date, end: date) -> ColumnElement[bool]:
    return and_(day >= first, day < end)


def _once(staff: StaffView, span: Span) -> Wide:
    given = and_(
        AssistanceChange.assistance_id == Assistance.id, AssistanceChange.kind == "finish",
        _within(AssistanceChange.from_on, span.first, span.end),
    )
    query: Wide = select(
        Assistance.township, Assistance.scheme, func.count(), func.sum(AssistanceChange.after)
    ).join(AssistanceChange, given)
    return _in_area(query, staff, span).group_by(Assistance.township, Assistance.scheme)


def total(found: list[Report]) -> Report:
    """All lines in one."""
    return Report(
        "", "", sum(line.households for line in found), sum(line.persons for line in found),
        sum(line.begun for line in found), sum(line.ended for line in found),
        sum(line.once for line in found), sum((line.spent for line in found), Decimal("0.00")),
    )
