"""/m/discover: all steps of a report on one screen, and what its scripts need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from models.arriving import MOST_PHOTOS
from models.pictures import MAX_BYTES
from webhooks import forms
from webhooks.access import Audience, context, opened_to, person_id, speech, villages
from webhooks.assistant.filling import drawn
from webhooks.assistant.reports import scene
from webhooks.assistant.words import WORDS

# Small enough for a weak signal, and for a proxy that refuses long bodies.
PIECE_BYTES = 128 * 1024
SCRIPTS = (
    "api", "discover", "drafts", "form", "kept", "known", "outbox", "photos", "place", "say",
    "sending", "sha256", "vault", "village",
)
# What the page is drawn with; the service worker keeps these beside it.
LOOKS = ("yimen.css", "resident.css", "assistant/field.css", "mark.svg")


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount them."""
    blueprint.add_url_rule("/discover", "discover", discover)
    blueprint.add_url_rule("/discover/token", "token", limited(token))
    blueprint.add_url_rule("/sw.js", "service_worker", service_worker)


def person_mark() -> str:
    """Names the person on the phone, where what they wrote is kept, without saying who it is."""
    return context().keys.lookup("phone", str(person_id())).hex()


@opened_to(Audience.ASSISTANT)
def discover() -> ResponseReturnValue:
    """The page: nothing in it is personal but the assistant's villages."""
    asking = scene()
    draft, steps = drawn(villages(), asking)
    asked = [forms.asked(step, draft, asking) for step in steps]
    set_ = context().settings.discovery
    return render_template(
        "assistant/discover.html", asked=asked, config=config(),
        draft_days=set_.draft_days, link_minutes=set_.link_minutes,
    )


def config() -> dict[str, Any]:
    """What the scripts of a page in the field are given; nothing in it is personal."""
    t = speech()
    names = [*LOOKS, *(f"assistant/{name}.js" for name in SCRIPTS)]
    return {
        "person": person_mark(), "token": url_for("assistant.token"),
        "reports": url_for("assistant.discover") + "/reports/",
        "drafts": url_for("assistant.drafts"), "known": url_for("assistant.known"),
        "worker": url_for("assistant.service_worker"),
        "assets": [url_for("static", filename=name) for name in names],
        "piece": PIECE_BYTES, "most": MOST_PHOTOS, "largest": MAX_BYTES,
        "words": {key: t(words) for key, words in WORDS.items()},
    }


@opened_to(Audience.ASSISTANT)
def token() -> ResponseReturnValue:
    """Who is signed in now, and the token that their requests carry; asked before anything is
    sent, for the page may have been open for days."""
    return jsonify(token=generate_csrf(), person=person_mark())


@opened_to(Audience.PUBLIC)
def service_worker() -> Response:
    """At this address, so that it may look after /m/."""
    answer = current_app.send_static_file("assistant/worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
