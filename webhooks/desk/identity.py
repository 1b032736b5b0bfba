"""The applicant's identity number: kept only where a scheme needs it, checked by GB 11643."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from models.identitywork import record_id_number
from models.settings import mark
from models.statuses import Role
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides

KEPT = mark("身份证号记下了，系统里存的是加密的。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/id-number", "id_number", keep, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def keep(receipt: str) -> ResponseReturnValue:
    """Keep the number, or say what is wrong with it; the number is repeated nowhere."""
    ctx, staff, number = access.context(), access.staff(), request.form.get("id_number", "")
    return asides.at_once(
        receipt, lambda db: record_id_number(ctx, db, staff, receipt, number), KEPT, "id-number"
    )
