"""Campaigns (群发) at the desk: written, looked at as people get it, signed, held up, followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audiences, campaigning
from models.audiences import Audience
from models.campaigns import STATE_NAMES, Campaign, State
from models.context import Context
from models.outgoing import Occasion
from models.policy import NotAllowed, StaffView, is_same_person
from models.settings import Translate, mark
from models.statuses import DECIDERS, DESK_ROLES
from models.steps import MoveRefused
from notices.occasions import spoken
from webhooks import access
from webhooks.access import Audience as Open
from webhooks.access import opened_to
from webhooks.desk import campaignforms, campaignprogress, masses
from webhooks.desk.paging import page_asked

PAGE = 30
TRIED = mark("发给您自己了，看看手机。")
ASKED = mark("超过 {count} 人，要请另一位负责人签字，签了才发。")
GOES = mark("好，到时候就发。")
SIGNED = mark("签好了，到时候就发。")
PAUSED = mark("停住了。还没发出去的都不发，随时可以接着发。")
RESUMED = mark("接着发了。")
STOPPED = mark("不发了。已经发出去的收不回来。")
Act = Callable[[Context, Session, StaffView, int], Any]


def add_routes(desk: Blueprint) -> None:
    campaignforms.add_routes(desk)
    at = "/campaigns/<int:number>"
    desk.add_url_rule("/campaigns", "campaigns", look)
    desk.add_url_rule(at, "campaign", one)
    for name, view in (
        ("try", try_out), ("send", send), ("sign", sign), ("pause", pause), ("resume", resume),
        ("stop", stop),
    ):
        desk.add_url_rule(f"{at}/{name}", f"campaign_{name}", view, methods=["POST"])


@opened_to(Open.DESK, *DESK_ROLES)
def look() -> ResponseReturnValue:
    """Every campaign of the area, the newest first."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    page = page_asked()
    with ctx.db.read() as db:
        found = campaigning.listed(db, staff, page, PAGE)
        rows = [_row(ctx, t, campaign) for campaign in found[:PAGE]]
        sent = masses.rows(t, db, staff) if page == 1 else []
    return render_template(
        "desk/campaigns.html", rows=rows, page=page, more=len(found) > PAGE, masses=sent,
    )


def _row(ctx: Context, t: Translate, campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id, "title": campaign.title, "state": t(STATE_NAMES[State(campaign.state)]),
        "signing": campaign.state == State.SIGNING,
        "whom": campaignforms.whom(ctx, t, Audience.of(campaign.audience)),
        "count": campaign.counted, "made": t.moment(campaign.made_at), "by": campaign.maker.name,
    }


@opened_to(Open.DESK, *DESK_ROLES)
def one(number: int) -> ResponseReturnValue:
    """One campaign: as people get it, how many, how far it is, and what may be done next."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        campaign = _found(db, staff, number)
        state, audience = State(campaign.state), Audience.of(campaign.audience)
        before = state in (State.DRAFT, State.SIGNING)
        return render_template(
            "desk/campaign.html", row=_row(ctx, t, campaign), campaign=campaign, state=state,
            previews=_previews(ctx, db, campaign, audience),
            counted=audiences.count(ctx, db, audience) if before else None,
            when=campaignforms.when(t, campaign),
            progress=None if before else campaignprogress.of(db, t, campaign),
            sign_above=ctx.settings.campaigns.sign_above, own=_is_own(staff, campaign),
            may_sign=staff.role in DECIDERS and not _is_own(staff, campaign),
        )


def _is_own(staff: StaffView, campaign: Campaign) -> bool:
    return is_same_person(staff, campaign.maker)


def _previews(
    ctx: Context, db: Session, campaign: Campaign, audience: Audience
) -> list[tuple[str, str, str]]:
    """As up to three of them get it, in their languages, each wording once: nobody is named."""
    found = []
    for _, locale in audiences.three(db, audience):
        said = spoken(
            ctx, Occasion.CAMPAIGN, campaigning.details(campaign), campaign.area, locale
        )
        found.append((locale, said.title, said.body))
    return list(dict.fromkeys(found))


def _found(db: Session, staff: StaffView, number: int) -> Campaign:
    try:
        return campaigning.found(db, staff, number)
    except LookupError:
        abort(404)


def _do(number: int, act: Act, said: Callable[[Any], str]) -> ResponseReturnValue:
    """One act on one campaign; what cannot be now is told on its page."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            came_to = act(ctx, db, staff, number)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
    else:
        words = said(came_to)
        flash(t(words, count=ctx.settings.campaigns.sign_above), "done")
    return redirect(url_for("desk.campaign", number=number), 303)


@opened_to(Open.DESK, *DESK_ROLES)
def try_out(number: int) -> ResponseReturnValue:
    """To oneself alone."""
    return _do(number, campaigning.try_out, lambda _: TRIED)


@opened_to(Open.DESK, *DESK_ROLES)
def send(number: int) -> ResponseReturnValue:
    """Send it, or ask for the second signature."""
    return _do(number, campaigning.send, lambda state: ASKED if state is State.SIGNING else GOES)


@opened_to(Open.DESK, *DECIDERS)
def sign(number: int) -> ResponseReturnValue:
    """The second person lets it go."""
    return _do(number, campaigning.sign, lambda _: SIGNED)


@opened_to(Open.DESK, *DESK_ROLES)
def pause(number: int) -> ResponseReturnValue:
    """Nothing more goes out for now."""
    return _do(number, campaigning.pause, lambda _: PAUSED)


@opened_to(Open.DESK, *DESK_ROLES)
def resume(number: int) -> ResponseReturnValue:
    """It goes on."""
    return _do(number, campaigning.resume, lambda _: RESUMED)


@opened_to(Open.DESK, *DESK_ROLES)
def stop(number: int) -> ResponseReturnValue:
    """For good."""
    return _do(number, campaigning.stop, lambda _: STOPPED)
