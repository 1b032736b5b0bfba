"""What can be set of assistants' work in the villages; a part of `models/settings.py`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True)
class Visits:
    """Looking in on the frail: after how many days a household that nobody saw rises on the list,
    and how long after help ended or was refused it still does. The county's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    after_days: int = 30
    lately_days: int = 180


@dataclass(frozen=True)
class Discovery:
    """Assistants' reports from the field: of how many households one may ask a day whether they
    are reported already, for how many days what is half written is kept, and for how many minutes
    a link into another browser is good. The county's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    asks_per_day: int = 20
    draft_days: int = 14
    link_minutes: int = 10
