"""The county's page of days off: paste the State Council's notice, look at it, sign it."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import calendarwork
from models.calendars import CalendarNotice, days_of, notices
from models.calendarwork import WORDS_LIMIT
from models.context import Context
from models.daysoff import Problem, Reading, read_notice
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import MoveRefused
from models.workdays import statutory_days
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

KEPT = mark("记下了，请另一位同事核对、签字。签了字才算数。")
SIGNED = mark("签好了。受影响的日子会自己改过来，答应本人的日子变了的，会告诉本人。")
DROPPED = mark("这份不用了。")


@dataclass(frozen=True)
class Day:
    """One square of the drawing: `kind` is off, worked or plain."""

    number: int
    kind: str


@dataclass(frozen=True)
class Month:
    """A month with days that a notice says something of; weeks begin on Monday."""

    name: str
    weeks: tuple[tuple[Day | None, ...], ...]


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/calendar", "calendar", look, methods=["GET"])
    desk.add_url_rule("/calendar/read", "calendar_read", read, methods=["POST"])
    desk.add_url_rule("/calendar", "calendar_put", put, methods=["POST"])
    desk.add_url_rule("/calendar/<int:number>/sign", "calendar_sign", sign, methods=["POST"])
    desk.add_url_rule("/calendar/<int:number>/drop", "calendar_drop", drop, methods=["POST"])


@opened_to(Audience.DESK, Role.COUNTY)
def look() -> ResponseReturnValue:
    """Which years are known, what waits for a signature, and where to paste a notice."""
    return _page(access.context())


@opened_to(Audience.DESK, Role.COUNTY)
def read() -> ResponseReturnValue:
    """Show what was understood of a pasted notice, before anything is kept."""
    words = request.form.get("words", "")[:WORDS_LIMIT]
    basis = request.form.get("basis", "")[: calendarwork.BASIS_LIMIT]
    if request.form.get("again"):
        return _page(access.context(), words, basis)
    reading = read_notice(words)
    if not reading.off:
        t = access.speech()
        return _page(access.context(), words, basis, _said(t, reading.problems)), 422
    return _confirm(reading, words, basis)


@opened_to(Audience.DESK, Role.COUNTY)
def put() -> ResponseReturnValue:
    """Keep it for the second person; it is read anew from the very words."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    words = request.form.get("words", "")[:WORDS_LIMIT]
    basis, reading = request.form.get("basis", ""), read_notice(words)
    try:
        with ctx.db.begin() as db:
            calendarwork.put(ctx, db, staff, reading, basis, words)
    except MoveRefused as refused:
        if refused.field == "basis":
            return _confirm(reading, words, basis, t(refused.reason)), 422
        return _page(ctx, words, basis, [t(refused.reason)]), 422
    flash(access.speech()(KEPT), "done")
    return redirect(url_for("desk.calendar"), 303)


@opened_to(Audience.DESK, Role.COUNTY)
def sign(number: int) -> ResponseReturnValue:
    """The second person agrees."""
    return asides.settle(calendarwork.sign, number, SIGNED, "desk.calendar")


@opened_to(Audience.DESK, Role.COUNTY)
def drop(number: int) -> ResponseReturnValue:
    """Not right: it is put away."""
    return asides.settle(calendarwork.drop, number, DROPPED, "desk.calendar")


WEEK = (
    mark("周一"), mark("周二"), mark("周三"), mark("周四"), mark("周五"),
    mark("周六"), mark("周日"),
)


def _page(
    ctx: Context, words: str = "", basis: str = "", problems: list[str] | None = None
) -> str:
    t, staff, year = access.speech(), access.staff(), ctx.today().year
    with ctx.db.read() as db:
        found = list(notices(db))
        return render_template(
            "desk/calendar.html", words=words, basis=basis, problems=problems or [],
            years=[(each, ctx.is_settled(each)) for each in (year, year + 1)],
            waiting=[(row, _of(t, row), row.put_by != staff.id) for row in found
                     if row.state == "open"],
            signed=[row for row in found if row.state == "signed"], limit=WORDS_LIMIT,
            week=[t(day) for day in WEEK],
        )


def _confirm(reading: Reading, words: str, basis: str, wrong: str = "") -> str:
    t = access.speech()
    year = reading.year or 0
    left_out = sorted(statutory_days(year) - reading.off)
    return render_template(
        "desk/calendar_read.html", words=words, basis=basis, wrong=wrong, year=year,
        problems=_said(t, reading.problems), left_out=[t.day(day) for day in left_out],
        drawn=drawing(t, reading.off, reading.worked),
        limit=calendarwork.BASIS_LIMIT, week=[t(day) for day in WEEK],
    )


def _of(t: Translate, row: CalendarNotice) -> list[Month]:
    return drawing(t, days_of(row.off), days_of(row.worked))


def _said(t: Translate, problems: tuple[Problem, ...]) -> list[str]:
    return [
        t(problem.words, **{
            key: t.day(value) if isinstance(value, date) else value
            for key, value in problem.values.items()
        })
        for problem in problems
    ]


def drawing(t: Translate, off: frozenset[date], worked: frozenset[date]) -> list[Month]:
    """The months of these days, drawn week by week."""
    wanted = sorted({(day.year, day.month) for day in off | worked})
    return [Month(t(MONTH, year=year, month=month), _weeks(year, month, off, worked))
            for year, month in wanted]


MONTH = mark("{year}年{month}月")


def _weeks(
    year: int, month: int, off: frozenset[date], worked: frozenset[date]
) -> tuple[tuple[Day | None, ...], ...]:
    def drawn(day: date) -> Day | None:
        if day.month != month:
            return None
        return Day(day.day, "off" if day in off else "worked" if day in worked else "plain")

    weeks = months.Calendar(firstweekday=0).monthdatescalendar(year, month)
    return tuple(tuple(drawn(day) for day in week) for week in weeks)
