"""The people of an area: who works where, who is on leave, inviting, handing over, leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

import segno
import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.doors import BIND_SCENE
from models import audit, staffing
from models import staffwork as work
from models.areas import covers
from models.context import Context
from models.days import read_day
from models.leave import is_away
from models.numbers import read_number
from models.people import Staff
from models.policy import NotAllowed, is_same_person
from models.settings import Translate, mark
from models.signin import CODE_MINUTES
from models.statuses import CASE_ROLES, ROLE_NAMES, STATUS_NAMES, Role, Status
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import posts, telling
from webhooks.platform import PlatformTrouble, scene_qr

log = structlog.get_logger()

BACK = mark("记下了，从今天起又能给他派事了。")
AWAY = mark("记下了。请假的日子里，新的事不派给他；到期的提醒发给负责人。")
LEFT = mark("停了。他在哪里登录的都已经退出来。")
HANDED = mark("交出去 {count} 件。本人会收到消息，只说换成谁。")
ALL_HANDED = mark("名下没有没办完的事了。")
KEPT_BACK = mark("这几件他要回避，没有交：{receipts}。请另选一位。")
STILL_LEFT = mark("名下还有 {count} 件没有办完的事。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/staff", "staff", listing)
    desk.add_url_rule("/staff/invite", "staff_new", ask)
    desk.add_url_rule("/staff/invite", "staff_invite", invite, methods=["POST"])
    one = "/staff/<int:number>"
    desk.add_url_rule(one, "staff_member", member)
    desk.add_url_rule(f"{one}/code", "staff_code", code, methods=["POST"])
    desk.add_url_rule(f"{one}/leave", "staff_leave", leave, methods=["POST"])
    desk.add_url_rule(f"{one}/hand-over", "staff_hand_over", ask_hand_over)
    desk.add_url_rule(f"{one}/hand-over", "staff_hand", hand_over, methods=["POST"])
    desk.add_url_rule(f"{one}/remove", "staff_remove", remove, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def listing() -> ResponseReturnValue:
    """Everyone whom one looks after, by place."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        rows = [_row(ctx, t, one) for one in staffing.colleagues(db, staff)]
    return render_template("desk/staff.html", rows=rows, county=staff.role is Role.COUNTY)


def _row(ctx: Context, t: Translate, one: staffing.Colleague) -> dict[str, Any]:
    return {**_told(ctx, t, one.member), "cases": one.cases}


def _told(ctx: Context, t: Translate, member: Staff) -> dict[str, Any]:
    """A member of staff in words."""
    return {
        "id": member.id, "name": member.name, "area": member.area,
        "role": t(ROLE_NAMES[Role(member.role)]),
        "place": ctx.directory.areas.name(member.area), "unit": member.unit,
        "bound": member.person_id is not None, "left": member.left_at,
        "away": is_away(member, ctx.today()), "from": member.away_from,
        "until": member.away_until,
        "leave_ahead": member.away_until is not None and member.away_until >= ctx.today(),
    }


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask() -> ResponseReturnValue:
    """The form for someone new."""
    return _invite_form()


def _invite_form(refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    areas = ctx.directory.areas
    may = staffing.INVITES[staff.role]
    # From 村里来的 one comes for an assistant, often of one village.
    only = request.args.get("role", "")
    roles = [role for role in may if role == only] or may
    page = render_template(
        "desk/staff_new.html", typed=request.form,
        roles=[(str(role), t(ROLE_NAMES[role])) for role in roles], only=only,
        places=[
            (place.code, areas.name(place.code))
            for place in staffing.places(areas, staff, roles)
        ],
        here=request.args.get("area", ""), village=list(roles) == [Role.ASSISTANT],
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
    )
    return (page, 422) if refused else page


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def invite() -> ResponseReturnValue:
    """Someone new: their code, shown this once."""
    ctx, staff, form = access.context(), access.staff(), request.form
    said = work.Invited(*(form.get(key, "") for key in ("name", "role", "area", "unit")))
    try:
        with ctx.db.begin() as db:
            found, new = work.invite(ctx, db, staff, said)
    except MoveRefused as refused:
        return _invite_form(refused)
    return _code_page(ctx, found, new)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def code(number: int) -> ResponseReturnValue:
    """A new code: for who never bound, or has another telephone."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            found, new = work.new_code(ctx, db, staff, number)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        return _back(number, access.speech()(refused.reason), "urgent")
    return _code_page(ctx, found, new)


def _code_page(ctx: Context, found: Staff, new: str) -> ResponseReturnValue:
    """Shown on the answer itself: a code in an address or a cookie would be passed on."""
    return render_template(
        "desk/staff_code.html", one=_told(ctx, access.speech(), found), code=new,
        days=CODE_MINUTES["bind"] // (24 * 60), qr=_qr(ctx, found, new),
    ), 200, {"Cache-Control": "no-store"}


def _qr(ctx: Context, found: Staff, new: str) -> str:
    """The QR as SVG; empty where no account of the place can make one, or it does not answer."""
    may = [one for one in ctx.settings.accounts if one.may_make_qr]
    account = next((one for one in may if covers(one.area, found.area)), None)
    if account is None:
        return ""
    try:
        content = scene_qr(ctx, account, f"{BIND_SCENE}{new}", CODE_MINUTES["bind"] * 60)
    except PlatformTrouble as trouble:
        log.warning("invited_without_qr", account=account.slug, why=str(trouble))
        return ""
    return segno.make(content, micro=False).svg_inline(border=4, omitsize=True)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def member(number: int) -> ResponseReturnValue:
    """One member of staff: leave, a new code, handing over, leaving."""
    return _page(number)


def _page(number: int, refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.read() as db:
            found = staffing.find(db, staff, number)
            cases = staffing.count_cases(db, staff, found)
            beside = posts.part(ctx, db, t, staff, found)
    except LookupError:
        abort(404)
    page = render_template(
        "desk/staff_member.html", one=_told(ctx, t, found), cases=cases, typed=request.form,
        posts=beside,
        own=is_same_person(staff, found), may_code=found.role in staffing.INVITES[staff.role],
        has_cases=found.role in CASE_ROLES, today=ctx.today(),
        problem=t(refused.reason) if refused else "",
    )
    return (page, 422) if refused else page


def _back(number: int, words: str, kind: str = "done") -> ResponseReturnValue:
    flash(words, kind)
    return redirect(url_for("desk.staff_member", number=number), 303)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def leave(number: int) -> ResponseReturnValue:
    """Away from a day until a day, or back again."""
    ctx, staff, form = access.context(), access.staff(), request.form
    back = form.get("back") == "1"
    # Not a day where nothing readable stands: that is refused, and never read as being back.
    days = (None, None) if back else (_day(form.get("from", "")), _day(form.get("until", "")))
    if not back and None in days:
        return _page(number, MoveRefused(work.NO_DAYS, "leave"))
    try:
        with ctx.db.begin() as db:
            work.set_leave(ctx, db, staff, number, *days)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _page(number, refused)
    return _back(number, access.speech()(BACK if back else AWAY))


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def ask_hand_over(number: int) -> ResponseReturnValue:
    """Their cases, and to whom."""
    return _hand_page(number)


def _hand_page(number: int, refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            found = staffing.find(db, staff, number)
            cases = staffing.cases_of(db, staff, found, work.BATCH)
            audit.record(
                db, ctx.now(), "staff.cases", "staff", found.id, staff_id=staff.id,
                cases=[case.id for case in cases][:30],
            )
            rows = [
                (case.receipt, telling.name_of(t, case), t(STATUS_NAMES[Status(case.status)]),
                 telling.due_words(ctx, t, case))
                for case in cases
            ]
            count = staffing.count_cases(db, staff, found)
            takers = [(str(one.id), one.name) for one in work.takers(ctx, db, found)]
    except LookupError:
        abort(404)
    page = render_template(
        "desk/staff_hand.html", one=_told(ctx, t, found), rows=rows, count=count, takers=takers,
        typed=request.form, chosen=request.form.getlist("case"), batch=work.BATCH,
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
    )
    return (page, 422) if refused else page


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def hand_over(number: int) -> ResponseReturnValue:
    """Give all, or those chosen, to a colleague of the same township."""
    ctx, staff, form, t = access.context(), access.staff(), request.form, access.speech()
    chosen = None if form.get("which") == "all" else form.getlist("case")
    try:
        handed = work.hand_over(ctx, staff, number, form.get("officer", type=read_number), chosen)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _hand_page(number, refused)
    if handed.kept:
        flash(t(KEPT_BACK, receipts=t("、").join(handed.kept)), "urgent")
    if handed.done:
        flash(t(HANDED, count=handed.done), "done")
    if handed.left:
        flash(t(STILL_LEFT, count=handed.left), "info")
        return redirect(url_for("desk.staff_hand_over", number=number), 303)
    return _back(number, t(ALL_HANDED))


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def remove(number: int) -> ResponseReturnValue:
    """They no longer work here; cases that are theirs come first."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            work.remove(ctx, db, staff, number)
    except LookupError:
        abort(404)
    except NotAllowed as refused:
        return _back(number, t(refused.reason), "urgent")
    except work.CasesLeft as refused:
        flash(t(refused.reason, count=refused.count), "urgent")
        return redirect(url_for("desk.staff_hand_over", number=number), 303)
    flash(t(LEFT), "done")
    return redirect(url_for("desk.staff"), 303)
