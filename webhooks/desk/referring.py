"""The township's side of a referral: its part of the case's page, asking also, calling back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import casequeries
from models.casework import OUT_OF_ORDER, STALE
from models.context import Context
from models.moves import Move
from models.policy import StaffView
from models.referrals import STATE_NAMES, State, of_case
from models.referralwork import ALSO_FROM, recall, refer_also
from models.settings import mark
from models.statuses import CASE_ROLES, NOTE_TOLD, EventKind, Role, Status
from models.steps import MoveRefused, Step
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, telling
from webhooks.desk import case as room
from webhooks.desk.screens import screen
from webhooks.desk.stepforms import read_step
from webhooks.desk.versions import page_version

# Drawn and read like a move of the table, though it moves nothing.
ALSO = Move(
    EventKind.REFERRED_ALSO, mark("也请别的部门帮着办"), ALSO_FROM, Status.REFERRED, CASE_ROLES,
    NOTE_TOLD[EventKind.REFERRED_ALSO], needs=("departments", "words"),
)
ASKED = mark("已经请他们办了，本人也会收到消息。")
RECALLED = mark("收回来了，那边看不到了，本人会收到消息。")


def add_routes(desk: Blueprint) -> None:
    at = f"/cases/<receipt>/{ALSO.name}"
    desk.add_url_rule(at, "refer_also", ask, methods=["GET"])
    desk.add_url_rule(at, "make_refer_also", make, methods=["POST"])
    desk.add_url_rule(
        "/cases/<receipt>/referrals/<int:number>/recall", "recall", take_back, methods=["POST"]
    )


def section(
    ctx: Context, session: Session, staff: StaffView, file: room.File
) -> tuple[str, dict[str, Any]] | None:
    """What was asked of departments, how each stands, and asking one more."""
    t, case, may_act = access.speech(), file.case, staff.role in CASE_ROLES
    rows = [
        {
            "referral": row, "state": t(STATE_NAMES[State(row.state)]),
            "due": telling.until_words(ctx, t, row.due_on) if row.waits else None,
        }
        for row in of_case(session, case.id)
    ]
    may_ask = may_act and Status(case.status) in ALSO_FROM
    if not rows and not may_ask:
        return None
    return "desk/referrals_part.html", {"rows": rows, "may_ask": may_ask, "may_act": may_act}


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def ask(receipt: str) -> ResponseReturnValue:
    """The screen on which departments are asked for a case that stays where it is."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            file = room.open_file(ctx, db, staff, receipt)
            if file.case.status not in ALSO.from_:
                flash(access.speech()(OUT_OF_ORDER), "urgent")
                return redirect(url_for("desk.case", receipt=receipt), 303)
            return screen(ctx, db, staff, ALSO, file, Step(ALSO.name, file.case.version))
    except LookupError:
        abort(404)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def make(receipt: str) -> ResponseReturnValue:
    """Ask them; what cannot be asked comes back with everything that was typed."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    read = read_step(ALSO.name)
    try:
        with ctx.db.begin() as db:
            casequeries.must_find(db, staff, receipt)
            refer_also(ctx, db, staff, receipt, read.whole())
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _refused(ctx, staff, receipt, read.step, refused)
    flash(t(ASKED), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor="referrals"), 303)


def _refused(
    ctx: Context, staff: StaffView, receipt: str, step: Step, refused: MoveRefused
) -> ResponseReturnValue:
    t = access.speech()
    with ctx.db.begin() as db:
        file = room.open_file(ctx, db, staff, receipt)
        if refused.reason == STALE and _was_theirs(file, staff, step):
            flash(t(asides.ALREADY), "done")
            return redirect(url_for("desk.case", receipt=receipt), 303)
        if file.case.status in ALSO.from_:
            code = 422 if refused.field else 409
            return screen(ctx, db, staff, ALSO, file, step, refused), code
        typed = "\n".join(part for part in (step.words, step.internal) if part)
        return room.page(ctx, db, staff, file, refused=t(refused.reason), typed=typed), 409


def _was_theirs(file: room.File, staff: StaffView, step: Step) -> bool:
    """Whether this very person has just asked this: a second click."""
    last = file.events[-1]
    return (
        file.case.version == step.version + 1
        and (last.kind, last.staff_id) == (EventKind.REFERRED_ALSO, staff.id)
        and last.details.get("words") == step.words.strip()
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def take_back(receipt: str, number: int) -> ResponseReturnValue:
    """The township waits no longer for one department."""
    ctx, staff, version = access.context(), access.staff(), page_version()
    return asides.at_once(
        receipt, lambda db: recall(ctx, db, staff, receipt, version, number), RECALLED,
        "referrals",
    )
