"""A report's photos arrive piece by piece; one that is whole is cleaned and kept as all are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import arriving
from models.arriving import Misplaced, PhotoState, SentPhoto
from models.cases import Case
from models.pictures import NotAPicture
from webhooks.access import Audience, context, opened_to, person_id
from webhooks.assistant.reports import own_case, told
from webhooks.assistant.written import checked_key
from webhooks.uploads import Photo, attach, forget, or_forgotten, store, up_to

PIECE_BYTES = 256 * 1024


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount it."""
    blueprint.add_url_rule(
        "/discover/reports/<key>/photos/<sha256>", "piece", limited(piece), methods=["PUT"]
    )


@opened_to(Audience.ASSISTANT)
@up_to(PIECE_BYTES)
def piece(key: str, sha256: str) -> ResponseReturnValue:
    """Take the bytes from `?from=` on. 200 or 422 (no photo): `{"have", "state", "why"}`; 409
    `{"have"}` where they do not follow on. No bytes at all only ask for what is here."""
    data, ctx = request.get_data(), context()
    start = request.args.get("from", -1, int)
    try:
        with ctx.db.begin() as session:
            case, photo = _case(session, key), _photo(session, key, sha256)
            arriving.append(session, photo, start, data)
    except Misplaced as gap:
        return jsonify(have=gap.have), 409
    if photo.state == PhotoState.COMING and photo.have == photo.size:
        proof = photo.proof
        photo = finished(key, photo, lambda session, kept: _attach(session, case, kept, proof))
    code = 422 if photo.state == PhotoState.REFUSED else 200
    return jsonify(told(photo)), code


def _case(session: Session, key: str) -> Case:
    return own_case(session, checked_key(key)) or abort(404)


def _photo(session: Session, key: str, sha256: str) -> SentPhoto:
    return arriving.locked_photo(session, key, sha256) or abort(404)


def _attach(session: Session, case: Case, kept: list[Photo], proof: str) -> None:
    attach(
        context(), session, kept, bundle=case.bundle, person_id=person_id(), account=case.account,
        proof=proof,
    )


def finished(
    bundle: str, photo: SentPhoto, keep: Callable[[Session, list[Photo]], None]
) -> SentPhoto:
    """All bytes are here: check them, clean and store them with nothing locked, and `keep` them.

    `bundle` is what the photo was announced under.
    """
    ctx = context()
    with ctx.db.read() as session:
        data = arriving.whole(session, photo)
    kept: list[Photo] = []
    why = ""
    try:
        kept = [store(ctx, data)] if data is not None else []
    except NotAPicture as error:
        why = error.reason
    with or_forgotten(ctx, kept), ctx.db.begin() as session:
        photo = _photo(session, bundle, photo.sha256)
        if photo.state != PhotoState.COMING:
            # The same last piece, sent twice, was quicker.
            forget(ctx, kept)
        elif why:
            arriving.refuse(session, photo, why)
        elif not kept:
            arriving.restart(session, photo)
        else:
            keep(session, kept)
            arriving.settle(session, photo)
        return photo
