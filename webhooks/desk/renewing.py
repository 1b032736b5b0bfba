"""Standing lists that are to be renewed this month, at the desk: how far each is, drawn anew."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import renewals
from models.context import Context
from models.paths import path_of
from models.publishing import Renewal, RenewalState, State, Version
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from notices import renewing
from webhooks import access
from webhooks.access import Audience, opened_to

DRAWN = mark("照救助名册重新起草了，请从头看一遍。")
REFUSED = mark("还是没过检查，原因写在下面。")
SIGNING = mark("等另一位签字")
TITLE = mark("{place} · {scheme} · {year}年{month}月")
DUE, LATE = mark("{day}前签字"), mark("{day}就该签字，晚了")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule(
        "/notices/renewals/<int:number>", "notice_draw", draw, methods=["POST"]
    )


def row(ctx: Context, t: Translate, db: Session, one: Renewal) -> dict[str, Any]:
    """One of them in words; `again` where it can be drawn once more."""
    version = db.get(Version, one.version_id) if one.version_id else None
    signing = version is not None and version.state == State.SIGNING
    late = ctx.today() > one.due_on
    return {
        "id": one.id, "version": one.version_id, "late": late, "again": not signing,
        "title": t(
            TITLE, place=ctx.directory.areas.name(one.area), scheme=t(path_of(one.scheme).name),
            year=one.month.year, month=one.month.month,
        ),
        "state": t(SIGNING if signing else renewals.STATE_NAMES[RenewalState(one.state)]),
        "due": t(LATE if late else DUE, day=t.day(one.due_on)),
        "problems": one.problems or [],
    }


@opened_to(Audience.DESK, *DESK_ROLES)
def draw(number: int) -> ResponseReturnValue:
    """Draw it from the register as it is now, in place of the draft."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            found = renewing.again(ctx, db, staff, number)
            version = found.version_id
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
        return redirect(url_for("desk.notices"), 303)
    flash(t(DRAWN if version else REFUSED), "done" if version else "urgent")
    if version:
        return redirect(url_for("desk.notice", number=version), 303)
    return redirect(url_for("desk.notices"), 303)
