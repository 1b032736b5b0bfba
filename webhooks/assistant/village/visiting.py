"""/m/village/visits/…: a look in on a household: three taps, and a photo where one wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import visits
from models.settings import mark
from models.steps import MoveRefused
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant.village import lookins
from webhooks.uploads import attach_once, chosen_files, or_forgotten, store_all, with_photos

# Made with the page: what is sent twice is one look in.
KEY = re.compile("[0-9a-f]{32}")
SAVED = mark("记下了，辛苦了。")
SAVED_HARDER = mark("记下了，也告诉镇上了，他们会去看。")


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them; uploads are limited in rate."""
    blueprint.add_url_rule("/visits/<receipt>", "visit", visit)
    blueprint.add_url_rule("/visits/<receipt>", "visited", limited(visited), methods=["POST"])


@opened_to(Audience.ASSISTANT)
def visit(receipt: str) -> ResponseReturnValue:
    """Who lives there, where, and how to call them."""
    with context().db.begin() as db:
        return _page(db, receipt, {}), 200


@opened_to(Audience.ASSISTANT)
@with_photos
def visited(receipt: str) -> ResponseReturnValue:
    """What was found there."""
    ctx, t, form = context(), speech(), request.form
    if not KEY.fullmatch(form.get("key", "")):
        abort(400)
    photos, problems = store_all(ctx, chosen_files(), t)
    try:
        with or_forgotten(ctx, photos), ctx.db.begin() as db:
            case = visits.record(
                ctx, db, person_id(), receipt, key=form["key"],
                found=form.get("choice-found", ""), words=form.get("words-words", ""),
            )
            attach_once(ctx, db, photos, bundle=case.bundle, account=case.account)
    except LookupError:
        abort(404)
    except MoveRefused as refused:
        with ctx.db.begin() as db:
            typed = {
                "key": form["key"], "found": form.get("choice-found", ""),
                "words": form.get("words-words", ""), "error": t(refused.reason),
            }
            return _page(db, receipt, typed), 400
    harder = form.get("choice-found") == "harder"
    flash(t(SAVED_HARDER if harder else SAVED))
    for problem in problems:
        flash(problem)
    return redirect(url_for("village.glance"))


def _page(db: Session, receipt: str, typed: dict[str, str]) -> str:
    ctx, t = context(), speech()
    try:
        post, one = visits.find(ctx, db, person_id(), receipt)
    except LookupError:
        abort(404)
    return render_template(
        "village/visit.html", line=lookins.line(ctx, t, post, one), typed=typed
    )
