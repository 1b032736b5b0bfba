"""The page of figures, and the month's report as counties hand it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, figures, report
from models.areas import Level
from models.context import Context
from models.figures import Line, Span
from models.paths import PATHS, path_of
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.charts import Chart, chart
from webhooks.desk.sheets import Cell, download, sheet

STEPS = {
    "register": mark("登记交办"),
    "accept": mark("受理"),
    "decide": mark("给结果"),
    "deliver": mark("发放"),
}
PICKED_MONTHS = 24
HEADS = (
    mark("乡镇"), mark("项目"), mark("户数"), mark("人数"), mark("当月新增（户）"),
    mark("当月退出（户）"), mark("一次性救助（户次）"), mark("资金支出（元）"),
)


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/figures", "figures", page)
    desk.add_url_rule("/figures/report.xlsx", "report", report_file)


def span_asked(ctx: Context, staff: StaffView) -> Span:
    """The month, township and scheme that the address asks for; 404 where there is none."""
    try:
        month = figures.month_of(ctx, request.args.get("month", ""))
    except ValueError:
        abort(404)
    township, scheme = request.args.get("township", ""), request.args.get("scheme", "")
    known = ctx.directory.areas.is_township(township, staff.area)
    if (township and not known) or (scheme and scheme not in PATHS):
        abort(404)
    return Span(month, township, scheme)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def page() -> ResponseReturnValue:
    """One month: what came, what was in time, how long it took, and the month's report."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    span = span_asked(ctx, staff)
    with ctx.db.read() as db:
        tables = _tables(ctx, db, t, staff, span)
        waits = figures.waits(ctx, db, staff, span)
        urgent, urgent_kept = figures.urgent(ctx, db, staff, span)
        found = report.reported(db, staff, span)
    names = [t(STEPS[wait.step]) for wait in waits]
    return render_template(
        "desk/figures.html", span=span, month=_month(span.month), tables=tables,
        total=figures.total(tables[0]["lines"]), urgent=urgent, urgent_kept=urgent_kept,
        waits=list(zip(names, waits, strict=True)),
        waits_chart=chart("waits", t(mark("从交来到每一步，一般几个工作日")), [
            (name, t(mark("{days} 个工作日"), days=_plain(wait.median)),
             [("done", wait.median)])
            for name, wait in zip(names, waits, strict=True) if wait.number
        ]),
        report=[(_named(ctx, line.township), t(path_of(line.scheme).name), line)
                for line in found],
        report_total=report.total(found), heads=HEADS, months=_months(ctx),
        townships=[(p.code, p.name) for p in _townships(ctx, staff)],
        schemes=[(p.scheme, t(p.name)) for p in PATHS.values()],
        may_export=staff.role is not Role.OFFICER,
    )


def _townships(ctx: Context, staff: StaffView) -> Sequence[Any]:
    return ctx.directory.areas.within(staff.area, Level.TOWNSHIP)


def _tables(
    ctx: Context, db: Session, t: Translate, staff: StaffView, span: Span
) -> list[dict[str, Any]]:
    """By scheme, by township where there are several, and the months up to this one."""
    wide = Span(span.month, span.township, span.scheme, figures.TREND_MONTHS)
    kinds = [("scheme", mark("按项目"), span), ("month", mark("最近六个月"), wide)]
    if not span.township and len(_townships(ctx, staff)) > 1:
        kinds.insert(0, ("township", mark("按乡镇"), span))
    tables = []
    for by, title, over in kinds:
        found = figures.lines(ctx, db, staff, over, by)
        lines = [(_label(ctx, t, by, line.key), line) for line in found]
        tables.append({
            "by": by, "title": t(title), "lines": found, "labelled": lines,
            "chart": _chart(t, by, t(title), lines),
        })
    return tables


def _label(ctx: Context, t: Translate, by: str, key: str) -> str:
    match by:
        case "township":
            return _named(ctx, key)
        case "month":
            return key
    return t(path_of(key).name) if key else t(mark("还没定项目"))


def _chart(t: Translate, by: str, title: str, lines: list[tuple[str, Line]]) -> Chart:
    words = mark("收 {received}，超期 {late}")
    return chart(by, title, [
        (label, t(words, received=line.received, late=line.late),
         [("done", line.done), ("running", line.running), ("late", line.late)])
        for label, line in lines
    ])


def _named(ctx: Context, code: str) -> str:
    place = ctx.directory.areas.get(code)
    return place.name if place else code


def _month(month: date) -> str:
    return month.isoformat()[:7]


def _months(ctx: Context) -> list[str]:
    this = ctx.today().replace(day=1)
    return [_month(figures.earlier(this, back)) for back in range(PICKED_MONTHS)]


def _plain(number: float) -> str:
    """A median without a needless point: 3, 3.5."""
    return f"{number:g}"


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def report_file() -> ResponseReturnValue:
    """The month's report as XLSX: numbers alone, nobody's name; written down who took it."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    span = span_asked(ctx, staff)
    with ctx.db.begin() as db:
        found = report.reported(db, staff, span)
        audit.record(
            db, ctx.now(), "export.report", "report", None, staff_id=staff.id, rows=len(found),
            month=_month(span.month), township=span.township, scheme=span.scheme,
        )
    rows: list[Sequence[Cell]] = [
        (_named(ctx, line.township), t(path_of(line.scheme).name), *_numbers(line))
        for line in found
    ]
    rows.append((t(mark("合计")), "", *_numbers(report.total(found))))
    name = t(mark("{place}救助月报 {month}"), place=_named(ctx, span.township or staff.area),
             month=_month(span.month))
    return download(name, sheet(name, [t(head) for head in HEADS], rows))


def _numbers(line: report.Report) -> tuple[Cell, ...]:
    return line.households, line.persons, line.begun, line.ended, line.once, line.spent
