"""What a person can do on their phone, read from JSON and turned into the platform's fields."""

import base64
import binascii
import math
import secrets
from dataclasses import dataclass, field
from typing import Any

from .markup import Field
from .state import MESSAGE, MOMENT, Entry, Person, QrCode, World

# Enough of an AMR recording to be recognised as one: the header and silent frames.
SILENCE = b"#!AMR\n" + (b"\x3c" + b"\x00" * 31) * 50
MAX_IMAGE = 10 * 1024 * 1024
_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
)


class BadAct(ValueError):
    """Something that a phone cannot send; the message says why."""


@dataclass(frozen=True)
class Act:
    """One message or event, ready to be delivered."""

    kind: str
    fields: list[Field]
    event: bool = False
    trigger: str | None = None
    bubble: Entry | None = None
    answerable: bool = True
    nested: str = ""  # a part with fields of its own, as XML
    after: dict[str, Any] = field(default_factory=dict)  # changes to the person, made beforehand


def image_kind(data: bytes) -> tuple[str, str] | None:
    """Content type and file ending by the first bytes."""
    for sign, content_type, ending in _SIGNS:
        if data.startswith(sign):
            return content_type, ending
    return None


def _event(name: str, key: str | None = None, **more: Any) -> Act:
    fields: list[Field] = [("MsgType", "event"), ("Event", name)]
    if key is not None:
        fields.append(("EventKey", key))
    ticket = more.pop("ticket", None)
    if ticket is not None:
        fields.append(("Ticket", ticket))
    return Act(name, fields, event=True, **more)


def text_of(value: Any, what: str, *, most: int = 20_000, empty: bool = False) -> str:
    """A string that can be sent, or BadAct."""
    if not isinstance(value, str):
        raise BadAct(f"{what} must be a string")
    if not value and not empty:
        raise BadAct(f"{what} is empty")
    if len(value) > most:
        raise BadAct(f"{what} is too long")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadAct(f"{what} holds half a character (a lone surrogate)") from error
    return value


def follow(scene: str = "", ticket: str = "") -> Act:
    """Following the account, by its name or by a QR code."""
    return _event(
        "subscribe",
        f"qrscene_{scene}" if scene else "",
        ticket=ticket if scene else None,
        trigger=MOMENT,
        bubble={"type": "note", "text": "你关注了公众号" if not scene else "你扫码关注了公众号"},
        after={"following": True, "scene": scene},
    )


def code_for(world: World, person: Person, scene: str) -> QrCode:
    """The newest code with this scene; one printed elsewhere gets a ticket here and now."""
    state = world.states[person.account]
    with world.lock:
        for code in reversed(state.codes):
            if code.scene == scene:
                return code
        ticket = new_ticket()
        code = QrCode(ticket, scene, f"http://weixin.qq.com/q/{ticket}", None)
        state.codes.append(code)
        return code


def new_ticket() -> str:
    """As long as the platform's own."""
    return "gQ" + secrets.token_urlsafe(70)[:94]


def _text(_world: World, _person: Person, value: Any, payload: dict[str, Any]) -> Act:
    said = text_of(value, "text")
    fields: list[Field] = [("MsgType", "text"), ("Content", said)]
    option = payload.get("menu_id")
    if option is not None:
        fields.append(("bizmsgmenuid", text_of(option, "menu_id", most=64)))
    # Tapping an option grants what a tap on the menu grants, not what a message grants.
    trigger = MESSAGE if option is None else MOMENT
    return Act("text", fields, trigger=trigger, bubble={"type": "text", "text": said})


def _image(world: World, person: Person, value: Any, payload: dict[str, Any]) -> Act:
    encoded = text_of(value, "image", most=MAX_IMAGE * 4 // 3 + 200)
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadAct("image is not base64") from error
    kind = image_kind(data)
    if kind is None:
        raise BadAct("image is not a JPEG, PNG, GIF or BMP picture")
    if len(data) > MAX_IMAGE:
        raise BadAct("image is larger than 10 MB")
    media = world.store(person.account, "image", kind[0], f"image.{kind[1]}", data)
    where = payload.get("picture_base", "")
    fields: list[Field] = [
        ("MsgType", "image"),
        ("PicUrl", f"{where}/{media.media_id}"),
        ("MediaId", media.media_id),
    ]
    bubble = {"type": "image", "text": "", "media_id": media.media_id}
    return Act("image", fields, trigger=MESSAGE, bubble=bubble)


def _voice(world: World, person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    said = text_of(value, "voice", empty=True)
    media = world.store(person.account, "voice", "audio/amr", "voice.amr", SILENCE)
    fields: list[Field] = [("MsgType", "voice"), ("MediaId", media.media_id), ("Format", "amr")]
    if said:
        fields.append(("Recognition", said))
    bubble = {"type": "voice", "text": said}
    return Act("voice", fields, trigger=MESSAGE, bubble=bubble)


def _degrees(value: Any, what: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadAct(f"{what} must be a number")
    if not math.isfinite(value) or abs(value) > most:
        raise BadAct(f"{what} must lie between -{most:g} and {most:g}")
    return float(value)


def _location(_world: World, _person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    if not isinstance(value, dict):
        raise BadAct("location must be an object with latitude, longitude and label")
    latitude = _degrees(value.get("latitude"), "latitude", 90)
    longitude = _degrees(value.get("longitude"), "longitude", 180)
    label = text_of(value.get("label", ""), "label", most=200, empty=True)
    fields: list[Field] = [
        ("MsgType", "location"),
        ("Location_X", latitude),
        ("Location_Y", longitude),
        ("Scale", 16),
        ("Label", label),
    ]
    bubble = {"type": "location", "text": label, "latitude": latitude, "longitude": longitude}
    return Act("location", fields, trigger=MESSAGE, bubble=bubble)


def _click(_world: World, _person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    return _event("CLICK", text_of(value, "click", most=128), trigger=MOMENT)


def _view(_world: World, _person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    # Opening a page from the menu entitles the account to nothing, and no answer is shown.
    return _event("VIEW", text_of(value, "view", most=1024), answerable=False)


def _scan(world: World, person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    scene = text_of(value, "scan", most=64)
    ticket = code_for(world, person, scene).ticket
    if not person.following:
        return follow(scene, ticket)
    bubble = {"type": "note", "text": "你扫了一个二维码"}
    return _event("SCAN", scene, ticket=ticket, trigger=MOMENT, bubble=bubble)


def _follow(_world: World, person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    if value is not True:
        raise BadAct("follow can only be true")
    if person.following:
        raise BadAct(f"{person.name} follows the account already")
    return follow()


def _unfollow(_world: World, _person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    if value is not True:
        raise BadAct("unfollow can only be true")
    return _event(
        "unsubscribe",
        "",
        bubble={"type": "note", "text": "你取消了关注"},
        answerable=False,
        after={"following": False},
    )


ACTS = {
    "text": _text,
    "click": _click,
    "view": _view,
    "image": _image,
    "voice": _voice,
    "location": _location,
    "scan": _scan,
    "follow": _follow,
    "unfollow": _unfollow,
}


def read_act(world: World, person: Person, payload: Any, picture_base: str) -> Act:
    """The one thing that the payload says this person does."""
    if not isinstance(payload, dict):
        raise BadAct("the body must be a JSON object")
    chosen = [name for name in ACTS if name in payload]
    if len(chosen) != 1:
        raise BadAct("say exactly one of " + ", ".join(ACTS))
    name = chosen[0]
    if not person.following and name not in ("follow", "scan", "popup", "refuse"):
        raise BadAct(f"{person.name} does not follow the account and can only follow or scan")
    return ACTS[name](world, person, payload[name], {**payload, "picture_base": picture_base})
