"""The clocks of a case in words, and the one extension of its decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import clockwork
from models.cases import Case
from models.clocks import CaseClock
from models.clockwords import CLOCK_NAMES
from models.context import Context
from models.deadlines import Nearness, nearness, working_days_left
from models.extending import decision_clock, extend, longest, may_extend, most_days
from models.moves import NOT_OURS, Clocks
from models.numbers import read_number
from models.policy import NotAllowed, StaffView
from models.settings import Translate, mark
from models.statuses import Role, Status
from models.steps import WORDS_LIMIT, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, telling
from webhooks.desk import case as room
from webhooks.desk.versions import page_version

RESTS = mark("停着，还剩 {left} 个工作日。为什么停：{reason}")
UNTIL = mark("{day}到期")
ENDED = mark("{day}到期，已经过了")
EXTENDED = mark("延长过 {days} 个工作日。为什么：{reason}")
DONE = mark("延长了，本人会收到消息。")
REMINDED = mark("已经提醒本人 {times} 次")


@dataclass(frozen=True)
class Told:
    """One clock in words; `near` gives its sign and colour."""

    name: str
    words: str
    near: Nearness
    basis: str
    year: int | None
    more: tuple[str, ...]


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/extend", "extend", ask, methods=["GET"])
    desk.add_url_rule("/cases/<receipt>/extend", "extend_it", make, methods=["POST"])


def section(
    ctx: Context, db: Session, staff: StaffView, file: room.File
) -> tuple[str, dict[str, Any]] | None:
    """Every living clock of the case, and the day that its person was promised."""
    case = file.case
    first = clockwork.unwritten(ctx, db, case)
    found = [first] if first else file.clocks
    if not found:
        return None
    t = access.speech()
    return "desk/clocks.html", {
        "clocks": [_told(ctx, t, row) for row in found],
        "promised": t.day(case.answer_on) if case.answer_on else "",
        "given": Status(case.status) is Status.GRANTED,
        "extend": _may(ctx, staff, case, found),
        "county": staff.role is Role.COUNTY,
    }


def _may(ctx: Context, staff: StaffView, case: Case, found: list[CaseClock]) -> bool:
    decision = next((row for row in found if row.kind == Clocks.DECISION), None)
    try:
        may_extend(ctx, staff, case, decision)
    except (NotAllowed, MoveRefused):
        return False
    return True


def _told(ctx: Context, t: Translate, row: CaseClock) -> Told:
    kind, more = Clocks(row.kind), []
    if row.extended:
        more.append(t(EXTENDED, days=row.extended, reason=row.extended_for or ""))
    if kind is Clocks.SUPPLEMENT and row.stage:
        more.append(t(REMINDED, times=row.stage))
    words, near = _when(ctx, t, row, kind)
    year = row.due_on.year if row.provisional and row.state == "running" else None
    return Told(t(CLOCK_NAMES[kind]), words, near, row.basis, year, tuple(more))


def _when(ctx: Context, t: Translate, row: CaseClock, kind: Clocks) -> tuple[str, Nearness]:
    if row.state == "resting":
        why = t(row.reason) if row.reason else ""
        return t(RESTS, left=row.left or 0, reason=why), Nearness.NONE
    if kind in NOT_OURS - {Clocks.REFERRAL}:
        over = row.due_on < ctx.today()
        return t(ENDED if over else UNTIL, day=t.day(row.due_on)), Nearness.FAR
    near = nearness(ctx.today(), row.due_on, ctx.is_working)
    left = working_days_left(ctx.today(), row.due_on, ctx.is_working)
    return telling.due_sentence(t, near, left, row.due_on), near


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def ask(receipt: str) -> ResponseReturnValue:
    """The screen of the extension; where it cannot be, back to the case with a sentence."""
    ctx, staff = access.context(), access.staff()
    try:
        with ctx.db.begin() as db:
            return _screen(ctx, db, staff, room.open_file(ctx, db, staff, receipt).case)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        return _back(receipt, refused.reason, "urgent")


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def make(receipt: str) -> ResponseReturnValue:
    """Extend; what cannot be comes back with everything that was typed."""
    ctx, staff = access.context(), access.staff()
    version, words = page_version(), request.form.get("words", "")
    try:
        with ctx.db.begin() as db:
            days = request.form.get("days", type=read_number)
            extend(ctx, db, staff, receipt, version, days, words)
    except LookupError:
        abort(404)
    except NotAllowed as wrong:
        asides.keep_try(receipt, "extend")
        return _back(receipt, wrong.reason, "urgent")
    except MoveRefused as refused:
        return _refused(ctx, staff, receipt, refused, words)
    return _back(receipt, DONE, "done")


def _refused(
    ctx: Context, staff: StaffView, receipt: str, refused: MoveRefused, words: str
) -> ResponseReturnValue:
    """Beside what to mend; where nothing can be extended any more, on the case as it stands."""
    with ctx.db.begin() as db:
        file = room.open_file(ctx, db, staff, receipt)
        try:
            return _screen(ctx, db, staff, file.case, refused), 422 if refused.field else 409
        except MoveRefused as wrong:
            said = access.speech()(wrong.reason)
            return room.page(ctx, db, staff, file, refused=said, typed=words), 409


def _screen(
    ctx: Context, db: Session, staff: StaffView, case: Case, refused: MoveRefused | None = None
) -> str:
    t = access.speech()
    row = may_extend(ctx, staff, case, decision_clock(db, case))
    most = most_days(ctx, case, row)
    return render_template(
        "desk/extend.html", case=case, name=telling.name_of(t, case), row=row, most=most,
        basis=longest(ctx, case).basis, total=longest(ctx, case).days, limit=WORDS_LIMIT,
        days=request.form.get("days", ""), words=request.form.get("words", ""),
        problem=t(refused.reason, most=most) if refused else "",
        field=refused.field if refused else "",
    )


def _back(receipt: str, words: str, kind: str) -> ResponseReturnValue:
    flash(access.speech()(words), kind)
    return redirect(url_for("desk.case", receipt=receipt), 303)
