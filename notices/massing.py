"""Articles on their way to followers: parts are made, drafted, handed to the platform.

Each part has a draft of its own, which the platform's call uses up, and a number by which the
platform knows a repeat: a worker that dies after the call repeats it without anybody getting it
twice. The platform is called outside of transactions.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from models import articles
from models.bulk import add_rows
from models.context import Context
from models.masses import FEWEST, MOST, MOVING, Mass, MassPart, MassPerson, Stage, State
from models.massing import open_to, taken
from models.people import Identity
from models.publishing import State as Hanging
from models.settings import mark
from models.wishes import Wishes, refuses_campaigns, value_of
from notices.articles import GAVE_UP, NO_SUCH_MEDIA, cover, write
from notices.channel import NO_ANSWER, Outcome, PlatformTrouble
from notices.quiet import rests_now
from notices.wechat_channel import platform_of

LEASE = timedelta(minutes=5)
AGAIN, SOON, LATER = timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=1)
# What the platform says of the whole account or of the pace, not of this part: not counted.
WAITS = {Outcome.TOO_FAST: SOON, Outcome.DAY_OVER: LATER}
NEVER = (Outcome.DROP, Outcome.REFUSED)
FEW = mark("能收的人不到两个了，微信不给群发。")
# A draft that is gone each time is deleted over there by somebody.
MOST_DRAFTS = 5

log = structlog.get_logger(__name__)


def tend(ctx: Context, is_over: Callable[[], bool] = lambda: False) -> int:
    """One run of the worker; how many parts were moved on. In quiet hours nothing is sent."""
    with ctx.db.begin() as session:
        _end_over(ctx, session)
    if rests_now(ctx):
        return 0
    with ctx.db.read() as session:
        masses = session.scalars(select(Mass.id).where(Mass.state == State.RUNNING)).all()
    for number in masses:
        with ctx.db.begin() as session:
            _part(ctx, session, number)
    done = 0
    while not is_over() and (part := _due(ctx)) is not None:
        _tend_one(ctx, part)
        done += 1
    with ctx.db.begin() as session:
        _finish(ctx, session)
    return done


def _end_over(ctx: Context, session: Session) -> None:
    """A list that hangs no more, or that is no news any more, goes to nobody."""
    since = ctx.now() - timedelta(days=ctx.settings.campaigns.keep_days)
    running = select(Mass).where(Mass.state.in_((State.SIGNING, State.RUNNING)))
    for mass in session.scalars(running.with_for_update(of=Mass)):
        over = mass.article.version.state != Hanging.LIVE
        if not over and not (mass.begun_at is not None and mass.begun_at < since):
            continue
        mass.state = State.STOPPED if over else State.DONE
        waiting = select(MassPart).where(MassPart.mass_id == mass.id, _moves())
        for part in session.scalars(waiting):
            part.stage = Stage.FAILED
            part.reason = articles.OVER if over else part.reason or GAVE_UP


def _moves() -> ColumnElement[bool]:
    return MassPart.stage.in_(MOVING)


def _part(ctx: Context, session: Session, number: int) -> None:
    """Give those who can have it now and are in no part yet a part; who rests now comes later."""
    mass = session.get_one(Mass, number, with_for_update={"of": Mass})
    if mass.state != State.RUNNING or session.scalar(
        select(MassPart.id).where(MassPart.mass_id == number, _moves()).limit(1)
    ):
        return
    rows = _awake(ctx, session, _left(ctx, session, mass))
    # Evenly, so that no part is too small to be sent.
    size = min(MOST, -(-len(rows) // -(-len(rows) // MOST))) if rows else 0
    rows = rows[:size]
    if len(rows) < FEWEST:
        return
    part = MassPart(
        mass_id=number, stage=Stage.WAITING, client_id=secrets.token_hex(16), people=len(rows),
        next_try_at=ctx.now(),
    )
    session.add(part)
    session.flush()
    add_rows(session, MassPerson, (
        {"mass_id": number, "person_id": person, "part_id": part.id, "identity_id": chat}
        for person, chat in rows
    ))


def _left(ctx: Context, session: Session, mass: Mass) -> list[tuple[int, int]]:
    had = exists().where(
        MassPerson.mass_id == mass.id, MassPerson.person_id == Identity.person_id
    )
    found = session.execute(open_to(ctx, mass.account, mass.area).where(~had))
    return [(row[0], row[1]) for row in found]


def _awake(
    ctx: Context, session: Session, rows: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Those who have not chosen to rest at this hour."""
    now = ctx.now()
    chosen = session.scalars(select(Wishes).where(Wishes.quiet_from.is_not(None)))
    resting = {
        row.person_id for row in chosen
        if (quiet := value_of(row).quiet) is not None and quiet.over_at(now, ctx.zone) is not None
    }
    return [row for row in rows if row[0] not in resting]


def _due(ctx: Context) -> int | None:
    """A part with something to do now, kept from others for a while."""
    with ctx.db.begin() as session:
        part = session.scalars(
            select(MassPart).join(Mass, Mass.id == MassPart.mass_id)
            .where(Mass.state == State.RUNNING, _moves(), MassPart.next_try_at <= ctx.now())
            .order_by(MassPart.next_try_at).limit(1)
            .with_for_update(skip_locked=True, of=MassPart)
        ).first()
        if part is None:
            return None
        part.next_try_at = ctx.now() + LEASE
        if not part.tries and part.stage == Stage.WAITING:
            _leave_out(session, part)
        return part.id


def _leave_out(session: Session, part: MassPart) -> None:
    """Who left or wants none any more since the part was made."""
    gone = select(Identity.id).where(
        Identity.id == MassPerson.identity_id,
        ~Identity.followed | refuses_campaigns(Identity.person_id),
    )
    session.execute(
        delete(MassPerson).where(MassPerson.part_id == part.id, exists(gone))
        .execution_options(synchronize_session=False)
    )
    part.people = len(_openids(session, part.id))


def _openids(session: Session, part_id: int) -> list[str]:
    return list(session.scalars(
        select(Identity.openid).join(MassPerson, MassPerson.identity_id == Identity.id)
        .where(MassPerson.part_id == part_id).order_by(MassPerson.person_id)
    ))


def _tend_one(ctx: Context, number: int) -> None:
    with ctx.db.read() as session:
        part = session.get_one(MassPart, number)
        written = write(ctx, part.mass.article.version)
        openids = _openids(session, number)
        session.expunge_all()
    try:
        done = _call(ctx, part, written, openids)
    except PlatformTrouble as trouble:
        log.info("mass_waits", part=number, errcode=trouble.errcode)
        done = _after(ctx, part, trouble)
    except Exception as error:
        log.error("mass_failed", part=number, error=type(error).__name__)
        done = _after(ctx, part, PlatformTrouble(Outcome.RETRY, None, NO_ANSWER))
    with ctx.db.begin() as session:
        kept = session.get_one(MassPart, number, with_for_update={"of": MassPart})
        if "msg_id" in done:
            # Also of a part that was given up meanwhile: it did go out.
            if kept.stage not in (Stage.SENT, Stage.COUNTED):
                taken(ctx, session, kept, str(done["msg_id"]))
            return
        if kept.stage == part.stage:
            for name, value in done.items():
                setattr(kept, name, value)


def _call(
    ctx: Context, part: MassPart, written: dict[str, str], openids: list[str]
) -> dict[str, Any]:
    """The next step of a part; `msg_id` where the platform has taken it."""
    if len(openids) < FEWEST:
        return {"stage": Stage.FAILED, "reason": FEW}
    account = part.mass.account
    platform = platform_of(ctx, account)
    if part.stage == Stage.WAITING:
        row = {**written, "thumb_media_id": cover(ctx, platform, account)}
        media_id = platform.post("draft/add", {"articles": [row]}).get("media_id")
        if not media_id:
            raise PlatformTrouble(Outcome.RETRY, None, NO_ANSWER)
        return {"stage": Stage.DRAFTED, "media_id": str(media_id), "next_try_at": ctx.now()}
    try:
        found = platform.post("message/mass/send", {
            "touser": openids, "msgtype": "mpnews", "mpnews": {"media_id": part.media_id},
            "send_ignore_reprint": 0, "clientmsgid": part.client_id,
        })
    except PlatformTrouble as trouble:
        # A repeat of what had gone out: it names the number that this has.
        if trouble.kind == Outcome.DONE:
            return {"msg_id": trouble.msg_id}
        raise
    return {"msg_id": found.get("msg_id") or ""}


def _after(ctx: Context, part: MassPart, trouble: PlatformTrouble) -> dict[str, Any]:
    """What a call that did not go through makes of it. An outage holds it, days at most."""
    if trouble.kind in WAITS:
        return {"next_try_at": ctx.now() + WAITS[trouble.kind], "reason": trouble.words}
    tries = part.tries + 1
    if trouble.errcode == NO_SUCH_MEDIA and tries < MOST_DRAFTS:
        # Somebody deleted the draft, or the cover, over there: both are brought again.
        articles.forget_cover(ctx, part.mass.account)
        return {"stage": Stage.WAITING, "media_id": "", "tries": tries, "next_try_at": ctx.now()}
    if trouble.kind in NEVER:
        return {"stage": Stage.FAILED, "tries": tries, "reason": trouble.words}
    later = ctx.now() + AGAIN * 2 ** min(tries - 1, 4)
    return {"tries": tries, "next_try_at": later, "reason": trouble.words}


def _finish(ctx: Context, session: Session) -> None:
    """Done is what has nothing that moves, and nobody left who could be in another part."""
    for mass in session.scalars(
        select(Mass).where(Mass.state == State.RUNNING).with_for_update(of=Mass)
    ):
        moving = select(MassPart.id).where(MassPart.mass_id == mass.id, _moves()).limit(1)
        if session.scalar(moving) is None and len(_left(ctx, session, mass)) < FEWEST:
            mass.state = State.DONE
