"""Cases of one household side by side: whether they are the same matter, together and apart."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import audit, casequeries
from models.cases import Case
from models.context import Context
from models.duplicates import WHY_NAMES, alike
from models.parting import part
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import HELPED, OPEN, STATUS_NAMES, Role, Status
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides, readings, telling
from webhooks.desk.case import File
from webhooks.desk.versions import page_version

# Shown before acceptance: afterwards the household has been visited and is known.
BEFORE = frozenset({Status.SUBMITTED, Status.REGISTERED, Status.RETURNED})
APART = mark("分开了，这件事接着单独办。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/beside/<other>", "beside", beside)
    desk.add_url_rule("/cases/<receipt>/apart", "apart", apart, methods=["POST"])


def section(
    ctx: Context, db: Session, staff: StaffView, file: File
) -> tuple[str, dict[str, Any]] | None:
    """What may be the same matter, what was merged into this, or what this was merged into."""
    t, case, joined = access.speech(), file.case, file.joined
    merged = Status(case.status) is Status.MERGED
    into = casequeries.joined_to(db, staff, case) if merged else None
    found = alike(db, staff, case) if Status(case.status) in BEFORE else ()
    if not (into or joined or found):
        return None
    readings.keep(ctx, db, staff, "alike.read", "case", cases=[
        other.id for other in (*joined, *(one.case for one in found))
    ])
    return "desk/alike.html", {
        "into": into, "may_part": staff.role in (Role.OFFICER, Role.HEAD),
        "joined": [_line(ctx, t, other) for other in joined],
        "found": [
            {**_line(ctx, t, one.case), "why": [t(WHY_NAMES[why]) for why in one.why]}
            for one in found
        ],
    }


def _line(ctx: Context, t: Translate, case: Case) -> dict[str, Any]:
    place = case.living_area or case.incident_area or case.home_area
    return {
        "receipt": case.receipt, "name": telling.name_of(t, case),
        "place": ctx.directory.areas.name(place), "when": t.moment(case.created_at),
        "status": t(STATUS_NAMES[Status(case.status)]), "what": str(case.answers.get("what", "")),
        "alive": Status(case.status) in OPEN | HELPED, "urgent": case.urgent,
    }


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD, Role.COUNTY)
def beside(receipt: str, other: str) -> ResponseReturnValue:
    """Two cases side by side; both have to lie in the staff's area."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    with ctx.db.begin() as db:
        pair = [casequeries.find(db, staff, number) for number in (receipt, other)]
        if None in pair or receipt == other:
            abort(404)
        sides = []
        for case in pair:
            assert case is not None
            audit.record(db, ctx.now(), "case.read", "case", case.id, staff_id=staff.id)
            sides.append({
                **_line(ctx, t, case), "phone": case.phone, "said": telling.said(ctx, t, case),
                "papers": len(
                    casequeries.papers(db, case, *casequeries.joined(db, staff, case))
                ), "case": case,
            })
        return render_template("desk/beside.html", sides=sides)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def apart(receipt: str) -> ResponseReturnValue:
    """Take a merged case apart again."""
    ctx, staff, version = access.context(), access.staff(), page_version()
    return asides.at_once(
        receipt, lambda db: part(ctx, db, staff, receipt, version), APART
    )
