"""Lists drawn at the desk from the cases that wait to hang in public."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import listed
from models.context import Context
from models.listed import Unlisted
from models.paths import path_of
from models.policy import StaffView
from models.publishing import KIND_NAMES
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from notices import proposing
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import readings

DRAWN = mark("照 {count} 件事起草好了。请从头看一遍，再请另一位签字。")
TITLE = mark("{place} · {scheme} · {kind}")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/notices/from-cases", "notice_propose", draw, methods=["POST"])


def rows(ctx: Context, t: Translate, db: Session, staff: StaffView) -> list[dict[str, Any]]:
    """What could be drawn now, in words."""
    return [_row(ctx, t, one) for one in listed.unlisted(db, staff)]


def _row(ctx: Context, t: Translate, one: Unlisted) -> dict[str, Any]:
    return {
        "area": one.area, "kind": one.kind, "scheme": one.scheme, "count": one.count,
        "title": t(
            TITLE, place=ctx.directory.areas.name(one.area), kind=t(KIND_NAMES[one.kind]),
            scheme=t(path_of(one.scheme).name),
        ),
    }


@opened_to(Audience.DESK, *DESK_ROLES)
def draw() -> ResponseReturnValue:
    """Draft one list; what the gate finds in the way is said, and nothing is stored."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    area, kind, scheme = (request.form.get(name, "") for name in ("area", "kind", "scheme"))
    try:
        with ctx.db.begin() as db:
            version, drawing, read = proposing.draw(
                ctx, db, staff, proposing.wanted_of(area, kind, scheme)
            )
            readings.keep(ctx, db, staff, "cases.listed", "case", cases=read)
            number = version.id if version else None
    except (LookupError, ValueError):
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
        return redirect(url_for("desk.notices"), 303)
    if drawing.said is None:
        for problem in drawing.problems:
            flash(problem, "urgent")
        return redirect(url_for("desk.notices"), 303)
    flash(t(DRAWN, count=len(drawing.said.rows)), "done")
    return redirect(url_for("desk.notice", number=number), 303)
