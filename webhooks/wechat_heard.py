"""From the platform's fields to what was heard: no parser, no cipher, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import Heard, Kind


def field(data: Mapping[str, Any], name: str) -> str:
    """A field as text; of a duplicated tag the first."""
    value = data.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else ""


def _number(data: Mapping[str, Any], name: str) -> float | None:
    try:
        return float(field(data, name))
    except ValueError:
        return None


def message(kind: str, data: Mapping[str, Any]) -> Heard:
    """A message of this MsgType."""
    if kind == "text":
        return Heard(Kind.TEXT, field(data, "Content"))
    if kind == "image":
        return Heard(Kind.IMAGE, media_id=field(data, "MediaId"), detail=field(data, "PicUrl"))
    if kind == "voice":
        words = field(data, "Recognition")
        return Heard(Kind.VOICE, words, media_id=field(data, "MediaId"))
    if kind == "location":
        return Heard(
            Kind.LOCATION, field(data, "Label"),
            latitude=_number(data, "Location_X"), longitude=_number(data, "Location_Y"),
        )
    if kind in ("video", "shortvideo"):
        return Heard(Kind.VIDEO, media_id=field(data, "MediaId"))
    if kind == "link":
        return Heard(Kind.LINK, field(data, "Title"), detail=field(data, "Url"))
    return Heard(Kind.UNKNOWN, detail=kind)


EVENTS = {
    "subscribe": Kind.SUBSCRIBE,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "scan": Kind.SCAN,
    "click": Kind.CLICK,
    "view": Kind.VIEW,
    "templatesendjobfinish": Kind.TEMPLATE_DONE,
}


def event(name: str, data: Mapping[str, Any]) -> Heard:
    """An event of this name, in small letters."""
    kind = EVENTS.get(name, Kind.UNKNOWN)
    scene = field(data, "EventKey")
    if kind is Kind.SUBSCRIBE:
        # After a payment the key can be something else: only qrscene_ is a scene.
        scene = scene.removeprefix("qrscene_") if scene.startswith("qrscene_") else ""
    if kind is Kind.TEMPLATE_DONE:
        return Heard(kind, scene=field(data, "MsgID"), detail=field(data, "Status"))
    return Heard(kind, scene=scene, detail=name)
