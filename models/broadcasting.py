"""What is set about campaigns (群发). Pure. The county's own: no clause sets any of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from models.lengths import STRICT


@dataclass(frozen=True)
class Campaigns:
    """`sign_above`: to more people than that, a head or the county signs first, never who wrote
    it. `keep_days`: for how many days it waits for somebody to write.
    `monthly_articles`: what the platform gives one follower in a month (facts: wechat.md §3).
    Quiet hours: `[pushes]`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    sign_above: int = 30
    keep_days: int = 7
    monthly_articles: int = 4
