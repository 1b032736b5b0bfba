"""The account's menu, and the tags by which some followers see another one."""

import copy
from typing import Any

from .errors import PlatformError
from .platform import Body, Call, PlatformApi, menu_owner, verified
from .state import Person, World

NEEDS_KEY = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
NEEDS_URL = {"view", "miniprogram"}
NEEDS_MEDIA = {"media_id": "media_id", "view_limited": "media_id"}
NEEDS_ARTICLE = {"article_id": "article_id", "article_view_limited": "article_id"}
OK: Body = {"errcode": 0, "errmsg": "ok"}


def _button(row: Any, *, sub: bool) -> dict[str, Any]:
    """One button that does something; codes are 7 higher for a sub-button."""
    more = 7 if sub else 0
    if not isinstance(row, dict):
        raise PlatformError(47001)
    name, kind = row.get("name"), row.get("type")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= (60 if sub else 16):
        raise PlatformError(40018 + more)
    if kind in NEEDS_KEY:
        key = row.get("key")
        if not isinstance(key, str) or not 0 < len(key.encode()) <= 128:
            raise PlatformError(40019 + more)
    elif kind in NEEDS_URL:
        url = row.get("url")
        if not isinstance(url, str) or not 0 < len(url.encode()) <= 1024:
            raise PlatformError(40020 + more)
        if not url.startswith(("http://", "https://")):
            raise PlatformError(40020 + more)
    elif kind in NEEDS_MEDIA or kind in NEEDS_ARTICLE:
        if not row.get("media_id") and not row.get("article_id"):
            raise PlatformError(41006)
    else:
        raise PlatformError(40017 + more)
    return {**row, "sub_button": []}


def read_menu(body: Body) -> list[dict[str, Any]]:
    """Three columns of at most five, with names, keys and addresses of the right length."""
    rows = body.get("button")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 3:
        raise PlatformError(40016)
    menu = []
    for row in rows:
        subs = row.get("sub_button") if isinstance(row, dict) else None
        if not subs:
            menu.append(_button(row, sub=False))
            continue
        if not isinstance(subs, list) or len(subs) > 5:
            raise PlatformError(40023)
        name = row.get("name")
        if not isinstance(name, str) or not 0 < len(name.encode()) <= 16:
            raise PlatformError(40018)
        menu.append({"name": name, "sub_button": [_button(sub, sub=True) for sub in subs]})
    return menu


def menu_of(world: World, person: Person) -> list[dict[str, Any]]:
    """The menu at the foot of this person's phone: the newest one that matches, or everyone's."""
    state = world.states[person.account]
    if state.menu is None:
        return []
    for special in reversed(state.conditional):
        if special["tag"] in person.tags:
            buttons: list[dict[str, Any]] = special["button"]
            return buttons
    return state.menu


def create(call: Call) -> Body:
    """menu/create."""
    menu = read_menu(call.body)
    with call.world.lock:
        call.world.states[call.account.slug].menu = menu
    call.world.on_change()
    return OK


def get(call: Call) -> Body:
    """menu/get: 46003 where there is none."""
    state = call.world.states[call.account.slug]
    with call.world.lock:
        if state.menu is None:
            raise PlatformError(46003)
        answer: Body = {"menu": {"button": copy.deepcopy(state.menu)}}
        if state.conditional:
            answer["conditionalmenu"] = [
                {
                    "button": copy.deepcopy(special["button"]),
                    "matchrule": {"tag_id": str(special["tag"])},
                    "menuid": special["menuid"],
                }
                for special in state.conditional
            ]
    return answer


def delete(call: Call) -> Body:
    """menu/delete: takes the conditional ones along."""
    state = call.world.states[call.account.slug]
    with call.world.lock:
        state.menu = None
        state.conditional.clear()
    call.world.on_change()
    return OK


def add_conditional(call: Call) -> Body:
    """menu/addconditional: only rules by tag are left since 2021."""
    rule = call.body.get("matchrule")
    tag = str(rule.get("tag_id", "")) if isinstance(rule, dict) else ""
    state = call.world.states[call.account.slug]
    if not tag.isdigit() or int(tag) not in state.tags:
        raise PlatformError(45159)
    menu = read_menu(call.body)
    with call.world.lock:
        if state.menu is None:
            raise PlatformError(46003)
        menu_id = max((s["menuid"] for s in state.conditional), default=400_000_000) + 1
        state.conditional.append({"menuid": menu_id, "tag": int(tag), "button": menu})
    call.world.on_change()
    return {"menuid": str(menu_id)}


def delete_conditional(call: Call) -> Body:
    """menu/delconditional."""
    wanted = str(call.body.get("menuid", ""))
    state = call.world.states[call.account.slug]
    with call.world.lock:
        left = [special for special in state.conditional if str(special["menuid"]) != wanted]
        if len(left) == len(state.conditional):
            raise PlatformError(40065)
        state.conditional = left
    call.world.on_change()
    return OK


def create_tag(call: Call) -> Body:
    """tags/create: at most 100, with names of their own."""
    tag = call.body.get("tag")
    name = tag.get("name") if isinstance(tag, dict) else None
    state = call.world.states[call.account.slug]
    with call.world.lock:
        if not isinstance(name, str) or not 0 < len(name) <= 30 or name in state.tags.values():
            raise PlatformError(45157)
        if len(state.tags) >= 100:
            raise PlatformError(45056)
        number = max(state.tags, default=99) + 1
        state.tags[number] = name
    call.world.on_change()
    return {"tag": {"id": number, "name": name}}


def get_tags(call: Call) -> Body:
    """tags/get with the number of followers each."""
    with call.world.lock:
        people = [p for p in call.world.people.values() if p.account == call.account.slug]
        tags = call.world.states[call.account.slug].tags
        rows = [
            {"id": number, "name": name, "count": sum(number in p.tags for p in people)}
            for number, name in tags.items()
        ]
    return {"tags": rows}


def _tag_people(call: Call, *, add: bool) -> Body:
    openids, number = call.body.get("openid_list"), call.body.get("tagid")
    if not isinstance(openids, list) or not 0 < len(openids) <= 50:
        raise PlatformError(40032 if isinstance(openids, list) else 47001)
    if number not in call.world.states[call.account.slug].tags:
        raise PlatformError(45159)
    people = [call.person(openid) for openid in openids]
    with call.world.lock:
        for person in people:
            others = [tag for tag in person.tags if tag != number]
            person.tags = [*others, int(str(number))] if add else others
    call.world.on_change()
    return OK


def register(api: PlatformApi) -> None:
    """Put these calls on the API."""
    api.add("cgi-bin/menu/create", create, entitled=menu_owner)
    api.add("cgi-bin/menu/get", get, method="GET", entitled=menu_owner)
    api.add("cgi-bin/menu/delete", delete, method="GET", entitled=menu_owner)
    api.add("cgi-bin/menu/addconditional", add_conditional, entitled=verified)
    api.add("cgi-bin/menu/delconditional", delete_conditional, entitled=verified)
    api.add("cgi-bin/tags/create", create_tag, entitled=verified)
    api.add("cgi-bin/tags/get", get_tags, method="GET", entitled=verified)
    batch = "cgi-bin/tags/members/"
    api.add(f"{batch}batchtagging", lambda c: _tag_people(c, add=True), entitled=verified)
    api.add(f"{batch}batchuntagging", lambda c: _tag_people(c, add=False), entitled=verified)
