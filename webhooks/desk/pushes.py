"""What became of the notices to residents: how many were reached, who was not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from models import figures, pushreport
from models.areas import Level
from models.context import Context
from models.numbers import read_number
from models.policy import StaffView
from models.pushreport import FATES, Fate, Line, Span, Tally
from models.settings import Translate, mark
from models.statuses import Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.charts import Chart, chart
from webhooks.desk import readings, telling
from webhooks.desk.paging import page_asked

MONTHS = 12
# How each piece of the bar is drawn (webhooks/charts.py), and what belongs to it.
PIECES = (
    ("done", mark("送到了"), (Fate.DELIVERED,)),
    ("running", mark("还没说送没送到"), (Fate.SENT, Fate.WAITING)),
    ("missing", mark("等本人来消息"), (Fate.HELD,)),
    ("resting", mark("停着没发"), (Fate.PAUSED, Fate.STOPPED)),
    ("late", mark("没送到"), (
        Fate.UNFOLLOWED, Fate.NO_CHANNEL, Fate.REFUSED, Fate.OVER_QUOTA, Fate.EXPIRED, Fate.FAILED,
    )),
)
SPANS = {"7": mark("最近 7 天"), "30": mark("最近 30 天")}


@dataclass(frozen=True)
class Asked:
    """What of the pushes is looked at, as the address says it."""

    span: Span
    township: str
    campaign: int = 0

    @property
    def more(self) -> tuple[ColumnElement[bool], ...]:
        place = (pushreport.in_township(self.township),) if self.township else ()
        one = (pushreport.of_campaign(self.campaign),) if self.campaign else ()
        return place + one

    @property
    def query(self) -> dict[str, str]:
        found = {
            "span": self.span.key, "township": self.township,
            "campaign": str(self.campaign or ""),
        }
        return {name: value for name, value in found.items() if value}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/pushes", "pushes", page)
    desk.add_url_rule("/pushes/<fate>", "push_list", people)


def asked_for(ctx: Context, staff: StaffView) -> Asked:
    """The time and the township that the address asks for; 404 where there is none."""
    try:
        span = pushreport.span_of(ctx, request.args.get("span", ""))
    except ValueError:
        abort(404)
    township = request.args.get("township", "")
    known = ctx.directory.areas.is_township(township, staff.area)
    if township and not known:
        abort(404)
    campaign = request.args.get("campaign", 0, type=read_number)
    return Asked(span, township, campaign)


def picks(ctx: Context, t: Translate, staff: StaffView, asked: Asked) -> dict[str, Any]:
    """What can be picked at the head of the page."""
    this = ctx.today().replace(day=1)
    months = [figures.earlier(this, back).isoformat()[:7] for back in range(MONTHS)]
    return {
        "asked": asked, "spans": [(key, t(words)) for key, words in SPANS.items()]
        + [(month, month) for month in months],
        "townships": [
            (place.code, place.name)
            for place in ctx.directory.areas.within(staff.area, Level.TOWNSHIP)
        ],
    }


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def page() -> ResponseReturnValue:
    """The outcomes of one time: people, pushes and reasons; numbers alone."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    asked = asked_for(ctx, staff)
    with ctx.db.read() as db:
        found = pushreport.tallies(db, staff, asked.span, *asked.more)
        everyone = pushreport.everyone(db, staff, asked.span, *asked.more)
    return render_template(
        "desk/pushes.html", tallies=[_told(t, one) for one in found], people=everyone,
        pushes=sum(one.pushes for one in found), chart=_chart(t, found),
        legend=[(kind, t(words)) for kind, words, _ in PIECES], **picks(ctx, t, staff, asked),
    )


def _told(t: Translate, one: Tally) -> dict[str, Any]:
    return {
        "fate": one.fate.value, "words": t(FATES[one.fate]), "people": one.people,
        "pushes": one.pushes,
        "reasons": [(t(reason), count) for reason, count in one.reasons if reason],
    }


def _chart(t: Translate, found: list[Tally]) -> Chart:
    """One bar of all pushes, by what became of them."""
    number = {one.fate: one.pushes for one in found}
    parts = [(kind, sum(number.get(fate, 0) for fate in fates)) for kind, _, fates in PIECES]
    words = t(mark("{count} 条，送到 {done}，没送到 {lost}"),
              count=sum(number.values()), done=parts[0][1], lost=parts[-1][1])
    return chart("pushes", t(mark("通知送到了多少")), [(t(mark("通知")), words, parts)])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def people(fate: str) -> ResponseReturnValue:
    """Whose notices ended so; recorded as read."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    if fate not in set(Fate):
        abort(404)
    asked, number = asked_for(ctx, staff), page_asked()
    with ctx.db.begin() as db:
        found, more = pushreport.lines(
            db, staff, asked.span, Fate(fate), number, *asked.more
        )
        cases = [line.case.id for line in found if line.case is not None]
        readings.keep(ctx, db, staff, "pushes.read", "case", cases=cases)
        rows = [_row(ctx, t, line) for line in found]
    return render_template(
        "desk/push_list.html", fate=fate, words=t(FATES[Fate(fate)]), rows=rows, page=number,
        more=more, asked=asked,
    )


def _row(ctx: Context, t: Translate, line: Line) -> dict[str, str]:
    case, push = line.case, line.push
    if case is None:
        name = t(mark("没有在办的事，不知道名字"))
    elif line.own:
        name = telling.name_of(t, case)
    else:
        name = t(mark("替 {name} 说的人"), name=telling.name_of(t, case))
    return {
        "receipt": case.receipt if case is not None else "", "name": name,
        "place": ctx.directory.areas.name(case.living_area if case is not None else push.township),
        "at": t.moment(push.ended_at or push.created_at),
        "reason": t(push.reason) if push.reason else "",
    }
