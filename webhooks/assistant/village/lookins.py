"""The part of /m/village that says whom to look in on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import visits
from models.context import Context
from models.people import Staff
from models.settings import Translate, mark
from models.visits import FRAIL_NAMES, Quiet

VISITS_SHOWN = 20
GLANCE = mark("该去看看的 {count} 户")


def part(
    ctx: Context, db: Session, t: Translate, posts: Sequence[Staff]
) -> tuple[str, dict[str, Any]]:
    """The households that nobody has looked in on for long, village by village."""
    villages = [_village(ctx, t, post, visits.quiet(ctx, db, post)) for post in posts]
    count = sum(len(one["rows"]) + one["more"] for one in villages)
    glance = t(GLANCE, count=count) if count else ""
    return "village/lookins.html", {"villages": villages, "anchor": "lookins", "glance": glance}


def _village(ctx: Context, t: Translate, post: Staff, found: list[Quiet]) -> dict[str, Any]:
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
