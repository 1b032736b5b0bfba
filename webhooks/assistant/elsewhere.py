"""在浏览器打开: from WeChat's web view into the phone's own browser, signed in once.

WeChat on iOS is a web view without service workers: there the page cannot be opened without a
network. The phone's own browser can.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from models import audit, links
from webhooks.access import Audience, context, opened_to, person_id
from webhooks.assistant.reports import account


def add_routes(blueprint: Blueprint, limited: Callable[[Any], Any]) -> None:
    """Mount it."""
    blueprint.add_url_rule("/discover/browser", "browser", limited(browser), methods=["POST"])


@opened_to(Audience.ASSISTANT)
def browser() -> ResponseReturnValue:
    """Make the link, and show its own page: opened in a browser, that very address lets in."""
    ctx, person = context(), person_id()
    with ctx.db.begin() as session:
        audit.record(
            session, ctx.now(), "link.made", "person", person, person_id=person, way=links.BROWSER
        )
    made = links.make_link(
        ctx, person, account().slug, url_for("assistant.discover"), links.BROWSER,
        timedelta(minutes=ctx.settings.discovery.link_minutes),
    )
    return redirect(f"{made}?to={links.BROWSER}", 303)
