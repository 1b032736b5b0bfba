"""Objections and complaints at the desk: the office's own queue, a file, asking, noting, answering.

Only who decides in the office that handles it gets in (`models/concernwork.py`); no other room, no
list, search, figure or export of the desk knows that there is any.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import concernwork, raising
from models.concerns import KIND_NAMES, OUTCOME_NAMES, Concern, Kind, Outcome, Stand, Turn
from models.context import Context
from models.publishing import Row, Version
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access, noticesheets
from webhooks.access import Audience, opened_to
from webhooks.desk import papers, telling

STANDS = {
    Stand.OPEN: mark("等您办"), Stand.ASKED: mark("问了对方，等他回"), Stand.OVER: mark("答复了"),
}
TURNS = {
    Turn.RAISED: mark("对方说"), Turn.MORE: mark("对方又说"), Turn.ASKED: mark("问对方"),
    Turn.LOOKED: mark("查了什么（对方看不到）"), Turn.ANSWER: mark("答复"),
}
DONE = {
    Turn.ASKED: mark("问过去了，对方看得到。"), Turn.LOOKED: mark("记下了。"),
    Turn.ANSWER: mark("答复了，对方看得到。"),
}
WHO = frozenset({Role.HEAD, Role.COUNTY})


def add_routes(desk: Blueprint) -> None:
    at = "/concerns/<int:concern_id>"
    desk.add_url_rule("/concerns", "concerns", look)
    desk.add_url_rule(at, "concern", concern)
    desk.add_url_rule(at, "concern_add", add, methods=["POST"])
    desk.add_url_rule(f"{at}/who", "concern_who", who, methods=["POST"])
    desk.add_url_rule(f"{at}/papers/<int:attachment_id>", "concern_paper", paper)


@opened_to(Audience.DESK, *WHO)
def look() -> ResponseReturnValue:
    """What the office has to answer, the oldest due first; nothing sealed stands here."""
    ctx, staff = access.context(), access.staff()
    over = request.args.get("over") == "1"
    with ctx.db.read() as db:
        rows = [_row(ctx, one) for one in concernwork.queue(db, staff, over=over)]
    return render_template("desk/concerns.html", rows=rows, over=over)


def _row(ctx: Context, one: Concern) -> dict[str, Any]:
    t = access.speech()
    return {
        "id": one.id, "number": one.number, "kind": t(KIND_NAMES[Kind(one.kind)]),
        "place": ctx.directory.areas.name(one.area), "state": t(STANDS[Stand(one.state)]),
        "due": telling.until_words(ctx, t, None if one.state == Stand.OVER else one.due_on),
        "when": t.moment(one.over_at or one.raised_at),
    }


@opened_to(Audience.DESK, *WHO)
def concern(concern_id: int) -> ResponseReturnValue:
    """The file, all but who raised it."""
    return _file(concern_id)


def _file(
    number: int, refused: MoveRefused | None = None, raiser: dict[str, str] | None = None
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            file = concernwork.open_file(ctx, db, staff, number)
            one = file.concern
            page = render_template(
                "desk/concern.html", one=one, row=_row(ctx, one), listed=_listed(ctx, db, one),
                entries=[(t(TURNS[Turn(entry.turn)]), entry) for entry in file.entries],
                papers=[paper for paper in file.papers if paper.state == "stored"],
                named=file.is_named, raiser=raiser, typed=request.form, once=raising.new_once(),
                outcome=t(OUTCOME_NAMES[Outcome(one.outcome)]) if one.outcome else "",
                outcomes=[(key, t(words)) for key, words in OUTCOME_NAMES.items()],
                problem=t(refused.reason) if refused else "",
                field=refused.field if refused else "", limit=concernwork.WORDS_LIMIT,
            )
    except LookupError:
        abort(404)
    if refused is None:
        return page
    return page, 422 if refused.field else 409


def _listed(ctx: Context, db: Session, one: Concern) -> dict[str, Any] | None:
    """The row that is objected to, as it was shown; nothing of one that was erased."""
    if one.version_id is None:
        return None
    t, version = access.speech(), db.get_one(Version, one.version_id)
    row = db.scalars(
        select(Row).where(Row.version_id == version.id, Row.line == one.line)
    ).one_or_none()
    sheet = noticesheets.sheet(ctx, t, version, one.area)
    shown = noticesheets.lines([row], sheet.columns) if row and row.shown is not None else []
    return {"version": version, "sheet": sheet, "line": shown[0] if shown else None}


@opened_to(Audience.DESK, *WHO)
def add(concern_id: int) -> ResponseReturnValue:
    """Ask, note, or answer with what it changed."""
    ctx, staff, form = access.context(), access.staff(), request.form
    turn = form.get("turn", "")
    if turn not in DONE:
        abort(404)
    try:
        with ctx.db.begin() as db:
            concernwork.add(
                ctx, db, staff, concern_id, Turn(turn), form.get(f"words_{turn}", ""),
                form.get("once", ""), form.get("outcome", ""),
            )
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        return _file(concern_id, refused)
    flash(access.speech()(DONE[Turn(turn)]), "done")
    return redirect(url_for("desk.concern", concern_id=concern_id), 303)


@opened_to(Audience.DESK, *WHO)
def who(concern_id: int) -> ResponseReturnValue:
    """Who raised it, if they said; that it was opened is recorded."""
    ctx = access.context()
    try:
        with ctx.db.begin() as db:
            found = concernwork.who_raised(ctx, db, access.staff(), concern_id)
    except LookupError:
        abort(404)
    return _file(concern_id, raiser=found)


@opened_to(Audience.DESK, *WHO)
def paper(concern_id: int, attachment_id: int) -> Response:
    """One photo or recording of it."""
    ctx = access.context()
    try:
        with ctx.db.begin() as db:
            found = concernwork.paper(ctx, db, access.staff(), concern_id, attachment_id)
    except LookupError:
        abort(404)
    return papers.bytes_of(ctx, found, small=request.args.get("small") == "1")
