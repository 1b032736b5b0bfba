"""The paperwork of urgent help, done afterwards: what was signed, and a photo of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.cases import Case
from models.explaining import owed, record, skipped
from models.settings import mark
from models.statuses import EventKind, Role
from models.steps import INTERNAL_LIMIT, SKIPPABLE, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.versions import page_version
from webhooks.uploads import allow_photos, chosen_files, keep_all

KEPT = mark("手续补完了，不再催。")
ENDPOINT = "desk.keep_paperwork"


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/paperwork", "paperwork", show)
    desk.add_url_rule("/cases/<receipt>/paperwork", "keep_paperwork", keep, methods=["POST"])
    desk.url_value_preprocessor(_before_the_form)


def _before_the_form(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Runs before the form is read for its token: only then can the limit still be moved."""
    if endpoint == ENDPOINT:
        allow_photos()


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show(receipt: str) -> ResponseReturnValue:
    """What was left out, and by when it is to be done."""
    return asides.screen("desk/paperwork.html", receipt, _fill)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def keep(receipt: str) -> ResponseReturnValue:
    """The paperwork is done; photos of it stand with the case's papers."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    words, version = request.form.get("words", ""), page_version()

    def act(db: Session) -> str:
        case = record(ctx, db, staff, receipt, version, words)
        owner = case.person_id or staff.person_id
        files = chosen_files()
        if files and owner is not None:
            _, problems = keep_all(
                ctx, db, files, bundle=case.bundle, person_id=owner, account=case.account, t=t
            )
            if problems:
                raise MoveRefused("\n".join(problems), "photos")
        return KEPT

    def again(refused: MoveRefused) -> ResponseReturnValue:
        return asides.screen("desk/paperwork.html", receipt, _fill, refused)

    return asides.attempt(
        receipt, act, again,
        lambda db: asides.is_last(db, receipt, EventKind.PAPERWORK, words),
    )


def _fill(db: Session, case: Case) -> dict[str, Any]:
    t = access.speech()
    return {
        "skipped": [t(SKIPPABLE[key]) for key in skipped(db, case) if key in SKIPPABLE],
        "clock": owed(db, case), "typed": request.form, "limit": INTERNAL_LIMIT,
    }
