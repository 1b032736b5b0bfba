"""Looking again at help that is given: what was found, and when the next look is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import granting
from models.cases import Case
from models.paces import OTHER, PACES, STABLE, interval
from models.rechecks import FOUND, HEARD_FIRST, LEADS_TO, record
from models.settings import mark
from models.statuses import EventKind, Role
from models.steps import INTERNAL_LIMIT, MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to
from webhooks.desk import asides
from webhooks.desk.days import far_day
from webhooks.desk.versions import page_version

KEPT = mark("复核记下了，下次的日子也定好了。")
NEXT_HEAR = mark("复核记下了。减少或停止以前，先听本人怎么说。")
NEXT_MOVE = mark("复核记下了，接着提出新的数。")


def add_routes(desk: Blueprint) -> None:
    desk.add_url_rule("/cases/<receipt>/recheck", "recheck", show)
    desk.add_url_rule("/cases/<receipt>/recheck", "keep_recheck", keep, methods=["POST"])


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def show(receipt: str) -> ResponseReturnValue:
    """What was found, and how soon to look again."""
    return asides.screen("desk/recheck.html", receipt, _fill)


@opened_to(Audience.DESK, Role.OFFICER, Role.HEAD)
def keep(receipt: str) -> ResponseReturnValue:
    """Keep it; where something changed, lead on to what comes next."""
    ctx, staff, form = access.context(), access.staff(), request.form
    found, words = form.get("found", ""), form.get("words", "")

    def act(db: Session) -> str:
        record(
            ctx, db, staff, receipt, page_version(), found=found, words=words,
            pace=form.get("recheck", ""), why=form.get("recheck_why", ""),
        )
        return NEXT_HEAR if found in HEARD_FIRST else NEXT_MOVE if found in LEADS_TO else KEPT

    def again(refused: MoveRefused) -> ResponseReturnValue:
        return asides.screen("desk/recheck.html", receipt, _fill, refused)

    return asides.attempt(
        receipt, act, again,
        lambda db: asides.is_last(db, receipt, EventKind.RECHECKED, words),
        _leads_to(receipt, found),
    )


def _leads_to(receipt: str, found: str) -> str:
    if found in HEARD_FIRST:
        return url_for("desk.hearing", receipt=receipt, move=LEADS_TO[found])
    if found in LEADS_TO:
        return url_for("desk.move", receipt=receipt, move=LEADS_TO[found])
    return ""


def paces(case: Case) -> list[tuple[str, str]]:
    """How soon one may look again, with the months in force here."""
    ctx, t = access.context(), access.speech()
    return [
        (pace, t(words, months=interval(ctx, case.township, case.scheme, pace).months))
        for pace, words in PACES.items()
    ]


def _fill(db: Session, case: Case) -> dict[str, Any]:
    ctx, t = access.context(), access.speech()
    given = granting.of_case(db, case.id)
    now, due = (given.recheck_months, given.recheck_on) if given else (None, None)
    stable = interval(ctx, case.township, case.scheme, STABLE)
    return {
        "found": [(key, t(words)) for key, words in FOUND.items()], "typed": request.form,
        "paces": paces(case), "pace_now": STABLE if now == stable.months else OTHER,
        "basis": stable.basis, "due": far_day(ctx, t, due) if due else "",
        "limit": INTERNAL_LIMIT,
    }
