"""What comes from the villages: who reports, how soon it is answered, from where nothing comes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models import villages
from models.settings import Translate, mark
from models.statuses import Role
from models.villages import Reports, Village
from webhooks import access
from webhooks.access import Audience, opened_to

DAY = 24


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/villages", "villages", page)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def page() -> ResponseReturnValue:
    """Every village of one's area in the last quarter, the silent ones first."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        found = villages.of_area(ctx, db, staff)
        rows = [_row(t, one, wide=staff.role is Role.COUNTY) for one in found]
    silent = sum(one.silent for one in found)
    return render_template("desk/villages.html", rows=rows, silent=silent)


def _row(t: Translate, one: Village, *, wide: bool) -> dict[str, Any]:
    ctx = access.context()
    name = ctx.directory.areas.name(one.place.code) if wide else one.place.name
    return {
        "name": name, "code": one.place.code, "silent": one.silent, "total": _words(t, one.total),
        "posts": [(member.name, _words(t, reports)) for member, reports in one.posts],
    }


def _words(t: Translate, found: Reports) -> list[str]:
    """Each figure as a sentence of its own; what is nothing is not said."""
    said = [t(mark("报了 {count} 户"), count=found.count)] if found.count else []
    if found.visits:
        said.append(t(mark("去看了 {count} 次"), count=found.visits))
    if found.hours is not None:
        said.append(t(mark("镇上回应一般要 {time}"), time=_time(t, found.hours)))
    if found.waiting:
        said.append(t(mark("{count} 户还没人接"), count=found.waiting))
    if found.needless:
        said.append(t(mark("{count} 户看过不用帮"), count=found.needless))
    return said


def _time(t: Translate, hours: float) -> str:
    if hours < 1:
        return t(mark("不到 1 小时"))
    if hours < 2 * DAY:
        return t(mark("{count} 小时"), count=round(hours))
    return t(mark("{count} 天"), count=round(hours / DAY))
