"""Each move its own small screen: asks only for what it needs, and says what will be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, casequeries
from models.cases import Case
from models.casework import (
    NOT_YOURS,
    OUT_OF_ORDER,
    STALE,
    WORDS_LIMIT,
    MoveRefused,
    Step,
    clock_due,
    make_move,
)
from models.context import Context
from models.outgoing import Occasion
from models.people import Staff
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import MOVES, Move, Role
from notices.occasions import spoken
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import case as room
from webhooks.desk import telling

# Titles that ask, and buttons that say what they do.
BUTTONS = {
    "register": mark("登记，交给他办"),
    "return": mark("请本人补这些"),
    "accept": mark("受理，开始办"),
    "answer": mark("发给本人，办结"),
    "withdraw": mark("撤回这件事"),
}
DONE = {
    "register": mark("登记好了，本人会收到消息。"),
    "return": mark("已经请本人补材料，补来了会提醒您。"),
    "accept": mark("受理了，本人会收到消息。"),
    "answer": mark("答复已经发给本人。"),
    "withdraw": mark("已经按本人的意思撤回，会告诉本人。"),
}
BLANK = "……"
ALREADY = mark("这一步您刚才已经办好了，没有重复办。")
UNITS = (mark("民政办"), mark("社会事务办"), mark("便民服务中心"), mark("残联"), mark("乡村振兴办"))
# What is missing most often; one tap each. Sent in the language that residents are written in.
PAPERS = (
    mark("身份证正反面"),
    mark("户口本首页和每个人那一页"),
    mark("医院的诊断书或出院小结"),
    mark("看病的发票或结算单"),
    mark("家里人的收入情况"),
    mark("残疾人证"),
    mark("在校证明"),
    mark("收钱用的银行卡或存折"),
    mark("替人办事的委托书"),
)


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/<move>", "move", ask, methods=["GET"])
    desk.add_url_rule("/cases/<receipt>/<move>", "make", make, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask(receipt: str, move: str) -> ResponseReturnValue:
    """The screen of one move; a move that is not offered now leads back to the case."""
    ctx, staff, line = access.context(), access.staff(), _line(move)
    _must_be_theirs(ctx, staff, line, receipt)
    try:
        with ctx.db.begin() as db:
            file = room.open_file(ctx, db, staff, receipt)
            if file.case.status not in line.from_:
                flash(access.speech()(OUT_OF_ORDER), "urgent")
                return redirect(url_for("desk.case", receipt=receipt), 303)
            step = Step(move, file.case.version, unit=staff.unit, officer_id=staff.id)
            return _screen(ctx, db, line, file, step)
    except LookupError:
        abort(404)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def make(receipt: str, move: str) -> ResponseReturnValue:
    """Make the move; what cannot be made comes back with everything that was typed."""
    ctx, staff, t, line = access.context(), access.staff(), access.speech(), _line(move)
    step = _step(move)
    _must_be_theirs(ctx, staff, line, receipt)
    try:
        with ctx.db.begin() as db:
            make_move(ctx, db, staff, receipt, step)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _refused(ctx, staff, line, receipt, step, refused)
    flash(t(DONE[move]), "done")
    return redirect(url_for("desk.case", receipt=receipt), 303)


def _line(move: str) -> Move:
    if move not in MOVES:
        abort(404)
    return MOVES[move]


def _must_be_theirs(ctx: Context, staff: StaffView, line: Move, receipt: str) -> None:
    """Refuse whoever the table does not name, and keep a record that outlives the refusal."""
    if staff.role in line.roles:
        return
    with ctx.db.begin() as db:
        found = casequeries.find(db, staff, receipt)
        if found is None:
            abort(404)
        audit.record(
            db, ctx.now(), "case.refused", "case", found.id, staff_id=staff.id, move=line.name
        )
    raise NotAllowed(NOT_YOURS)


def _step(move: str) -> Step:
    """The move as the form gives it. What is no number is no officer, and no version."""
    form = request.form
    typed = form.get("missing", "").splitlines()
    missing = dict.fromkeys(line.strip() for line in [*form.getlist("paper"), *typed])
    return Step(
        move,
        form.get("version", 0, type=int),
        unit=form.get("unit", ""),
        officer_id=form.get("officer", type=int),
        missing=tuple(line for line in missing if line),
        words=form.get("words", ""),
        reason=form.get("reason", ""),
        internal=form.get("internal", "").strip(),
    )


def _refused(
    ctx: Context, staff: StaffView, line: Move, receipt: str, step: Step, refused: MoveRefused
) -> ResponseReturnValue:
    """Say why beside what to mend; where the case moved on, show where it stands now."""
    t = access.speech()
    with ctx.db.begin() as db:
        file = room.open_file(ctx, db, staff, receipt)
        if refused.reason == STALE and _was_theirs(file, staff, step):
            flash(t(ALREADY), "done")
            return redirect(url_for("desk.case", receipt=receipt), 303)
        if file.case.status in line.from_:
            code = 422 if refused.field else 409
            return _screen(ctx, db, line, file, step, refused), code
        typed = "\n".join(
            part for part in (*step.missing, step.words, step.reason, step.internal) if part
        )
        return room.page(ctx, db, staff, file, refused=t(refused.reason), typed=typed), 409


def _was_theirs(file: room.File, staff: StaffView, step: Step) -> bool:
    """Whether this very person has just made this very move in these very words: a second click."""
    made = [event for event in file.events if event.kind in MOVES]
    if file.case.version != step.version + 1 or not made:
        return False
    last = made[-1]
    said = {
        "unit": step.unit.strip(), "missing": list(step.missing),
        "words": step.words.strip(), "reason": step.reason.strip(),
    }
    return (
        (last.kind, last.staff_id, last.internal or "") == (step.move, staff.id, step.internal)
        and all(last.details.get(need, words) == words for need, words in said.items())
        and ("officer" not in last.details or file.case.officer_id == step.officer_id)
    )


def _screen(
    ctx: Context, db: Session, line: Move, file: room.File, step: Step,
    refused: MoveRefused | None = None,
) -> str:
    t, case = access.speech(), file.case
    officers = casequeries.officers(db, case.township) if line.name == "register" else []
    return render_template(
        "desk/move.html", case=case, name=telling.name_of(t, case), line=line,
        title=t(line.title), button=t(BUTTONS[line.name]),
        step=step, officers=[(str(officer.id), officer.name) for officer in officers],
        # As they are: what is picked is kept, and read by residents in Chinese.
        units=list(UNITS), papers=[(paper, t(paper)) for paper in PAPERS],
        own_lines=_own_lines(step), limit=WORDS_LIMIT,
        what=telling.first_words(t, case), due=telling.due_words(ctx, t, case),
        problem=t(refused.reason) if refused else "", field=refused.field if refused else "",
        preview=_preview(ctx, case, line, step, officers),
    )


def _own_lines(step: Step) -> str:
    """What was typed besides the papers that can be tapped."""
    return "\n".join(line for line in step.missing if line not in PAPERS)


def _preview(
    ctx: Context, case: Case, line: Move, step: Step, officers: Sequence[Staff]
) -> dict[str, Any]:
    """The very message that the resident will get, with …… for what is still to be filled in.

    `template` has placeholders there instead, for the script that fills them while one types.
    """
    names = {officer.id: officer.name for officer in officers}
    filled = {
        "unit": step.unit or BLANK,
        "officer": names.get(step.officer_id or 0, BLANK),
        "missing": step.missing or (BLANK,),
        "words": step.words or BLANK,
    }
    open_ = {name: f"{{{name}}}" for name in filled} | {"missing": ("{missing}",)}
    return {
        "words": _message(ctx, case, line, filled),
        "template": _message(ctx, case, line, open_),
        "reaches": case.person_id is not None,
    }


def _message(ctx: Context, case: Case, line: Move, given: dict[str, Any]) -> str:
    until = clock_due(ctx, line.clock, case.township) if line.clock else None
    details = {
        "receipt": case.receipt, "township": case.township, "kind": line.name,
        "due_on": until.on.isoformat() if until else "", **given,
    }
    said = spoken(ctx, Occasion.CASE_MOVED, details, case.township, access.speech().locale)
    return f"{said.title}\n{said.body}"
