"""A report that was written on the phone arrives, as often as it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flow import Scene
from models import arriving, discovering, known
from models.cases import Case
from models.settings import Account
from webhooks.access import Audience, context, opened_to, person_id, speech, villages, visitor
from webhooks.assistant.filling import Unread, filled
from webhooks.assistant.written import MOST_BYTES, checked_key, written
from webhooks.uploads import up_to


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount it."""
    blueprint.add_url_rule("/discover/reports/<key>", "report", limited(report), methods=["PUT"])


def account() -> Account:
    """The account by which the assistant came in."""
    ctx, seen = context(), visitor()
    assert seen is not None
    return ctx.settings.account(seen.account) or ctx.settings.accounts[0]


def scene() -> Scene:
    """What the steps may know while they ask and read."""
    own = account()
    return Scene(speech(), context().directory.areas, own.area, own.slug, page=True)


def own_case(session: Session, key: str) -> Case | None:
    """The case that this key became, if it did; somebody else's is none."""
    found = session.scalars(select(Case).where(Case.bundle == key)).one_or_none()
    if found is not None and found.person_id != person_id():
        abort(404)
    return found


@opened_to(Audience.ASSISTANT)
@up_to(MOST_BYTES)
def report(key: str) -> ResponseReturnValue:
    """Make the case as soon as its words are here; its photos follow.

    JSON as `Written`; 200 `{"receipt", "photos": {sha256: {"have", "state", "why"}}, "known"}`,
    the same again for the same key (`known`: as `known.Known` has it); 422
    `{"step", "why"}` and 403 `{"why"}`, and nothing is made.
    """
    ctx, sent = context(), written()
    with ctx.db.begin() as session:
        case = own_case(session, checked_key(key))
        if case is None:
            answers = filled(key, sent, villages(), scene())
            if isinstance(answers, Unread):
                return jsonify(step=answers.step, why=answers.why), 422
            case = discovering.report(
                ctx, session, account=account().slug, person_id=person_id(), bundle=key,
                answers=answers,
            )
            if case.person_id != person_id():
                abort(404)
        arriving.announce(session, key, [(p.sha256, p.size) for p in sent.photos], ctx.now())
        photos = {photo.sha256: told(photo) for photo in arriving.announced(session, key)}
        stands = known.standing(session, case)
        return jsonify(receipt=case.receipt, photos=photos, known=stands)


def told(photo: arriving.SentPhoto) -> dict[str, object]:
    """Where a photo stands, for the phone."""
    why = speech()(photo.why) if photo.why else ""
    return {"have": photo.have, "state": str(photo.state), "why": why}
