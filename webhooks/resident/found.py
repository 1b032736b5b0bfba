"""From /find-help into an application: what was answered there goes into the talk's own draft."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue

from bot import drafting, keeping, navigate
from models.settings import mark
from webhooks.access import CARRIED, Audience, opened_to, speech
from webhooks.public import finding
from webhooks.resident.drafts import opened

TAKEN = mark("您刚才答的都带过来了，不用再说一遍。")
ADDED = mark("您还有一份填了一半，刚才答的加进去了，先接着填完。")


def add_routes(blueprint: Blueprint) -> None:
    """Mount it."""
    blueprint.add_url_rule("/found", "found", found)


@opened_to(Audience.RESIDENT)
def found() -> ResponseReturnValue:
    """Begin the application, once; a draft that holds something is never replaced."""
    token = session.pop(CARRIED, "")
    if token:
        with opened() as page:
            said, more = navigate.carried(page.scene.t, finding.answered(token))
            half = page.state.half
            if half is not None:
                keeping.keep_words(half, said)
                half.answers["navigator"] = more["navigator"]
            else:
                drafting.new_draft(
                    page.state, "self", page.scene, said, urgent=more.get("urgent")
                ).answers |= more
        flash(speech()(ADDED if half is not None else TAKEN))
    return redirect(url_for("resident.apply"))
