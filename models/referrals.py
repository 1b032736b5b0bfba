"""Referrals (转办): what a township asks of a department, and what came back.

A case stays the township's; a referral shows a department only what it was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Key
from models.casequeries import PAGE, in_area, papers
from models.cases import Attachment, Case
from models.departments import Department
from models.people import Staff
from models.policy import StaffView
from models.sealed import SealedJSON, SealedText
from models.settings import mark
from models.statuses import Role


class State(StrEnum):
    """Where a referral stands."""

    SENT = "sent"
    TAKEN = "taken"
    HANDED_BACK = "handed_back"
    ANSWERED = "answered"
    CALLED_OFF = "called_off"


STATE_NAMES = {
    State.SENT: mark("等他们接"),
    State.TAKEN: mark("接下了，在办"),
    State.HANDED_BACK: mark("退回来了"),
    State.ANSWERED: mark("回话了"),
    State.CALLED_OFF: mark("镇上收回了"),
}
# What the department still has to do.
WAITING = frozenset({State.SENT, State.TAKEN})


class Referral(Base):
    """One case asked of one department.

    `asked` are the township's words, `papers` the numbers of the papers that it lets the
    department see; `reason` is why it was handed back, `answer` what was done. `due_on` is the
    department's own clock, on `basis`. `version` is that of the liaison's page.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        Index(None, "department_id", "state", "due_on"), Index(None, "case_id", "state"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    state: Mapped[str] = mapped_column(String(12), default=State.SENT)
    asked: Mapped[str] = mapped_column(SealedText("referrals.asked"))
    papers: Mapped[list[int]] = mapped_column(SealedJSON("referrals.papers"))
    sent_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(200))
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(SealedText("referrals.reason"))
    answer: Mapped[str | None] = mapped_column(SealedText("referrals.answer"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship(lazy="joined")
    department: Mapped[Department] = relationship(lazy="joined")
    sender: Mapped[Staff] = relationship(foreign_keys=[sent_by], lazy="joined")

    @property
    def waits(self) -> bool:
        """Whether the department still has to take, hand back or answer it."""
        return State(self.state) in WAITING


def of_case(session: Session, case_id: int) -> Sequence[Referral]:
    """Everything that was asked of departments for a case, the first first."""
    query = select(Referral).where(Referral.case_id == case_id)
    return session.scalars(query.order_by(Referral.id)).all()


def theirs(session: Session, staff: StaffView, number: int) -> Referral:
    """A referral to the liaison's own department; LookupError for every other one.

    What the township has called off is no longer there.
    """
    found = session.get(Referral, number)
    mine = found is not None and found.department_id == staff.department_id
    if found is None or not mine or found.state == State.CALLED_OFF:
        raise LookupError(number)
    return found


def listed(
    session: Session, staff: StaffView, department_id: int | None = None, page: int = 1
) -> tuple[Sequence[Referral], bool]:
    """A page (from 1) of what waits for an answer, the first due first, then of what was settled,
    the last first; and whether more follow.

    A liaison sees those of their department; all others those that went out of their area, of
    one department where it is named.
    """
    query = select(Referral).join(Case, Case.id == Referral.case_id)
    query = query.where(Referral.state != State.CALLED_OFF)
    if staff.role is Role.DEPARTMENT:
        query = query.where(Referral.department_id == staff.department_id)
    else:
        query = in_area(query, staff)
    if department_id is not None:
        query = query.where(Referral.department_id == department_id)
    settled = Referral.state.not_in(WAITING)
    query = query.order_by(settled, Referral.settled_at.desc(), Referral.due_on, Referral.id)
    found = session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return found[:PAGE], len(found) > PAGE


def numbers(session: Session, county: str, today: date) -> dict[int, tuple[int, int]]:
    """Of each department of a county: how many referrals wait, how many of them are overdue."""
    late = func.count().filter(Referral.due_on < today)
    query = (
        select(Referral.department_id, func.count(), late)
        .join(Department, Department.id == Referral.department_id)
        .where(Department.area == county, Referral.state.in_(WAITING))
        .group_by(Referral.department_id)
    )
    return {number: (waiting, overdue) for number, waiting, overdue in session.execute(query)}


def shared(session: Session, referral: Referral) -> list[Attachment]:
    """The papers that the department may look at; none any more once it has settled it."""
    if not referral.waits:
        return []
    ticked = set(referral.papers)
    return [
        paper for paper in papers(session, referral.case)
        if paper.id in ticked and paper.state == "stored"
    ]
