"""Subscription messages (订阅通知): allowed in a prompt, refused in the settings, sent one by one.

One that is allowed once is good for one message; a long-term one lasts until it is refused.
"""

import secrets
from typing import Any

from .acts import ACTS, Act, BadAct, text_of
from .errors import PlatformError
from .markup import Field, cdata
from .platform import Body, Call, PlatformApi, verified_service
from .platform_messages import EVENT_AFTER, card, card_fields
from .state import Entry, Person, World

POPUP, CHANGE, SENT = (
    "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event",
)
# From a page; 2 would be from an article.
FROM_PAGE = 1


def _event(name: str, item: list[Field], **more: Any) -> Act:
    """The event of this name about one template. Its list wears the event's own name in capitals
    (in the official sample of the second event the first one's: taken for a slip)."""
    tag = "".join(part.capitalize() for part in name.split("_"))
    lines = "".join(
        f"<{key}>{cdata(value) if isinstance(value, str) else value}</{key}>" for key, value in item
    )
    fields: list[Field] = [("MsgType", "event"), ("Event", name)]
    nested = f"<{tag}><List>{lines}</List></{tag}>"
    return Act(name, fields, event=True, answerable=False, nested=nested, **more)


def popup(world: World, person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    """The prompt that a page has opened is answered: {"template": …, "accept": true or false}."""
    template, accept = _asked(world, person, value), value.get("accept")
    if not isinstance(accept, bool):
        raise BadAct("accept must be true or false")
    after: dict[str, Any] = {}
    if accept:
        lasts = template in world.account_of(person).lasting
        left = 1 if lasts else person.grants.get(template, 0) + 1
        refuses = [other for other in person.refuses if other != template]
        after = {"grants": {**person.grants, template: left}, "refuses": refuses}
    item: list[Field] = [
        ("TemplateId", template),
        ("SubscribeStatusString", "accept" if accept else "reject"),
        ("PopupScene", FROM_PAGE),
    ]
    return _event(POPUP, item, after=after)


def refuse(world: World, person: Person, value: Any, _payload: dict[str, Any]) -> Act:
    """Turned off in WeChat's own settings: {"template": …}."""
    template = _asked(world, person, value)
    grants = {other: left for other, left in person.grants.items() if other != template}
    after = {"grants": grants, "refuses": [*person.refuses, template]}
    item: list[Field] = [("TemplateId", template), ("SubscribeStatusString", "reject")]
    return _event(CHANGE, item, after=after)


def _asked(world: World, person: Person, value: Any) -> str:
    if not isinstance(value, dict):
        raise BadAct("say which template")
    template = text_of(value.get("template"), "template", most=100)
    if template not in world.account_of(person).subscriptions:
        raise BadAct("the account has no such subscription template")
    return template


ACTS["popup"] = popup
ACTS["refuse"] = refuse


def shown(world: World, person: Person) -> list[Entry]:
    """What this person has allowed and refused, for their phone's settings."""
    account = world.account_of(person)
    return [
        {
            "template": template, "lasting": template in account.lasting,
            "left": person.grants.get(template, 0), "refused": template in person.refuses,
        }
        for template in account.subscriptions
    ]


def send(call: Call) -> Body:
    """message/subscribe/bizsend, whose answer has no message id; followers and others alike."""
    person = call.person(call.body.get("touser"), following=False)
    values = card_fields(call.account.subscriptions, call.body)
    template = str(call.body["template_id"])
    with call.world.lock:
        left = person.grants.get(template, 0)
        if left <= 0 or template in person.refuses:
            raise PlatformError(43101)
        if template not in call.account.lasting:
            person.grants[template] = left - 1
    page = call.body.get("page")
    link = page if isinstance(page, str) and page else None
    if not person.blocks:
        call.world.receive(person, "subscribe", card(call.body, values, link))
    item: list[Field] = [
        ("TemplateId", template),
        ("MsgID", str(2**61 + secrets.randbelow(2**60))),
        # Which codes there are is not written anywhere; 0 is the only one that all samples show.
        ("ErrorCode", 1 if person.blocks else 0),
        ("ErrorStatus", "user block" if person.blocks else "success"),
    ]
    event = _event(SENT, item)
    account, openid = call.account, person.openid
    call.delivery.later(EVENT_AFTER, lambda: call.delivery.event(account, openid, event))
    return {"errcode": 0, "errmsg": "ok"}


def register(api: PlatformApi) -> None:
    """Put the call on the API."""
    api.add("cgi-bin/message/subscribe/bizsend", send, entitled=verified_service)
