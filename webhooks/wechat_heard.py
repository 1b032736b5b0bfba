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


def _count(data: Mapping[str, Any], name: str) -> int:
    said = field(data, name)
    return int(said) if said.isdecimal() and len(said) < 10 else 0


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


# wechatpy 1.8.18 knows none of these: the event's name, where its items are, and what says how
# it went. The official sample of the second wears the first one's tag, so both are looked for.
SUBSCRIPTIONS = {
    "subscribe_msg_popup_event": ("popup", "SubscribeStatusString"),
    "subscribe_msg_change_event": ("change", "SubscribeStatusString"),
    "subscribe_msg_sent_event": ("sent", "ErrorStatus"),
}
_LISTS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
_MOST_ITEMS = 20


def _subscription(name: str, data: Mapping[str, Any]) -> Heard:
    """An event about subscription messages; its List holds one item or many."""
    which, says = SUBSCRIPTIONS[name]
    found = [data[tag] for tag in _LISTS if isinstance(data.get(tag), Mapping)]
    items = found[0].get("List") if found else []
    items = items if isinstance(items, list) else [items]
    told = tuple(
        (field(item, "TemplateId"), _how(item, says), field(item, "MsgID"))
        for item in items[:_MOST_ITEMS] if isinstance(item, Mapping)
    )
    return Heard(Kind.SUBSCRIPTION, detail=which, told=told)


def _how(item: Mapping[str, Any], says: str) -> str:
    # What arrived has the code 0; the words beside it are for people.
    return "success" if field(item, "ErrorCode") == "0" else field(item, says) or "failed"


EVENTS = {
    "subscribe": Kind.SUBSCRIBE,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "scan": Kind.SCAN,
    "click": Kind.CLICK,
    "view": Kind.VIEW,
    "templatesendjobfinish": Kind.TEMPLATE_DONE,
    "masssendjobfinish": Kind.MASS_DONE,
}
MASS_COUNTS = ("TotalCount", "FilterCount", "SentCount", "ErrorCount")


def event(name: str, data: Mapping[str, Any]) -> Heard:
    """An event of this name, in small letters."""
    if name in SUBSCRIPTIONS:
        return _subscription(name, data)
    kind = EVENTS.get(name, Kind.UNKNOWN)
    scene = field(data, "EventKey")
    if kind is Kind.SUBSCRIBE:
        # After a payment the key can be something else: only qrscene_ is a scene.
        scene = scene.removeprefix("qrscene_") if scene.startswith("qrscene_") else ""
    if kind is Kind.TEMPLATE_DONE:
        return Heard(kind, scene=field(data, "MsgID"), detail=field(data, "Status"))
    if kind is Kind.MASS_DONE:
        counts = tuple(_count(data, name) for name in MASS_COUNTS)
        msg_id = field(data, "MsgID") or field(data, "MsgId")
        return Heard(kind, scene=msg_id, detail=field(data, "Status"), counts=counts)
    return Heard(kind, scene=scene, detail=name)
