"""The register of help: who gets what, since when, and whose recheck is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import changes
from models import register as book
from models.areas import Level, covers
from models.context import Context
from models.money import plain_yuan
from models.paths import PATHS, path_of
from models.policy import StaffView
from models.register import PAGE, Entry, Look
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import Grant
from models.telling import granted
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import payments, readings
from webhooks.desk.days import far_day
from webhooks.desk.paging import page_asked

EMPTY = mark("没有这样的家庭")
EMPTY_HINT = mark("同意救助以后，就会出现在这里。可以把上面的条件放宽一点。")


@dataclass(frozen=True)
class Row:
    """One household, in words."""

    receipt: str
    name: str
    place: str
    scheme: str
    granted: str
    state: str
    dates: tuple[str, ...]
    due: bool
    changed: bool


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/register", "register", show)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def show() -> ResponseReturnValue:
    """A page of the register in the staff's area, with its totals; recorded as read."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    look, page = _asked(ctx, staff)
    with ctx.db.begin() as db:
        today = ctx.today()
        entries = book.entries(db, staff.area, look, today, page)
        totals = book.totals(db, staff.area, look, today)
        states, due = book.counts(db, staff.area, today, staff)
        changed = changes.not_looked_at(db, [entry.case_id for entry in entries])
        cases = [entry.case_id for entry in entries]
        readings.keep(ctx, db, staff, "register.read", "case", cases=cases)
    return render_template(
        "desk/register.html", rows=[_row(ctx, t, entry, changed) for entry in entries],
        look=look, page=page, more=totals.households > page * PAGE, totals=totals,
        monthly=plain_yuan(totals.monthly), state_names=book.STATES, states=states, due=due,
        months=payments.choices(ctx, t) if staff.role is Role.COUNTY else (), asked=_query(),
        empty=t(EMPTY), empty_hint=t(EMPTY_HINT), **_pick(ctx, t, staff, look),
    )


def _asked(ctx: Context, staff: StaffView) -> tuple[Look, int]:
    """What the address asks to see; 404 where that does not exist for this person."""
    asked, areas = request.args, ctx.directory.areas
    state, scheme, due = asked.get("state", ""), asked.get("scheme", ""), asked.get("due") == "1"
    place = areas.get(asked.get("place")) if asked.get("place") else None
    known = place is not None and covers(staff.area, place.code)
    if asked.get("place") and not known:
        abort(404)
    if (state and state not in book.STATES) or (scheme and scheme not in PATHS):
        abort(404)
    states = (state,) if state else book.GIVEN if due else book.LIVE
    level = place.level if place is not None else None
    return Look(
        township=place.code if place is not None and level == Level.TOWNSHIP else "",
        village=place.code if place is not None and level == Level.VILLAGE else "",
        scheme=scheme, states=states, due=ctx.today() if due else None, reader=staff,
    ), page_asked()


def _query() -> dict[str, str]:
    """What is asked now, for links that change one thing of it."""
    kept = ("state", "scheme", "place", "due")
    return {key: request.args[key] for key in kept if request.args.get(key)}


def _pick(ctx: Context, t: Translate, staff: StaffView, look: Look) -> dict[str, Any]:
    """What the filters offer: schemes decided here, and the places below this desk's area."""
    areas = ctx.directory.areas
    level = Level.TOWNSHIP if staff.role is Role.COUNTY else Level.VILLAGE
    places = list(areas.within(staff.area, level))
    above = areas.at(look.village or look.township, Level.TOWNSHIP)
    if above is not None and staff.role is Role.COUNTY:
        places += areas.children(above.code)
    return {
        "schemes": [(p.scheme, t(p.name)) for p in PATHS.values() if p.here],
        "places": [(place.code, areas.name(place.code)) for place in places],
        "place": look.village or look.township,
    }


def _row(ctx: Context, t: Translate, entry: Entry, changed: set[int]) -> Row:
    grant = Grant(entry.form, entry.amount, entry.words, entry.monthly, entry.persons)
    dates = [
        t(words, day=far_day(ctx, t, day)) for words, day in (
            (mark("从{day}起"), entry.from_on), (mark("到{day}止"), entry.until_on),
            (mark("{day}复核"), entry.recheck_on),
        ) if day is not None
    ]
    return Row(
        entry.receipt, entry.name, ctx.directory.areas.name(entry.village or entry.township),
        t(path_of(entry.scheme).name), granted(t, grant.kept()), t(book.STATES[entry.state]),
        tuple(dates), entry.recheck_on is not None and entry.recheck_on <= ctx.today(),
        entry.case_id in changed,
    )
