"""/m/village: whom to look in on, and what became of what was reported; one village at a time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.wording import status_text
from models import assistants, audit, discovering, supplements, visits
from models.context import Context
from models.people import Staff
from models.settings import Translate, mark
from models.visits import FRAIL_NAMES, Quiet
from webhooks.access import Audience, context, opened_to, person_id, speech

VISITS_SHOWN = 20
LACKING = mark("还差 {count} 样材料，能帮着收就收一下")


def add_routes(blueprint: Blueprint) -> None:
    """Mount it."""
    blueprint.add_url_rule("/", "glance", glance, strict_slashes=False)


@opened_to(Audience.ASSISTANT)
def glance() -> ResponseReturnValue:
    """Everything of the person's own villages, and nothing of any other."""
    ctx, t = context(), speech()
    with ctx.db.begin() as db:
        posts = assistants.posts_of(db, person_id())
        villages = [_village(ctx, db, t, post) for post in posts]
        reports = _reports(db, t, [post.area for post in posts])
        # Names are shown, without a task for each: that they were read is recorded.
        for post in posts:
            audit.record(db, ctx.now(), "village.read", "staff", post.id, staff_id=post.id)
        return render_template("village/glance.html", villages=villages, reports=reports)


def _village(ctx: Context, db: Session, t: Translate, post: Staff) -> dict[str, Any]:
    found = visits.quiet(ctx, db, post)
    return {
        "name": ctx.directory.areas.name(post.area),
        "rows": [_quiet(t, one) for one in found[:VISITS_SHOWN]],
        "more": max(len(found) - VISITS_SHOWN, 0),
    }


def _quiet(t: Translate, one: Quiet) -> dict[str, str]:
    last = t(mark("{days} 天没人去过了"), days=one.days)
    return {"receipt": one.case.receipt, "name": one.case.name, "why": why_text(t, one),
            "last": last}


def why_text(t: Translate, one: Quiet) -> str:
    """Why a household is looked in on: 一个人住、有老人."""
    return t(mark("、")).join(t(FRAIL_NAMES[kind]) for kind in one.why)


def _reports(db: Session, t: Translate, areas: list[str]) -> list[dict[str, Any]]:
    """What was reported from these villages, where it stands, and what can be helped to bring."""
    lacking = {
        one.case.id: sum(item.is_open for item in one.items)
        for one in supplements.of_person(db, person_id())
    }
    return [
        {
            "receipt": case.receipt, "name": case.name or t(mark("不知道名字")),
            "urgent": case.urgent, "stands": status_text(t, case), "at": case.created_at,
            "lacking": t(LACKING, count=count) if (count := lacking.get(case.id)) else "",
            # What somebody before them reported is followed here; its own page is not theirs.
            "own": case.person_id == person_id(),
        }
        for case in discovering.reports_of(db, areas)
    ]
