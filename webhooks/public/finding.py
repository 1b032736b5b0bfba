"""/find-help: the questions of 看看有什么帮助 as pages, for anyone, kept nowhere.

What was answered travels in the form itself, sealed, so that it stands in no address and can be
neither read on the way nor made. Only who begins an application takes it along, in the browser's
own cookie, until the talk has it (`webhooks/resident/found.py`).
"""

from __future__ import annotations

import base64
import binascii
import json

from flask import Blueprint, Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot import navigate
from bot.flow import Answers, Draft, Read, Scene, give, next_step, undo
from bot.flows.navigate import NAVIGATE, begin, said
from models.navigating import LEVEL_NAMES, Said, navigator
from models.sealed import KeyProblem
from models.settings import mark
from webhooks import forms
from webhooks.access import CARRIED, Audience, context, opened_to, speech

SEALED_FOR = "find-help"
LONGEST = 4_000
NOTHING = mark("点一个再往下；不想说，点“这一问不说”。")


def init_app(app: Flask) -> None:
    """Mount them."""
    blueprint = Blueprint("finding", __name__, url_prefix="/find-help", template_folder="templates")
    blueprint.add_url_rule("/", "begin", show)
    blueprint.add_url_rule("/", "answer", answer, methods=["POST"])
    blueprint.add_url_rule("/start", "start", start, methods=["POST"])
    blueprint.after_request(_not_kept)
    app.register_blueprint(blueprint)


def _not_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def sealed(draft: Draft) -> str:
    """The answers in their order, as the form carries them."""
    told = [[row["step"], draft.answers.get(row["step"], [])] for row in draft.trail]
    return base64.urlsafe_b64encode(
        context().keys.seal(json.dumps(told).encode(), SEALED_FOR)
    ).decode()


def unsealed(token: str) -> Draft:
    """What `sealed` made; a new round where it is forged, or its questions are no longer asked."""
    draft = begin()
    if not token or len(token) > LONGEST:
        return draft
    try:
        told = json.loads(context().keys.open(base64.urlsafe_b64decode(token), SEALED_FOR))
        for key, keys in told:
            give(draft, key, {key: list(navigator().chosen(key, keys))})
    except (KeyProblem, binascii.Error, ValueError, LookupError):
        return begin()
    return draft


def answered(token: str) -> Said:
    """The answers of a form."""
    return said(unsealed(token).answers)


def _scene() -> Scene:
    ctx = context()
    account = ctx.settings.accounts[0]
    return Scene(speech(), ctx.directory.areas, account.area, account.slug, page=True)


@opened_to(Audience.PUBLIC)
def show() -> ResponseReturnValue:
    """The first question; what was answered before is forgotten."""
    session.pop(CARRIED, None)
    return _page(begin())


@opened_to(Audience.PUBLIC)
def answer() -> ResponseReturnValue:
    """Take an answer, leave a question out, or go back; the next question or what was found."""
    draft, go = unsealed(request.form.get("told", "")), request.form.get("go", "")
    step = next_step(NAVIGATE, draft)
    if go == "back":
        undo(draft)
    elif step is not None and go == "skip":
        give(draft, step.key, _left(step.skip(draft.answers)))
    elif step is not None:
        reading = step.read(forms.heard(request.form), draft.answers, _scene())
        if not isinstance(reading, Read):
            return _page(draft, speech()(NOTHING)), 400
        give(draft, step.key, reading.values)
    return _page(draft)


def _left(values: Answers | None) -> Answers:
    assert values is not None
    return values


def _page(draft: Draft, error: str = "") -> str:
    scene, t = _scene(), speech()
    step = next_step(NAVIGATE, draft)
    common = {"told": sealed(draft), "done": len(draft.trail), "error": error}
    if step is not None:
        return render_template(
            "finding/question.html", asked=forms.asked(step, draft, scene), **common
        )
    answers = said(draft.answers)
    found = [
        {
            "scheme": f.scheme, "name": navigate.name(t, f), "level": f.level.name.lower(),
            "level_words": t(LEVEL_NAMES[f.level]), "rule": f.rule,
            "needed": navigate.needed(context(), t, f, scene.area),
        }
        for f in navigator().findings(answers)
    ]
    return render_template(
        "finding/found.html", found=found, answers=navigator().told(answers), **common
    )


@opened_to(Audience.PUBLIC)
def start() -> ResponseReturnValue:
    """帮我报到镇上: the answers go along while the person comes in."""
    session[CARRIED] = sealed(unsealed(request.form.get("told", "")))
    return redirect(url_for("resident.found"))
