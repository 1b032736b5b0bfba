"""What a push says to staff and assistants: that something waits for them, never about whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from models.clockwords import CLOCK_NAMES
from models.moves import Clocks
from models.settings import mark
from models.statuses import EventKind
from notices.staffwords import CLOCKS, HARM, RENEWALS
from notices.teller import Teller, lines

NEW_TITLE = mark("有一件新的求助等您登记")
URGENT_TITLE = mark("急：有一件等不得的求助")
NEW_BODY = mark("编号 {receipt}，请到工作台登记。")
URGENT_BODY = mark("编号 {receipt}，请马上到工作台登记，先打电话问问人怎么样。")
SUPPLIED_TITLE = mark("有居民补交了材料")
SUPPLIED_BODY = mark("编号 {receipt}，请到工作台看看齐不齐。")
ALL_TITLE = mark("有居民把材料补齐了")
ALL_BODY = mark("编号 {receipt}，要补的都补齐了，请到工作台看看，接着办。")
ERRAND_TITLE = mark("村里有一件事请您帮着办")
ERRAND_DUE = mark("{day}前办好。")
ERRAND_BODY = mark("发“今天的事”，看是哪一家、要做什么。")
SIGNED_TITLE = mark("您的微信刚刚登录了工作台")
SIGNED_PLACE = mark("从{place}登录的。")
SIGNED_BODY = mark("是您本人就不用管。不是的话，请马上告诉县里管理员，把这次登录退掉。")


def new_case(teller: Teller) -> tuple[str, str]:
    """A case to be registered."""
    urgent = bool(teller.details.get("urgent"))
    body = teller.say(URGENT_BODY if urgent else NEW_BODY, receipt=teller.get("receipt"))
    return teller.say(URGENT_TITLE if urgent else NEW_TITLE), body


def clock(teller: Teller) -> tuple[str, str]:
    """A deadline is near, or past."""
    title, body = CLOCKS[teller.get("ask") or "late"]
    text, kind = teller.get("due_on"), teller.get("clock")
    day = teller.say.day(date.fromisoformat(text)) if text else ""
    name = teller.say(CLOCK_NAMES[Clocks(kind)]) if kind else ""
    return teller.say(title), teller.say(
        body, receipt=teller.get("receipt"), day=day, clock=name
    )


def renewal(teller: Teller) -> tuple[str, str]:
    """Lists of this month wait for a signature, or are late."""
    title, body = RENEWALS[teller.get("ask") or "late"]
    day = teller.say.day(date.fromisoformat(on)) if (on := teller.get("due_on")) else ""
    return teller.say(title), teller.say(body, count=teller.get("count"), day=day)


def signed_in(teller: Teller) -> tuple[str, str]:
    """Somebody came in at the desk with their chat."""
    say, place = teller.say, teller.get("place")
    return say(SIGNED_TITLE), lines(
        say(SIGNED_PLACE, place=place) if place else "", say(SIGNED_BODY)
    )


def errand(teller: Teller) -> tuple[str, str]:
    """To an assistant: that there is something, never about whom."""
    text = teller.get("due_on")
    day = teller.say.day(date.fromisoformat(text)) if text else ""
    when = teller.say(ERRAND_DUE, day=day) if day else ""
    return teller.say(ERRAND_TITLE), lines(when, teller.say(ERRAND_BODY), teller.call())


def supplied(teller: Teller) -> tuple[str, str]:
    """Somebody sent what was missing."""
    whole = teller.get("kind") == EventKind.ALL_SUPPLIED
    title, body = (ALL_TITLE, ALL_BODY) if whole else (SUPPLIED_TITLE, SUPPLIED_BODY)
    return teller.say(title), teller.say(body, receipt=teller.get("receipt"))


def harm(teller: Teller) -> tuple[str, str]:
    """Somebody may be harmed."""
    title, body = HARM
    return teller.say(title), teller.say(
        body, receipt=teller.get("receipt"), office=teller.office(), phone=teller.phone()
    )


def plain(title: str, body: str) -> Callable[[Teller], tuple[str, str]]:
    """What needs no more than its receipt or its count."""
    return lambda teller: (
        teller.say(title),
        teller.say(body, receipt=teller.get("receipt"), count=teller.get("count")),
    )
