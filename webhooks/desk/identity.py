"""The applicant's identity number: kept only where a scheme needs it, checked by GB 11643."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.identitywork import record_id_number
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to

KEPT = mark("身份证号记下了，系统里存的是加密的。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/id-number", "id_number", keep, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def keep(receipt: str) -> ResponseReturnValue:
    """Keep the number, or say what is wrong with it; the number is repeated nowhere."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            record_id_number(ctx, db, staff, receipt, request.form.get("id_number", ""))
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(KEPT), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor="id-number"), 303)
