"""Danger to a life that someone writes of on a page, whatever the page asked for."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from bot import danger
from bot.messages import Heard, Kind
from bot.understand import find_danger
from bot.visit import Visit
from webhooks.access import person_id, speech
from webhooks.resident.drafts import Page


def cared_for(page: Page, words: str) -> ResponseReturnValue | None:
    """Danger is answered as in chat, before everything; None where these words tell of none."""
    found = find_danger(words)
    if found is None:
        return None
    visit = Visit(
        page.ctx, page.account, person_id(), page.state, speech(), lambda: page.session
    )
    said = danger.answer(visit, Heard(Kind.TEXT, words), found)
    heart = page.ctx.settings.hotlines.get("heart")
    numbers = [*([heart.number] if heart and found == "suicide" else []), "110", "120"]
    return render_template(
        "resident/danger.html", lines=said.splitlines(), numbers=numbers,
        receipt=page.state.sos["receipt"], township=visit.phone,
    )
