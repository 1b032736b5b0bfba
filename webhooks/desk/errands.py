"""Asking the village's assistant for help with a case, and what they handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import errands, errandwork
from models.cases import Attachment, Case
from models.context import Context
from models.days import read_day
from models.errandasks import ASKS, CANNOT, LIST
from models.errands import ERRAND_NAMES, Errand, ErrandKind
from models.errandwork import WORDS_LIMIT
from models.numbers import read_number
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import CASE_ROLES, Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, telling
from webhooks.desk.case import File
from webhooks.desk.taskviews import answered

ASKED = mark("请了。他会收到一句提醒，在“村里的事”里看得到。")
TAKEN_BACK = mark("收回了，不用他办了。")
STATES = {
    "open": mark("还没办"), "done": mark("办好了"), "dropped": mark("不用办了"),
    "back": mark("退回来了"),
}
UNSEEN = mark("还没办，也还没打开看")
BY = mark("{name} {moment}交来")


@dataclass(frozen=True)
class View:
    """One errand in words; `handed` are (who and when, what was said) of each handing in."""

    id: int
    title: str
    state: str
    state_words: str
    who: str
    words: str
    due: telling.DueWords
    undelivered: str
    handed: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    photos: tuple[Attachment, ...]


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/errands/<kind>", "errand", show)
    desk.add_url_rule("/cases/<receipt>/errands/<kind>", "ask_errand", ask, methods=["POST"])
    desk.add_url_rule(
        "/errands/<int:errand_id>/take-back", "take_back", take_back, methods=["POST"]
    )


def section(
    ctx: Context, db: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page: what was asked of whom, and what came of it."""
    found = errands.of_case(db, file.case.id)
    if not found:
        return None
    photos = _photos(db, found)
    views = [_view(ctx, access.speech(), one, photos) for one in found]
    return "desk/errands.html", {"views": views, "may": staff.role in CASE_ROLES}


def _photos(db: Session, found: Sequence[Errand]) -> dict[int, Attachment]:
    numbers = [number for one in found for number in one.papers]
    query = select(Attachment).where(Attachment.id.in_(numbers))
    return {paper.id: paper for paper in db.scalars(query)}


def _view(ctx: Context, t: Translate, one: Errand, photos: dict[int, Attachment]) -> View:
    kind = ErrandKind(one.kind)
    return View(
        one.id, t(ERRAND_NAMES[kind]), one.state, t(_stands(one)), one.staff.name, one.words,
        telling.until_words(ctx, t, one.due_on if one.state == "open" else None),
        t(one.push.reason) if one.push is not None and one.push.reason else "",
        tuple(_handed(t, kind, said) for said in one.said),
        tuple(photos[number] for number in one.papers if number in photos),
    )


def _stands(one: Errand) -> str:
    return UNSEEN if one.state == "open" and one.seen_at is None else STATES[one.state]


def _handed(
    t: Translate, kind: ErrandKind, said: dict[str, Any]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Who handed it in and when, and each field with its words."""
    at = t.moment(datetime.fromisoformat(said["at"]))
    lines = answered(t, (*ASKS[kind], LIST, CANNOT), said["found"])
    return t(BY, name=said["name"], moment=at), tuple(lines)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show(receipt: str, kind: str) -> ResponseReturnValue:
    """Whom to ask, by when, and one line of words."""
    return _screen(receipt, _kind(kind))


def _kind(kind: str) -> ErrandKind:
    """A kind that can be asked for; a knock comes by itself."""
    if kind not in set(ErrandKind) or kind == ErrandKind.KNOCK:
        abort(404)
    return ErrandKind(kind)


def _screen(
    receipt: str, kind: ErrandKind, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    def fill(db: Session, case: Case) -> dict[str, Any]:
        ctx, t = access.context(), access.speech()
        return {
            "title": t(ERRAND_NAMES[kind]), "kind": kind.value, "typed": request.form,
            "helpers": [(str(one.id), one.name) for one in errands.helpers(ctx, db, case)],
            "village": ctx.directory.areas.name(case.living_area),
            "today": ctx.today().isoformat(), "limit": WORDS_LIMIT,
            "usual": errandwork.usual_day(ctx, db, case, kind).isoformat(),
        }

    return asides.screen("desk/errand.html", receipt, fill, refused)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def ask(receipt: str, kind: str) -> ResponseReturnValue:
    """Ask one of them."""
    ctx, staff, form, wanted = access.context(), access.staff(), request.form, _kind(kind)

    def act(db: Session) -> str:
        errandwork.ask(
            ctx, db, staff, receipt, wanted, helper=form.get("helper", type=read_number),
            due_on=_day(form.get("due", "")), words=form.get("words", ""),
        )
        return ASKED

    return asides.attempt(
        receipt, act, lambda refused: _screen(receipt, wanted, refused), lambda _db: False,
        url_for("desk.case", receipt=receipt, _anchor="errands"),
    )


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def take_back(errand_id: int) -> ResponseReturnValue:
    """It is not needed any more."""
    ctx, t = access.context(), access.speech()
    try:
        with ctx.db.begin() as db:
            receipt = errandwork.take_back(ctx, db, access.staff(), errand_id).receipt
    except LookupError:
        abort(404)
    flash(t(TAKEN_BACK), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor="errands"), 303)
