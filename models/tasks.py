"""Tasks inside a case (待办): who has to see to what by when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Key
from models.casequeries import PAGE, in_area
from models.cases import Attachment, Case
from models.people import Staff
from models.policy import StaffView
from models.sealed import SealedJSON, SealedText
from models.settings import mark


class TaskKind(StrEnum):
    """What is to be done."""

    SURVEY = "survey"
    VERIFICATION = "verification"
    APPRAISAL = "appraisal"
    POSTING = "posting"
    CALLBACK = "callback"


TASK_NAMES = {
    TaskKind.SURVEY: mark("入户调查"),
    TaskKind.VERIFICATION: mark("经济状况核对"),
    TaskKind.APPRAISAL: mark("民主评议"),
    TaskKind.POSTING: mark("张贴公示"),
    TaskKind.CALLBACK: mark("打电话或上门告诉这家"),
}


class Task(Base):
    """One thing to do for one case.

    `state`: `open`, `done` or `dropped` (the case went another way). `staff_id` is for whom it
    is; nobody named means anyone of the township. `findings` is what came of it, by the names of
    `models/findings.py`; `place` is where it was. Its photos carry the task's own `bundle`.
    `version` tells a page that is stale.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index(None, "case_id", "kind", "state"), Index(None, "state", "staff_id", "due_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date | None]
    due_basis: Mapped[str] = mapped_column(String(200), default="")
    findings: Mapped[dict[str, Any]] = mapped_column(SealedJSON("tasks.findings"))
    place: Mapped[str | None] = mapped_column(SealedText("tasks.place"))
    bundle: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    staff: Mapped[Staff | None] = relationship(foreign_keys=[staff_id], lazy="joined")
    doer: Mapped[Staff | None] = relationship(foreign_keys=[done_by], lazy="joined")


def of_case(session: Session, case_id: int) -> Sequence[Task]:
    """Every task of a case, the first first."""
    query = select(Task).where(Task.case_id == case_id).order_by(Task.id)
    return session.scalars(query).all()


def exists(session: Session, case_id: int, kind: TaskKind, *states: str) -> bool:
    """Whether the case has a task of this kind in one of these states."""
    query = select(Task.id).where(
        Task.case_id == case_id, Task.kind == kind, Task.state.in_(states)
    )
    return session.scalar(query.limit(1)) is not None


def find(session: Session, staff: StaffView, task_id: int) -> Task | None:
    """A task by its number, or None where its case lies outside the staff's area."""
    query = in_area(select(Task).join(Case, Case.id == Task.case_id), staff)
    return session.scalars(query.where(Task.id == task_id)).one_or_none()


def open_for(
    session: Session, staff: StaffView, *, everyone: bool = False, page: int = 1
) -> tuple[Sequence[tuple[Task, Case]], bool]:
    """A page (from 1) of the open tasks of the staff's area with their cases, due first; and
    whether more follow.

    Those for this person and those for nobody in particular, or with `everyone` all.
    """
    query = in_area(
        select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.state == "open"), staff
    )
    if not everyone:
        query = query.where(or_(Task.staff_id == staff.id, Task.staff_id.is_(None)))
    query = query.order_by(Task.due_on.is_(None), Task.due_on, Task.id)
    query = query.offset((page - 1) * PAGE).limit(PAGE + 1)
    found = [(row[0], row[1]) for row in session.execute(query)]
    return found[:PAGE], len(found) > PAGE


def photos(session: Session, bundles: Sequence[str]) -> Sequence[Attachment]:
    """The photos of these bundles, the first first."""
    query = select(Attachment).where(Attachment.bundle.in_(bundles))
    return session.scalars(query.order_by(Attachment.id)).all()
