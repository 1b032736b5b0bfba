"""Writing a campaign at the desk: to whom, what, when; and both said back in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audiences, campaigning
from models.areas import Level
from models.audiences import RESIDENTS, ROLES, STANDS, Audience
from models.campaigning import Timing
from models.campaigns import Campaign
from models.campaignwords import TEXT_LIMIT, TITLE_LIMIT
from models.context import Context
from models.paths import PATHS
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from notices.roster.book import REASONS, Unreadable
from webhooks import access, uploads
from webhooks.access import Audience as Open
from webhooks.access import opened_to
from webhooks.desk import campaignlists
from webhooks.i18n import names

MOST_UPLOAD = 6 * 1024 * 1024
WHEN = ("now", "at", "month")
WRITTEN = mark("写好了，还没有发。看看收到的样子，再往下走。")
NOT_A_TIME = mark("请写哪天几点，比如 2026-11-26 09:00。")
NOT_MONTHLY = mark("请写每月几号（1到28）、几点（0到23）。")
AT_ONCE, AT, MONTHLY = mark("签了、点了就发"), mark("{moment}发"), mark("每月{day}号{hour}点发")
ALL_OF = mark("{area}的{role}")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/campaigns/new", "campaign_new", new)
    desk.add_url_rule("/campaigns/new", "campaign_write", write, methods=["POST"])


def whom(ctx: Context, t: Translate, audience: Audience) -> str:
    """To whom, in one line."""
    parts = [t(ALL_OF, area=ctx.directory.areas.name(audience.area), role=t(ROLES[audience.role]))]
    if audience.scheme:
        parts.append(t(PATHS[audience.scheme].name))
    if audience.stands:
        parts.append(t(STANDS[audience.stands][0]))
    if audience.locale:
        parts.append(dict(names(ctx.settings.languages)).get(audience.locale, audience.locale))
    if audience.notice:
        parts.append(t(mark("在那份公示名单上的")))
    if audience.from_list:
        parts.append(t(mark("放上来的名单里的")))
    return " · ".join(parts)


def when(t: Translate, campaign: Campaign) -> str:
    """When, in one line."""
    if campaign.month_day is not None:
        return t(MONTHLY, day=campaign.month_day, hour=campaign.month_hour)
    return t(AT, moment=t.moment(campaign.next_at)) if campaign.next_at else t(AT_ONCE)


@opened_to(Open.DESK, *DESK_ROLES)
def new() -> ResponseReturnValue:
    """The form; with `from`, as an earlier one was."""
    ctx, staff = access.context(), access.staff()
    number = request.args.get("from", "")
    if not number:
        return _form({})
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        abort(404)
    with ctx.db.read() as db:
        try:
            before = campaigning.found(db, staff, int(number))
        except LookupError:
            abort(404)
        kept = before.audience
        typed = {name: str(kept[name] or "") for name in ("area", "role", "scheme", "stands")}
        return _form(typed | {"title": before.title, "text": before.text})


def _form(
    typed: Any, problem: str = "", field: str = "", missed: list[tuple[int, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        notices = audiences.listable(db, staff)
    return render_template(
        "desk/campaign_new.html", typed=typed, problem=problem, field=field, missed=missed or [],
        places=_places(ctx, staff), roles=[(key, t(name)) for key, name in ROLES.items()],
        schemes=[("", t(mark("不分"))), *((p.scheme, t(p.name)) for p in PATHS.values())],
        stands=[("", t(mark("不分"))), *((key, t(name)) for key, (name, _) in STANDS.items())],
        languages=[("", t(mark("不分"))), *names(ctx.settings.languages)],
        notices=[("", t(mark("不分"))), *((str(number), title) for number, title in notices)],
        title_limit=TITLE_LIMIT, text_limit=TEXT_LIMIT,
        sign_above=ctx.settings.campaigns.sign_above,
    ), status


def _places(ctx: Context, staff: StaffView) -> list[tuple[str, str]]:
    """The staff's own area and everything below it."""
    areas, own = ctx.directory.areas, ctx.directory.areas.get(staff.area)
    below = [
        place for township in areas.within(staff.area, Level.TOWNSHIP)
        for place in (township, *areas.within(township.code, Level.VILLAGE))
    ]
    found = [own, *below] if own and own not in below else below
    return [(place.code, areas.name(place.code, " ")) for place in found]


@opened_to(Open.DESK, *DESK_ROLES)
@uploads.up_to(MOST_UPLOAD)
def write() -> ResponseReturnValue:
    """Keep a draft; what is wrong is said, and everything typed stays."""
    ctx, staff, t, form = access.context(), access.staff(), access.speech(), request.form
    try:
        timing = _timing(ctx)
        with ctx.db.begin() as db:
            audience, missed = _audience(ctx, db, staff)
            if missed:
                return _form(form, t(campaignlists.SOME_MISSED), "file", [
                    (row, t(words)) for row, words in missed
                ], status=422)
            number = campaigning.write(
                ctx, db, staff, form.get("title", ""), form.get("text", ""), audience, timing
            ).id
    except LookupError:
        abort(404)
    except Unreadable as wrong:
        return _form(form, t(REASONS[wrong.reason]), "file", status=422)
    except MoveRefused as refused:
        return _form(form, t(refused.reason), refused.field, status=422)
    flash(t(WRITTEN), "done")
    return redirect(url_for("desk.campaign", number=number), 303)


def _audience(
    ctx: Context, db: Session, staff: StaffView
) -> tuple[Audience, list[tuple[int, str]]]:
    form, file = request.form, request.files.get("file")
    number = form.get("notice", "")
    notice = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    audience = Audience(
        form.get("area", ""), form.get("role", RESIDENTS), form.get("scheme", ""),
        form.get("stands", ""), form.get("locale", ""), notice,
    )
    if audience.locale not in {"", *dict(names(ctx.settings.languages))}:
        raise LookupError(audience.locale)
    if file is None or not file.filename:
        return audience, []
    rows = campaignlists.read(file.read(), file.filename)
    people, missed = audiences.looked_up(ctx, db, staff.area, rows)
    # Who knows what is missing may send to the rest.
    if form.get("rest"):
        missed = []
    return replace(audience, people=people, from_list=True), missed


def _timing(ctx: Context) -> Timing:
    form = request.form
    how = form.get("when", "now")
    if how == "at":
        try:
            at = datetime.fromisoformat(form.get("at", "").strip())
        except ValueError:
            raise MoveRefused(NOT_A_TIME, "at") from None
        return Timing(at=at.replace(tzinfo=ctx.zone) if at.tzinfo is None else at)
    if how == "month":
        day, hour = (form.get(name, "").strip() for name in ("month_day", "month_hour"))
        if not all(one.isascii() and one.isdecimal() and len(one) < 3 for one in (day, hour)):
            raise MoveRefused(NOT_MONTHLY, "month_day")
        return Timing(month_day=int(day), month_hour=int(hour))
    return Timing()
