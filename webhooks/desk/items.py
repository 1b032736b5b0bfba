"""Items that a case lacks: each with its state, received at the counter, or not needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import supplements
from models.context import Context
from models.itemwork import mark_received, waive
from models.policy import StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, OPEN, Role
from models.supplements import ITEM_STATES
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.case import File

RECEIVED = mark("记下了：这一样收到了。")
WAIVED = mark("记下了：这一样不用交。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule(
        "/cases/<receipt>/items/<int:item_id>/received", "item_received", received,
        methods=["POST"],
    )
    desk.add_url_rule(
        "/cases/<receipt>/items/<int:item_id>/waived", "item_waived", waived, methods=["POST"]
    )


def section(
    _ctx: Context, db: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page; nothing where nothing was asked for."""
    t, case, papers = access.speech(), file.case, file.papers
    items = supplements.of_case(db, case).items
    if not items:
        return None
    rows = [
        {
            "item": item, "state": t(ITEM_STATES[item.state]),
            "papers": [paper for paper in papers if paper.item_id == item.id],
        }
        for item in items
    ]
    may = staff.role in CASE_ROLES and case.status in OPEN
    left = sum(item.is_open for item in items)
    return "desk/items.html", {"rows": rows, "may": may, "left": left}


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def received(receipt: str, item_id: int) -> ResponseReturnValue:
    """Handed in at the counter."""
    ctx, staff = access.context(), access.staff()
    return asides.at_once(
        receipt, lambda db: mark_received(ctx, db, staff, receipt, item_id), RECEIVED, "items"
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def waived(receipt: str, item_id: int) -> ResponseReturnValue:
    """Not needed, with the reason that the person reads."""
    ctx, staff, reason = access.context(), access.staff(), request.form.get("reason", "")
    return asides.at_once(
        receipt, lambda db: waive(ctx, db, staff, receipt, item_id, reason), WAIVED, "items"
    )
