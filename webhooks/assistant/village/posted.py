"""The part of /m/village that names the public lists of these villages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import noticequeries
from models.context import Context
from models.people import Staff
from models.settings import Translate, mark
from webhooks import noticesheets

GLANCE = mark("正在公示的 {count} 份")


def part(
    ctx: Context, db: Session, t: Translate, posts: Sequence[Staff]
) -> tuple[str, dict[str, Any]]:
    """What hangs in these villages now, until when, and for how many."""
    found = [
        (post.area, noticesheets.sheet(ctx, t, version, post.area))
        for post in posts for version in noticequeries.live_in(db, post.area)
    ]
    glance = t(GLANCE, count=len(found)) if found else ""
    return "village/posted.html", {"anchor": "posted", "glance": glance, "lists": found}
