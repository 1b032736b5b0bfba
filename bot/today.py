"""今天的事: what an assistant is asked to see to, in words; the same in chat and on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.flow import Scene
from bot.flows.places import place_name
from bot.saying import join, plain
from bot.visit import Visit
from models import errands
from models.errands import ERRAND_NAMES, Errand, ErrandKind
from models.people import Staff
from models.settings import Translate, mark

# What a chat message has room for; the page has all.
SHOWN = 5
NAMELESS = mark("不知道名字")
TODAY = mark("今天的事：")
LINE = mark("{number}. {title}：{name}，{place}。{due}")
MORE = mark("还有 {count} 件在页面上。")
LATE, DUE_TODAY, DUE = mark("晚了 {days} 天"), mark("今天要办"), mark("{day}前")
KNOCK = mark("镇上发的消息没送到。请他回镇上电话 {phone}（{office}），别的不用说。")
KNOCK_ONLY = mark("镇上发的消息没送到。请他去一趟{office}，别的不用说。")


def name_of(t: Translate, one: Errand) -> str:
    """Of whom it is about nothing but the name."""
    return plain(one.case.name) or t(NAMELESS)


def place_of(one: Errand, scene: Scene) -> str:
    """Where they live, as the assistant has to find it."""
    case = one.case
    place = place_name("living", {**case.answers, "living": case.living_area}, scene)
    spot = str(case.answers.get("spot") or "")
    return f"{place} {spot}".strip()


def due_of(t: Translate, one: Errand, today: date) -> str:
    """By when; empty where there is no day."""
    if one.due_on is None:
        return ""
    if one.due_on == today:
        return t(DUE_TODAY)
    late = (today - one.due_on).days
    return t(LATE, days=late) if late > 0 else t(DUE, day=t.day(one.due_on))


def what_of(t: Translate, one: Errand, scene: Scene) -> str:
    """What to do there: the officer's own line, or for a knock what to say."""
    if one.kind != ErrandKind.KNOCK:
        return one.words
    office = scene.areas.get(one.case.township)
    phone = scene.areas.phone(one.case.township)
    return t(KNOCK if phone else KNOCK_ONLY, phone=phone, office=office.name if office else "")


def lines(visit: Visit, posts: Sequence[Staff]) -> str:
    """The first few, the oldest deadline first; empty where there is nothing. Recorded as read."""
    t, found = visit.t, errands.open_for(visit.session, posts)
    if not found:
        return ""
    shown = found[:SHOWN]
    errands.seen(visit.ctx, visit.session, shown)
    said = [
        t(
            LINE, number=number, title=t(ERRAND_NAMES[ErrandKind(one.kind)]), name=name_of(t, one),
            place=place_of(one, visit.scene), due=due_of(t, one, visit.ctx.today()),
        )
        for number, one in enumerate(shown, start=1)
    ]
    more = t(MORE, count=len(found) - SHOWN) if len(found) > SHOWN else ""
    return join(t(TODAY), *said, more)
