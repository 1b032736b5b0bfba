"""/m/village: the assistant's own villages at a glance, and nothing of any other.

Each room adds its part of the page to `PARTS`, as a function of the posts that the person holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models import assistants, audit
from models.context import Context
from models.people import Staff
from models.settings import Translate
from webhooks.access import Audience, context, opened_to, person_id, speech
from webhooks.assistant import page

# A part's template and its values; `glance` among them is its sentence at the top, `anchor` where
# that leads.
Part = Callable[
    [Context, Session, Translate, Sequence[Staff]], "tuple[str, dict[str, Any]]"
]
PARTS: list[Part] = []


def add_routes(blueprint: Blueprint) -> None:
    """Mount it."""
    blueprint.add_url_rule("/", "glance", glance, strict_slashes=False)


@opened_to(Audience.ASSISTANT)
def glance() -> ResponseReturnValue:
    """Everything of the person's own villages."""
    ctx, t = context(), speech()
    with ctx.db.begin() as db:
        posts = assistants.posts_of(db, person_id())
        # Names are shown, without a task for each: that they were read is recorded.
        for post in posts:
            audit.record(db, ctx.now(), "village.read", "staff", post.id, staff_id=post.id)
        return render_template(
            "village/glance.html", parts=[part(ctx, db, t, posts) for part in PARTS],
            places=[ctx.directory.areas.name(post.area) for post in posts],
            config=page.config(),
        )
