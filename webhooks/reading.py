"""How somebody reads here: how large, and in which language.

What is chosen on a page is kept in this browser, and of who is signed in with the person, whom the
chat then answers the same way. The largest type is the screen's own: it is kept in the browser
alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Response, current_app, request

COOKIE = "yimen_reading"
KEPT = timedelta(days=365)
# 18 px, 24 px, 30 px (适老化: 18 dp at least, to 30; facts policy.md §4).
PLAIN, BIG, HUGE = "", "big", "huge"
SIZES = (PLAIN, BIG, HUGE)
LONGEST = 40


@dataclass(frozen=True)
class Reading:
    """What this browser was asked to keep; empty: nothing."""

    size: str = PLAIN
    locale: str = ""


def chosen() -> Reading:
    """What is kept in the browser that asks. A locale that is not there any more says nothing."""
    size, _, locale = request.cookies.get(COOKIE, "")[:LONGEST].partition(".")
    return Reading(size if size in SIZES else PLAIN, locale if locale.isidentifier() else "")


def keep(response: Response, **wished: str) -> Response:
    """Let the browser keep `size` or `locale`, and the other as it was."""
    now = replace(chosen(), **wished)
    if now == Reading():
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(
            COOKIE, f"{now.size}.{now.locale}", max_age=KEPT, httponly=True, samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
    return response
