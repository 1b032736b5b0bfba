"""POST /reading: one tap for larger type, or for another language; then back to where one was.

Public pages are the same for many and carry no form's token, so that this asks for none: a browser
sends no cookie of ours along from another site (SameSite), and nobody else's choice can be changed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from models import wishes
from webhooks import reading
from webhooks.access import Audience, context, opened_to, safe_next, visitor
from webhooks.i18n import names


@opened_to(Audience.PUBLIC)
def read() -> ResponseReturnValue:
    """Keep it in the browser, and with the person where somebody is signed in."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)
    wished: dict[str, str] = {}
    if "size" in request.form:
        wished["size"] = _one_of("size", reading.SIZES)
    if "locale" in request.form:
        wished["locale"] = _one_of("locale", tuple(dict(names(context().settings.languages))))
    seen = visitor()
    if wished and seen is not None and seen.person_id is not None:
        _of_person(seen.person_id, wished)
    return reading.keep(current_app.make_response(redirect(_back(), 303)), **wished)


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    value = request.form.get(name, "")
    return value if value in allowed else abort(400)


def _of_person(person_id: int, wished: dict[str, str]) -> None:
    said: dict[str, Any] = {}
    if "size" in wished:
        said["big_type"] = wished["size"] != reading.PLAIN
    if "locale" in wished:
        said["locale"] = wished["locale"]
    ctx = context()
    with ctx.db.begin() as session:
        wishes.change(ctx, session, person_id, "page", **said)


def _back() -> str:
    """The page that was being read, where it can be opened again; else the home page."""
    before, home = urlsplit(request.referrer or ""), url_for("public.home")
    if before.netloc != request.host:
        return home
    try:
        current_app.url_map.bind("").match(before.path, "GET")
    except HTTPException:
        return home
    return safe_next(before._replace(scheme="", netloc="", fragment="").geturl(), home)
