"""Households gone quiet: who in a village should be looked in on, and what was found there.

社会救助法 art. 39 has who discovers report in time; how often somebody is looked in on is the
county's own (`[visits]`). Why a household is on the list says who is frail, and nothing of help:
an assistant learns neither that one is helped nor that one was refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import assistants, audit
from models.alarms import not_secret
from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.findings import Ask
from models.kinscope import not_kept_from
from models.outgoing import Occasion
from models.people import Staff, view_of
from models.sealed import SealedText
from models.settings import mark
from models.statuses import HELPED, EventKind, Status
from models.steps import MoveRefused
from models.timeline import beside, tell_staff
from models.upsert import insert_or_skip

WORDS_LIMIT = 500
# Cases of one village that are read to make the list: their answers are sealed.
READ_LIMIT = 1000
LATELY = (Status.REFUSED, Status.DECLINED, Status.ENDED)
WHAT = mark("请点一下看下来怎么样。")
TOO_LONG = mark("写得太长了，请缩到500字以内。")
NOT_ASKED = mark("这家现在不用您去看了，没有送出去。写的还在手机里，要紧的请打电话告诉镇上。")


class Frail(StrEnum):
    """Why somebody is looked in on."""

    ALONE = "alone"
    OLD = "old"
    ILL = "ill"
    DISABLED = "disabled"
    CHILD = "child"
    LATELY = "lately"


FRAIL_NAMES = {
    Frail.ALONE: mark("一个人住"), Frail.OLD: mark("有老人"), Frail.ILL: mark("有病人"),
    Frail.DISABLED: mark("有残疾人"), Frail.CHILD: mark("有孩子"),
    Frail.LATELY: mark("请多留意"),
}
FOUND = {
    "well": mark("都好"), "harder": mark("更难了，要镇上管"), "absent": mark("没见到人"),
}


ASKS = (
    Ask("found", mark("看下来怎么样"), "choice", WHAT, options=tuple(FOUND.items())),
    Ask("words", mark("想说一句就写，不写也行")),
)


class Visit(Base):
    """One look in on a household. `key` is made on the phone: sent again it is the same visit."""

    __tablename__ = "visits"
    __table_args__ = (Index(None, "case_id", "at"), Index(None, "village", "at"))

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    village: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    found: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(SealedText("visits.words"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Quiet:
    """A household to look in on; `last` is when somebody did, None where nobody has yet."""

    case: Case
    why: tuple[Frail, ...]
    last: datetime | None
    days: int


def quiet(ctx: Context, session: Session, post: Staff) -> list[Quiet]:
    """The households of the post's village that nobody has looked in on for long, longest first."""
    after = ctx.settings.visits.after_days
    found = [one for one in _households(ctx, session, post) if one.days >= after]
    return sorted(found, key=lambda one: (-one.days, one.case.id))


def _households(ctx: Context, session: Session, post: Staff) -> Iterator[Quiet]:
    """Every household of the village with somebody frail, each once; two statements."""
    now = ctx.now()
    lately = now - timedelta(days=ctx.settings.visits.lately_days)
    query = select(Case).where(
        Case.living_area == post.area, not_kept_from(view_of(post)), not_secret(),
        or_(Case.status.in_(HELPED), Case.status.in_(LATELY) & (Case.updated_at > lately)),
    )
    cases = session.scalars(query.order_by(Case.id.desc()).limit(READ_LIMIT)).all()
    last = _last_visits(session, post.area)
    seen: set[bytes] = set()
    for case in cases:
        if case.name_key in seen:
            continue
        why = frail(case)
        if why and case.name:
            seen.add(case.name_key)
            since = last.get(case.name_key)
            yield Quiet(case, why, since, (now - (since or case.created_at)).days)


def _last_visits(session: Session, village: str) -> dict[bytes, datetime]:
    """When each household of a village was looked in on last, by the key of its name."""
    rows = session.execute(
        select(Case.name_key, func.max(Visit.at)).join(Case, Case.id == Visit.case_id)
        .where(Visit.village == village).group_by(Case.name_key)
    )
    return {row[0]: row[1] for row in rows}


def frail(case: Case) -> tuple[Frail, ...]:
    """Who needs looking in on, as far as was said when help was asked for."""
    care, alone = case.answers.get("care") or (), case.answers.get("household") == 1
    found = [Frail.ALONE] if alone else []
    found += [kind for kind in (Frail.OLD, Frail.ILL, Frail.DISABLED, Frail.CHILD) if kind in care]
    if case.status in (*LATELY, Status.TAPERING):
        found.append(Frail.LATELY)
    return tuple(found)


def key_of(ctx: Context, post: Staff, one: Quiet) -> str:
    """Under which one person's next look in on a household is kept: the same on every page and
    phone of theirs until it is done, so that what is sent twice is one look in."""
    after = one.last.isoformat() if one.last else ""
    return ctx.keys.lookup("visit", f"{one.case.id}:{post.id}:{after}").hex()


def shown(ctx: Context, session: Session, post: Staff, found: Sequence[Quiet]) -> None:
    """Where they live and their telephone was shown: recorded, one by one."""
    for one in found:
        audit.record(session, ctx.now(), "visit.read", "case", one.case.id, staff_id=post.id)


def done(session: Session, posts: Sequence[Staff], key: str) -> Case | None:
    """The case of a look in that is kept under this key already; somebody else's is none."""
    query = select(Case).join(Visit, Visit.case_id == Case.id).where(
        Visit.key == key, Visit.staff_id.in_([post.id for post in posts])
    )
    return session.scalars(query).one_or_none()


def find(ctx: Context, session: Session, person_id: int, receipt: str) -> tuple[Staff, Quiet]:
    """A household of one of the person's villages that may be looked in on; raises LookupError.

    The reading is recorded: it shows a name and where they live.
    """
    for post in assistants.posts_of(session, person_id):
        for one in _households(ctx, session, post):
            if one.case.receipt == receipt:
                shown(ctx, session, post, [one])
                return post, one
    raise LookupError(receipt)


def record(
    ctx: Context, session: Session, person_id: int, receipt: str,
    *, key: str, found: str, words: str = "",
) -> Case:
    """What a look in on them found; the township is told where it got harder.

    Raises LookupError where the household is not theirs to visit, MoveRefused.
    """
    before = done(session, assistants.posts_of(session, person_id), key)
    if before is not None and before.receipt == receipt:
        return before
    post, household = find(ctx, session, person_id, receipt)
    if found not in FOUND:
        raise MoveRefused(WHAT, "found")
    if len(words) > WORDS_LIMIT:
        raise MoveRefused(TOO_LONG, "words")
    case = household.case
    row = {
        "key": key, "case_id": case.id, "village": post.area, "staff_id": post.id,
        "found": found, "words": words.strip() or None, "at": ctx.now(),
    }
    if insert_or_skip(session, Visit, row, ("key",)) is None:
        return case
    harder = found == "harder"
    step = beside(ctx, case, EventKind.VISIT_HARDER if harder else EventKind.VISITED)
    step.staff_id = post.id
    step.details = {"found": found}
    step.internal = words.strip() or None
    session.add(step)
    session.flush()
    if harder:
        tell_staff(ctx, session, case, step, Occasion.STAFF_VISIT)
    return case
