"""The register of help: what standing lists and the payment roster are drawn from.

Everything that was granted, as values in a stable order (township, village, scheme, case);
every query is scoped by area. Names are sealed: whoever reads them for staff records that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models.areas import prefix
from models.assistance import Assistance, AssistanceChange
from models.cases import Case
from models.granting import amount_on
from models.kinscope import not_kept_from
from models.policy import StaffView
from models.settings import mark

STATES = {
    "granted": mark("等着发放"),
    "running": mark("救助中"),
    "tapering": mark("渐退期"),
    "ended": mark("已停"),
}
LIVE = ("granted", "running", "tapering")
GIVEN = ("running", "tapering")
PAGE = 30
Wide = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Entry:
    """One household of the register. `amount` is yuan, each month where `monthly`."""

    case_id: int
    receipt: str
    name: str
    township: str
    village: str | None
    scheme: str
    state: str
    form: str
    amount: Decimal | None
    words: str
    monthly: bool
    persons: int
    urgent: bool
    from_on: date | None
    until_on: date | None
    recheck_on: date | None


@dataclass(frozen=True)
class Look:
    """What of the register is looked at; empty means all. `due`: rechecks whose day has come.

    `reader`: who looks; what touches a relative of theirs is left out. A draw and a payment
    have none: they are of the whole register, whoever makes them.
    """

    township: str = ""
    village: str = ""
    scheme: str = ""
    states: tuple[str, ...] = LIVE
    due: date | None = None
    reader: StaffView | None = None


@dataclass(frozen=True)
class Totals:
    """How many households and persons, and what they get each month, in yuan."""

    households: int
    persons: int
    monthly: Decimal


def entries(
    session: Session, area: str, look: Look, today: date, page: int | None = None
) -> tuple[Entry, ...]:
    """The register of an area (county, township or village), all of it or one page from 1.

    Amounts are those of today: a change that is decided, but begins later, does not count yet.
    """
    query = _looked(_on(today), area, look)
    if page is not None:
        query = query.offset((page - 1) * PAGE).limit(PAGE)
    return tuple(_entry(*row) for row in session.execute(query))


def payable(session: Session, area: str, on: date) -> tuple[Entry, ...]:
    """Who is paid each month on this day, with the amount that holds on it.

    A change that begins later, or an end that has not come, does not count yet.
    """
    query = _on(on).where(_within(area), Assistance.form == "money", _monthly(on))
    return tuple(_entry(*row) for row in session.execute(query))


def standing(session: Session, area: str, scheme: str, on: date) -> tuple[Entry, ...]:
    """Who gets a scheme each month on this day, in money or in kind; as `payable` otherwise."""
    query = _on(on).where(_within(area), Assistance.scheme == scheme, _monthly(on))
    return tuple(_entry(*row) for row in session.execute(query))


def is_given(session: Session, area: str, scheme: str, on: date) -> bool:
    """Whether `standing` has anybody; opens no name."""
    query = select(Assistance.id).where(
        _within(area), Assistance.scheme == scheme, _monthly(on)
    )
    return session.scalar(query.limit(1)) is not None


def given_places(
    session: Session, schemes: Collection[str], on: date
) -> tuple[tuple[str, str, str], ...]:
    """Where somebody gets one of these schemes each month: (township, village, scheme)."""
    query = (
        select(Assistance.township, Assistance.village, Assistance.scheme)
        .where(Assistance.scheme.in_(schemes), Assistance.village.is_not(None), _monthly(on))
        .distinct().order_by(Assistance.township, Assistance.village, Assistance.scheme)
    )
    return tuple((row[0], row[1] or "", row[2]) for row in session.execute(query))


def _monthly(on: date) -> ColumnElement[bool]:
    begun = Assistance.from_on <= on
    not_over = Assistance.until_on.is_(None) | (Assistance.until_on > on)
    return Assistance.monthly.is_(True) & begun & not_over


def _on(day: date) -> Wide:
    """Households with the amount that holds on a day, in the register's order."""
    return (
        select(
            Assistance, Case.receipt, Case.name,
            func.coalesce(amount_on(day), Assistance.amount),
        )
        .join(Case, Case.id == Assistance.case_id)
        .order_by(
            Assistance.township, Assistance.village.is_(None), Assistance.village,
            Assistance.scheme, Assistance.case_id,
        )
    )


def totals(session: Session, area: str, look: Look, today: date) -> Totals:
    """What the whole look adds up to today."""
    each_month = func.sum(Assistance.amount).filter(Assistance.monthly.is_(True))
    query = _looked(
        select(func.count(), func.sum(Assistance.persons), each_month).select_from(Assistance),
        area, look,
    )
    households, persons, monthly = session.execute(query).one()
    changing = select(AssistanceChange.assistance_id).where(
        AssistanceChange.kind == "adjust", AssistanceChange.from_on > today
    )
    coming = _looked(
        select(func.sum(Assistance.amount - amount_on(today))).where(
            Assistance.monthly.is_(True), Assistance.id.in_(changing)
        ),
        area, look,
    )
    nothing = Decimal("0.00")
    now = (monthly or nothing) - (session.scalar(coming) or nothing)
    return Totals(households, persons or 0, now)


def counts(
    session: Session, area: str, today: date, reader: StaffView | None = None
) -> tuple[dict[str, int], int]:
    """How many in each state, and how many whose recheck is due."""
    every = Look(states=tuple(STATES), reader=reader)
    by_state = _looked(select(Assistance.state, func.count()), area, every)
    found = {str(row[0]): int(row[1]) for row in session.execute(
        by_state.group_by(Assistance.state)
    )}
    due = replace(every, states=GIVEN, due=today)
    number = _looked(select(func.count()).select_from(Assistance), area, due)
    return found, session.scalar(number) or 0


def _within(area: str) -> ColumnElement[bool]:
    digits = prefix(area)
    if len(digits) == 6:
        return Assistance.county == area
    if len(digits) == 9:
        return Assistance.township == area
    return Assistance.village == area


def _looked(query: Wide, area: str, look: Look) -> Wide:
    query = query.where(_within(area), Assistance.state.in_(look.states))
    if look.township:
        query = query.where(Assistance.township == look.township)
    if look.village:
        query = query.where(Assistance.village == look.village)
    if look.scheme:
        query = query.where(Assistance.scheme == look.scheme)
    if look.due is not None:
        query = query.where(Assistance.recheck_on <= look.due)
    if look.reader is not None:
        theirs = select(Case.id).where(not_kept_from(look.reader))
        query = query.where(Assistance.case_id.in_(theirs))
    return query


def _entry(given: Assistance, receipt: str, name: str, amount: Decimal | None) -> Entry:
    return Entry(
        given.case_id, receipt, name, given.township, given.village, given.scheme, given.state,
        given.form, amount, given.words or "", given.monthly, given.persons, given.urgent,
        given.from_on, given.until_on, given.recheck_on,
    )
