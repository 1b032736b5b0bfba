"""What a push says: for each occasion the chat text, and the fields of a template.

The first line is what a locked screen shows to whoever sits beside: it names no scheme, no
illness, no money, no trouble. Then what happened, what comes next, by when, whom to call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models import onbehalf
from models.areas import Gazetteer
from models.clockwords import CLOCK_NAMES
from models.context import Context
from models.deadlines import WorkingDay, working_days_left
from models.moves import MOVES, Clocks
from models.outgoing import Occasion
from models.settings import Translate, mark
from models.statuses import OPEN, STATUS_NAMES, STATUS_NEXT, EventKind, Status
from models.telling import told
from models.timeline import BESIDE, REPORTED
from notices.householdwords import ANSWERED, TO_THEM
from notices.pieces import pieces
from notices.staffwords import CLOCKS, HARM, PLAIN
from notices.taps import CASE_PROGRESS, OWN_PAGES, PAGES, STAFF_TASK

Details = Mapping[str, Any]

# The platform's limit for a field of the kind `thing`.
THING = 20

MOVED = mark("您在镇上办的事有新进展")
REPORTED_MOVED = mark("您替别人说的事，镇上有新进展")
TITLES: dict[str, str] = {
    "return": mark("您在镇上办的事还差材料"),
    "answer": mark("您在镇上问的事有答复了"),
    EventKind.REMINDED: mark("您在镇上办的事还差材料"),
    EventKind.HEARING_ASKED: mark("镇上有件事想听您怎么说"),
    EventKind.PAPER_CLEAR: mark("您交的材料镇上看过了"),
    EventKind.ALL_SUPPLIED: mark("您补的材料镇上收齐了"),
    EventKind.PAPER_UNCLEAR: mark("您交的材料请再拍一张"),
}
STANDS = mark("和您这件并在一起办的那件事，现在是：{status}。")
# Moves whose own sentence says what comes next.
SAY_IT_ALL = frozenset({"lapse"})
NEXT = mark("接下来：{next}")
DUE = mark("{day}前给您回话（还剩 {left} 个工作日）。")
DUE_GIVEN = mark("{day}前发给您（还剩 {left} 个工作日）。")
DUE_TODAY = mark("今天给您回话。")
DUE_PAST = mark("说好{day}给您回话，我们晚了，对不住。")
RETAKE = mark("找个亮堂的地方，把纸放平拍清楚。发“补材料”，照着做就行。")
CALL = mark("编号 {receipt}。有事打{office}电话 {phone}。")
CALL_ONLY = mark("有事打{office}电话 {phone}。")
NO_PHONE = mark("编号 {receipt}。想找人说话，回“人工”。")
NO_PHONE_ONLY = mark("想找人说话，回“人工”。")

PAPER_TITLE = mark("您发的材料没收到，请再发一次")
LOST: dict[str, str] = {
    "image": mark("您{at}发的那张照片，我们没能收下来，微信那边已经找不到了。"),
    "voice": mark("您{at}发的那段语音，我们没能收下来，微信那边已经找不到了。"),
}
REFUSED: dict[str, str] = {
    "image": mark("您{at}发的那张照片，我们没能收下来。{reason}"),
    "voice": mark("您{at}发的那段语音打不开。请再说一遍，或者打字告诉我们。"),
}
SEND_AGAIN = mark("麻烦您再发一次，发“补材料”就能接着交。")

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


@dataclass(frozen=True)
class Spoken:
    """A push put into words: chat text in pieces, and a template's fields where one fits.

    `page` is the path that a tap on the template's card opens.
    """

    texts: tuple[str, ...]
    title: str = ""
    body: str = ""
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    page: str = ""


@dataclass(frozen=True)
class _Teller:
    """What the texts are made with."""

    say: Translate
    areas: Gazetteer
    today: date
    is_working: WorkingDay
    details: Details
    township: str

    def get(self, name: str) -> str:
        """A detail as text; empty where it is not there."""
        value = self.details.get(name)
        return "" if value is None else str(value)

    def office(self) -> str:
        place = self.areas.get(self.township)
        return place.name if place else ""

    def phone(self) -> str:
        return self.areas.phone(self.township)

    def call(self) -> str:
        """The receipt, and the human's number."""
        receipt, phone = self.get("receipt"), self.phone()
        if phone:
            line = CALL if receipt else CALL_ONLY
            return self.say(line, receipt=receipt, office=self.office(), phone=phone)
        return self.say(NO_PHONE if receipt else NO_PHONE_ONLY, receipt=receipt)

    def due(self, line: str = DUE) -> str:
        """The deadline as a date and as working days left."""
        text = self.get("due_on")
        if not text:
            return ""
        day = date.fromisoformat(text)
        if day == self.today:
            return self.say(DUE_TODAY)
        line = line if day > self.today else DUE_PAST
        left = working_days_left(self.today, day, self.is_working)
        return self.say(line, day=self.say.day(day), left=left)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _case_moved(teller: _Teller) -> tuple[str, str]:
    kind = teller.get("kind")
    if kind == BESIDE:
        status = teller.say(STATUS_NAMES[Status(teller.get("status"))])
        return teller.say(MOVED), _lines(teller.say(STANDS, status=status), teller.call())
    if kind == REPORTED:
        stands = teller.say(onbehalf.STANDS[Status(teller.get("status"))])
        told_so = teller.say(mark("{stands}。谢谢您替他们说。"), stands=stands)
        return teller.say(REPORTED_MOVED), _lines(told_so, teller.call())
    move = MOVES.get(kind)
    coming = teller.say(STATUS_NEXT[move.to]) if move else ""
    if move and move.to in OPEN:
        coming = teller.say(NEXT, next=coming)
    if kind == EventKind.PAPER_UNCLEAR:
        coming = teller.say(RETAKE)
    if kind in SAY_IT_ALL:
        coming = ""
    given = move is not None and move.to is Status.GRANTED
    due = teller.due(DUE_GIVEN if given else DUE)
    body = _lines(told(teller.say, kind, teller.details), coming, due, teller.call())
    return teller.say(TITLES.get(kind, MOVED)), body


def _paper_lost(teller: _Teller) -> tuple[str, str]:
    say = teller.say
    at = teller.get("at")
    when = say.moment(datetime.fromisoformat(at)) if at else ""
    kind = "voice" if teller.get("kind") == "voice" else "image"
    reason = teller.get("reason")
    happened = say((REFUSED if reason else LOST)[kind], at=when, reason=say(reason))
    again = "" if reason else say(SEND_AGAIN)
    return say(PAPER_TITLE), _lines(happened, again, teller.call())


def _staff_new(teller: _Teller) -> tuple[str, str]:
    urgent = bool(teller.details.get("urgent"))
    body = teller.say(URGENT_BODY if urgent else NEW_BODY, receipt=teller.get("receipt"))
    return teller.say(URGENT_TITLE if urgent else NEW_TITLE), body


def _staff_clock(teller: _Teller) -> tuple[str, str]:
    title, body = CLOCKS[teller.get("ask") or "late"]
    text, kind = teller.get("due_on"), teller.get("clock")
    day = teller.say.day(date.fromisoformat(text)) if text else ""
    clock = teller.say(CLOCK_NAMES[Clocks(kind)]) if kind else ""
    return teller.say(title), teller.say(
        body, receipt=teller.get("receipt"), day=day, clock=clock
    )


def _signed_in(teller: _Teller) -> tuple[str, str]:
    say, place = teller.say, teller.get("place")
    return say(SIGNED_TITLE), _lines(say(SIGNED_PLACE, place=place) if place else "",
                                     say(SIGNED_BODY))


def _errand(teller: _Teller) -> tuple[str, str]:
    """To an assistant: that there is something, never about whom."""
    text = teller.get("due_on")
    day = teller.say.day(date.fromisoformat(text)) if text else ""
    when = teller.say(ERRAND_DUE, day=day) if day else ""
    return teller.say(ERRAND_TITLE), _lines(when, teller.say(ERRAND_BODY), teller.call())


def _staff_supplied(teller: _Teller) -> tuple[str, str]:
    whole = teller.get("kind") == EventKind.ALL_SUPPLIED
    title, body = (ALL_TITLE, ALL_BODY) if whole else (SUPPLIED_TITLE, SUPPLIED_BODY)
    return teller.say(title), teller.say(body, receipt=teller.get("receipt"))


def _household(title: str, body: str) -> Callable[[_Teller], tuple[str, str]]:
    return lambda teller: (
        teller.say(title), _lines(teller.say(body, link=teller.get("link")), teller.call())
    )


def _staff_harm(teller: _Teller) -> tuple[str, str]:
    title, body = HARM
    return teller.say(title), teller.say(
        body, receipt=teller.get("receipt"), office=teller.office(), phone=teller.phone()
    )


def _staff(title: str, body: str) -> Callable[[_Teller], tuple[str, str]]:
    return lambda teller: (
        teller.say(title),
        teller.say(body, receipt=teller.get("receipt"), count=teller.get("count")),
    )


# occasion → how it is said, and the group of templates that can carry it ("": none can).
OCCASIONS: dict[str, tuple[Callable[[_Teller], tuple[str, str]], str]] = {
    Occasion.CASE_MOVED: (_case_moved, CASE_PROGRESS),
    Occasion.PAPER_UNCLEAR: (_case_moved, CASE_PROGRESS),
    Occasion.PAPER_LOST: (_paper_lost, CASE_PROGRESS),
    Occasion.STAFF_NEW_CASE: (_staff_new, STAFF_TASK),
    Occasion.STAFF_SUPPLIED: (_staff_supplied, STAFF_TASK),
    Occasion.STAFF_HARM: (_staff_harm, STAFF_TASK),
    **{kind: (_household(title, body), CASE_PROGRESS) for kind, (title, body) in TO_THEM.items()},
    # Its number stands on no card.
    Occasion.CONCERN_WORD: (_household(*ANSWERED), ""),
    Occasion.STAFF_CLOCK: (_staff_clock, STAFF_TASK),
    **{kind: (_staff(title, body), STAFF_TASK) for kind, (title, body) in PLAIN.items()},
    # An answer to what was just said reads as nonsense on a card.
    Occasion.LATE_REPLY: (lambda teller: ("", teller.get("text")), ""),
    Occasion.SIGNED_IN: (_signed_in, STAFF_TASK),
    Occasion.ERRAND: (_errand, STAFF_TASK),
}


def spoken(ctx: Context, occasion: str, details: Details, township: str, locale: str) -> Spoken:
    """Put a push into words. `township` gives office and telephone where the details do not."""
    tell, template = OCCASIONS[occasion]
    place = str(details.get("township") or township)
    teller = _Teller(
        ctx.speak(locale), ctx.directory.areas, ctx.today(), ctx.is_working, details, place
    )
    title, body = (_sound(text) for text in tell(teller))
    fields = _fields(teller, title) if template else {}
    if not fields:
        return Spoken(pieces(title, body), title, body)
    page = OWN_PAGES.get(Occasion(occasion), PAGES[template]).format(
        receipt=teller.get("receipt"), referral=teller.get("referral"), alarm=teller.get("alarm")
    )
    return Spoken(pieces(title, body), title, body, template, fields, page)


def _fields(teller: _Teller, title: str) -> dict[str, str]:
    """The template's fields by their types. A card cannot go without a receipt's number."""
    receipt = teller.get("receipt") or teller.get("number")
    if not receipt:
        return {}
    today = teller.today
    contact = f"{teller.office()} {teller.phone()}".strip()
    if len(contact) > THING:
        contact = teller.phone() or teller.office()
    return {
        "thing1": title[:THING],
        "character_string2": receipt,
        "date3": f"{today.year}年{today.month}月{today.day}日",
        "thing4": contact[:THING] or receipt,
    }


def _sound(text: str) -> str:
    """Without half characters, which no UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode()
