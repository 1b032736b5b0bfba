"""Referrals as a liaison works them on a phone, with nothing else of the case in view.

The same list shows townships and the county what they wait for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit
from models.context import Context
from models.policy import StaffView
from models.referrals import STATE_NAMES, Referral, State, listed, shared, theirs
from models.referralwork import MOVED_ON, answer, hand_back, take
from models.referring import number_of
from models.settings import mark
from models.statuses import Role
from models.steps import WORDS_LIMIT, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import alarms, readings, telling
from webhooks.desk.asides import ALREADY
from webhooks.desk.paging import page_asked
from webhooks.desk.papers import KINDS, bytes_of
from webhooks.desk.versions import page_version

TAKEN = mark("接下了，本人和镇上都会知道。办好了请回来回一句话。")
BACK = mark("退回去了，镇上会另外安排。")
ANSWERED = mark("回话已经告诉本人和镇上。")
FIRST_WORDS = 60


@dataclass(frozen=True)
class Row:
    """One line of the list; to a township `unit` is the department, to a liaison the township."""

    link: str
    name: str
    place: str
    unit: str
    asked: str
    state: str
    due: telling.DueWords | None


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/referrals", "referrals", referrals)
    desk.add_url_rule("/referrals/<int:number>", "referral", referral)
    desk.add_url_rule(
        "/referrals/<int:number>/papers/<int:attachment_id>", "referral_paper", paper
    )
    at = "/referrals/<int:number>"
    desk.add_url_rule(f"{at}/take", "referral_take", take_it, methods=["POST"])
    desk.add_url_rule(f"{at}/back", "referral_back", give_back, methods=["POST"])
    desk.add_url_rule(f"{at}/answer", "referral_answer", answer_it, methods=["POST"])


def read_rows(
    ctx: Context, db: Session, staff: StaffView, department_id: int | None = None
) -> dict[str, Any]:
    """A page of what waits and what is settled, recorded as read."""
    page = page_asked()
    found, more = listed(db, staff, department_id, page)
    numbers = [one.id for one in found]
    readings.keep(ctx, db, staff, "referrals.read", "referral", referrals=numbers)
    rows = [(one.waits, _row(ctx, staff, one)) for one in found]
    return {
        "waiting": [row for waits, row in rows if waits],
        "settled": [row for waits, row in rows if not waits], "page": page, "more": more,
    }


def _row(ctx: Context, staff: StaffView, one: Referral) -> Row:
    t, areas, case = access.speech(), ctx.directory.areas, one.case
    place = areas.name(case.living_area or case.township)
    if staff.role is Role.DEPARTMENT:
        link, unit = url_for("desk.referral", number=one.id), areas.name(case.township)
    else:
        link, unit = url_for("desk.case", receipt=case.receipt), one.department.name
    asked = " ".join(one.asked.split())
    return Row(
        link, telling.name_of(t, case), place, unit,
        asked if len(asked) <= FIRST_WORDS else f"{asked[:FIRST_WORDS]}…",
        t(STATE_NAMES[State(one.state)]),
        telling.until_words(ctx, t, one.due_on) if one.waits else None,
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY, Role.DEPARTMENT)
def referrals() -> ResponseReturnValue:
    """Those of one's department, or those that went out of one's area; the first due first."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.begin() as db:
        rows = read_rows(ctx, db, staff)
        alarming = alarms.waiting(ctx, db, staff)
    return render_template(
        "desk/referrals.html", liaison=staff.role is Role.DEPARTMENT, alarms=alarming, **rows
    )


@opened_to(Audience.DESK, Role.DEPARTMENT)
def referral(number: int) -> ResponseReturnValue:
    """One referral of the liaison's department; 404 for every other."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            return _page(ctx, db, staff, number)
    except LookupError:
        abort(404)


def _page(
    ctx: Context, db: Session, staff: StaffView, number: int,
    refused: MoveRefused | None = None,
) -> str:
    """Who, where, what is asked, the papers ticked; and nothing else of the case."""
    t, one = access.speech(), theirs(db, staff, number)
    audit.record(db, ctx.now(), "referral.read", "referral", one.id, staff_id=staff.id)
    areas = ctx.directory.areas
    return render_template(
        "desk/referral.html", one=one, number=number_of(one), name=telling.name_of(t, one.case),
        place=areas.name(one.case.living_area or one.case.township),
        township=areas.get(one.case.township), phone=one.case.phone if one.waits else "",
        papers=shared(db, one), state=t(STATE_NAMES[State(one.state)]), limit=WORDS_LIMIT,
        due=telling.until_words(ctx, t, one.due_on) if one.waits else None,
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
        typed=request.form,
    )


@opened_to(Audience.DESK, Role.DEPARTMENT)
def paper(number: int, attachment_id: int) -> ResponseReturnValue:
    """The bytes of one paper that the township lets this department see."""
    ctx, staff, small = access.context(), access.staff(), request.args.get("small") == "1"
    try:
        with ctx.db.begin() as db:
            one = theirs(db, staff, number)
            found = next((p for p in shared(db, one) if p.id == attachment_id), None)
            if found is None or found.content_type not in KINDS:
                raise LookupError(attachment_id)
            audit.record(
                db, ctx.now(), "paper.read", "attachment", found.id, staff_id=staff.id,
                small=small, referral=one.id,
            )
    except LookupError:
        abort(404)
    return bytes_of(ctx, found, small=small)


@opened_to(Audience.DESK, Role.DEPARTMENT)
def take_it(number: int) -> ResponseReturnValue:
    """接下."""
    return _done(number, TAKEN, take)


@opened_to(Audience.DESK, Role.DEPARTMENT)
def give_back(number: int) -> ResponseReturnValue:
    """退回, with a reason."""
    return _done(number, BACK, hand_back, request.form.get("reason", ""))


@opened_to(Audience.DESK, Role.DEPARTMENT)
def answer_it(number: int) -> ResponseReturnValue:
    """回复, in words for the resident."""
    return _done(number, ANSWERED, answer, request.form.get("words", ""))


def _done(
    number: int, done: str, work: Callable[..., None], *written: str
) -> ResponseReturnValue:
    """Do it; what cannot be done comes back with what was typed."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    version = page_version()
    try:
        with ctx.db.begin() as db:
            work(ctx, db, staff, number, version, *written)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _refused(ctx, staff, number, version, refused, done)
    flash(t(done), "done")
    return redirect(url_for("desk.referral", number=number), 303)


def _refused(
    ctx: Context, staff: StaffView, number: int, version: int, refused: MoveRefused, done: str
) -> ResponseReturnValue:
    try:
        with ctx.db.begin() as db:
            one = theirs(db, staff, number)
            if refused.reason == MOVED_ON and _was_theirs(one, staff, version, done):
                flash(access.speech()(ALREADY), "done")
                return redirect(url_for("desk.referral", number=number), 303)
            return _page(ctx, db, staff, number, refused), 422 if refused.field else 409
    except LookupError:
        abort(404)


def _was_theirs(one: Referral, staff: StaffView, version: int, done: str) -> bool:
    """Whether this very person has just done this in these very words: a second click."""
    form = request.form
    made = {
        TAKEN: (State.TAKEN, one.taken_by, True),
        BACK: (State.HANDED_BACK, one.settled_by, one.reason == form.get("reason", "").strip()),
        ANSWERED: (State.ANSWERED, one.settled_by, one.answer == form.get("words", "").strip()),
    }
    state, who, same = made[done]
    return (one.state, who, one.version) == (state, staff.id, version + 1) and same
