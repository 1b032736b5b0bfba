"""The article of a public list, at the desk: where it is, and publishing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import articles
from models.articles import STAGE_NAMES, Stage
from models.publishing import State, Version
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from webhooks import access
from webhooks.access import Audience, opened_to

ASKED = mark("好，这就交给微信。发出去了，这里会写。")


def add_routes(desk: Blueprint, at: str) -> None:
    desk.add_url_rule(f"{at}/article", "notice_article", publish, methods=["POST"])


def shown(t: Translate, db: Session, version: Version) -> dict[str, Any] | None:
    """The article in words; None where there is none."""
    found = articles.of_version(db, version.id)
    if found is None:
        return None
    waits = found.stage in (Stage.DRAFTED, Stage.FAILED) and bool(found.media_id)
    return {
        "said": t(STAGE_NAMES[Stage(found.stage)]),
        "reason": t(found.reason) if found.reason else "",
        "url": found.url, "may_ask": waits and version.state == State.LIVE,
    }


@opened_to(Audience.DESK, *DESK_ROLES)
def publish(number: int) -> ResponseReturnValue:
    """Hand the draft to the platform to be published."""
    ctx, staff, t = access.context(), access.staff(), access.speech()
    try:
        with ctx.db.begin() as db:
            articles.ask(ctx, db, staff, number)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        flash(t(refused.reason), "urgent")
    else:
        flash(t(ASKED), "done")
    return redirect(url_for("desk.notice", number=number), 303)
