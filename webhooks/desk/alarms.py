"""Harm to somebody: on the case each department that has to know, and a liaison's page of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import alarming, audit, departments
from models.alarms import KIND_NAMES, Alarm, number_of, of_case, theirs
from models.casework import locked_case
from models.context import Context
from models.informwork import names_of
from models.onbehalf import unsigned
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import WORDS_LIMIT
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, telling
from webhooks.desk.case import File

ALERT = mark("{harm}：{names}还没有接手。没绑微信的，现在就打电话。")
ALERT_RECOGNISED = mark("{harm}（从话里听出来的，先打电话核实）：{names}还没有接手。")
KEPT = mark("记下了。")
TAKEN = mark("接下了，镇上和县里都看得到。")
AND = mark("、")
STANDS = {
    "chat": mark("{who} {when}在微信上接下了"), "phone": mark("{who} {when}打电话告诉的"),
    "sent": mark("{when}发到联络员微信上了，还没有接"),
    "unbound": mark("没有绑微信的联络员，请打电话"),
    "unlisted": mark("部门目录里没有这个部门，请打电话"),
}


def add_routes(desk: Blueprint) -> None:
    at = "/alarms/<int:number>"
    desk.add_url_rule(at, "alarm", alarm)
    desk.add_url_rule(at, "alarm_take", take, methods=["POST"])
    desk.add_url_rule(
        "/cases/<receipt>/alarms/<int:number>", "alarm_called", called, methods=["POST"]
    )


def section(
    _ctx: Context, session: Session, _staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """Every department with whether it was told, by whom and when; nothing where there is no
    harm."""
    rows, t = of_case(session, file.case.id), access.speech()
    if not rows:
        return None
    open_ = [row for row in rows if row.told_at is None]
    line = ALERT_RECOGNISED if all(row.recognised for row in rows) else ALERT
    alert = t(
        line, harm=t(KIND_NAMES[rows[0].kind]), names=t(AND).join(row.name for row in open_)
    )
    return "desk/alarms_part.html", {
        "anchor": "alarms", "alert": alert if open_ else "", "limit": WORDS_LIMIT,
        "rows": [{"alarm": row, "stands": _stands(session, t, row)} for row in rows],
        "harm": t(KIND_NAMES[rows[0].kind]), "recognised": all(row.recognised for row in rows),
    }


def _stands(session: Session, t: Translate, row: Alarm) -> str:
    if row.told_at is not None:
        who = row.teller.name if row.teller else ""
        return t(STANDS[row.how], who=who, when=t.moment(row.told_at))
    how = "unlisted"
    if row.department_id is not None:
        bound = any(one.person_id for one in departments.liaisons(session, row.department_id))
        how = "sent" if bound else "unbound"
    words = STANDS[how]
    return t(words, when=t.moment(row.raised_at))


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def called(receipt: str, number: int) -> ResponseReturnValue:
    """A department was told by telephone: whom, and what they will do."""
    ctx, staff, words = access.context(), access.staff(), request.form.get(f"words-{number}", "")

    def act(db: Session) -> None:
        alarming.called(ctx, db, staff, locked_case(db, staff, receipt), number, words)

    return asides.at_once(receipt, act, KEPT, "alarms")


@opened_to(Audience.DESK, Role.DEPARTMENT)
def alarm(number: int) -> ResponseReturnValue:
    """What a department has to act on: where, who, what was seen; never who said it."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            one = theirs(db, staff, number)
            audit.record(db, ctx.now(), "alarm.read", "alarm", one.id, staff_id=staff.id)
            return _page(ctx, t, one)
    except LookupError:
        abort(404)


def _page(ctx: Context, t: Translate, one: Alarm) -> str:
    case, areas = one.case, ctx.directory.areas
    names = tuple(names_of(case))
    said = [str(case.answers.get("what", "")), *map(str, case.answers.get("more") or ())]
    return render_template(
        "desk/alarm.html", one=one, number=number_of(one), harm=t(KIND_NAMES[one.kind]),
        name=telling.name_of(t, case), place=areas.name(case.living_area or case.township),
        spot=unsigned(str(case.answers.get("spot") or ""), names),
        point=case.answers.get("spot_at") or case.answers.get("living_at"),
        said=[words for words in (unsigned(each, names) for each in said) if words],
        township=areas.get(case.township),
    )


@opened_to(Audience.DESK, Role.DEPARTMENT)
def take(number: int) -> ResponseReturnValue:
    """接下: this department has it in hand."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            alarming.take(ctx, db, staff, number)
    except LookupError:
        abort(404)
    flash(access.speech()(TAKEN), "done")
    return redirect(url_for("desk.alarm", number=number), 303)


def waiting(ctx: Context, db: Session, staff: StaffView) -> list[dict[str, Any]]:
    """For a liaison's list: what nobody of their department has taken yet."""
    return [
        {
            "link": url_for("desk.alarm", number=one.id), "number": number_of(one),
            "place": ctx.directory.areas.name(one.case.township),
        }
        for one in alarming.open_for(db, staff)
    ]
