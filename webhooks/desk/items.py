"""Items that a case lacks: each with its state, received at the counter, or not needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import casequeries, supplements
from models.cases import Case
from models.context import Context
from models.itemwork import mark_received, waive
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.statuses import CASE_ROLES, OPEN, Role
from models.steps import MoveRefused
from models.supplements import ITEM_STATES
from webhooks import access
from webhooks.access import Audience, opened_to

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
    _ctx: Context, db: Session, staff: StaffView, case: Case
) -> tuple[str, dict[str, Any]] | None:
    """The part of the case's page; nothing where nothing was asked for."""
    items = supplements.of_case(db, case).items
    if not items:
        return None
    t, papers = access.speech(), casequeries.papers(db, case)
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
    return _settle(
        receipt, RECEIVED, lambda ctx, db, staff: mark_received(ctx, db, staff, receipt, item_id)
    )


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def waived(receipt: str, item_id: int) -> ResponseReturnValue:
    """Not needed, with the reason that the person reads."""
    reason = request.form.get("reason", "")
    return _settle(
        receipt, WAIVED, lambda ctx, db, staff: waive(ctx, db, staff, receipt, item_id, reason)
    )


def _settle(
    receipt: str, done: str, settle: Callable[[Context, Session, StaffView], None]
) -> ResponseReturnValue:
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            settle(ctx, db, staff)
    except LookupError:
        abort(404)
    except (MoveRefused, NotAllowed) as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(done), "done")
    return redirect(url_for("desk.case", receipt=receipt, _anchor="items"), 303)
