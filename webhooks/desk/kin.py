"""A relative's case on the desk: who keeps out, what has to be settled, the county's visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import casequeries, kinfinding, kinsettling
from models.cases import Case
from models.context import Context
from models.days import read_day
from models.kinscope import kept_out
from models.kinship import CONFIRMED, POSSIBLE, RELATIONS, KinMatch, KinVisit
from models.numbers import read_number
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.settings import Translate, mark
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import case as room
from webhooks.desk import telling
from webhooks.desk.versions import page_version

BY_NUMBER = mark("身份证号和{who}登记的亲属一样（{relation}）。")
BY_PERSON = mark("是{who}的亲属（{relation}），{settler}{when}核实的：{note}")
BY_NAME = mark("可能是{who}的亲属（{relation}），只是同名，请核实。")
NOT_THE_SAME = mark("只是同名，不是{who}的亲属，{settler}{when}核实的：{note}")
DIFFERENT = mark("两边的身份证号不一样。")
ALERT_POSSIBLE = mark("可能是同事或村干部的亲属，先核实，才能往下定。")
ALERT_OFFICER = mark("近亲属：负责这件事的人要回避，请换一位经办人。")
ALERT_VISIT = mark("近亲属：县里要先上门看过，再由县里来定。")
ALERT = mark("近亲属：县里上门看过了，由县里来定。")
DONE_SETTLED = mark("记下了。")
DONE_VISIT = mark("上门的情况记下了。")
DONE_OVER = mark("换好了，本人会收到消息。")
AND = mark("、")


def add_routes(desk: Blueprint) -> None:
    at = "/cases/<receipt>/kin"
    desk.add_url_rule(f"{at}/<int:match_id>", "kin_settle", settle, methods=["POST"])
    desk.add_url_rule(f"{at}/officer", "kin_officer", ask_officer)
    desk.add_url_rule(f"{at}/officer", "kin_hand_over", hand_over, methods=["POST"])
    desk.add_url_rule(f"{at}/visit", "kin_visit", ask_visit)
    desk.add_url_rule(f"{at}/visit", "kin_record_visit", record_visit, methods=["POST"])


@dataclass(frozen=True)
class Line:
    """One match in words; `open` where someone has to say yes or no."""

    id: int
    words: str
    hint: str
    open: bool
    certain: bool


def section(
    _ctx: Context, db: Session, staff: StaffView, file: room.File
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page; nothing where no declared relative is touched."""
    case = file.case
    matches = kinfinding.of_case(db, case.id)
    if not matches:
        return None
    t = access.speech()
    confirmed = any(match.certainty == CONFIRMED for match in matches)
    visit = kinfinding.visit_of(db, case.id) if confirmed else None
    out = _kept_out(db, case)
    handing = case.officer_id in {member.id for member in out}
    return "desk/kin_case.html", {
        "anchor": "kin",
        "alert": t(_alert(matches, visit, handing=handing)) if not telling.is_closed(case) else "",
        "lines": [_line(t, case, match) for match in matches],
        "out": t(AND).join(dict.fromkeys(member.name for member in out)),
        "confirmed": confirmed, "handing": handing and confirmed,
        "visit": visit, "may_visit": staff.role is Role.COUNTY, "version": case.version,
        "receipt": case.receipt, "closed": telling.is_closed(case),
    }


def _kept_out(db: Session, case: Case) -> list[Staff]:
    query = select(Staff).where(Staff.id.in_(kept_out(case.id))).order_by(Staff.id)
    return list(db.scalars(query))


def _alert(matches: Any, visit: KinVisit | None, *, handing: bool) -> str:
    """What this case waits for, the first first; nothing where all was cleared."""
    found = {match.certainty for match in matches}
    if POSSIBLE in found:
        return ALERT_POSSIBLE
    if CONFIRMED not in found:
        return ""
    if handing:
        return ALERT_OFFICER
    return ALERT if visit else ALERT_VISIT


def _line(t: Translate, case: Case, match: KinMatch) -> Line:
    kin = match.kin
    if match.certainty == POSSIBLE:
        words = BY_NAME
    elif match.certainty == CONFIRMED:
        words = BY_PERSON if match.settler else BY_NUMBER
    else:
        words = NOT_THE_SAME
    both = kin.id_key is not None and case.id_key is not None
    return Line(
        match.id,
        t(
            words, who=kin.whose, relation=t(RELATIONS[kin.relation]),
            settler=match.settler.name if match.settler else "",
            when=t.moment(match.settled_at) if match.settled_at else "", note=match.note or "",
        ),
        t(DIFFERENT) if both and kin.id_key != case.id_key else "",
        match.certainty == POSSIBLE, match.certainty == CONFIRMED,
    )


def _done(receipt: str, words: str, kind: str = "done") -> ResponseReturnValue:
    flash(access.speech()(words), kind)
    return redirect(url_for("desk.case", receipt=receipt, _anchor="kin"), 303)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def settle(receipt: str, match_id: int) -> ResponseReturnValue:
    """是 or 不是, and how one knows; what was typed comes back where something lacks."""
    ctx, staff, form = access.context(), access.staff(), request.form
    related, note = form.get("related"), form.get(f"note-{match_id}", "")
    if related not in ("yes", "no"):
        abort(400)
    try:
        with ctx.db.begin() as db:
            kinsettling.settle(
                ctx, db, staff, receipt, match_id, page_version(),
                note, related=related == "yes",
            )
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        t = access.speech()
        with ctx.db.begin() as db:
            file = room.open_file(ctx, db, staff, receipt)
            return room.page(
                ctx, db, staff, file, refused=t(refused.reason), typed=note,
            ), 422 if refused.field else 409
    return _done(receipt, DONE_SETTLED)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask_officer(receipt: str) -> ResponseReturnValue:
    """Who takes the case over from the one who has to keep out."""
    return _screen(receipt, _officer_screen)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def hand_over(receipt: str) -> ResponseReturnValue:
    """Another officer; the resident is told who it is."""
    ctx, staff, form = access.context(), access.staff(), request.form
    version, officer = page_version(), form.get("officer", type=read_number)
    try:
        with ctx.db.begin() as db:
            kinsettling.hand_over(ctx, db, staff, receipt, version, officer)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _screen(receipt, _officer_screen, refused)
    return _done(receipt, DONE_OVER)


@opened_to(Audience.DESK, Role.COUNTY)
def ask_visit(receipt: str) -> ResponseReturnValue:
    """Who went, when, and what they saw."""
    return _screen(receipt, _visit_screen)


@opened_to(Audience.DESK, Role.COUNTY)
def record_visit(receipt: str) -> ResponseReturnValue:
    """Keep the county's visit."""
    ctx, staff, form = access.context(), access.staff(), request.form
    visit = kinsettling.Visit(
        _day(form.get("on", "")), form.get("visitors", ""), form.get("findings", "")
    )
    try:
        with ctx.db.begin() as db:
            kinsettling.record_visit(
                ctx, db, staff, receipt, page_version(), visit
            )
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _screen(receipt, _visit_screen, refused)
    except NotAllowed as wrong:
        return _done(receipt, wrong.reason, "urgent")
    return _done(receipt, DONE_VISIT)


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


Screen = Callable[[Context, Session, Case], tuple[str, dict[str, Any]]]


def _screen(
    receipt: str, screen: Screen, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    """A small screen of a case, or once more with what was typed and what to mend."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            case = room.open_file(ctx, db, staff, receipt).case
            template, values = screen(ctx, db, case)
            page = render_template(
                template, case=case, name=telling.name_of(t, case), typed=request.form,
                problem=t(refused.reason) if refused else "",
                field=refused.field if refused else "", **values,
            )
    except LookupError:
        abort(404)
    return (page, 422 if refused.field else 409) if refused else page


def _officer_screen(
    ctx: Context, db: Session, case: Case
) -> tuple[str, dict[str, Any]]:
    officers = casequeries.officers(db, case.township, case.id, ctx.today())
    return "desk/kin_officer.html", {"officers": [(str(one.id), one.name) for one in officers]}


def _visit_screen(ctx: Context, _db: Session, _case: Case) -> tuple[str, dict[str, Any]]:
    return "desk/kin_visit.html", {"today": ctx.today()}
