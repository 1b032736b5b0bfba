"""Spot checks: the county draws and records; a township sees what was found at its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit
from models.areas import Level
from models.cases import Case
from models.context import Context
from models.numbers import read_number
from models.paths import PATHS, path_of
from models.policy import NotAllowed, StaffView
from models.settings import Translate, mark
from models.spotchecks import FINDINGS, SpotCheck, SpotDraw, checks, draws, least_share
from models.spotwork import COUNTY_ALONE, draw, record
from models.statuses import Role
from models.steps import INTERNAL_LIMIT, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.charts import Chart, chart
from webhooks.desk import telling

DRAWN = mark("抽好了，一共 {count} 户。")
KEPT = mark("记下了，镇上会收到。")
WAITING = mark("还没有去")
HERE_SAID = mark("去过 {visited} 户，有出入 {wrong} 户")
# How each finding is drawn (webhooks/charts.py).
DRAWN_AS = {"right": "done", "different": "late", "not_found": "missing", "waiting": "running"}


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/spotchecks", "spotchecks", show)
    desk.add_url_rule("/spotchecks", "draw_spots", make, methods=["POST"])
    desk.add_url_rule("/spotchecks/<int:draw_id>", "spot_draw", one_draw)
    desk.add_url_rule("/spotchecks/<int:draw_id>/<receipt>", "spot", visit)
    desk.add_url_rule(
        "/spotchecks/<int:draw_id>/<receipt>", "keep_spot", keep, methods=["POST"]
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def show() -> ResponseReturnValue:
    """Every draw of the county with its results; for the county also how to draw."""
    return _list()


def _list(refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.read() as db:
        found = [_told(ctx, t, db, staff, one) for one in draws(db, _county(ctx, staff))]
    page = render_template(
        "desk/spotchecks.html", draws=found, legend=_legend(t), may_draw=staff.role is Role.COUNTY,
        schemes=[
            (path.scheme, t(mark("{scheme}（至少 {share}%）"), scheme=t(path.name),
                            share=least_share(ctx, staff.area, path.scheme).percent))
            for path in PATHS.values() if path.here
        ],
        basis=ctx.settings.spot_checks.basis, typed=request.form,
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
    )
    return (page, 422) if refused else page


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def make() -> ResponseReturnValue:
    """Draw."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            made = draw(
                ctx, db, staff, request.form.get("scheme", ""),
                request.form.get("share", 0, type=read_number),
            )
            number, count = made.id, len(checks(db, staff, made.id, seen_alone=False))
    except MoveRefused as refused:
        return _list(refused)
    except NotAllowed:
        _keep_try(ctx, staff, "draw")
        raise
    flash(t(DRAWN, count=count), "done")
    return redirect(url_for("desk.spot_draw", draw_id=number), 303)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def one_draw(draw_id: int) -> ResponseReturnValue:
    """The cases of a draw: to be visited, and what was found; recorded as read."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.begin() as db:
        made = _draw(ctx, db, staff, draw_id)
        rows = checks(db, staff, draw_id, seen_alone=staff.role is not Role.COUNTY)
        told = _told(ctx, t, db, staff, made)
        audit.record(
            db, ctx.now(), "spot.read", "spot_draw", draw_id, staff_id=staff.id, count=len(rows)
        )
        shown = [_row(ctx, t, check, case) for check, case in rows]
    return render_template(
        "desk/spot_draw.html", draw=told, rows=shown, county=staff.role is Role.COUNTY,
        legend=_legend(t),
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def visit(draw_id: int, receipt: str) -> ResponseReturnValue:
    """Where the county writes what it found at one household."""
    return _visit(draw_id, receipt)


def _visit(
    draw_id: int, receipt: str, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    if staff.role is not Role.COUNTY:
        _keep_try(ctx, staff, "visit")
        raise NotAllowed(COUNTY_ALONE)
    with ctx.db.begin() as db:
        made = _draw(ctx, db, staff, draw_id)
        found = next(
            (row for row in checks(db, staff, made.id, seen_alone=False)
             if row[1].receipt == receipt), None
        )
        if found is None:
            abort(404)
        audit.record(db, ctx.now(), "case.read", "case", found[1].id, staff_id=staff.id)
        page = render_template(
            "desk/spot.html", row=_row(ctx, t, *found), draw_id=draw_id, receipt=receipt,
            findings=[(key, t(words)) for key, words in FINDINGS.items()], typed=request.form,
            limit=INTERNAL_LIMIT, problem=t(refused.reason) if refused else "",
            field=refused.field if refused else "",
        )
    if refused is None:
        return page
    return page, 422 if refused.field else 409


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def keep(draw_id: int, receipt: str) -> ResponseReturnValue:
    """Keep what was found; once."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            record(
                ctx, db, staff, draw_id, receipt, finding=request.form.get("finding", ""),
                words=request.form.get("words", ""),
            )
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _visit(draw_id, receipt, refused)
    except NotAllowed:
        _keep_try(ctx, staff, "visit")
        raise
    flash(t(KEPT), "done")
    return redirect(url_for("desk.spot_draw", draw_id=draw_id), 303)


def _county(ctx: Context, staff: StaffView) -> str:
    county = ctx.directory.areas.at(staff.area, Level.COUNTY)
    return county.code if county else staff.area


def _draw(ctx: Context, db: Session, staff: StaffView, draw_id: int) -> SpotDraw:
    found = db.get(SpotDraw, draw_id)
    if found is None or found.county != _county(ctx, staff):
        abort(404)
    return found


def _keep_try(ctx: Context, staff: StaffView, what: str) -> None:
    with ctx.db.begin() as db:
        audit.record(
            db, ctx.now(), "spot.refused", "spot_draw", None, staff_id=staff.id, move=what
        )


def _told(
    ctx: Context, t: Translate, db: Session, staff: StaffView, made: SpotDraw
) -> dict[str, Any]:
    """A draw in words, with its results by township as bars."""
    rows = checks(db, staff, made.id, seen_alone=staff.role is not Role.COUNTY)
    return {
        "id": made.id, "scheme": t(path_of(made.scheme).name), "when": t.moment(made.drawn_at),
        "share": made.share, "total": made.total, "seed": made.seed, "register": made.register,
        "basis": made.basis, "count": len(rows),
        "visited": sum(1 for check, _ in rows if check.finding),
        "chart": _chart(ctx, t, made, rows),
    }


def _names(t: Translate) -> dict[str, str]:
    return {**{key: t(words) for key, words in FINDINGS.items()}, "waiting": t(WAITING)}


def _legend(t: Translate) -> list[tuple[str, str]]:
    return [(DRAWN_AS[key], words) for key, words in _names(t).items()]


def _chart(
    ctx: Context, t: Translate, made: SpotDraw, rows: list[tuple[SpotCheck, Case]]
) -> Chart:
    """One bar a township; each finding a piece of it."""
    by_place: dict[str, dict[str, int]] = {}
    for check, case in rows:
        numbers = by_place.setdefault(case.township, dict.fromkeys(DRAWN_AS, 0))
        numbers[check.finding or "waiting"] += 1
    return chart(f"spots-{made.id}", t(mark("各乡镇抽查结果")), [
        (
            ctx.directory.areas.name(code),
            t(HERE_SAID, visited=sum(numbers.values()) - numbers["waiting"],
              wrong=numbers["different"] + numbers["not_found"]),
            [(DRAWN_AS[kind], number) for kind, number in numbers.items()],
        )
        for code, numbers in sorted(by_place.items())
    ])


def _row(ctx: Context, t: Translate, check: SpotCheck, case: Case) -> dict[str, Any]:
    return {
        "receipt": case.receipt, "name": telling.name_of(t, case), "phone": case.phone,
        "place": ctx.directory.areas.name(case.living_area or case.township),
        "finding": t(FINDINGS[check.finding]) if check.finding else t(WAITING),
        "kind": check.finding or "waiting", "words": check.words or "",
        "when": t.moment(check.found_at) if check.found_at else "",
    }
