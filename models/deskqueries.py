"""The desk's queue and what it counts; every query scoped by area (`casequeries.in_area`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from models.casequeries import PAGE, in_area
from models.cases import Attachment, Case, CaseEvent
from models.policy import StaffView
from models.sealed import KeyRing
from models.statuses import TO_DO, EventKind, Status
from models.tasks import Task

Wide = Select[*tuple[Any, ...]]
# What a resident may have done since staff last looked; said in the queue's row.
CALLING = (EventKind.SUPPLIED, EventKind.ALL_SUPPLIED, EventKind.WITHDRAW_ASKED)
FOUND_LIMIT = 50


class Only(StrEnum):
    """A narrower look at the same queue."""

    LATE = "late"
    URGENT = "urgent"
    CALLS = "calls"
    MINE = "mine"


@dataclass(frozen=True)
class Sight:
    """What of the queue is looked at: a status (None: all open ones), narrower, which page."""

    status: Status | None = None
    only: Only | None = None
    township: str = ""
    page: int = 1

    @property
    def statuses(self) -> tuple[Status, ...]:
        return (self.status,) if self.status else tuple(s for s in Status if s in TO_DO)

    def query(self, page: int | None = None, **other: Any) -> dict[str, str]:
        """As the address carries it; `other` replaces fields, and begins at page 1 again."""
        sight = replace(self, page=page or 1, **other)
        values = {
            "at": sight.status or "", "only": sight.only or "", "township": sight.township,
            "page": str(sight.page) if sight.page > 1 else "",
        }
        return {key: str(value) for key, value in values.items() if value}


@dataclass(frozen=True)
class Counts:
    """How many there are, each a number that can be clicked."""

    by_status: dict[Status, int]
    open: int
    narrow: dict[Only, int]


def _only(only: Only, staff: StaffView, today: date) -> ColumnElement[bool]:
    match only:
        case Only.LATE:
            return Case.due_on < today
        case Only.URGENT:
            return Case.urgent.is_(True)
        case Only.CALLS:
            last = select(CaseEvent.kind).where(CaseEvent.case_id == Case.id)
            return Case.status.in_(TO_DO) & (
                last.order_by(CaseEvent.id.desc()).limit(1).scalar_subquery().in_(CALLING)
            )
        case Only.MINE:
            return Case.officer_id == staff.id


def _seen(query: Wide, staff: StaffView, township: str) -> Wide:
    scoped = in_area(query, staff)
    return scoped.where(Case.township == township) if township else scoped


def rows(
    session: Session, staff: StaffView, sight: Sight, today: date
) -> tuple[Sequence[Case], bool]:
    """A page of the queue, the oldest deadline first, and whether there is a next page."""
    query = _seen(select(Case), staff, sight.township).where(Case.status.in_(sight.statuses))
    if sight.only:
        query = query.where(_only(sight.only, staff, today))
    if sight.status and sight.status not in TO_DO:
        query = query.order_by(Case.updated_at.desc(), Case.id.desc())
    else:
        query = query.order_by(Case.due_on.is_(None), Case.due_on, Case.urgent.desc(), Case.id)
    found = session.scalars(query.offset((sight.page - 1) * PAGE).limit(PAGE + 1)).all()
    return found[:PAGE], len(found) > PAGE


def counts(session: Session, staff: StaffView, township: str, today: date) -> Counts:
    """What stands in each status, and how many of the open ones a narrower look would show."""
    query: Wide = select(
        Case.status, func.count(),
        *(func.count().filter(_only(only, staff, today)) for only in Only),
    )
    found: dict[Status, tuple[int, ...]] = {
        Status(row[0]): tuple(row[1:])
        for row in session.execute(_seen(query, staff, township).group_by(Case.status))
    }
    of_open = [numbers for status, numbers in found.items() if status in TO_DO]
    sums = [sum(numbers[place] for numbers in of_open) for place in range(len(Only) + 1)]
    by_status = {status: found[status][0] if status in found else 0 for status in Status}
    return Counts(by_status, sums[0], dict(zip(Only, sums[1:], strict=True)))


def by_township(
    session: Session, staff: StaffView, today: date
) -> dict[str, tuple[dict[Status, int], int]]:
    """Of each township with cases: how many in each status, and how many open ones are late."""
    late = func.count().filter(Case.due_on < today, Case.status.in_(TO_DO))
    query = in_area(select(Case.township, Case.status, func.count(), late), staff)
    found: dict[str, tuple[dict[Status, int], int]] = {}
    for township, status, number, overdue in session.execute(
        query.group_by(Case.township, Case.status)
    ):
        numbers, before = found.get(township, ({}, 0))
        found[township] = (numbers | {Status(status): number}, before + overdue)
    return found


def last_kinds(session: Session, cases: Sequence[Case]) -> dict[int, str]:
    """What was done last with each of these cases."""
    last = select(func.max(CaseEvent.id)).where(CaseEvent.case_id.in_([c.id for c in cases]))
    query = select(CaseEvent.case_id, CaseEvent.kind).where(
        CaseEvent.id.in_(last.group_by(CaseEvent.case_id))
    )
    return {case_id: kind for case_id, kind in session.execute(query)}  # noqa: C416  # rows, not pairs


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
