"""What is heard and what is said, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Kinds of what reaches us. Events carry `event:` so that a glance tells them apart."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    SUBSCRIBE = "event:subscribe"
    UNSUBSCRIBE = "event:unsubscribe"
    SCAN = "event:scan"
    CLICK = "event:click"
    VIEW = "event:view"
    TEMPLATE_DONE = "event:template_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Heard:
    """One message or event. `text` is what was written, or the recognised words of a voice."""

    kind: Kind
    text: str = ""
    media_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    scene: str = ""
    detail: str = ""

    def kept(self) -> dict[str, Any]:
        """What the message table keeps, without the empty fields."""
        return {
            name: value
            for name, value in vars(self).items()
            if value not in ("", None) and name != "kind"
        }


SPOKEN = frozenset({Kind.TEXT, Kind.VOICE, Kind.IMAGE, Kind.VIDEO, Kind.LOCATION, Kind.LINK})
