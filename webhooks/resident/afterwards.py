"""/m/cases/…: one's word before help is reduced or stopped, and what changed at home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import changes, hearingwork
from models.cases import Case
from models.context import Context
from models.hearingwork import HEARD_LIMIT
from models.settings import mark
from models.statuses import HELPED, Status
from models.telling import CONSIDERED
from webhooks.access import Audience, opened_to, person_id, speech
from webhooks.resident.drafts import opened
from webhooks.resident.peril import cared_for

SAID = mark("您的话原样记下了，定之前他们会看。")
TOLD = mark("记下了，镇上看了会来问问您，您家的救助先照旧。")
NOTHING = mark("还没有写。用自己的话写一句就行。")


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/cases/<receipt>/word", "say_word", say_word, methods=["POST"])
    blueprint.add_url_rule("/cases/<receipt>/change", "tell_change", tell_change, methods=["POST"])


def part(ctx: Context, session: Session, case: Case) -> dict[str, Any]:
    """What the case's page shows of it: the question that waits, and whether help is given."""
    t = speech()
    asked = next(
        (one for own, one in hearingwork.awaited(ctx, session, case.person_id or 0)
         if own.id == case.id), None
    )
    return {
        "helped": Status(case.status) in HELPED, "limit": HEARD_LIMIT,
        "asked": {
            "considered": t(CONSIDERED[asked.move]), "why": asked.why, "until": asked.until_on,
        } if asked else None,
    }


@opened_to(Audience.RESIDENT)
def say_word(receipt: str) -> ResponseReturnValue:
    """One's own word, as it was written."""
    return _told(receipt, "words", hearingwork.say, SAID)


@opened_to(Audience.RESIDENT)
def tell_change(receipt: str) -> ResponseReturnValue:
    """What changed at home."""
    return _told(receipt, "change", changes.tell, TOLD)


def _told(
    receipt: str, field: str, keep: Callable[[Context, Session, int, str, str], bool], done: str
) -> ResponseReturnValue:
    """Keep the words, unless there are none; where they tell of danger, that comes first."""
    words = request.form.get(field, "")
    if not words.strip():
        return _back(receipt, NOTHING)
    with opened() as page:
        kept = keep(page.ctx, page.session, person_id(), receipt, words)
        cared = cared_for(page, words)
        if cared is not None:
            return cared
        if not kept:
            abort(404)
    return _back(receipt, done)


def _back(receipt: str, words: str) -> ResponseReturnValue:
    flash(speech()(words))
    return redirect(url_for("resident.case", receipt=receipt), 303)
