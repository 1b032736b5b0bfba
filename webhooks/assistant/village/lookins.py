"""The part of /m/village that says whom to look in on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.flow import Scene
from bot.flows.places import place_name
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
    villages = [_village(ctx, db, t, post, visits.quiet(ctx, db, post)) for post in posts]
    count = sum(len(one["rows"]) + one["more"] for one in villages)
    glance = t(GLANCE, count=count) if count else ""
    return "village/lookins.html", {
        "villages": villages, "anchor": "lookins", "glance": glance, "kept": True,
    }


def _village(
    ctx: Context, db: Session, t: Translate, post: Staff, found: list[Quiet]
) -> dict[str, Any]:
    """Each with its screen, so that it can be done without a network."""
    first = found[:VISITS_SHOWN]
    visits.shown(ctx, db, post, first)
    return {
        "name": ctx.directory.areas.name(post.area),
        "rows": [line(ctx, t, post, one) for one in first],
        "more": max(len(found) - VISITS_SHOWN, 0),
    }


def line(ctx: Context, t: Translate, post: Staff, one: Quiet) -> dict[str, Any]:
    """One household: why it is looked in on, where it lives, and what its screen asks for."""
    case = one.case
    scene = Scene(t, ctx.directory.areas, post.area, case.account)
    place = place_name("living", {**case.answers, "living": case.living_area}, scene)
    spot = str(case.answers.get("spot") or "")
    return {
        "key": visits.key_of(ctx, post, one), "receipt": case.receipt, "name": case.name,
        "why": why_text(t, one), "last": t(mark("{days} 天没人去过了"), days=one.days),
        "place": " · ".join(part for part in (place, spot) if part),
        "phone": case.phone, "asks": visits.ASKS,
        "box": {"name": "photos", "label": t(mark("照片，不拍也行"))},
    }


def why_text(t: Translate, one: Quiet) -> str:
    """Why a household is looked in on: 一个人住、有老人."""
    return t(mark("、")).join(t(FRAIL_NAMES[kind]) for kind in one.why)
