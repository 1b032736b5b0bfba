"""What the desk's figures say: how many came, were in time, were late, and how long steps took.

All are counted by the database, in the staff's area. A case belongs to the month in which it
was received. It is late where one of the desk's own clocks ran out before its step was made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    SQLColumnExpression,
    String,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from models.casequeries import in_area
from models.cases import Case, CaseEvent
from models.clocks import CaseClock
from models.context import Context
from models.deadlines import working_days_left
from models.deskqueries import Wide
from models.moves import NOT_OURS, Clocks
from models.policy import StaffView
from models.searching import begins
from models.statuses import CLOSED, HELPED, Status

# The steps that people wait for: the name, and the moves that make it, whichever is first.
STEPS: dict[str, tuple[str, ...]] = {
    "register": ("register",),
    "accept": ("accept",),
    "decide": ("grant", "grant_urgent", "refuse"),
    "deliver": ("assist", "finish"),
}
TREND_MONTHS = 6


@dataclass(frozen=True)
class Span:
    """What is counted: the months from one on, and where, and which scheme; empty is all."""

    month: date
    township: str = ""
    scheme: str = ""
    months: int = 1

    @property
    def first(self) -> date:
        return earlier(self.month, self.months - 1)

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def end(self) -> date:
        """The day after the last."""
        return earlier(self.month, -1)


@dataclass(frozen=True)
class Line:
    """The figures of one township, one scheme or one month; `done` are those done in time."""

    key: str
    received: int
    late: int
    done: int
    declined: int
    refused: int

    @property
    def running(self) -> int:
        """Neither late nor done."""
        return self.received - self.late - self.done


@dataclass(frozen=True)
class Wait:
    """Working days from the receipt to a step: the median, and of how many cases."""

    step: str
    median: float
    number: int


def earlier(month: date, months: int) -> date:
    """The first day of the month so many months before."""
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def local_day(ctx: Context, moment: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The calendar day of a stored moment where the people are, as ISO text or date."""
    if ctx.db.is_sqlite:
        offset = ctx.now().astimezone(ctx.zone).utcoffset() or timedelta()
        return func.date(moment, f"{int(offset.total_seconds())} seconds")
    return cast(func.timezone(ctx.settings.time_zone, moment), Date)


def _cases(ctx: Context, staff: StaffView, span: Span, *columns: Any) -> Wide:
    """The cases received in this span, in the staff's area."""
    query = in_area(select(*columns).select_from(Case), staff).where(
        Case.created_at >= begins(ctx, span.first), Case.created_at < begins(ctx, span.end)
    )
    if span.township:
        query = query.where(Case.township == span.township)
    return query.where(Case.scheme == span.scheme) if span.scheme else query


def _ran_out(ctx: Context) -> ColumnElement[bool]:
    """Whether one of the desk's own clocks of the case was not kept."""
    ours = [clock for clock in Clocks if clock not in NOT_OURS]
    day = func.coalesce(local_day(ctx, CaseClock.over_at), literal(ctx.today(), Date))
    return (
        select(CaseClock.id)
        .where(
            CaseClock.case_id == Case.id, CaseClock.kind.in_(ours), day > CaseClock.due_on,
            # Nobody was late with what rested to its end.
            CaseClock.left.is_(None),
        )
        .correlate(Case).exists()
    )


def lines(
    ctx: Context, session: Session, staff: StaffView, span: Span, by: str
) -> list[Line]:
    """The figures of a span, a line for each `township`, `scheme` or `month`; one statement."""
    day = local_day(ctx, Case.created_at)
    key: SQLColumnExpression[Any] = {
        "township": Case.township, "scheme": func.coalesce(Case.scheme, ""),
        "month": func.substr(cast(day, String), 1, 7),
    }[by]
    each = _cases(
        ctx, staff, span, key.label("key"), Case.status, _ran_out(ctx).label("late")
    ).subquery()
    over = each.c.status.in_(sorted(CLOSED | HELPED))
    query = select(
        each.c.key, func.count(), func.count().filter(each.c.late),
        func.count().filter(over & ~each.c.late),
        func.count().filter(each.c.status == Status.DECLINED),
        func.count().filter(each.c.status == Status.REFUSED),
    ).group_by(each.c.key).order_by(each.c.key)
    return [Line(*row) for row in session.execute(query)]


def total(found: Iterable[Line]) -> Line:
    """All lines in one."""
    rows = [(one.received, one.late, one.done, one.declined, one.refused) for one in found]
    return Line("", *(sum(column) for column in zip((0, 0, 0, 0, 0), *rows, strict=True)))


def waits(ctx: Context, session: Session, staff: StaffView, span: Span) -> list[Wait]:
    """The median of working days from the receipt to each step; a statement a step.

    The database counts the pairs of days (a month has few), the calendar is applied to those.
    """
    found = []
    for step, moves in STEPS.items():
        first = (
            select(func.min(CaseEvent.at))
            .where(CaseEvent.case_id == Case.id, CaseEvent.kind.in_(moves))
            .correlate(Case).scalar_subquery()
        )
        each = _cases(
            ctx, staff, span, local_day(ctx, Case.created_at).label("came"),
            first.label("made"),
        ).subquery()
        made = local_day(ctx, each.c.made)
        query = select(each.c.came, made, func.count()).where(each.c.made.is_not(None))
        pairs = session.execute(query.group_by(each.c.came, made)).all()
        spread: Counter[int] = Counter()
        for came, reached, number in pairs:
            spread[working_days_left(_day(came), _day(reached), ctx.is_working)] += number
        middle = median(spread.elements()) if spread else 0
        found.append(Wait(step, middle, spread.total()))
    return found


def _day(said: Any) -> date:
    return said if isinstance(said, date) else date.fromisoformat(said)


def urgent(ctx: Context, session: Session, staff: StaffView, span: Span) -> tuple[int, int]:
    """Of the urgent cases: how many were received, and how many were first seen to in time."""
    limit = (CaseClock.case_id == Case.id) & (CaseClock.kind == Clocks.URGENT_REGISTRATION)
    query = _cases(
        ctx, staff, span, func.count(),
        func.count().filter(local_day(ctx, CaseClock.over_at) <= CaseClock.due_on),
    )
    row = session.execute(query.outerjoin(CaseClock, limit).where(Case.urgent.is_(True))).one()
    return row[0], row[1]


def month_of(ctx: Context, said: str) -> date:
    """A month as an address carries it (2026-11); this one where none is said.

    Raises ValueError; no month lies in the future.
    """
    today = ctx.today()
    if not said:
        return today.replace(day=1)
    found = datetime.strptime(said, "%Y-%m").replace(tzinfo=UTC).date()
    if not date(2000, 1, 1) <= found <= today:
        raise ValueError(said)
    return found
