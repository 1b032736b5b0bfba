"""What the account sends by itself: customer service and template messages."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from .acts import Act
from .errors import PlatformError
from .platform import Body, Call, PlatformApi, verified, verified_service
from .replies import MAX_TEXT, news_item
from .state import Entry, Person, first_link, plain_text

REENTRY_SECONDS = 600.0  # how long a client_msg_id is remembered
EVENT_AFTER = 0.2
# How long each kind of field may be, in characters, and what it is called on the card.
FIELD_KINDS = {
    "thing": (20, "事项"),
    "character_string": (32, "编号"),
    "number": (32, "数量"),
    "letter": (32, "代码"),
    "symbol": (5, "符号"),
    "time": (32, "时间"),
    "date": (32, "日期"),
    "amount": (20, "金额"),
    "phone_number": (17, "电话"),
    "car_number": (8, "车牌"),
    "name": (10, "姓名"),
    "phrase": (5, "状态"),
    "const": (20, "说明"),
}
SECOND = "备注"


def _part(body: Body, name: str) -> dict[str, Any]:
    part = body.get(name)
    if not isinstance(part, dict):
        raise PlatformError(47001, f"{name} is missing")
    return part


def _words(part: dict[str, Any], name: str) -> str:
    value = part.get(name, "")
    if not isinstance(value, str):
        raise PlatformError(47001, f"{name} is not a string")
    return value


def _limited(text: str) -> str:
    if not text:
        raise PlatformError(44004)
    if len(text.encode("utf-8", "replace")) > MAX_TEXT:
        raise PlatformError(45002)
    return text


def _custom_item(call: Call) -> Entry:
    kind = call.body.get("msgtype")
    if kind == "text":
        text = _limited(_words(_part(call.body, "text"), "content"))
        return {"type": "text", "text": text, "url": first_link(text)}
    if kind == "image":
        media_id = _words(_part(call.body, "image"), "media_id")
        media = call.world.live_media(media_id, call.account.slug)
        if media is None or media.kind != "image":
            raise PlatformError(40007)
        return {"type": "image", "text": "", "media_id": media_id}
    if kind == "news":
        return _custom_news(_part(call.body, "news"))
    if kind == "msgmenu":
        return _custom_menu(_part(call.body, "msgmenu"))
    raise PlatformError(40008)


def _custom_news(news: dict[str, Any]) -> Entry:
    rows = news.get("articles")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PlatformError(47001, "articles is not a list")
    if len(rows) != 1:
        raise PlatformError(45008)
    keys = {"title": "title", "description": "description", "picture": "picurl", "url": "url"}
    return news_item([{mine: _words(rows[0], theirs) for mine, theirs in keys.items()}])


def _custom_menu(menu: dict[str, Any]) -> Entry:
    rows = menu.get("list")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise PlatformError(47001, "list is not a list of options")
    options = [{"id": str(row.get("id", "")), "content": _words(row, "content")} for row in rows]
    if not all(option["id"] and option["content"] for option in options):
        raise PlatformError(44004)
    head, tail = _words(menu, "head_content"), _words(menu, "tail_content")
    parts = [head, *(option["content"] for option in options), tail]
    text = _limited("\n".join(part for part in parts if part))
    return {"type": "msgmenu", "text": text, "head": head, "options": options, "tail": tail}


def _use_window(call: Call, person: Person) -> None:
    """Take one from the window that closes first: 45015 where none is open, 45047 where all used.

    How overlapping windows combine on the real platform is not written anywhere.
    """
    moment = call.world.epoch()
    with call.world.lock:
        still_open = [window for window in person.windows.values() if window.until > moment]
        if not still_open:
            raise PlatformError(45015)
        usable = [window for window in still_open if window.left > 0]
        if not usable:
            raise PlatformError(45047)
        min(usable, key=lambda window: window.until).left -= 1


def custom(call: Call) -> Body:
    """message/custom/send."""
    person = call.person(call.body.get("touser"))
    item = _custom_item(call)
    _use_window(call, person)
    call.world.receive(person, "custom", item)
    return {"errcode": 0, "errmsg": "ok"}


def card_fields(templates: Mapping[str, tuple[str, ...]], body: Body) -> dict[str, str]:
    """The values of a template's fields; 47003 as the platform says it."""
    template_id = body.get("template_id")
    names = templates.get(template_id) if isinstance(template_id, str) else None
    if names is None:
        raise PlatformError(40037)
    data = _part(body, "data")
    values = {}
    for name in names:
        cell = data.get(name)
        value = cell.get("value") if isinstance(cell, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise PlatformError(47003, f"data.{name}.value is empty")
        kind = re.sub(r"\d+$", "", name)
        if len(value) > FIELD_KINDS.get(kind, (200, ""))[0]:
            raise PlatformError(47003, f"data.{name}.value is too long")
        if kind == "number" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise PlatformError(47003, f"data.{name}.value is no number")
        values[name] = value
    return values


def card(body: Body, values: dict[str, str], url: str | None) -> Entry:
    """What a template makes of its values on the phone."""
    rows: list[dict[str, str]] = []
    for name, value in values.items():
        label = FIELD_KINDS.get(re.sub(r"\d+$", "", name), (0, name))[1]
        # Two rows of one card are never called the same.
        if any(row["label"] == label for row in rows):
            label = SECOND
        rows.append({"name": name, "label": label, "value": plain_text(value)})
    text = "\n".join(f"{row['label']}：{row['value']}" for row in rows)
    extra = {"fields": values, "rows": rows, "template_id": body.get("template_id")}
    return {"type": "template", "text": text, "url": url, **extra}


def template(call: Call) -> Body:
    """message/template/send; whether it arrived is told by an event a moment later."""
    person = call.person(call.body.get("touser"), following=False)
    values = card_fields(call.account.templates, call.body)
    if not person.following:
        raise PlatformError(43004)
    client_id = call.body.get("client_msg_id")
    if client_id is not None and (not isinstance(client_id, str) or not 0 < len(client_id) <= 64):
        raise PlatformError(40035, "client_msg_id")
    message_id = 2**61 + secrets.randbelow(2**60)
    moment = call.world.epoch()
    if client_id is not None:
        with call.world.lock:
            known, until = call.world.client_ids.get((person.openid, client_id), (0, 0.0))
            if until > moment:
                return {"errcode": 0, "errmsg": "ok", "msgid": known}
            mark = (message_id, moment + REENTRY_SECONDS)
            call.world.client_ids[(person.openid, client_id)] = mark
    status = "failed:user block" if person.blocks else "success"
    if not person.blocks:
        url = call.body.get("url")
        link = url if isinstance(url, str) and url else None
        call.world.receive(person, "template", card(call.body, values, link))
    event = Act(
        "TEMPLATESENDJOBFINISH",
        [
            ("MsgType", "event"),
            ("Event", "TEMPLATESENDJOBFINISH"),
            ("MsgID", message_id),
            ("Status", status),
        ],
        event=True,
        answerable=False,
    )
    account, openid = call.account, person.openid
    call.delivery.later(EVENT_AFTER, lambda: call.delivery.event(account, openid, event))
    return {"errcode": 0, "errmsg": "ok", "msgid": message_id}


def register(api: PlatformApi) -> None:
    """Put these calls on the API."""
    api.add("cgi-bin/message/custom/send", custom, entitled=verified)
    api.add("cgi-bin/message/template/send", template, entitled=verified_service)
