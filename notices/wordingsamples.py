"""A push as a resident would see it, with invented values: to look at words before they hold."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from models.areas import Level
from models.context import Context
from models.settings import SOURCE, Translate
from notices.occasions import Spoken, spoken_in
from notices.worded import Worded
from notices.wordinglist import Message

# Nobody's: a year that never was.
RECEIPT = "0001-000000-00"
# Said in Chinese alone, so in no catalogue.
SAMPLES: dict[str, Any] = {
    "receipt": RECEIPT, "unit": "民政办", "officer": "李文",
    "words": "请带上户口本，到镇上来一趟。", "reason": "等了很久，没等到要补的材料。",
    "title": "这个月的公示名单", "link": "#", "move": "adjust",
    "missing": ["户口本", "银行卡"], "departments": ["教育局", "医保局"],
    "grant": {"amount": "300", "monthly": True},
}
_LINK = re.compile(r"</?a\b[^>]*>")


def preview(ctx: Context, area: str, message: Message, words: str | None = None) -> Spoken:
    """The whole push in Chinese as the county `area` says it; with `words` for this message,
    empty: the standard's."""
    own = dict(ctx.directory.wordings.get(area, {}))
    if words is not None:
        own[message.known.source] = words or message.known.source
    return sample(ctx, _place(ctx, area), message, Worded(ctx.speak(SOURCE), own))


def sample(ctx: Context, place: str, message: Message, say: Translate) -> Spoken:
    """A push in which the message is said in this language."""
    village = next(iter(ctx.directory.areas.within(place, Level.VILLAGE)), None)
    details = _details(ctx, message) | {"village": village.code if village else ""}
    return spoken_in(ctx, say, message.occasion, details, place)


def body(said: Spoken) -> str:
    """What stands below the first line; a link as the words that one taps."""
    return _LINK.sub("", said.body)


def _place(ctx: Context, area: str) -> str:
    """A township of the county, or the county where it has none."""
    return next((one.code for one in ctx.directory.areas.within(area, Level.TOWNSHIP)), area)


def _details(ctx: Context, message: Message) -> dict[str, Any]:
    today = ctx.today()
    later = (today + timedelta(days=10)).isoformat()
    found = SAMPLES | {
        "remedies": vars(ctx.settings.remedies), "at": ctx.now().isoformat(),
        "from_on": today.isoformat(), "until": later, "until_on": later, **message.details,
    }
    if "due_in" in found:
        found["due_on"] = (today + timedelta(days=found.pop("due_in"))).isoformat()
    return found
