"""What became of the pushes to residents: by outcome and reason, and whom each of them is about.

Scoped by area from the query up: a push of a case is seen by who sees the case, one without a
case by whose place it is of. Pushes to staff, and what is said to whoever raised a concern,
stand in no report: who objects is known to nobody in that township.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models import figures
from models.areas import prefix
from models.casequeries import in_area
from models.cases import Case
from models.context import Context
from models.outgoing import Occasion
from models.policy import StaffView
from models.pushes import Push, PushState
from models.settings import mark

PAGE = 30
NOT_SHOWN = frozenset(
    {kind for kind in Occasion if kind.startswith("staff_")}
    | {Occasion.ERRAND, Occasion.SIGNED_IN, Occasion.CONCERN_WORD, Occasion.LATE_REPLY}
)


class Fate(StrEnum):
    """Where a push stands, as the desk reads it; in the order of the page."""

    DELIVERED = "delivered"
    SENT = "sent"
    WAITING = "waiting"
    HELD = "held"
    PAUSED = "paused"
    STOPPED = "stopped"
    UNFOLLOWED = "unfollowed"
    NO_CHANNEL = "no_channel"
    REFUSED = "refused"
    OVER_QUOTA = "over_quota"
    EXPIRED = "expired"
    FAILED = "failed"


FATES = {
    Fate.DELIVERED: mark("送到了"),
    Fate.SENT: mark("微信收下了，还没说送没送到"),
    Fate.WAITING: mark("正在发"),
    Fate.HELD: mark("过了能主动发的时间，等本人来消息时送"),
    Fate.PAUSED: mark("群发先停一停，还没发"),
    Fate.STOPPED: mark("群发停了，没有发"),
    Fate.UNFOLLOWED: mark("本人没有关注，或者取消了关注"),
    Fate.NO_CHANNEL: mark("没有能用的办法，只能打电话或者上门"),
    Fate.REFUSED: mark("本人不接收"),
    Fate.OVER_QUOTA: mark("能发的条数用完了"),
    Fate.EXPIRED: mark("过了时候，没有再发"),
    Fate.FAILED: mark("试了几次，没送成"),
}
_SENDING = (PushState.PENDING, PushState.SENDING)


@dataclass(frozen=True)
class Span:
    """From one moment to another (not included); `key` is how an address says it."""

    key: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Tally:
    """One outcome: how many people and pushes, and the reasons (marked words) with their pushes."""

    fate: Fate
    people: int
    pushes: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Line:
    """One push of a person: the case where there is one, and whether they asked for themselves."""

    push: Push
    case: Case | None

    @property
    def own(self) -> bool:
        """Whether it went to the person of the case, not to who spoke for them."""
        return self.case is not None and self.case.person_id == self.push.person_id


def span_of(ctx: Context, said: str) -> Span:
    """`7` or `30` days up to now (7 where nothing is said), or a month, `2026-11`.

    Raises ValueError.
    """
    today = ctx.today()
    if said in ("", "7", "30"):
        days = int(said or 7)
        return Span(said or "7", _begin(ctx, today - timedelta(days=days - 1)),
                    _begin(ctx, today + timedelta(days=1)))
    first = figures.month_of(ctx, said)
    return Span(said, _begin(ctx, first), _begin(ctx, figures.earlier(first, -1)))


def _begin(ctx: Context, day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), ctx.zone)


def seen_by(staff: StaffView) -> ColumnElement[bool]:
    """That a push to a resident lies in the staff's area."""
    case = in_area(select(Case.id), staff).where(Case.id == Push.case_id).correlate(Push).exists()
    here = Push.township.startswith(prefix(staff.area), autoescape=True)
    return and_(
        Push.person_id.is_not(None), Push.occasion.not_in(NOT_SHOWN),
        or_(case, and_(Push.case_id.is_(None), here)),
    )


def _of(staff: StaffView, span: Span, *more: ColumnElement[bool]) -> tuple[Any, ...]:
    """What a report is about; `more` narrows it (one township, one campaign)."""
    return (
        Push.created_at >= span.since, Push.created_at < span.until,
        Push.state != PushState.EXPANDED, seen_by(staff), *more,
    )


def in_township(code: str) -> ColumnElement[bool]:
    """That a push is of a case of this township, or of none and of this place."""
    own = select(Case.id).where(Case.id == Push.case_id, Case.township == code)
    case = own.correlate(Push).exists()
    return or_(case, and_(Push.case_id.is_(None), Push.township == code))


def of_campaign(number: int) -> ColumnElement[bool]:
    """That a push is of this campaign."""
    return Push.campaign_id == number


def is_fate(fate: Fate) -> ColumnElement[bool]:
    """That a push stands so."""
    states = _SENDING if fate is Fate.WAITING else (PushState(fate.value),)
    return Push.state.in_(states)


def _fate(state: str) -> Fate:
    return Fate.WAITING if state in _SENDING else Fate(state)


def tallies(
    session: Session, staff: StaffView, span: Span, *more: ColumnElement[bool]
) -> list[Tally]:
    """Every outcome that there is, in the order of the page; two statements."""
    about = _of(staff, span, *more)
    people: dict[Fate, int] = {}
    for state, count in session.execute(
        select(Push.state, func.count(Push.person_id.distinct())).where(*about)
        .group_by(Push.state)
    ):
        # Of the two states of what is being sent, a person is in both at most for a moment.
        people[_fate(state)] = people.get(_fate(state), 0) + count
    reasons: dict[Fate, dict[str, int]] = {fate: {} for fate in Fate}
    for state, reason, count in session.execute(
        select(Push.state, Push.reason, func.count()).where(*about)
        .group_by(Push.state, Push.reason)
    ):
        known = reasons[_fate(state)]
        known[reason] = known.get(reason, 0) + count
    return [
        Tally(
            fate, people[fate], sum(reasons[fate].values()),
            tuple(sorted(reasons[fate].items(), key=lambda pair: -pair[1])),
        )
        for fate in Fate if fate in people
    ]


def everyone(
    session: Session, staff: StaffView, span: Span, *more: ColumnElement[bool]
) -> int:
    """How many people were to be told something; each counts once."""
    query = select(func.count(Push.person_id.distinct())).where(*_of(staff, span, *more))
    return session.scalar(query) or 0


def lines(
    session: Session, staff: StaffView, span: Span, fate: Fate, page: int,
    *more: ColumnElement[bool],
) -> tuple[Sequence[Line], bool]:
    """A page of the pushes that ended so, the newest first; and whether there are more."""
    # What is of no case is shown by the person's own newest one that the staff may see.
    own = in_area(select(func.max(Case.id)), staff).where(
        Case.person_id == Push.person_id, Case.on_behalf.is_(False)
    ).correlate(Push).scalar_subquery()
    query = (
        select(Push, Case).outerjoin(Case, Case.id == func.coalesce(Push.case_id, own))
        .where(*_of(staff, span, is_fate(fate), *more)).order_by(Push.id.desc())
    )
    found = session.execute(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return [Line(push, case) for push, case in found[:PAGE]], len(found) > PAGE
