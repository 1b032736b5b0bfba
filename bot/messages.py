"""What is heard and what is said, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.positions import GCJ02, Position


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
    MASS_DONE = "event:mass_done"
    SUBSCRIPTION = "event:subscription"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Heard:
    """One message or event. `text` is what was written, or the recognised words of a voice.

    Of an event about subscription messages `detail` is which one, and `told` its items: template
    id, what is said of it, the message's id. Of an article sent to many `counts`: for how many it
    was, who was left, reached, failed. `datum` and `accuracy` (metres) belong to a location
    that a browser gave; WeChat's has neither.
    """

    kind: Kind
    text: str = ""
    media_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    datum: str = ""
    accuracy: float | None = None
    scene: str = ""
    detail: str = ""
    told: tuple[tuple[str, str, str], ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def position(self) -> Position | None:
        """Where it was sent from, if it is a location."""
        if self.kind is not Kind.LOCATION or self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude, self.datum or GCJ02, self.accuracy)

    def kept(self) -> dict[str, Any]:
        """What the message table keeps, without the empty fields."""
        return {
            name: value
            for name, value in vars(self).items()
            if value not in ("", None, ()) and name != "kind"
        }


SPOKEN = frozenset({Kind.TEXT, Kind.VOICE, Kind.IMAGE, Kind.VIDEO, Kind.LOCATION, Kind.LINK})
