"""A report that was written on the phone arrives, as often as it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flow import Scene
from models import arriving, discovering, halfwritten, known, residentwork
from models.accounts import Account
from models.cases import Case
from webhooks.access import Audience, context, opened_to, person_id, speech, villages, visitor
from webhooks.assistant.filling import Unread, filled
from webhooks.assistant.written import MOST_BYTES, Written, checked_key, is_odd, written
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

    JSON as `Written`; 200 `{"receipt", "photos": {sha256: {"have", "state", "why"}}, "known",
    "notes"}`, the same again for the same key (`known`: as `known.Known` has it; `notes`: what
    there is to say of it, by the page's words); 422 `{"step", "why"}` and 403 `{"why"}`, and
    nothing is made.
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
        halfwritten.drop(session, person_id(), key)
        notes = _notes(case, sent)
        if case.answers.get("noted", {}).get("at") != sent.noted_at:
            _keep_other(session, case, sent)
            notes.append("twice")
        arriving.announce(
            session, key, [(p.sha256, p.size) for p in sent.photos], ctx.now(),
            {p.sha256: p.proof for p in sent.photos},
        )
        photos = {photo.sha256: told(photo) for photo in arriving.announced(session, key)}
        stands = known.standing(session, case)
        return jsonify(receipt=case.receipt, photos=photos, known=stands, notes=notes)


def _notes(case: Case, sent: Written) -> list[str]:
    """What there is to say of it besides its number, by the page's words."""
    harmed = case.answers.get("danger") or case.answers.get("harm")
    notes = ["danger"] if harmed else []
    notes += ["far"] if case.answers.get("spot_far") else []
    return notes + (["clock"] if is_odd(sent.noted_at, context().now()) else [])


def _keep_other(session: Session, case: Case, sent: Written) -> None:
    """Handed in from one phone, it comes from another one too: one report, and what was seen
    told otherwise there is kept with it."""
    answers = filled(case.bundle, sent, villages(), scene())
    if not isinstance(answers, Unread):
        words = str(answers.get("what", ""))
        residentwork.add_words(context(), session, person_id(), case.receipt, words)


def told(photo: arriving.SentPhoto) -> dict[str, object]:
    """Where a photo stands, for the phone."""
    why = speech()(photo.why) if photo.why else ""
    return {"have": photo.have, "state": str(photo.state), "why": why}
