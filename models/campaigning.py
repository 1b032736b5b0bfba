"""Campaigns: written, tried on oneself, signed, sent, held up, ended. One function a thing done.

What has gone has gone: holding up and ending hold for what has not been claimed yet, at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import audit
from models.areas import prefix
from models.audiences import RESIDENTS, STANDS, Audience, count
from models.campaigns import Campaign, CampaignRun, State
from models.campaignwords import checked
from models.context import Context
from models.outgoing import Occasion
from models.paths import PATHS
from models.policy import NotAllowed, StaffView, is_same_person
from models.publishing import Notice
from models.pushes import Push, PushState
from models.settings import mark
from models.statuses import DECIDERS, Role
from models.steps import MoveRefused

AHEAD = timedelta(days=366)
NOT_THERE = mark("这一条刚才有人动过了。下面是最新的情况。")
NEEDS_ANOTHER = mark("这条是您写的，要请另一位负责人签字。")
NOT_DECIDER = mark("发给这么多人，要请负责人签字。")
NOBODY = mark("照这样选，一个人也没有。请换一换“发给谁”。")
NO_CHAT = mark("您自己还没有绑定微信，没法先发给自己看。")
NO_TIME = mark("请选今天以后一年里的时间。")
NO_MONTHLY = mark("请写每月几号（1到28）、几点（0到23）。")


@dataclass(frozen=True)
class Timing:
    """When: `at` once (None: as soon as it may), or every month on a day at an hour."""

    at: datetime | None = None
    month_day: int | None = None
    month_hour: int | None = None


def write(
    ctx: Context, session: Session, staff: StaffView, title: str, text: str,
    audience: Audience, timing: Timing,
) -> Campaign:
    """Keep a draft. Raises LookupError outside one's area, MoveRefused."""
    _must_be_own(ctx, session, staff, audience)
    title, text = checked(title, text)
    _must_come(ctx, timing)
    counted = count(ctx, session, audience)
    if not counted.all:
        raise MoveRefused(NOBODY, "role")
    campaign = Campaign(
        area=audience.area, account=_account(ctx, audience.area), title=title, text=text,
        audience=audience.kept(), state=State.DRAFT, next_at=timing.at,
        month_day=timing.month_day, month_hour=timing.month_hour, counted=counted.all,
        made_by=staff.id, made_at=ctx.now(),
    )
    session.add(campaign)
    session.flush()
    _record(ctx, session, staff, "write", campaign)
    return campaign


def _must_be_own(ctx: Context, session: Session, staff: StaffView, audience: Audience) -> None:
    inside = audience.area.startswith(prefix(staff.area)) and ctx.directory.areas.get(audience.area)
    if not inside or audience.role not in (RESIDENTS, Role.ASSISTANT, Role.OFFICER, Role.HEAD):
        raise LookupError(audience.area)
    if (audience.scheme and audience.scheme not in PATHS) or (
        audience.stands and audience.stands not in STANDS
    ):
        raise LookupError(audience.scheme)
    if audience.notice:
        notice = session.get(Notice, audience.notice)
        if notice is None or not notice.area.startswith(prefix(staff.area)):
            raise LookupError(audience.notice)


def _must_come(ctx: Context, timing: Timing) -> None:
    if timing.at is not None and not ctx.now() < timing.at < ctx.now() + AHEAD:
        raise MoveRefused(NO_TIME, "at")
    day, hour = timing.month_day, timing.month_hour
    if day is not None and (hour is None or not (1 <= day <= 28 and 0 <= hour <= 23)):
        raise MoveRefused(NO_MONTHLY, "month_day")


def _account(ctx: Context, area: str) -> str:
    """The account of the place or of one above it."""
    above = [place.code for place in ctx.directory.areas.upward(area)]
    mine = [one for one in ctx.settings.accounts if one.area in above]
    return min(mine, key=lambda one: above.index(one.area)).slug if mine else ""


def try_out(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """Send it to who asks, and to nobody else."""
    campaign = found(session, staff, number)
    if staff.person_id is None:
        raise MoveRefused(NO_CHAT)
    now = ctx.now()
    session.add(Push(
        key=f"campaign:try:{number}:{staff.id}:{int(now.timestamp())}",
        occasion=Occasion.CAMPAIGN, person_id=staff.person_id, township=campaign.area,
        account=campaign.account, details=details(campaign), state=PushState.PENDING,
        next_try_at=now, created_at=now, expires_at=now + timedelta(days=1),
    ))
    _record(ctx, session, staff, "try", campaign)


def details(campaign: Campaign) -> dict[str, str]:
    """What its pushes are put into words with."""
    return {"title": campaign.title, "text": campaign.text}


def send(ctx: Context, session: Session, staff: StaffView, number: int) -> State:
    """Send it, or above the size ask another person to sign; which of them it came to."""
    campaign = _in_state(session, staff, number, State.DRAFT)
    counted = count(ctx, session, Audience.of(campaign.audience)).all
    campaign.counted = counted
    if counted > ctx.settings.campaigns.sign_above:
        _turn(ctx, session, staff, campaign, State.SIGNING, "ask")
        return State.SIGNING
    return _go(ctx, session, staff, campaign, "send")


def sign(ctx: Context, session: Session, staff: StaffView, number: int) -> State:
    """The second person, a head or the county, lets it go out."""
    campaign = _in_state(session, staff, number, State.SIGNING)
    if staff.role not in DECIDERS:
        raise NotAllowed(NOT_DECIDER)
    if is_same_person(staff, campaign.maker):
        raise NotAllowed(NEEDS_ANOTHER)
    campaign.signed_by, campaign.signed_at = staff.id, ctx.now()
    return _go(ctx, session, staff, campaign, "sign")


def _go(
    ctx: Context, session: Session, staff: StaffView, campaign: Campaign, what: str
) -> State:
    if campaign.month_day is not None:
        campaign.next_at = next_month(ctx, campaign, ctx.now())
    elif campaign.next_at is None or campaign.next_at < ctx.now():
        campaign.next_at = ctx.now()
    _turn(ctx, session, staff, campaign, State.RUNNING, what)
    return State.RUNNING


def next_month(ctx: Context, campaign: Campaign, after: datetime) -> datetime:
    """The first moment of its day and hour, where the people are, that lies after this one."""
    assert campaign.month_day is not None
    assert campaign.month_hour is not None
    here = after.astimezone(ctx.zone)
    due = here.replace(
        day=campaign.month_day, hour=campaign.month_hour, minute=0, second=0, microsecond=0
    )
    if due <= here:
        year, month = divmod(due.year * 12 + due.month, 12)
        due = due.replace(year=year, month=month + 1)
    return due.astimezone(after.tzinfo)


def pause(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """Nothing more is claimed from now on, until it is resumed."""
    campaign = _in_state(session, staff, number, State.RUNNING)
    _turn(ctx, session, staff, campaign, State.PAUSED, "pause")


def resume(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """It goes on where it was."""
    campaign = _in_state(session, staff, number, State.PAUSED)
    _turn(ctx, session, staff, campaign, State.RUNNING, "resume")


def stop(ctx: Context, session: Session, staff: StaffView, number: int) -> None:
    """For good, also before it has begun."""
    campaign = _in_state(
        session, staff, number, State.DRAFT, State.SIGNING, State.RUNNING, State.PAUSED
    )
    campaign.next_at = None
    _turn(ctx, session, staff, campaign, State.STOPPED, "stop")


def found(session: Session, staff: StaffView, number: int, *, lock: bool = False) -> Campaign:
    """The campaign of this number; LookupError where it lies outside the staff's area."""
    query = select(Campaign).where(
        Campaign.id == number, Campaign.area.startswith(prefix(staff.area), autoescape=True)
    )
    if lock:
        query = query.with_for_update(of=Campaign)
    one = session.scalars(query).one_or_none()
    if one is None:
        raise LookupError(number)
    return one


def listed(session: Session, staff: StaffView, page: int, size: int) -> list[Campaign]:
    """Those of the staff's area, the newest first; one more than fits tells of a next page."""
    query = select(Campaign).where(
        Campaign.area.startswith(prefix(staff.area), autoescape=True)
    )
    found = query.order_by(Campaign.id.desc()).offset((page - 1) * size).limit(size + 1)
    return list(session.scalars(found))


def progress(session: Session, number: int) -> dict[str, int]:
    """How many of its pushes stand where, by state."""
    query = select(Push.state, func.count()).where(Push.campaign_id == number)
    rows = session.execute(query.group_by(Push.state))
    return {row[0]: row[1] for row in rows}


def is_writing(session: Session, number: int) -> bool:
    """Whether a run is still being written into the outbox."""
    query = select(CampaignRun.id).where(CampaignRun.campaign_id == number, CampaignRun.open)
    return session.scalar(query.limit(1)) is not None


def _in_state(session: Session, staff: StaffView, number: int, *states: State) -> Campaign:
    campaign = found(session, staff, number, lock=True)
    if campaign.state not in states:
        raise MoveRefused(NOT_THERE)
    return campaign


def _turn(
    ctx: Context, session: Session, staff: StaffView, campaign: Campaign, state: State, what: str
) -> None:
    campaign.state = state
    _record(ctx, session, staff, what, campaign)


def _record(
    ctx: Context, session: Session, staff: StaffView, what: str, campaign: Campaign
) -> None:
    audit.record(
        session, ctx.now(), f"campaign.{what}", "campaign", campaign.id, staff_id=staff.id,
        area=campaign.area, people=campaign.counted,
    )
