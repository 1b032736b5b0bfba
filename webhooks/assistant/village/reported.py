"""The part of /m/village that says what became of what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.wording import status_text
from models import discovering, supplements, villages
from models.context import Context
from models.people import Staff
from models.settings import Translate, mark
from webhooks.access import person_id

LACKING = mark("还差 {count} 样材料，能帮着收就收一下")
GLANCE = mark("报上去还在办的 {count} 户，最早的是 {days} 天前报的")
GLANCE_TODAY = mark("报上去还在办的 {count} 户，都是今天报的")


def part(
    ctx: Context, db: Session, t: Translate, posts: Sequence[Staff]
) -> tuple[str, dict[str, Any]]:
    """What was reported from these villages, where it stands, and what can be helped to bring."""
    lacking = {
        one.case.id: sum(item.is_open for item in one.items)
        for one in supplements.of_person(db, person_id())
    }
    found = discovering.reports_of(db, [post.area for post in posts])
    count, oldest = villages.waiting(db, [post.area for post in posts])
    days = (ctx.now() - oldest).days if oldest else 0
    glance = t(GLANCE if days else GLANCE_TODAY, count=count, days=days) if count else ""
    own = discovering.harm_of(db, person_id())
    return "village/reported.html", {"anchor": "reported", "glance": glance, "received": [
        {"receipt": case.receipt, "at": case.created_at} for case in own
    ], "reports": [
        {
            "receipt": case.receipt, "name": case.name or t(mark("不知道名字")),
            "urgent": case.urgent, "stands": status_text(t, case), "at": case.created_at,
            "lacking": t(LACKING, count=left) if (left := lacking.get(case.id)) else "",
            # What somebody before them reported is followed here; its own page is not theirs.
            "own": case.person_id == person_id(),
        }
        for case in found
    ]}
