"""上门名单: whom a notice did not reach, village by village, on the screen and on paper."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from models import doors, knocking
from models.areas import Level, covers
from models.cases import Case
from models.context import Context
from models.doors import HOWS, Door, How
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import CASE_ROLES, Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import readings, telling
from webhooks.desk.pushes import asked_for, picks

ASKED = mark("请协理员去 {count} 家，他们会收到提醒。")
NOBODY = mark("没有要再请的了。")
WITHOUT = mark("还有 {count} 家的村里没有能去的协理员，请镇上自己去，或者打电话。")
KEPT = mark("记下了。")
GOES = {
    "open": mark("请了{name}去"), "done": mark("{name}去过了"),
    "back": mark("{name}去不了，要换人"), "dropped": mark("收回了，没有人去"),
}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/doors", "doors", page)
    desk.add_url_rule("/doors/errands", "ask_doors", ask, methods=["POST"])
    desk.add_url_rule("/doors/<receipt>/told", "door_told", told, methods=["POST"])


def _village(ctx: Context, staff: StaffView) -> str:
    """The village that the address asks for; 404 where it is none of the area."""
    code = request.args.get("village", "")
    place = ctx.directory.areas.get(code)
    if code and (
        place is None or place.level != Level.VILLAGE or not covers(staff.area, code)
    ):
        abort(404)
    return code


def _narrow(ctx: Context, staff: StaffView, township: str) -> tuple[ColumnElement[bool], ...]:
    village = _village(ctx, staff)
    more: tuple[ColumnElement[bool], ...] = (Case.living_area == village,) if village else ()
    return (*more, Case.township == township) if township else more


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def page() -> ResponseReturnValue:
    """The list, by village; recorded as read."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    asked = asked_for(ctx, staff)
    with ctx.db.begin() as db:
        found = doors.doors(db, staff, asked.span, *_narrow(ctx, staff, asked.township))
        readings.keep(
            ctx, db, staff, "doors.read", "case", cases=[door.case.id for door in found]
        )
        villages = [
            (code, ctx.directory.areas.name(code) or t(mark("不知道住哪个村")),
             [_row(t, door) for door in rows])
            for code, rows in groupby(found, key=lambda door: door.case.living_area)
        ]
    unasked = sum(door.closed is None and door.errand is None for door in found)
    return render_template(
        "desk/doors.html", villages=villages, open=sum(one.closed is None for one in found),
        closed=sum(one.closed is not None for one in found), unasked=unasked,
        may=staff.role in CASE_ROLES, village=request.args.get("village", ""),
        most=doors.MOST if len(found) == doors.MOST else 0,
        printed=t.day(ctx.today()), **picks(ctx, t, staff, asked),
    )


def _row(t: Translate, door: Door) -> dict[str, Any]:
    errand = door.errand
    return {
        "receipt": door.case.receipt, "name": telling.name_of(t, door.case),
        "phone": door.case.phone, "lost": t.day(door.lost_at.astimezone(access.context().zone)),
        "reason": t(door.push.reason) if door.push.reason else "",
        "goes": t(GOES[errand.state], name=errand.staff.name) if errand else "",
        "closed": t(HOWS[door.closed]) if door.closed else "",
        "closed_at": t.moment(door.closed_at) if door.closed_at else "",
    }


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def ask() -> ResponseReturnValue:
    """Ask the assistants to go wherever nobody is asked yet."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    asked = asked_for(ctx, staff)
    with ctx.db.begin() as db:
        made, without = knocking.ask_rest(
            ctx, db, staff, asked.span, *_narrow(ctx, staff, asked.township)
        )
    words = [t(ASKED, count=made) if made else t(NOBODY)] if made or not without else []
    if without:
        words.append(t(WITHOUT, count=without))
    flash("".join(words), "done")
    return _back(asked.query)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def told(receipt: str) -> ResponseReturnValue:
    """The township telephoned, or went itself."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    how = request.form.get("how", "")
    if how not in set(doors.SAID):
        abort(404)
    asked = asked_for(ctx, staff)
    try:
        with ctx.db.begin() as db:
            doors.tell(ctx, db, staff, receipt, How(how))
    except LookupError:
        abort(404)
    flash(t(KEPT), "done")
    return _back(asked.query)


def _back(query: dict[str, str]) -> ResponseReturnValue:
    values: dict[str, Any] = {**query, "village": request.args.get("village") or None}
    return redirect(url_for("desk.doors", **values), 303)
