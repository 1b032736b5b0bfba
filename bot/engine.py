"""One message in, one reply out: what is asked stands first, then commands, then free words.

The order matters and is the whole of this file: danger before everything, a small question
before a command, a command before a flow's answer, and only then is free text understood.
"""

from __future__ import annotations

from collections.abc import Callable

from bot import (
    asking,
    complaining,
    danger,
    doors,
    drafting,
    freely,
    helped,
    informed,
    navigate,
    noticing,
    opening,
    photos,
    policies,
    steering,
    supplying,
    tracking,
    wishing,
)
from bot.answers import read_command, tidy
from bot.freely import INTENTS
from bot.menu import Key
from bot.messages import Heard, Kind
from bot.saying import join
from bot.understand import Intent, find_danger, understand
from bot.visit import Visit
from models.receipts import ReceiptKind, read_receipt
from models.settings import mark

# Two or three characters (a number, 对, 上一步) name no danger: they are read at once.
PERILOUS_LENGTH = 3
RECEIPT_LENGTH = 24
PHONE_LENGTH = 11
CODE_LENGTH = 20

# Said in the middle of a flow these mean what they say, and the draft waits.
DETOURS = {
    "进度": Intent.TRACK, "查进度": Intent.TRACK, "办到哪了": Intent.TRACK,
    "撤回": Intent.WITHDRAW, "补材料": Intent.SUPPLEMENT, "我要求助": Intent.APPLY,
    "替别人说": Intent.REPORT_OTHER, "报一户": Intent.REPORT_OTHER, "找人工": Intent.HUMAN,
}
# What is wanted instead of an answer, where it is told plainly and no trouble with it.
WISHES = frozenset(
    {Intent.TRACK, Intent.HUMAN, Intent.WITHDRAW, Intent.NOTICE, Intent.COMPLAIN, Intent.PAYMENT}
)


def hear(visit: Visit, heard: Heard) -> str:
    """What to say to this message; empty where nothing is to be said."""
    said = _hear(visit, heard)
    return join(visit.before, said)


def _hear(visit: Visit, heard: Heard) -> str:
    if heard.kind in _EVENTS:
        return _EVENTS[heard.kind](visit, heard)
    if heard.kind is Kind.IMAGE:
        return _image(visit, heard)
    if heard.kind in (Kind.TEXT, Kind.VOICE, Kind.LOCATION):
        return _spoken(visit, heard)
    if heard.kind in (Kind.VIDEO, Kind.LINK):
        return _unreadable(visit)
    return ""


def _subscribe(visit: Visit, heard: Heard) -> str:
    scanned = doors.scanned(visit, heard.scene) if heard.scene else None
    return scanned if scanned is not None else opening.welcome(visit)


def _scan(visit: Visit, heard: Heard) -> str:
    scanned = doors.scanned(visit, heard.scene)
    return scanned if scanned is not None else opening.welcome(visit)


def _click(visit: Visit, heard: Heard) -> str:
    _let_go(visit)
    begin = _CLICKS.get(heard.scene)
    return begin(visit) if begin else opening.welcome(visit)


def _let_go(visit: Visit) -> None:
    """Leave a small question for something else; what it held is not lost."""
    waiting = visit.state.asking
    if waiting is not None and waiting["kind"] in _HOLDING:
        _ASKING[waiting["kind"]](visit, Heard(Kind.TEXT))
    visit.state.asking = None


def _silent(_visit: Visit, _heard: Heard) -> str:
    return ""


_EVENTS: dict[Kind, Callable[[Visit, Heard], str]] = {
    Kind.SUBSCRIBE: _subscribe,
    Kind.SCAN: _scan,
    Kind.CLICK: _click,
    Kind.UNSUBSCRIBE: _silent,
    Kind.VIEW: _silent,
    Kind.TEMPLATE_DONE: _silent,
    Kind.MASS_DONE: _silent,
    Kind.SUBSCRIPTION: _silent,
}
_CLICKS: dict[str, Callable[[Visit], str]] = {
    Key.APPLY: opening.apply,
    Key.OTHERS: opening.report_other,
    Key.URGENT: lambda visit: opening.apply(visit, urgent=True),
    Key.SUPPLEMENT: supplying.supplement,
    Key.HUMAN: steering.human,
    Key.TRACK: tracking.track,
    Key.CHATS: doors.offer_join,
    Key.VILLAGE: opening.village,
    Key.NOTICES: noticing.notices,
    Key.COMPLAIN: complaining.begin,
    Key.NAVIGATE: navigate.begin,
    Key.POLICY: policies.listed,
    Key.SETTINGS: wishing.show,
}


def _image(visit: Visit, heard: Heard) -> str:
    told = complaining.photo(visit, heard)
    if told is not None:
        return told
    waiting = visit.state.asking
    if waiting is not None and waiting["kind"] in _HOLDING - {"photo_for"}:
        _let_go(visit)
    return photos.heard_photo(visit, heard)


def _unreadable(visit: Visit) -> str:
    said = visit.t(mark("视频和链接我看不了。请用文字、语音说，或者发照片。"))
    if visit.state.filling is not None:
        return asking.question(visit, said)
    return join(said, opening.menu_lines(visit))


def _spoken(visit: Visit, heard: Heard) -> str:
    peril = find_danger(heard.text) if len(heard.text) > PERILOUS_LENGTH else None
    if peril:
        helped.keep_before_danger(visit, heard)
        _let_go(visit)
        return danger.answer(visit, heard, peril)
    # Each looks at the message and leaves it (None) to the next.
    for listen in (
        _wish_to_be_told, _small_question, complaining.listen, helped.listen, informed.listen,
        _contact, _receipt, _command, _detour, navigate.listen, _village, _code,
    ):
        said = listen(visit, heard)
        if said is not None:
            return said
    if visit.state.filling is not None:
        return _in_flow(visit, heard)
    return freely.free(visit, heard)


_ASKING: dict[str, Callable[[Visit, Heard], str | None]] = {
    "menu": freely.menu,
    "guess": freely.guess,
    "add": freely.add,
    "half": opening.half,
    "paused": steering.paused,
    "discard": steering.discard,
    "navigate": navigate.answer,
    "navigated": navigate.chosen,
    "policy": policies.chosen,
    "which": tracking.which,
    "withdraw": tracking.withdraw,
    "supply": supplying.supplied,
    "supply_which": supplying.which,
    "photo_for": photos.photo_for,
    "sos_place": danger.which_place,
    "sign_in": doors.matched,
    "join": doors.joined,
    "word": helped.word,
    "maybe_word": helped.maybe_word,
    "change": helped.change,
    "told": informed.told,
    "told_sure": informed.sure,
    "concern": complaining.about,
    "concern_where": complaining.where,
    "concern_kind": complaining.kind,
    "concern_tell": complaining.tell,
    "concern_more": complaining.more,
}
# These hold words or photos: they are put somewhere before the question is left.
_HOLDING = frozenset({"add", "half", "photo_for", "maybe_word"})


def _small_question(visit: Visit, heard: Heard) -> str | None:
    waiting = visit.state.asking
    return _ASKING[waiting["kind"]](visit, heard) if waiting is not None else None


def _wish_to_be_told(visit: Visit, heard: Heard) -> str | None:
    """退订 and its like are heard whatever is being asked."""
    said = wishing.listen(visit, heard)
    return _aside(visit, said) if said is not None else None


def _contact(visit: Visit, heard: Heard) -> str | None:
    """A telephone or a village for a report of danger, unless a form is being filled in."""
    if visit.state.filling is not None or not danger.is_open(visit) or _wish(heard.text):
        return None
    return danger.take_contact(visit, heard)


def _receipt(visit: Visit, heard: Heard) -> str | None:
    reading = read_receipt(heard.text)
    whole = tidy(heard.text)
    filling = visit.state.filling is not None
    # Eleven digits in a form are a telephone.
    alone = len(whole) <= RECEIPT_LENGTH and not (filling and len(whole) <= PHONE_LENGTH)
    if reading.kind is ReceiptKind.NOT_A_RECEIPT or not alone:
        return None
    return _aside(visit, tracking.by_receipt(visit, reading))


def _command(visit: Visit, heard: Heard) -> str | None:
    command = read_command(heard.text)
    return steering.command(visit, command) if command is not None else None


def _detour(visit: Visit, heard: Heard) -> str | None:
    intent = DETOURS.get(tidy(heard.text))
    return _serve(visit, intent, heard) if intent is not None else None


def _village(visit: Visit, heard: Heard) -> str | None:
    asked = tidy(heard.text) in ("村里的事", "今天的事")
    return _aside(visit, opening.village(visit)) if asked else None


def _code(visit: Visit, heard: Heard) -> str | None:
    if len(tidy(heard.text)) > CODE_LENGTH:
        return None
    said = doors.coded(visit, heard.text)
    return _aside(visit, said) if said is not None else None


def _aside(visit: Visit, said: str) -> str:
    """Served in the middle of a flow: it is told that what was filled in waits."""
    state = visit.state
    waits = state.filling is not None and state.half is not None and state.asking is None
    return join(said, visit.t(steering.ASIDE)) if waits else said


def _serve(visit: Visit, intent: Intent, heard: Heard) -> str:
    said = INTENTS[intent](visit, understand(heard.text))
    # These two go on with the form, or ask about it, by themselves.
    return said if intent in (Intent.APPLY, Intent.REPORT_OTHER) else _aside(visit, said)


def _in_flow(visit: Visit, heard: Heard) -> str:
    """The answer to the open question; a clear wish for something else is served too."""
    draft = visit.state.draft
    assert draft is not None
    step = drafting.current(draft)
    if heard.kind is Kind.TEXT and step is not None and step.key == "what":
        wish = _wish(heard.text)
        if wish is not None:
            return _serve(visit, wish, heard)
    tries, said_before = draft.tries, list(draft.said)
    said = asking.answer(visit, heard)
    if visit.state.draft is not draft or draft.tries <= tries or heard.kind is not Kind.TEXT:
        return said
    wish = _wish(heard.text)
    if wish is None:
        return said
    draft.tries, draft.said = tries, said_before
    return _serve(visit, wish, heard)


def _wish(text: str) -> Intent | None:
    meant = understand(text)
    plainly = meant.plain and not meant.tells and meant.intent in WISHES
    return meant.intent if plainly else None
