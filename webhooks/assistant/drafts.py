"""What is half written on a phone, kept here as well, so that another phone can go on with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from models import halfwritten, inquiring
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant.written import MOST_BYTES, asked, checked_key, written
from webhooks.uploads import up_to

ASKED_BYTES = 2048


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them."""
    add = blueprint.add_url_rule
    add("/discover/drafts", "drafts", limited(drafts))
    add("/discover/drafts/<key>", "keep_draft", limited(keep_draft), methods=["PUT"])
    add("/discover/drafts/<key>", "drop_draft", limited(drop_draft), methods=["DELETE"])
    add("/discover/known", "known", limited(known), methods=["POST"])


@opened_to(Audience.ASSISTANT)
def drafts() -> ResponseReturnValue:
    """`{"drafts": [{"id", "said", "at", "photos", "day"}]}`, the newest first; `photos` is how
    many lie on the phone that it was begun on."""
    ctx, t = context(), speech()
    with ctx.db.read() as session:
        rows = halfwritten.of_person(ctx, session, person_id())
    return jsonify(drafts=[
        {
            "id": row.key, "said": row.written["said"], "at": row.written["at"],
            "photos": len(row.written["photos"]), "day": t.moment(row.updated_at),
        }
        for row in rows
    ])


@opened_to(Audience.ASSISTANT)
@up_to(MOST_BYTES)
def keep_draft(key: str) -> ResponseReturnValue:
    """JSON as `Written`; `{"kept"}`: false where it was handed in meanwhile."""
    ctx, sent = context(), written()
    with ctx.db.begin() as session:
        kept = halfwritten.keep(
            ctx, session, person_id(), checked_key(key), sent.model_dump(mode="json")
        )
    return jsonify(kept=kept)


@opened_to(Audience.ASSISTANT)
def drop_draft(key: str) -> ResponseReturnValue:
    """It was thrown away on the phone."""
    with context().db.begin() as session:
        halfwritten.drop(session, person_id(), checked_key(key))
    return jsonify(kept=False)


@opened_to(Audience.ASSISTANT)
@up_to(ASKED_BYTES)
def known() -> ResponseReturnValue:
    """`{"living", "name"}`; `{"known"}`: whether this household is reported already. Asked by
    POST: an address is no place for a name."""
    ctx, household = context(), asked()
    with ctx.db.begin() as session:
        found = inquiring.is_reported(
            ctx, session, person_id(), household.living, household.name
        )
    return jsonify(known=found)
