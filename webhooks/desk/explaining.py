"""The paperwork of urgent help, done afterwards: what was signed, and a photo of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import casequeries
from models.cases import Case
from models.context import Context
from models.explaining import owed, record, skipped
from models.policy import StaffView
from models.settings import mark
from models.statuses import EventKind, Role
from models.steps import INTERNAL_LIMIT, SKIPPABLE, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.versions import page_version
from webhooks.uploads import attach_once, chosen_files, store_all, with_photos

KEPT = mark("手续补完了，不再催。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/paperwork", "paperwork", show)
    desk.add_url_rule("/cases/<receipt>/paperwork", "keep_paperwork", keep, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show(receipt: str) -> ResponseReturnValue:
    """What was left out, and by when it is to be done."""
    return asides.screen("desk/paperwork.html", receipt, _fill)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
@with_photos
def keep(receipt: str) -> ResponseReturnValue:
    """Keep the photos with the case's papers, then what was signed; a refusal loses neither."""
    ctx, staff = access.context(), access.staff()
    words, version = request.form.get("words", ""), page_version()

    def act(db: Session) -> str:
        record(ctx, db, staff, receipt, version, words)
        return KEPT

    def again(refused: MoveRefused) -> ResponseReturnValue:
        return asides.screen("desk/paperwork.html", receipt, _fill, refused)

    try:
        problems = _keep_photos(ctx, staff, receipt)
    except LookupError:
        abort(404)
    if problems:
        return again(MoveRefused("\n".join(problems), "photos"))
    return asides.attempt(
        receipt, act, again,
        lambda db: asides.is_last(db, receipt, EventKind.PAPERWORK, words),
    )


def _keep_photos(ctx: Context, staff: StaffView, receipt: str) -> list[str]:
    """Keep the photos that came with the form, whatever becomes of it; what is wrong with them."""
    with ctx.db.read() as db:
        case = casequeries.must_find(db, staff, receipt)
    photos, problems = store_all(ctx, chosen_files(), access.speech())
    with ctx.db.begin() as db:
        attach_once(ctx, db, photos, bundle=case.bundle, account=case.account)
    return problems


def _fill(db: Session, case: Case) -> dict[str, Any]:
    t = access.speech()
    taken = [paper for paper in casequeries.papers(db, case) if paper.person_id is None]
    return {
        "skipped": [t(SKIPPABLE[key]) for key in skipped(db, case) if key in SKIPPABLE],
        "clock": owed(db, case), "typed": request.form, "limit": INTERNAL_LIMIT,
        "photos": taken,
    }
