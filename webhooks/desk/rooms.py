"""The rooms of the desk and who has the key: the row of links under the head of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from models.settings import mark
from models.statuses import DECIDERS, Role
from webhooks import access

_ALL = frozenset({Role.OFFICER, Role.HEAD, Role.COUNTY})
_COUNTY = frozenset({Role.COUNTY})


@dataclass(frozen=True)
class Room:
    """A page of its own: its endpoint, what it is called, and which roles go there; `also` are
    the beginnings of addresses that belong to it and do not lie below its own."""

    endpoint: str
    name: str
    roles: frozenset[Role] = _ALL
    also: tuple[str, ...] = ()


ROOMS = (
    Room("desk.queue", mark("待办"), also=("/desk/cases/",)),
    Room("desk.search", mark("仔细找")),
    Room("desk.tasks", mark("任务"), also=("/desk/errands/",)),
    Room("desk.referrals", mark("转办"), _ALL | {Role.DEPARTMENT}, ("/desk/alarms/",)),
    Room("desk.register", mark("救助名册")),
    Room("desk.notices", mark("公示")),
    Room("desk.concerns", mark("异议和举报"), DECIDERS),
    Room("desk.spotchecks", mark("抽查")),
    Room("desk.kin", mark("近亲属备案")),
    Room("desk.figures", mark("数字")),
    Room("desk.villages", mark("村里来的")),
    Room("desk.pushes", mark("通知"), also=("/desk/doors", "/desk/wordings")),
    Room("desk.campaigns", mark("群发")),
    Room("desk.unheard", mark("没听懂的话"), _COUNTY),
    Room("desk.staff", mark("人员")),
    Room("desk.rules", mark("本地规则"), DECIDERS),
    Room("desk.schemes", mark("政策")),
    Room("desk.departments", mark("部门"), _COUNTY),
    Room("desk.calendar", mark("放假安排"), _COUNTY),
    Room("desk.jobs", mark("后台"), _COUNTY),
)


def open_rooms() -> dict[str, Any]:
    """For the templates: the rooms that the person who is signed in may enter."""
    visitor = access.visitor()
    staff = visitor.staff if visitor else None
    if staff is None:
        return {"rooms": ()}
    return {
        "rooms": [room for room in ROOMS if staff.role in room.roles],
        "room_here": _here(),
    }


def _here() -> str:
    """The endpoint of the room that the address lies in, or empty."""
    for room in ROOMS:
        own = url_for(room.endpoint)
        inside = request.path.startswith(f"{own}/") and room.endpoint != "desk.queue"
        if request.path == own or inside or request.path.startswith(room.also):
            return room.endpoint
    return ""
