"""What the small screens beside the moves share: open the case, try, say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, casequeries
from models.cases import Case
from models.casework import STALE
from models.context import Context
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import EventKind
from models.steps import MoveRefused
from webhooks import access
from webhooks.desk import case as room
from webhooks.desk import telling

ALREADY = mark("这一步您刚才已经办好了，没有重复办。")
# What the screen is filled with, given the case as it stands now; LookupError makes a 404.
Filling = Callable[[Session, Case], dict[str, Any]]


def screen(
    template: str, receipt: str, fill: Filling, refused: MoveRefused | None = None
) -> ResponseReturnValue:
    """One screen about a case in the staff's area; `refused` says what to mend, beside it."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            file = room.open_file(ctx, db, staff, receipt)
            page = render_template(
                template, case=file.case, name=telling.name_of(t, file.case),
                problem=t(refused.reason) if refused else "",
                field=refused.field if refused else "", **fill(db, file.case),
            )
    except LookupError:
        abort(404)
    if refused is None:
        return page
    return page, 422 if refused.field else 409


def attempt(
    receipt: str, act: Callable[[Session], str],
    again: Callable[[MoveRefused], ResponseReturnValue],
    twice: Callable[[Session], bool], leads_to: str = "",
) -> ResponseReturnValue:
    """Do it, and go back to the case or on; `act` says what was done, `twice` a second click."""
    ctx, t = access.context(), access.speech()
    try:
        with ctx.db.begin() as db:
            done = act(db)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        if refused.reason != STALE:
            return again(refused)
        with ctx.db.read() as db:
            second = twice(db)
        if not second:
            return again(refused)
        done = ALREADY
    flash(t(done), "done")
    return redirect(leads_to or url_for("desk.case", receipt=receipt), 303)


def at_once(
    receipt: str, act: Callable[[Session], object], done: str, anchor: str | None = None
) -> ResponseReturnValue:
    """A button that asks for nothing more: do it, and say on the case what came of it."""
    ctx, t = access.context(), access.speech()
    try:
        with ctx.db.begin() as db:
            act(db)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(done), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor=anchor), 303)


def settle(
    use: Callable[[Context, Session, StaffView, int], object], number: int, done: str, room: str
) -> ResponseReturnValue:
    """Sign or put away what was put down for a second person; back to its room either way."""
    ctx, t = access.context(), access.speech()
    try:
        with ctx.db.begin() as db:
            use(ctx, db, access.staff(), number)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
    else:
        # From the next request on it holds here.
        ctx.directory.forget()
        flash(t(done), "done")
    return redirect(url_for(room), 303)


def keep_try(receipt: str, move: str) -> bool:
    """Record a try at what is not allowed; False where the case does not exist for them."""
    ctx, staff = access.context(), access.staff()
    with ctx.db.begin() as db:
        found = casequeries.find(db, staff, receipt)
        if found is None:
            return False
        audit.record(
            db, ctx.now(), "case.refused", "case", found.id, staff_id=staff.id, move=move
        )
    return True


def is_last(db: Session, receipt: str, kind: EventKind, words: str) -> bool:
    """Whether the last that happened is this very step by this very person: a second click."""
    staff = access.staff()
    case = casequeries.find(db, staff, receipt)
    last = list(casequeries.timeline(db, case))[-1:] if case else []
    return any(
        (one.kind, one.staff_id, one.internal) == (kind, staff.id, words.strip()) for one in last
    )
