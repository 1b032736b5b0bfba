"""Open data: how many households, people and yuan, by village, scheme and month.

A page with bars, and the same as CSV and JSON at addresses that stay; everyone may have them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import noticefigures
from models.areas import Level, Place
from models.context import Context
from models.paths import PATHS
from models.publishing import KIND_NAMES
from models.settings import mark
from notices import opendata
from notices.figurewords import HOUSEHOLDS, yuan
from notices.suppressing import LEAST, Figures
from webhooks import access, noticesheets, reading
from webhooks.access import Audience, opened_to
from webhooks.charts import Chart, chart
from webhooks.public import kept

MONTHS_BACK = 24
SEVERAL = mark("几类放在一起")


def add_routes(notices: Blueprint) -> None:
    notices.add_url_rule("/figures", "figures", look)
    notices.add_url_rule("/figures.csv", "figures_csv", table)
    notices.add_url_rule("/figures.json", "figures_json", data)


@opened_to(Audience.PUBLIC)
def look() -> ResponseReturnValue:
    """Bars and a table of what hangs now, each place below with its own."""
    ctx, here = access.context(), _here()
    return _kept(here, "text/html", lambda session: _page(ctx, session, here))


@opened_to(Audience.PUBLIC)
def table() -> ResponseReturnValue:
    """The last two years as CSV."""
    ctx, here, t = access.context(), _here(), access.speech()
    answer = _kept(here, "text/csv", lambda session: opendata.as_csv(t, _lines(ctx, session, here)))
    answer.headers["Content-Disposition"] = f"attachment; filename=notices-{here.code}.csv"
    return answer


@opened_to(Audience.PUBLIC)
def data() -> ResponseReturnValue:
    """The same as JSON."""
    ctx, here, t = access.context(), _here(), access.speech()
    return _kept(here, "application/json", lambda session: opendata.as_json(
        t, here.code, ctx.directory.areas.name(here.code), _lines(ctx, session, here)
    ))


def _here() -> Place:
    """The place that is asked for, the county where none is; 404 where there is no such."""
    ctx, code = access.context(), request.args.get("area", "")
    areas = ctx.directory.areas
    found = areas.get(code) if code else areas.at(ctx.settings.accounts[0].area, Level.COUNTY)
    if found is None:
        abort(404)
    return found


def _kept(here: Place, mimetype: str, make: Callable[[Session], str]) -> Response:
    """From the pages that are kept, under all that it depends on."""
    ctx, t = access.context(), access.speech()
    pages: kept.Pages = current_app.extensions["yimen_pages"]
    size = access.size() if mimetype == "text/html" else ""
    with ctx.db.read() as session:
        fresh = noticefigures.freshness(session, here.code)
        complain = noticesheets.complain(t, ctx.directory.areas, here.code)
        key = ("figures", here, mimetype, fresh, t.locale, size, ctx.today(), complain)
        page = pages.get(key, lambda: make(session))
    shared = not size and reading.chosen() == reading.Reading()
    return kept.send(page, shared=shared, mimetype=mimetype)


def _lines(ctx: Context, session: Session, here: Place) -> list[dict[str, object]]:
    today = ctx.today()
    back = today.year * 12 + today.month - MONTHS_BACK
    since = date(back // 12, back % 12 + 1, 1)
    found = opendata.cells(noticefigures.of_months(session, here.code, since), here.code)
    return opendata.records(ctx.directory.areas, access.speech(), KIND_NAMES, found)


def _page(ctx: Context, session: Session, here: Place) -> str:
    t, areas = access.speech(), ctx.directory.areas
    live = noticefigures.standing(session, here.code)
    below = areas.children(here.code) or (here,)
    groups = []
    for code, versions in groupby(live, key=lambda one: one.notice.scheme):
        found = opendata.cells(versions, here.code)
        sums = opendata.summed(found, [place.code for place in below])
        name = t(PATHS[code].name if code else SEVERAL)
        rows = [(areas.get(place), one) for place, one in sums.items()]
        groups.append((name, _chart(code or "several", name, rows), [
            (place.name if place else "", one) for place, one in rows
        ]))
    return render_template(
        "notices/figures.html", here=here, groups=groups, least=LEAST, yuan=yuan,
        visitor=None,
        complain=noticesheets.complain(t, areas, here.code),
    )


def _chart(code: str, name: str, rows: list[tuple[Place | None, Figures | None]]) -> Chart:
    t = access.speech()
    return chart(code, name, [
        (
            place.name if place else "",
            t(HOUSEHOLDS, households=one.households) if one else t(mark("太少，不写")),
            [("done", one.households if one else 0)],
        )
        for place, one in rows
    ])
