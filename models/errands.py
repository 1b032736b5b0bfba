"""What a village's assistant is asked to see to (村里的事), each for one case and one village.

村（居）民委员会 assist in surveys, appraisals, notices and collecting papers (钦北 三(二)). What an
assistant hands in is evidence beside the officer's own task: the officer records and closes that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models import audit
from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.kinscope import kept_out, not_kept_from
from models.leave import away, is_away
from models.onbehalf import is_strangers
from models.people import Staff, view_of
from models.pushes import Push, PushState
from models.sealed import SealedJSON, SealedText
from models.settings import mark
from models.statuses import Role
from models.tasks import Task

LIST_LIMIT = 100
NOT_NEEDED = mark("这件事不用他办了，没有再发。")


class ErrandKind(StrEnum):
    """What is to be seen to. `KNOCK`: a notice did not reach them, somebody goes and says so."""

    SURVEY = "survey"
    PAPERS = "papers"
    POSTING = "posting"
    APPRAISAL = "appraisal"
    RECHECK = "recheck"
    KNOCK = "knock"


ERRAND_NAMES = {
    ErrandKind.SURVEY: mark("入户调查，去搭把手"),
    ErrandKind.PAPERS: mark("帮着收材料"),
    ErrandKind.POSTING: mark("张贴公示"),
    ErrandKind.APPRAISAL: mark("民主评议会"),
    ErrandKind.RECHECK: mark("复核，去看看"),
    ErrandKind.KNOCK: mark("上门说一声"),
}


class Errand(Base):
    """One thing that an assistant is asked to see to.

    `state`: `open`, `done`, `dropped` (not needed any more) or `back` (they cannot, or nobody of
    the village is left for it). `key` is what the phone sends under: sent again it is the same.
    `said` has one entry for each handing in (`models/errandwork.py`), `papers` the numbers of
    its photos. `given_at`: when who has it now was asked, `seen_at`: when they
    first saw it, `stage`: how far it was told that they did not (`models/errandwatch.py`).
    """

    __tablename__ = "errands"
    __table_args__ = (Index(None, "staff_id", "state"), Index(None, "case_id", "state"))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    push_id: Mapped[int | None] = mapped_column(ForeignKey("pushes.id"), unique=True)
    village: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(SealedText("errands.words"))
    due_on: Mapped[date | None]
    said: Mapped[list[dict[str, Any]]] = mapped_column(SealedJSON("errands.said"))
    papers: Mapped[list[int]] = mapped_column(SealedJSON("errands.papers"))
    created_at: Mapped[datetime]
    given_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    stage: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    task: Mapped[Task | None] = relationship()
    push: Mapped[Push | None] = relationship()
    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id], lazy="joined")


def open_for(session: Session, posts: Sequence[Staff]) -> list[Errand]:
    """What these posts of one person have to see to, the oldest deadline first."""
    if not posts:
        return []
    query = select(Errand).join(Case, Case.id == Errand.case_id).where(
        Errand.staff_id.in_([post.id for post in posts]), Errand.state == "open",
        not_kept_from(view_of(posts[0])),
    )
    order = (Errand.due_on.is_(None), Errand.due_on, Errand.id)
    return list(session.scalars(query.order_by(*order).limit(LIST_LIMIT)))


def find(session: Session, posts: Sequence[Staff], key: str) -> Errand | None:
    """One that is asked of these posts, or that they handed something in for."""
    found = session.scalars(select(Errand).where(Errand.key == key)).one_or_none()
    if found is None:
        return None
    own = {post.id for post in posts}
    theirs = own & {found.staff_id, *(one["staff"] for one in found.said)}
    if not theirs or own & set(session.scalars(kept_out(found.case_id))):
        return None
    return found


def of_case(session: Session, case_id: int) -> Sequence[Errand]:
    """Everything that was asked for a case, the first first."""
    query = select(Errand).where(Errand.case_id == case_id)
    return session.scalars(query.order_by(Errand.id)).all()


def helpers(ctx: Context, session: Session, case: Case) -> Sequence[Staff]:
    """Who can be asked: assistants of the village where the household lives, at work, who need not
    keep out of it. It is not their own; who reported it may well be the one to ask."""
    query = select(Staff).where(
        Staff.role == Role.ASSISTANT, Staff.area == case.living_area, Staff.left_at.is_(None),
        Staff.person_id.is_not(None), ~away(ctx.today()), Staff.id.not_in(kept_out(case.id)),
    )
    if case.person_id is not None and not is_strangers(case):
        query = query.where(Staff.person_id != case.person_id)
    return session.scalars(query.order_by(Staff.id)).all()


def seen(ctx: Context, session: Session, found: Sequence[Errand]) -> None:
    """Who has them was shown whom they are about: recorded, one by one."""
    for one in found:
        one.seen_at = one.seen_at or ctx.now()
        audit.record(session, ctx.now(), "errand.read", "errand", one.id, staff_id=one.staff_id)


def who_asked(ctx: Context, session: Session, errand: Errand) -> int | None:
    """The chat of who asked for it, else of the case's officer; of who is there and may have the
    case. None where it is for the desk."""
    kept = set(session.scalars(kept_out(errand.case_id)))
    for number in (errand.asked_by, errand.case.officer_id):
        one = session.get(Staff, number) if number is not None else None
        here = one is not None and one.left_at is None and not is_away(one, ctx.today())
        if one is not None and here and one.id not in kept and one.person_id is not None:
            return one.person_id
    return None


def drop(session: Session, now: datetime, *which: Any) -> None:
    """What is open of these is not needed any more, and nobody is told of it any more."""
    for one in session.scalars(select(Errand).where(Errand.state == "open", *which)).all():
        one.state = "dropped"
        hush(session, now, one)


def hush(session: Session, now: datetime, errand: Errand) -> None:
    """The push that asks for it and has not gone out yet stays here."""
    waits = Push.state.in_((PushState.PENDING, PushState.HELD))
    session.execute(
        update(Push)
        .where(Push.key.startswith(push_key(errand, ""), autoescape=True), waits)
        .values(state=PushState.EXPIRED, reason=NOT_NEEDED, ended_at=now)
        .execution_options(synchronize_session=False)
    )


def push_key(errand: Errand, post: int | str) -> str:
    """The key of the push that asks one post for it."""
    return f"errand:{errand.id}:{post}"


def posting_code(ctx: Context, task: Task) -> str:
    """The six digits that stand on the paper of one posting, so that the right one is put up."""
    return f"{int.from_bytes(ctx.keys.lookup('posting', task.bundle)[:8], 'big') % 10**6:06}"
