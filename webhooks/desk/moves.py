"""Each move its own small screen: asks only for what it needs, and says what will be told."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import casequeries, proposals
from models.casework import (
    NOT_YOUR_ROLE,
    NOT_YOURS,
    OUT_OF_ORDER,
    STALE,
    make_move,
    put_forward,
    send_back_proposal,
)
from models.context import Context
from models.moves import MOVES, Move
from models.offers import may_put_forward, to_decide
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, EventKind, Role
from models.steps import MoveRefused, Step
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk import case as room
from webhooks.desk.screens import prefilled, screen
from webhooks.desk.stepforms import Read, read_step
from webhooks.desk.versions import page_version

DONE = {
    "register": mark("登记好了，本人会收到消息。"),
    "return": mark("已经请本人补材料，补来了会提醒您。"),
    "accept": mark("受理了，本人会收到消息。"),
    "answer": mark("答复已经发给本人。"),
    "withdraw": mark("已经按本人的意思撤回，会告诉本人。"),
}
DONE_IT = mark("办好了，本人会收到消息。")
DONE_FORWARD = mark("提上去了，等另一位定。定了才告诉本人。")
DONE_BACK = mark("退回去了。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/<move>", "move", ask, methods=["GET"])
    desk.add_url_rule("/cases/<receipt>/<move>", "make", make, methods=["POST"])
    desk.add_url_rule(
        "/cases/<receipt>/proposal/back", "proposal_back", proposal_back, methods=["POST"]
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask(receipt: str, move: str) -> ResponseReturnValue:
    """The screen of one move; a move that is not offered now leads back to the case."""
    ctx, staff, line = access.context(), access.staff(), _line(move)
    _must_be_theirs(staff, line, receipt)
    try:
        with ctx.db.begin() as db:
            file = room.open_file(ctx, db, staff, receipt)
            if file.case.status not in line.from_:
                flash(access.speech()(OUT_OF_ORDER), "urgent")
                return redirect(url_for("desk.case", receipt=receipt), 303)
            open_ = proposals.open_proposal(db, file.case.id)
            step = prefilled(line, file.case.version, staff, open_, request.args.get("into", ""))
            return screen(ctx, db, staff, line, file, step)
    except LookupError:
        abort(404)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def make(receipt: str, move: str) -> ResponseReturnValue:
    """Make the move; what cannot be made comes back with everything that was typed."""
    ctx, staff, t, line = access.context(), access.staff(), access.speech(), _line(move)
    _must_be_theirs(staff, line, receipt)
    read = read_step(move)
    try:
        with ctx.db.begin() as db:
            done = _carry_out(ctx, db, staff, line, receipt, read)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _refused(ctx, staff, line, receipt, read.step, refused)
    except NotAllowed as wrong:
        # The try is kept though the move is not made.
        asides.keep_try(receipt, line.name)
        flash(t(wrong.reason), "urgent")
        return redirect(url_for("desk.case", receipt=receipt), 303)
    flash(t(done), "done")
    return redirect(url_for("desk.case", receipt=receipt), 303)


def _carry_out(
    ctx: Context, db: Session, staff: StaffView, line: Move, receipt: str, read: Read
) -> str:
    """Make the move, or put it forward where another person has to decide; what to say of it."""
    found = casequeries.must_find(db, staff, receipt)
    step = read.whole()
    if line.second and not to_decide(staff, line, proposals.open_proposal(db, found.id)):
        put_forward(ctx, db, staff, receipt, step)
        return DONE_FORWARD
    make_move(ctx, db, staff, receipt, step)
    return DONE.get(line.name, DONE_IT)


@opened_to(Audience.DESK, Role.HEAD, Role.COUNTY)
def proposal_back(receipt: str) -> ResponseReturnValue:
    """Not agreed to: what was put forward goes back, with words for colleagues."""
    ctx, staff = access.context(), access.staff()
    version, reason = page_version(), request.form.get("internal", "").strip()[:1000]
    return asides.at_once(
        receipt,
        lambda db: send_back_proposal(ctx, db, staff, receipt, version, reason), DONE_BACK,
    )


def _line(move: str) -> Move:
    if move not in MOVES:
        abort(404)
    return MOVES[move]


def _must_be_theirs(staff: StaffView, line: Move, receipt: str) -> None:
    """A try at a move of another role is refused, and recorded where the case is theirs to see."""
    if staff.role in line.roles or may_put_forward(staff, line):
        return
    if not asides.keep_try(receipt, line.name):
        abort(404)
    raise NotAllowed(NOT_YOURS if line.roles == CASE_ROLES else NOT_YOUR_ROLE)


def _refused(
    ctx: Context, staff: StaffView, line: Move, receipt: str, step: Step, refused: MoveRefused
) -> ResponseReturnValue:
    """Say why beside what to mend; where the case moved on, show where it stands now."""
    t = access.speech()
    with ctx.db.begin() as db:
        file = room.open_file(ctx, db, staff, receipt)
        if refused.reason == STALE and _was_theirs(file, staff, step):
            flash(t(asides.ALREADY), "done")
            return redirect(url_for("desk.case", receipt=receipt), 303)
        if file.case.status in line.from_:
            code = 422 if refused.field else 409
            return screen(ctx, db, staff, line, file, step, refused), code
        typed = "\n".join(
            part for part in (*step.missing, step.words, step.reason, step.internal) if part
        )
        return room.page(ctx, db, staff, file, refused=t(refused.reason), typed=typed), 409


def _was_theirs(file: room.File, staff: StaffView, step: Step) -> bool:
    """Whether this very person has just made this very move in these very words: a second click."""
    made = [event for event in file.events if event.kind in (*MOVES, EventKind.PUT_FORWARD)]
    if file.case.version != step.version + 1 or not made:
        return False
    last = made[-1]
    if last.kind == EventKind.PUT_FORWARD:
        return (last.staff_id, last.details.get("move")) == (staff.id, step.move)
    if step.grant is not None and last.details.get("grant") != step.grant.kept():
        return False
    said = {
        "unit": step.unit.strip(), "missing": list(step.missing),
        "words": step.words.strip(), "reason": step.reason.strip(),
    }
    return (
        (last.kind, last.staff_id, last.internal or "") == (step.move, staff.id, step.internal)
        and all(last.details.get(need, words) == words for need, words in said.items())
        and ("officer" not in last.details or file.case.officer_id == step.officer_id)
    )
