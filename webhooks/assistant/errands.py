"""What an assistant did for something asked of them arrives, as often as the phone sends it.

The phone sends it as it sends a report (`reports.py`, `photos.py`): under a key, words first,
photos after. The key is the errand's own, so that two phones that did it are one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import arriving, assistants, errands, errandwork, supplementing, supplements
from models.arriving import Misplaced, PhotoState
from models.cases import Attachment, Case
from models.errands import Errand
from models.errandwork import NOT_ASKED, Handed
from models.policy import NotAllowed
from models.steps import MoveRefused
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant.photos import PIECE_BYTES, finished
from webhooks.assistant.reports import told
from webhooks.assistant.written import MOST_BYTES, checked_key, done
from webhooks.uploads import Photo, attach_once, up_to


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them."""
    one = "/errands/<key>"
    blueprint.add_url_rule(one, "errand", limited(errand), methods=["PUT"])
    blueprint.add_url_rule(
        f"{one}/photos/<sha256>", "errand_piece", limited(piece), methods=["PUT"]
    )


@opened_to(Audience.ASSISTANT)
@up_to(MOST_BYTES)
def errand(key: str) -> ResponseReturnValue:
    """Keep what was done; its photos follow.

    JSON as `Done`; 200 `{"receipt": "", "photos": …}` as for a report; 422 `{"step", "why"}` for
    what is to be mended, 403 `{"why"}` where it is not asked of them any more: nothing is kept.
    """
    ctx, sent = context(), done()
    handed = Handed(sent.given(), {photo.sha256: photo.item for photo in sent.photos})
    try:
        with ctx.db.begin() as session:
            errandwork.hand_in(ctx, session, person_id(), checked_key(key), handed)
            arriving.announce(session, key, [(p.sha256, p.size) for p in sent.photos], ctx.now())
            photos = {photo.sha256: told(photo) for photo in arriving.announced(session, key)}
    except MoveRefused as refused:
        return jsonify(step=refused.field, why=speech()(refused.reason)), 422
    except LookupError:
        raise NotAllowed(NOT_ASKED) from None
    return jsonify(receipt="", photos=photos)


@opened_to(Audience.ASSISTANT)
@up_to(PIECE_BYTES)
def piece(key: str, sha256: str) -> ResponseReturnValue:
    """Take the bytes from `?from=` on; answers as a report's photo does."""
    data, ctx = request.get_data(), context()
    start = request.args.get("from", -1, int)
    try:
        with ctx.db.begin() as session:
            found = own(session, checked_key(key))
            photo = arriving.locked_photo(session, key, sha256) or abort(404)
            arriving.append(session, photo, start, data)
    except LookupError:
        raise NotAllowed(NOT_ASKED) from None
    except Misplaced as gap:
        return jsonify(have=gap.have), 409
    if photo.state == PhotoState.COMING and photo.have == photo.size:
        photo = finished(key, photo, lambda db, kept: keep(db, found.id, kept, sha256))
    return jsonify(told(photo)), 422 if photo.state == PhotoState.REFUSED else 200


def own(session: Session, key: str) -> Errand:
    """One that is asked of this person; raises LookupError."""
    found = errands.find(session, assistants.posts_of(session, person_id()), key)
    if found is None:
        raise LookupError(key)
    return found


def keep(db: Session, number: int, kept: list[Photo], sha256: str) -> None:
    """Photos of an errand go to its case: to the officer's task, or as a missing paper's upload.

    `sha256` is that of the bytes on the phone.
    """
    ctx, found = context(), db.get_one(Errand, number)
    case = db.scalars(
        select(Case).where(Case.id == found.case_id).with_for_update(of=Case)
    ).one()
    db.refresh(found)
    bundle, item_id = errandwork.where_photos_go(found, sha256)
    attach_once(ctx, db, kept, bundle=bundle, account=case.account, item_id=item_id)
    db.flush()
    paths = [photo.path for photo in kept]
    new = db.scalars(select(Attachment.id).where(Attachment.path.in_(paths)))
    found.papers = [*found.papers, *new]
    lacking = supplements.of_case(db, case)
    for item in lacking.items:
        if item.id == item_id:
            supplementing.receive(ctx, item)
            supplementing.tell_news(ctx, db, lacking)
