"""What a push says: for each occasion the chat text, and the fields of a template.

The first line is what a locked screen shows to whoever sits beside: it names no scheme, no
illness, no money, no trouble. Then what happened, what comes next, by when, whom to call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models import onbehalf
from models.context import Context
from models.moves import MOVES
from models.outgoing import Occasion
from models.settings import Translate, mark
from models.statuses import OPEN, STATUS_NAMES, STATUS_NEXT, EventKind, Status
from models.telling import told
from models.timeline import BESIDE, REPORTED
from notices import campaign, tostaff
from notices.brief import brief
from notices.fields import LONGEST, fit
from notices.householdwords import ANSWERED, NEW_LIST, TO_THEM
from notices.pieces import pieces
from notices.staffwords import PLAIN
from notices.taps import CASE_PROGRESS, OWN_PAGES, PAGES, STAFF_TASK
from notices.teller import DUE, DUE_GIVEN, Details, Teller, lines
from notices.worded import worded

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
THANKS = mark("{stands}。谢谢您替他们说。")
# Moves whose own sentence says what comes next.
SAY_IT_ALL = frozenset({"lapse"})
NEXT = mark("接下来：{next}")
RETAKE = mark("找个亮堂的地方，把纸放平拍清楚。发“补材料”，照着做就行。")

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
LOOK = mark("点这里看")


@dataclass(frozen=True)
class Spoken:
    """A push put into words: chat text in pieces, and a template's fields where one fits.

    `page` is the path that a tap on the template's card opens; `brief` is all of it as one text
    message, empty where it cannot be said in one.
    """

    texts: tuple[str, ...]
    title: str = ""
    body: str = ""
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    brief: str = ""


def _case_moved(teller: Teller) -> tuple[str, str]:
    kind = teller.get("kind")
    if kind == BESIDE:
        status = teller.say(STATUS_NAMES[Status(teller.get("status"))])
        return teller.say(MOVED), lines(teller.say(STANDS, status=status), teller.call())
    if kind == REPORTED:
        stands = teller.say(onbehalf.STANDS[Status(teller.get("status"))])
        return teller.say(REPORTED_MOVED), lines(teller.say(THANKS, stands=stands), teller.call())
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
    body = lines(told(teller.say, kind, teller.details), coming, due, teller.call())
    return teller.say(TITLES.get(kind, MOVED)), body


def _paper_lost(teller: Teller) -> tuple[str, str]:
    say = teller.say
    at = teller.get("at")
    when = say.moment(datetime.fromisoformat(at)) if at else ""
    kind = "voice" if teller.get("kind") == "voice" else "image"
    reason = teller.get("reason")
    happened = say((REFUSED if reason else LOST)[kind], at=when, reason=say(reason))
    again = "" if reason else say(SEND_AGAIN)
    return say(PAPER_TITLE), lines(happened, again, teller.call())


def _household(title: str, body: str) -> Callable[[Teller], tuple[str, str]]:
    def told(teller: Teller) -> tuple[str, str]:
        words = teller.say(LOOK)
        link = f'<a href="{teller.get("link")}">{words}</a>'
        return teller.say(title), lines(teller.say(body, link=link), teller.call())

    return told


def _new_list(teller: Teller) -> tuple[str, str]:
    title, body = NEW_LIST
    place = teller.areas.get(teller.get("village"))
    said = teller.say(body, title=teller.get("title"))
    return (
        teller.say(title, village=place.name if place else ""), lines(said, teller.call())
    )


# occasion → how it is said, and the group of templates that can carry it ("": none can).
OCCASIONS: dict[str, tuple[Callable[[Teller], tuple[str, str]], str]] = {
    Occasion.CASE_MOVED: (_case_moved, CASE_PROGRESS),
    Occasion.PAPER_UNCLEAR: (_case_moved, CASE_PROGRESS),
    Occasion.PAPER_LOST: (_paper_lost, CASE_PROGRESS),
    Occasion.STAFF_NEW_CASE: (tostaff.new_case, STAFF_TASK),
    Occasion.ERRAND: (tostaff.errand, STAFF_TASK),
    Occasion.STAFF_SUPPLIED: (tostaff.supplied, STAFF_TASK),
    Occasion.STAFF_HARM: (tostaff.harm, STAFF_TASK),
    **{kind: (_household(title, body), CASE_PROGRESS) for kind, (title, body) in TO_THEM.items()},
    # Its number stands on no card.
    Occasion.CONCERN_WORD: (_household(*ANSWERED), ""),
    Occasion.STAFF_CLOCK: (tostaff.clock, STAFF_TASK),
    Occasion.STAFF_RENEWAL: (tostaff.renewal, STAFF_TASK),
    **{kind: (tostaff.plain(title, body), STAFF_TASK) for kind, (title, body) in PLAIN.items()},
    # For whoever is in touch: no card may be sent that nobody asked for.
    Occasion.NOTICE_NEW: (_new_list, ""),
    # The platform's cards carry no campaigns; who is not in touch hears of it when they write.
    Occasion.CAMPAIGN: (campaign.words, ""),
    # An answer to what was just said reads as nonsense on a card.
    Occasion.LATE_REPLY: (lambda teller: ("", teller.get("text")), ""),
    Occasion.SIGNED_IN: (tostaff.signed_in, STAFF_TASK),
}


def spoken(ctx: Context, occasion: str, details: Details, township: str, locale: str) -> Spoken:
    """Put a push into words. `township` gives office and telephone where the details do not."""
    place = str(details.get("township") or township)
    is_staffs = OCCASIONS[occasion][1] == STAFF_TASK
    say = ctx.speak(locale) if is_staffs else worded(ctx, place, locale)
    return spoken_in(ctx, say, occasion, details, place)


def spoken_in(
    ctx: Context, say: Translate, occasion: str, details: Details, place: str
) -> Spoken:
    """The same in a language that is given: to look at words before they hold."""
    tell, template = OCCASIONS[occasion]
    teller = Teller(say, ctx.directory.areas, ctx.today(), ctx.is_working, details, place)
    title, body = (_sound(text) for text in tell(teller))
    fields = _fields(teller, title) if template else {}
    short = brief(teller, title, ctx.settings.sms.sign)
    if not fields:
        return Spoken(pieces(title, body), title, body, brief=short)
    page = OWN_PAGES.get(Occasion(occasion), PAGES[template]).format(
        receipt=teller.get("receipt"), referral=teller.get("referral"), alarm=teller.get("alarm")
    )
    return Spoken(pieces(title, body), title, body, template, fields, page, short)


def _fields(teller: Teller, title: str) -> dict[str, str]:
    """The template's fields by their types. A card cannot go without a receipt's number."""
    receipt = teller.get("receipt") or teller.get("number")
    if not receipt:
        return {}
    today = teller.today
    contact = f"{teller.office()} {teller.phone()}".strip()
    if len(contact) > LONGEST["thing"]:
        contact = teller.phone() or teller.office()
    return fit({
        "thing1": title,
        "character_string2": receipt,
        "date3": f"{today.year}年{today.month}月{today.day}日",
        "thing4": contact or receipt,
    })


def _sound(text: str) -> str:
    """Without half characters, which no UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode()
