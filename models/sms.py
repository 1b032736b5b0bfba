"""How text messages are sent, the rung between the chat and the door. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from models.lengths import STRICT


@dataclass(frozen=True)
class Sms:
    """`kind`: `none`, `console` (says that it would have sent; reaches nobody) or `gateway` (the
    county's own, at `url`). `after_hours`: so long a notice waits for the person to write before
    it goes as a text. `sign` stands before every text, as carriers ask: 【清水县民政】. The
    county's own; no clause sets these."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    kind: Literal["none", "console", "gateway"] = "none"
    url: str = ""
    sign: str = ""
    after_hours: int = 4
