"""The standing list of a month, drawn from the register of help."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import noticedrafts, register, renewals
from models.context import Context
from models.noticechanges import counted
from models.policy import StaffView
from models.publishing import Renewal, RenewalState, Version
from models.register import Entry
from models.settings import Translate, mark
from models.steps import MoveRefused
from notices import drawn
from notices.drafting import Wanted, usual_title
from notices.drawn import Household
from notices.kinds import Kind

log = structlog.get_logger(__name__)

TITLE = mark("{title}（{year}年{month}月）")
REASON = mark("{year}年{month}月照救助名册换新")
IN_HAND = mark("这份名单有一版还没有签字，先办完那一版。")
MANY_GONE = mark("少了 {ended} 户，只留下 {stay} 户。名册没录全的话，不要这一版，先放表格。")


def renew(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """One run of the worker: begin the month, draw what is wanted, settle, tell; how much."""
    done = renewals.settle(ctx) + renewals.begin_month(ctx) + renewals.settle(ctx)
    with ctx.db.read() as session:
        wanted = session.scalars(
            select(Renewal.id).where(Renewal.state == RenewalState.WANTED).order_by(Renewal.id)
        ).all()
    for number in wanted:
        if is_over():
            break
        done += _alone(ctx, number)
    return done + renewals.tell(ctx)


def _alone(ctx: Context, number: int) -> int:
    """Where one cannot be drawn, nothing of it is, and the others do not wait for it."""
    try:
        with ctx.db.begin() as session:
            renewal = session.get_one(Renewal, number, with_for_update=True)
            if renewal.state != RenewalState.WANTED:
                return 0
            if renewals.is_being_made(session, renewals.list_of(session, renewal)):
                return 0
            draw(ctx, session, renewal)
            return 1
    except Exception as error:
        log.error("renewal_failed", renewal=number, error=type(error).__name__)
        return 0


def again(ctx: Context, session: Session, staff: StaffView, number: int) -> Renewal:
    """Draw it anew after the register was put right, in place of the draft that was drawn.

    Raises LookupError outside the area, MoveRefused where somebody has a version in hand.
    """
    renewal = renewals.find(session, staff, number)
    if renewal.version_id is not None:
        noticedrafts.drop(ctx, session, staff, renewal.version_id)
        session.refresh(renewal)
    if renewals.is_being_made(session, renewals.list_of(session, renewal)):
        raise MoveRefused(IN_HAND)
    draw(ctx, session, renewal)
    return renewal


def draw(ctx: Context, session: Session, renewal: Renewal) -> None:
    """Draft the list from the register as it is today; what the gate refuses is kept in words."""
    t = ctx.speak("")
    wanted = Wanted(Kind.STANDING, renewal.area, renewal.scheme)
    found = register.standing(session, renewal.area, renewal.scheme, ctx.today())
    when = {"year": renewal.month.year, "month": renewal.month.month}
    title = t(TITLE, title=usual_title(ctx.directory.areas, wanted), **when)
    drawing = drawn.draw(
        ctx, t, wanted, [_household(one) for one in found], title, t(REASON, **when)
    )
    if drawing.said is None:
        renewal.state, renewal.problems = RenewalState.REFUSED, list(drawing.problems)
        return
    number = renewals.list_of(session, renewal)
    version = noticedrafts.draft(ctx, session, None, drawing.said, number)
    _warn_of_many(t, version, len(drawing.said.rows))
    renewal.state, renewal.version_id, renewal.problems = (
        RenewalState.DRAFTED, version.id, None
    )


def _household(one: Entry) -> Household:
    return Household(one.case_id, one.name, one.village, one.persons, one.amount, one.from_on)


def _warn_of_many(t: Translate, version: Version, lines: int) -> None:
    """Where more goes than stays, the register may not be filled in yet: somebody looks."""
    new, _, ended = counted(version.changes or {}, version.changes or ())
    if ended <= lines - new:
        return
    words = t(MANY_GONE, ended=ended, stay=lines - new)
    warning = {"sheet": "", "row": None, "column": "", "message": words}
    warnings = [*version.reading["warnings"], warning]
    version.reading = {**version.reading, "warnings": warnings}
