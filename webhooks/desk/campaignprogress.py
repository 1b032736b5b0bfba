"""How far a campaign has come: a bar and the numbers beside it, from what really happened."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models import campaigning
from models.campaigns import Campaign, State
from models.pushes import PushState
from models.settings import Translate, mark
from webhooks.charts import chart

# How each piece of the bar is drawn (webhooks/charts.py), its words, and what belongs to it.
PIECES = (
    ("done", mark("送到了"), (PushState.DELIVERED,)),
    ("running", mark("正在发"), (PushState.SENT, PushState.PENDING, PushState.SENDING)),
    ("missing", mark("等本人来消息"), (PushState.HELD,)),
    ("resting", mark("停着没发"), (PushState.PAUSED, PushState.STOPPED)),
    ("late", mark("没送到"), (
        PushState.REFUSED, PushState.UNFOLLOWED, PushState.OVER_QUOTA, PushState.NO_CHANNEL,
        PushState.EXPIRED, PushState.FAILED,
    )),
)
SAID = mark("{count} 人")
TITLE = mark("一共 {count} 人")


def of(db: Session, t: Translate, campaign: Campaign) -> dict[str, Any]:
    """The bar, its parts in words, and whether it still moves."""
    found = campaigning.progress(db, campaign.id)
    parts = [
        (kind, t(words), sum(found.get(state, 0) for state in states))
        for kind, words, states in PIECES
    ]
    total = sum(found.values())
    drawn = [(kind, count) for kind, _, count in parts if count]
    return {
        "chart": chart("campaign", t(TITLE, count=total), [(t(TITLE, count=total), "", drawn)])
        if total else None,
        "pieces": [(kind, words) for kind, words, count in parts if count],
        "parts": [(kind, words, t(SAID, count=count)) for kind, words, count in parts if count],
        "total": total, "writing": campaigning.is_writing(db, campaign.id),
        "moves": campaign.state == State.RUNNING,
    }
