"""Finding cases: every query is scoped, for staff by area and for residents by person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from models.areas import prefix
from models.cases import Attachment, Case, CaseEvent
from models.kinscope import kept_out, not_kept_from
from models.leave import away
from models.merges import sources, target
from models.people import Staff
from models.policy import StaffView
from models.statuses import CASE_ROLES, OPEN, Role

PAGE = 30
Scoped = TypeVar("Scoped", bound=Select[*tuple[Any, ...]])


def in_area(query: Scoped, staff: StaffView) -> Scoped:
    """Only what lies in the staff's area, and touches none of their own declared relatives."""
    if staff.role in (Role.DEPARTMENT, Role.ASSISTANT):
        # A liaison sees referrals (`models/referrals.py`), an assistant what they reported; no
        # desk is theirs.
        return query.where(false())
    query = query.where(not_kept_from(staff))
    digits = prefix(staff.area)
    if len(digits) == 6:
        return query.where(Case.county == staff.area)
    return query.where(Case.township == digits.ljust(12, "0")[:9] + "000")


def find(session: Session, staff: StaffView, receipt: str) -> Case | None:
    """The case of this receipt, or None where it lies outside the staff's area."""
    query = in_area(select(Case), staff).where(Case.receipt == receipt)
    return session.scalars(query).one_or_none()


def must_find(session: Session, staff: StaffView, receipt: str) -> Case:
    """The case of this receipt; raises LookupError where it lies outside the staff's area."""
    found = find(session, staff, receipt)
    if found is None:
        raise LookupError(receipt)
    return found


def of_person(session: Session, person_id: int) -> Sequence[Case]:
    """A person's own cases, the newest first."""
    query = select(Case).where(Case.person_id == person_id)
    return session.scalars(query.order_by(Case.created_at.desc(), Case.id.desc()).limit(20)).all()


def own(session: Session, person_id: int, receipt: str) -> Case | None:
    """A person's own case by its receipt."""
    query = select(Case).where(Case.receipt == receipt, Case.person_id == person_id)
    return session.scalars(query).one_or_none()


def own_locked(session: Session, person_id: int, receipt: str) -> Case | None:
    """A person's own case by its receipt, locked."""
    query = select(Case).where(Case.receipt == receipt, Case.person_id == person_id)
    return session.scalars(query.with_for_update(of=Case)).one_or_none()


def by_receipt_and_tail(session: Session, receipt: str, tail: str) -> Case | None:
    """The public page's way in: the receipt and the telephone's last four digits."""
    case = session.scalars(select(Case).where(Case.receipt == receipt)).one_or_none()
    return case if case is not None and len(tail) == 4 and case.phone.endswith(tail) else None


def timeline(session: Session, case: Case) -> Sequence[CaseEvent]:
    """Every event of a case, the first first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return session.scalars(query).all()


def joined(session: Session, staff: StaffView, case: Case) -> Sequence[Case]:
    """The cases merged into this one that this member of staff may see, the first first."""
    return session.scalars(in_area(sources(case), staff)).all()


def joined_to(session: Session, staff: StaffView, case: Case) -> Case | None:
    """The case that this one is merged into, or None where it is kept from this person."""
    return session.scalars(in_area(target(case), staff)).one_or_none()


def papers(session: Session, case: Case, *joined_: Case) -> Sequence[Attachment]:
    """Every photo and recording of a case, the first first; and of these `joined` to it, which
    may be another person's."""
    bundles = [case.bundle, *(other.bundle for other in joined_)]
    query = select(Attachment).where(Attachment.bundle.in_(bundles)).order_by(Attachment.id)
    return session.scalars(query).all()


def officers(
    session: Session, township: str, case_id: int | None = None, on: date | None = None
) -> Sequence[Staff]:
    """Who can be named as the responsible person at this township: not those from whom this case
    is kept, nor with a day those who are on leave then."""
    query = select(Staff).where(
        Staff.area == township, Staff.role.in_(CASE_ROLES), Staff.left_at.is_(None)
    )
    if case_id is not None:
        query = query.where(Staff.id.not_in(kept_out(case_id)))
    if on is not None:
        query = query.where(~away(on))
    return session.scalars(query.order_by(Staff.id)).all()


def open_of(session: Session, person_id: int) -> Sequence[Case]:
    """The person's cases that are not closed, the newest first."""
    query = select(Case).where(Case.person_id == person_id, Case.status.in_(OPEN))
    return session.scalars(query.order_by(Case.id.desc())).all()
