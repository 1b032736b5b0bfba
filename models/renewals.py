"""Standing lists are renewed each month from the register of help: which, and who is late.

The list itself is drawn and gated a floor above (`notices/renewing.py`). Here stands what time
does: a month begins, a list is signed, comes down when nobody is helped any more, or is late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import audit, register
from models.areas import Level, covers, prefix
from models.context import Context
from models.deadlines import last_day, working_days_left
from models.escalation import is_early
from models.noticedrafts import account_of, delete_draft
from models.noticesigning import end
from models.outgoing import Occasion, enqueue
from models.paths import PATHS
from models.policy import StaffView
from models.publishing import OPEN as UNPUBLISHED
from models.publishing import Notice, Renewal, RenewalState, State, Version
from models.settings import mark
from models.statuses import Role
from models.upsert import insert_or_skip

Target = tuple[str, str]
S = RenewalState
OPEN = (S.WANTED, S.REFUSED, S.DRAFTED, S.DROPPED)
DRAWN, OFFICER, HEAD, COUNTY = 1, 2, 3, 4
TO = {DRAWN: Role.OFFICER, OFFICER: Role.OFFICER, HEAD: Role.HEAD, COUNTY: Role.COUNTY}
ALL_ENDED = mark("名单上的人都不领这项救助了")
STATE_NAMES = {
    S.WANTED: mark("还没有起草"),
    S.REFUSED: mark("没过检查，起草不了"),
    S.DRAFTED: mark("起草好了，请看过再请人签字"),
    S.DROPPED: mark("草稿不要了，还没有新的"),
}


def month_of(ctx: Context) -> date:
    """The month whose list is due: this one from its day on, else the one before, so that a run
    that was missed is caught up."""
    today = ctx.today()
    if today.day >= ctx.settings.notices.renew_day:
        return today.replace(day=1)
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def schemes(ctx: Context) -> tuple[str, ...]:
    """The schemes that are renewed: given each month, and never one that may not be shown."""
    named = ctx.settings.notices.renew_schemes
    return tuple(
        code for code in named if code in PATHS and PATHS[code].published and PATHS[code].regular
    )


def begin_month(ctx: Context) -> int:
    """Write down what is to be renewed this month, each once; how many are new."""
    month, made = month_of(ctx), 0
    with ctx.db.begin() as session:
        query = select(Renewal.area, Renewal.scheme).where(Renewal.month == month)
        there = {(row[0], row[1]) for row in session.execute(query)}
        for area, scheme in _targets(ctx, session):
            if (area, scheme) not in there:
                made += _want(ctx, session, area, scheme, month)
    return made


def _targets(ctx: Context, session: Session) -> list[Target]:
    """The villages where a scheme is given; the township in their stead where it hangs one list
    of them all. What stands on a list of several schemes is kept by hand."""
    lists = _standing_lists(session)
    found: dict[Target, None] = {}
    for township, village, scheme in register.given_places(session, schemes(ctx), ctx.today()):
        place = ctx.directory.areas.get(village)
        if place is None or place.level != Level.VILLAGE:
            continue
        if {(township, ""), (village, "")} & lists:
            continue
        found[(township if (township, scheme) in lists else village, scheme)] = None
    return list(found)


def _standing_lists(session: Session) -> set[Target]:
    query = select(Notice.area, Notice.scheme).join(Version, Version.notice_id == Notice.id).where(
        Notice.kind == "standing", Version.state.in_((*UNPUBLISHED, State.LIVE))
    )
    return {(row[0], row[1]) for row in session.execute(query.distinct())}


def _want(ctx: Context, session: Session, area: str, scheme: str, month: date) -> int:
    day = month.replace(day=ctx.settings.notices.renew_day)
    due_on = last_day(
        max(day, ctx.today()), ctx.settings.notices.renew_within, "working_days", ctx.is_working
    )
    number = insert_or_skip(session, Renewal, {
        "account": account_of(ctx.settings, area).slug, "area": area, "scheme": scheme,
        "month": month, "due_on": due_on, "state": S.WANTED, "stage": 0,
        "created_at": ctx.now(),
    }, ("account", "area", "scheme", "month"))
    if number is None:
        return 0
    older = select(Renewal).where(
        Renewal.area == area, Renewal.scheme == scheme, Renewal.id != number,
        Renewal.state.in_(OPEN),
    )
    for one in session.scalars(older):
        _give_up(session, one, S.MISSED)
    audit.record(session, ctx.now(), "notice.renewal", "notice_renewal", number, area=area)
    return 1


def _give_up(session: Session, renewal: Renewal, state: RenewalState) -> None:
    """It is not to come any more; a draft of it that nobody has asked to be signed goes with it."""
    version = session.get(Version, renewal.version_id) if renewal.version_id else None
    if version is not None and version.state == State.DRAFT:
        delete_draft(session, version, state)
        session.refresh(renewal)
    renewal.state = state


def settle(ctx: Context) -> int:
    """What was signed this month is done; where nobody is helped any more the list comes down."""
    done = 0
    with ctx.db.begin() as session:
        for renewal in session.scalars(select(Renewal).where(Renewal.state.in_(OPEN))):
            if _signed(session, renewal):
                renewal.state, done = S.DONE, done + 1
            elif not _given(ctx, session, renewal.area, renewal.scheme):
                _give_up(session, renewal, S.OVER)
                done += 1
        for version in session.scalars(_drawn_and_live()):
            notice = version.notice
            if not _given(ctx, session, notice.area, notice.scheme):
                end(ctx, version, State.ENDED, ctx.speak("")(ALL_ENDED))
                audit.record(session, ctx.now(), "notice.ended", "notice", version.id)
                done += 1
    return done


def _given(ctx: Context, session: Session, area: str, scheme: str) -> bool:
    return register.is_given(session, area, scheme, ctx.today())


def _drawn_and_live() -> Any:
    """Lists that hang and were drawn from the register: of the others it knows too little."""
    return select(Version).where(
        Version.state == State.LIVE,
        Version.id.in_(select(Renewal.version_id).where(Renewal.version_id.is_not(None))),
    )


def _signed(session: Session, renewal: Renewal) -> bool:
    """Whether a version was signed this month; one that was made by hand renews it as well."""
    query = select(Version.id).join(Notice, Notice.id == Version.notice_id).where(
        Notice.kind == "standing", Notice.area == renewal.area, Notice.scheme == renewal.scheme,
        Version.signed_at.is_not(None), Version.first_day >= renewal.month,
        Version.state.in_((State.SIGNED, State.LIVE)),
    )
    return session.scalar(query.limit(1)) is not None


def list_of(session: Session, renewal: Renewal) -> int | None:
    """The list that the renewal is the next version of; None where none was made yet."""
    query = select(func.max(Notice.id)).where(
        Notice.kind == "standing", Notice.area == renewal.area, Notice.scheme == renewal.scheme
    )
    return session.scalar(query)


def is_being_made(session: Session, notice_id: int | None) -> bool:
    """Whether somebody has a version of the list in hand already."""
    query = select(Version.id).where(
        Version.notice_id == notice_id, Version.state.in_(UNPUBLISHED)
    )
    return notice_id is not None and session.scalar(query.limit(1)) is not None


def of_desk(session: Session, staff: StaffView) -> Sequence[Renewal]:
    """What is still to be renewed in the staff's area, the oldest first."""
    query = select(Renewal).where(
        Renewal.area.startswith(prefix(staff.area)), Renewal.state.in_(OPEN)
    )
    return session.scalars(query.order_by(Renewal.due_on, Renewal.area, Renewal.scheme)).all()


def find(session: Session, staff: StaffView, number: int) -> Renewal:
    """One that is open in the staff's area, locked; raises LookupError."""
    found = session.get(Renewal, number, with_for_update=True)
    if found is None or not covers(staff.area, found.area) or found.state not in OPEN:
        raise LookupError(number)
    return found


def stage_of(ctx: Context, renewal: Renewal) -> int:
    """How far it should have been told by now: drawn, late to the officer, the head, the county."""
    today, far = ctx.today(), ctx.settings.escalation
    if today <= renewal.due_on:
        return DRAWN
    late = -working_days_left(today, renewal.due_on, ctx.is_working) - 1
    if late >= far.county_after:
        return COUNTY
    return HEAD if late >= far.head_after else OFFICER


def tell(ctx: Context) -> int:
    """Tell who must see to it, each stage once, in one push for a township; how many pushes."""
    if is_early(ctx):
        return 0
    with ctx.db.begin() as session:
        query = select(Renewal).where(Renewal.state.in_(OPEN)).order_by(Renewal.id)
        waiting: dict[tuple[str, int], list[Renewal]] = defaultdict(list)
        for renewal in session.scalars(query.with_for_update(skip_locked=True)):
            now = stage_of(ctx, renewal)
            for stage in range(renewal.stage + 1, now + 1):
                # What is late already is not told as new beside it.
                if stage > DRAWN or now == DRAWN:
                    waiting[(_place(ctx, renewal, stage), stage)].append(renewal)
            renewal.stage = max(renewal.stage, now)
        for (place, stage), rows in waiting.items():
            _push(ctx, session, place, stage, rows)
    return len(waiting)


def _place(ctx: Context, renewal: Renewal, stage: int) -> str:
    level = Level.COUNTY if stage == COUNTY else Level.TOWNSHIP
    found = ctx.directory.areas.at(renewal.area, level)
    return found.code if found else renewal.area


def _push(
    ctx: Context, session: Session, place: str, stage: int, rows: Collection[Renewal]
) -> None:
    first = min(rows, key=lambda one: one.id)
    enqueue(
        session, ctx.now(), ctx.settings.pushes.expire_days, Occasion.STAFF_RENEWAL,
        f"renewal:{first.id}:{stage}", township=place, role=TO[stage], account=first.account,
        details={
            "number": f"{first.month:%Y%m}-{first.id}", "count": len(rows),
            "ask": "drawn" if stage == DRAWN else "late", "due_on": first.due_on.isoformat(),
        },
    )
