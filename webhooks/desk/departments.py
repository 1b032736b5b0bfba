"""The county's directory of departments: what waits with each, who works it, and keeping it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import departments as directory
from models import departmentwork as work
from models import referrals
from models.context import Context
from models.departments import Department
from models.paths import PATHS
from models.policy import StaffView
from models.settings import mark
from models.signin import CODE_MINUTES
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk.liaison import read_rows

FILLED = mark("填好了。名字和职责是赤水的，请照本县的改。")
KEPT = mark("记下了。")
RETIRED = mark("停用了，以后不会再转给它；已经转去的照常办。")
RESTORED = mark("又能转给它了。")
INVITED = mark("请{name}在公众号里发：绑定 {code}（{days}天内有效，只能用一次，只显示这一回）。")
GONE = mark("停了，这个人不能再登录。")


def add_routes(desk: Blueprint) -> None:
    at = "/departments"
    desk.add_url_rule(at, "departments", listing, methods=["GET"])
    desk.add_url_rule(at, "department_add", add, methods=["POST"])
    desk.add_url_rule(f"{at}/fill", "departments_fill", fill, methods=["POST"])
    one = f"{at}/<int:number>"
    desk.add_url_rule(one, "department", department, methods=["GET"])
    desk.add_url_rule(one, "department_keep", change, methods=["POST"])
    desk.add_url_rule(f"{one}/retire", "department_retire", retire, methods=["POST"])
    desk.add_url_rule(f"{one}/liaisons", "department_invite", invite, methods=["POST"])
    desk.add_url_rule(
        f"{one}/liaisons/<int:liaison>/leave", "department_leave", leave, methods=["POST"]
    )


@opened_to(Audience.DESK, Role.COUNTY)
def listing() -> ResponseReturnValue:
    """Every department with what waits and what is overdue there."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.read() as db:
        return _listing(ctx, db, staff)


def _listing(
    ctx: Context, db: Session, staff: StaffView, refused: MoveRefused | None = None
) -> str:
    t = access.speech()
    found = referrals.numbers(db, staff.area, ctx.today())
    listed = [(one, found.get(one.id, (0, 0))) for one in directory.of_county(db, staff.area)]
    listed.sort(key=lambda row: -row[1][1])
    rows = [
        {
            "one": one, "waiting": waiting, "late": late,
            "people": [person.name for person in directory.liaisons(db, one.id)],
        }
        for one, (waiting, late) in listed
    ]
    return render_template(
        "desk/departments.html", rows=rows, schemes=_schemes(), **_fields(refused),
        retired=directory.of_county(db, staff.area, retired=True),
        problem_words=t(refused.reason) if refused else "",
    )


def _schemes() -> list[tuple[str, str]]:
    t = access.speech()
    return [(path.scheme, t(path.name)) for path in PATHS.values()]


def _fields(refused: MoveRefused | None, one: Department | None = None) -> dict[str, object]:
    """The form's values: as typed where something is to be mended, else as kept."""
    form = request.form
    typed = refused is not None
    return {
        "name": form.get("name", "") if typed else one.name if one else "",
        "duties": form.get("duties", "") if typed else one.duties if one else "",
        "phone": form.get("phone", "") if typed else one.phone if one else "",
        "chosen": form.getlist("schemes") if typed else one.schemes.split() if one else [],
        "field": refused.field if refused else "",
    }


@opened_to(Audience.DESK, Role.COUNTY)
def fill() -> ResponseReturnValue:
    """Begin with the shipped directory; what is there stays."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.begin() as db:
        directory.fill_in(ctx, db, staff.area, staff)
    flash(access.speech()(FILLED), "done")
    return redirect(url_for("desk.departments"), 303)


@opened_to(Audience.DESK, Role.COUNTY)
def add() -> ResponseReturnValue:
    """One more department."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            _keep(ctx, db, staff, None)
    except MoveRefused as refused:
        with ctx.db.read() as db:
            return _listing(ctx, db, staff, refused), 422
    flash(access.speech()(KEPT), "done")
    return redirect(url_for("desk.departments"), 303)


def _keep(ctx: Context, db: Session, staff: StaffView, number: int | None) -> None:
    form = request.form
    work.keep(
        ctx, db, staff, number, name=form.get("name", ""), duties=form.get("duties", ""),
        phone=form.get("phone", ""), schemes=form.getlist("schemes"),
    )


@opened_to(Audience.DESK, Role.COUNTY)
def department(number: int) -> ResponseReturnValue:
    """One department: what was referred to it, its liaisons, its name and duties."""
    return _page(number)


def _page(number: int, refused: MoveRefused | None = None) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            one = directory.find(db, staff.area, number)
            waiting, _ = referrals.numbers(db, staff.area, ctx.today()).get(one.id, (0, 0))
            return render_template(
                "desk/department.html", one=one, number=waiting,
                people=directory.liaisons(db, one.id), schemes=_schemes(),
                **read_rows(ctx, db, staff, one.id), **_fields(refused, one),
                problem_words=t(refused.reason) if refused else "",
            ), 422 if refused else 200
    except LookupError:
        abort(404)


@opened_to(Audience.DESK, Role.COUNTY)
def change(number: int) -> ResponseReturnValue:
    """Another name, other duties, another telephone."""
    return _work(number, lambda ctx, db, staff: _keep(ctx, db, staff, number), KEPT)


@opened_to(Audience.DESK, Role.COUNTY)
def retire(number: int) -> ResponseReturnValue:
    """Out of use, or back into use."""
    back = request.form.get("back") == "1"
    return _work(
        number, lambda ctx, db, staff: work.retire(ctx, db, staff, number, back=back),
        RESTORED if back else RETIRED,
    )


@opened_to(Audience.DESK, Role.COUNTY)
def invite(number: int) -> ResponseReturnValue:
    """A liaison's binding code, shown this once."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    name = request.form.get("name", "").strip()
    try:
        with ctx.db.begin() as db:
            code = work.invite(ctx, db, staff, number, name)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
    else:
        days = CODE_MINUTES["bind"] // (24 * 60)
        flash(t(INVITED, name=name, code=code, days=days), "done")
    return redirect(url_for("desk.department", number=number), 303)


@opened_to(Audience.DESK, Role.COUNTY)
def leave(number: int, liaison: int) -> ResponseReturnValue:
    """A liaison who no longer does this."""
    return _work(
        number, lambda ctx, db, staff: work.let_go(ctx, db, staff, number, liaison), GONE
    )


def _work(
    number: int, do: Callable[[Context, Session, StaffView], None], done: str
) -> ResponseReturnValue:
    """Do it and come back to the department; what cannot be done is said by its field."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            do(ctx, db, staff)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _page(number, refused)
    flash(access.speech()(done), "done")
    return redirect(url_for("desk.department", number=number), 303)
