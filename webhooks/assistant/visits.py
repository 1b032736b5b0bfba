"""A look in on a household (去看看) arrives from the phone, as often as it is sent.

The phone sends it as it sends what was done for an errand (`errands.py`): under a key, words first,
photos after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import arriving, assistants, visits
from models.arriving import Misplaced, PhotoState
from models.cases import Case
from models.policy import NotAllowed
from models.steps import MoveRefused
from models.visits import NOT_ASKED
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant.photos import PIECE_BYTES, finished
from webhooks.assistant.reports import told
from webhooks.assistant.written import MOST_BYTES, checked_key, done
from webhooks.uploads import Photo, attach_once, up_to


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them."""
    one = "/visits/<receipt>/<key>"
    blueprint.add_url_rule(one, "visit", limited(visit), methods=["PUT"])
    blueprint.add_url_rule(
        f"{one}/photos/<sha256>", "visit_piece", limited(piece), methods=["PUT"]
    )


@opened_to(Audience.ASSISTANT)
@up_to(MOST_BYTES)
def visit(receipt: str, key: str) -> ResponseReturnValue:
    """Keep what was found; its photos follow.

    JSON as `Done`; answers as for an errand: 422 for what is to be mended, 403 where the household
    is not theirs to look in on any more.
    """
    ctx, sent = context(), done()
    given = sent.given()
    try:
        with ctx.db.begin() as session:
            visits.record(
                ctx, session, person_id(), receipt, key=checked_key(key),
                found=given.get("found", ""), words=given.get("words", ""),
            )
            arriving.announce(session, key, [(p.sha256, p.size) for p in sent.photos], ctx.now())
            photos = {photo.sha256: told(photo) for photo in arriving.announced(session, key)}
    except MoveRefused as refused:
        return jsonify(step=refused.field, why=speech()(refused.reason)), 422
    except LookupError:
        raise NotAllowed(NOT_ASKED) from None
    return jsonify(receipt="", photos=photos)


@opened_to(Audience.ASSISTANT)
@up_to(PIECE_BYTES)
def piece(receipt: str, key: str, sha256: str) -> ResponseReturnValue:
    """Take the bytes from `?from=` on; answers as a report's photo does."""
    data, ctx = request.get_data(), context()
    try:
        with ctx.db.begin() as session:
            case = _visited(session, receipt, checked_key(key))
            photo = arriving.locked_photo(session, key, sha256) or abort(404)
            arriving.append(session, photo, request.args.get("from", -1, int), data)
    except Misplaced as gap:
        return jsonify(have=gap.have), 409
    if photo.state == PhotoState.COMING and photo.have == photo.size:
        photo = finished(key, photo, lambda db, kept: _keep(db, case.id, kept))
    return jsonify(told(photo)), 422 if photo.state == PhotoState.REFUSED else 200


def _visited(session: Session, receipt: str, key: str) -> Case:
    found = visits.done(session, assistants.posts_of(session, person_id()), key)
    if found is None or found.receipt != receipt:
        raise NotAllowed(NOT_ASKED)
    return found


def _keep(db: Session, number: int, kept: list[Photo]) -> None:
    case = db.scalars(select(Case).where(Case.id == number).with_for_update(of=Case)).one()
    attach_once(context(), db, kept, bundle=case.bundle, account=case.account)
