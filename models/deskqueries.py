"""The desk's queue and what it counts; every query scoped by area (`casequeries.in_area`).

Whatever stands in the archive costs nothing here: rows are read along an index from a key on
(no OFFSET), and nothing is counted further than `CAP`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session

from models.areas import Area, Level
from models.casequeries import PAGE, in_area
from models.cases import Attachment, Case
from models.groups import CALLING, Group, turn_of
from models.kinscope import not_kept_from
from models.numbers import read_number
from models.policy import StaffView
from models.sealed import KeyRing
from models.tasks import Task

Wide = Select[*tuple[Any, ...]]
FOUND_LIMIT = 50
# Counted so far and no further; the desk then says 999+.
CAP = 999
# What is over is by far the most, and nobody needs its number.
COUNTED = tuple(group for group in Group if group is not Group.DONE)


class Only(StrEnum):
    """A narrower look at the same queue."""

    LATE = "late"
    TODAY = "today"
    URGENT = "urgent"
    CALLS = "calls"
    MINE = "mine"


@dataclass(frozen=True)
class Sight:
    """What of the queue is looked at: a group (None: all that is to be done), narrower, from where.

    `after` or `before` is the key (turn, id) of the row next to the page.
    """

    group: Group | None = None
    only: Only | None = None
    township: str = ""
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None

    def query(self, **other: Any) -> dict[str, str]:
        """As the address carries it; `other` replaces fields, and begins at the top again."""
        sight = replace(self, **{"after": None, "before": None, **other})
        values = {
            "at": sight.group or "", "only": sight.only or "", "township": sight.township,
            "after": written(sight.after), "before": written(sight.before),
        }
        return {key: str(value) for key, value in values.items() if value}


def written(key: tuple[int, int] | None) -> str:
    """A row's key as an address carries it."""
    return f"{key[0]}.{key[1]}" if key else ""


def read_key(said: str | None) -> tuple[int, int] | None:
    """A row's key as an address carries it; raises ValueError."""
    if not said:
        return None
    turn, _, number = said.partition(".")
    sign = -1 if turn.startswith("-") else 1
    return sign * read_number(turn.removeprefix("-")), read_number(number)


@dataclass(frozen=True)
class Counts:
    """How many there are, none beyond `CAP` + 1; each a number that can be clicked."""

    groups: dict[Group, int]
    open: int
    narrow: dict[Only, int]


def _only(only: Only, staff: StaffView, today: date) -> ColumnElement[bool]:
    first = turn_of(today, urgent=True)
    match only:
        case Only.LATE:
            return Case.to_do.is_(True) & (Case.turn < first)
        case Only.TODAY:
            return Case.to_do.is_(True) & Case.turn.between(first, first + 1)
        case Only.URGENT:
            return Case.urgent.is_(True) & Case.to_do.is_(True)
        case Only.CALLS:
            return Case.call.in_(sorted(CALLING))
        case Only.MINE:
            return (Case.officer_id == staff.id) & Case.to_do.is_(True)


def _seen(query: Wide, staff: StaffView, township: str) -> Wide:
    scoped = in_area(query, staff)
    return scoped.where(Case.township == township) if township else scoped


def asked(query: Wide, staff: StaffView, sight: Sight, today: date) -> Wide:
    """The query narrowed to what a sight shows, without its page."""
    query = _seen(query, staff, sight.township)
    if sight.only:
        query = query.where(_only(sight.only, staff, today))
    if sight.group:
        return query.where(Case.queue == sight.group)
    return query if sight.only else query.where(Case.to_do.is_(True))


def rows(
    session: Session, staff: StaffView, sight: Sight, today: date
) -> tuple[Sequence[Case], bool]:
    """A page of the queue, the oldest deadline first, and whether more follow in its direction."""
    query, place = asked(select(Case), staff, sight, today), tuple_(Case.turn, Case.id)
    if sight.after:
        query = query.where(place > sight.after)
    if sight.before:
        query = query.where(place < sight.before).order_by(Case.turn.desc(), Case.id.desc())
    else:
        query = query.order_by(Case.turn, Case.id)
    found = session.scalars(query.limit(PAGE + 1)).all()
    page = found[:PAGE]
    return page[::-1] if sight.before else page, len(found) > PAGE


def _capped(query: Wide) -> ScalarSelect[int]:
    """How many rows, counted no further than `CAP` + 1."""
    few = query.limit(CAP + 1).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def counts(session: Session, staff: StaffView, township: str, today: date) -> Counts:
    """How many stand in each group, and how many a narrower look would show; one statement."""
    sights = [*(Sight(group) for group in COUNTED), Sight(), *(Sight(only=only) for only in Only)]
    found = session.execute(
        select(*(
            _capped(asked(select(Case.id), staff, replace(sight, township=township), today))
            for sight in sights
        ))
    ).one()
    groups, narrow = found[: len(COUNTED)], found[len(COUNTED) + 1 :]
    return Counts(
        dict(zip(COUNTED, groups, strict=True)), found[len(COUNTED)],
        dict(zip(Only, narrow, strict=True)),
    )


@dataclass(frozen=True)
class Place:
    """What stands at one township."""

    code: str
    name: str
    late: int
    today: int
    groups: dict[Group, int]


def by_township(session: Session, staff: StaffView, today: date) -> list[Place]:
    """Every township of the county side by side; one statement."""
    first = turn_of(today, urgent=True)
    here = (
        select(Case.id).where(Case.township == Area.code, not_kept_from(staff)).correlate(Area)
    )
    columns: list[Wide] = [
        here.where(Case.to_do.is_(True), Case.turn < first),
        here.where(Case.to_do.is_(True), Case.turn.between(first, first + 1)),
        *(here.where(Case.queue == group) for group in COUNTED),
    ]
    query = select(Area.code, Area.name, *(_capped(column) for column in columns))
    query = query.where(Area.parent == staff.area, Area.level == Level.TOWNSHIP)
    return [
        Place(code, name, late, now, dict(zip(COUNTED, groups, strict=True)))
        for code, name, late, now, *groups in session.execute(query.order_by(Area.code))
    ]


def named(session: Session, staff: StaffView, keys: KeyRing, said: str) -> Sequence[Case]:
    """Cases by a whole name or telephone number, the newest first."""
    by_name = Case.name_key == keys.lookup("name", said)
    by_phone = Case.phone_key == keys.lookup("phone", said)
    query = in_area(select(Case), staff).where(by_name | by_phone)
    return session.scalars(query.order_by(Case.id.desc()).limit(FOUND_LIMIT)).all()


def paper(session: Session, staff: StaffView, attachment_id: int) -> Attachment | None:
    """One paper, or None where its case lies outside the staff's area."""
    of_task = select(Task.case_id).where(Task.bundle == Attachment.bundle).scalar_subquery()
    query: Wide = select(Attachment).join(
        Case, (Case.bundle == Attachment.bundle) | (Case.id == of_task)
    )
    found: Attachment | None = session.scalars(
        in_area(query, staff).where(Attachment.id == attachment_id)
    ).one_or_none()
    return found
