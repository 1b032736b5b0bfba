"""A public notice from its second signature on: chained, live, superseded, over, taken down.

Whoever signs is another person than whoever drafted or asked, and decides at that place (head or
county). What is published never changes silently: every version keeps its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, clockwork, concernwork, sealing, stopping
from models.areas import Area
from models.context import Context
from models.deadlines import due
from models.lengths import Length
from models.moves import Clocks
from models.noticedrafts import in_state, reason_of, record
from models.people import Staff
from models.policy import NotAllowed, StaffView, is_same_person
from models.publishing import OVER, PERIODIC, Notice, Row, State, Version
from models.settings import mark
from models.statuses import DECIDERS
from models.steps import MoveRefused

NEEDS_ANOTHER = mark("起草和请人签字的是您，要请另一位来签。")
NOT_YOURS = mark("签字的要是乡镇负责人或县里的人。")
NO_LINE = mark("没有这一行，或者已经抹掉了。")


def may_sign(session: Session, staff: StaffView, version: Version) -> str:
    """Empty where this person may sign it; else the marked sentence that says why not."""
    if staff.role not in DECIDERS:
        return NOT_YOURS
    for number in {version.drafted_by, version.asked_by} - {None}:
        if is_same_person(staff, session.get_one(Staff, number)):
            return NEEDS_ANOTHER
    return ""


def sign(ctx: Context, session: Session, staff: StaffView, version_id: int) -> Version:
    """The second person agrees: it is chained, and published at once or at its moment."""
    version = in_state(session, staff, version_id, State.SIGNING)
    why_not = may_sign(session, staff, version)
    if why_not:
        raise NotAllowed(why_not)
    if version.publish_at is not None and version.publish_at <= ctx.now():
        # The moment passed while it waited: it is published now.
        version.publish_at = None
    _settle_days(ctx, version)
    version.signed_by, version.signed_at, version.reading = staff.id, ctx.now(), None
    _chain(ctx, session, version)
    version.state = State.SIGNED
    record(ctx, session, staff, "sign", version)
    if version.publish_at is None:
        go_live(ctx, session, version)
    else:
        hold(ctx, version)
    return version


def _settle_days(ctx: Context, version: Version) -> None:
    """How long it hangs: the day that it goes up is not counted (民法典 art. 201)."""
    first = version.publish_at or ctx.now()
    version.first_day = first.astimezone(ctx.zone).date()
    notice = version.notice
    if notice.kind in PERIODIC:
        length = _length(ctx, notice)
        until = due(version.first_day, length, ctx.is_working)
        version.last_day, version.period_basis = until.on, until.basis


def _length(ctx: Context, notice: Notice) -> Length:
    scheme = notice.scheme or None
    if notice.kind == "stopping":
        return stopping.length(ctx, notice.area, scheme)
    return clockwork.length_of(ctx, Clocks.NOTICE, notice.area, scheme)


def _chain(ctx: Context, session: Session, version: Version) -> None:
    account = ctx.settings.account(version.notice.account)
    # Who signs at the same moment for the same account waits here.
    session.get(Area, account.area if account else version.notice.area, with_for_update=True)
    last = session.execute(
        select(Version.place, Version.hash)
        .where(Version.account == version.notice.account, Version.place.is_not(None))
        .order_by(Version.place.desc()).limit(1)
    ).first()
    version.account = version.notice.account
    place, before = (last[0] or 0, last[1]) if last else (0, None)
    version.place, version.before = place + 1, before or sealing.GENESIS
    version.hash = sealing.version_hash(version.before, header(version), leaves(session, version))
    version.short = sealing.short(version.hash)


def leaves(session: Session, version: Version) -> Sequence[bytes]:
    """The leaves of a version in their order."""
    query = select(Row.leaf).where(Row.version_id == version.id).order_by(Row.line)
    return session.scalars(query).all()


def header(version: Version) -> dict[str, Any]:
    """All that the signature holds besides the rows."""
    notice = version.notice
    return {
        "account": version.account, "place": version.place, "list": notice.id,
        "published_by": notice.account, "area": notice.area, "kind": notice.kind,
        "scheme": notice.scheme, "number": version.number, "title": version.title,
        "reason": version.reason, "fields": version.fields, "basis": version.basis,
        "period_basis": version.period_basis, "figures": version.figures,
        "changes": version.changes, "drafted_by": version.drafted_by,
        "asked_by": version.asked_by, "signed_by": version.signed_by,
        **{name: _written(getattr(version, name)) for name in (
            "first_day", "last_day", "drafted_at", "publish_at", "signed_at",
        )},
    }


def _written(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def later(version: Version) -> dict[str, Any]:
    """What comes after the signature."""
    return {
        "state": str(version.state), "published_at": _written(version.published_at),
        "over_at": _written(version.over_at), "over_by": version.over_by,
        "over_reason": version.over_reason, "erased": version.erased, "short": version.short,
    }


def hold(ctx: Context, version: Version) -> None:
    """Hold what came after the signature, as it is now."""
    assert version.hash is not None
    key = ctx.keys.derive("notices")
    version.later_hash = sealing.state_mark(key, version.hash, later(version))
    # What this process keeps of the page goes at once; the others ask again within seconds.
    ctx.directory.forget()


def go_live(ctx: Context, session: Session, version: Version) -> None:
    """The village sees it from now on; the version before it is superseded."""
    query = select(Version).where(
        Version.notice_id == version.notice_id, Version.state == State.LIVE
    )
    for before in session.scalars(query.with_for_update(of=Version)):
        end(ctx, before, State.SUPERSEDED, version.reason)
    version.state, version.published_at = State.LIVE, ctx.now()
    hold(ctx, version)


def end(
    ctx: Context, version: Version, state: State, reason: str, by: int | None = None
) -> None:
    """It hangs no more, from this moment on."""
    version.state, version.over_at = state, ctx.now()
    version.over_reason, version.over_by = reason, by
    hold(ctx, version)


def take_down(
    ctx: Context, session: Session, staff: StaffView, version_id: int, reason: str
) -> Version:
    """Shown no more, at once and by one person: what should not be seen waits for nobody."""
    version = in_state(session, staff, version_id, State.SIGNED, State.LIVE, State.ENDED)
    reason = reason_of(reason)
    end(ctx, version, State.TAKEN_DOWN, reason, staff.id)
    record(ctx, session, staff, "take_down", version)
    return version


def erase(
    ctx: Context, session: Session, staff: StaffView, version_id: int, line: int
) -> Version:
    """One row's values and salt are gone for good; its leaf stays, and the chain holds."""
    version = in_state(session, staff, version_id, State.SIGNED, State.LIVE, *OVER)
    row = session.scalars(
        select(Row).where(Row.version_id == version.id, Row.line == line)
    ).one_or_none()
    if row is None or row.shown is None:
        raise MoveRefused(NO_LINE, "line")
    row.shown = row.salt = row.village = row.begin = row.case_id = None
    version.erased += 1
    hold(ctx, version)
    record(ctx, session, staff, "erase", version)
    return version


def turn(ctx: Context) -> int:
    """Publish what is signed and due, end what has hung its days; returns how many."""
    due_ = select(Version.id).where(
        Version.state == State.SIGNED, Version.publish_at <= ctx.now()
    )
    over = select(Version.id).where(Version.state == State.LIVE, Version.last_day < ctx.today())
    with ctx.db.read() as session:
        found = [(number, State.SIGNED) for number in session.scalars(due_)]
        found += [(number, State.LIVE) for number in session.scalars(over)]
    done = 0
    for number, state in found:
        with ctx.db.begin() as session:
            version = session.scalars(
                select(Version).where(Version.id == number).with_for_update(of=Version)
            ).one()
            if version.state != state:
                continue
            if state is State.LIVE and concernwork.holds(session, version.notice_id):
                continue
            if state is State.SIGNED:
                go_live(ctx, session, version)
            else:
                end(ctx, version, State.ENDED, "")
            audit.record(session, ctx.now(), f"notice.{version.state}", "notice", version.id)
            done += 1
    return done
