"""One message in, one reply out: what is asked stands first, then commands, then free words.

The order matters and is the whole of this file: danger before everything, a small question
before a command, a command before a flow's answer, and only then is free text understood.
"""

from __future__ import annotations

from collections.abc import Callable

from bot import asking, danger, doors, drafting, tracking
from bot.answers import Command, read_command, tidy
from bot.asking import choices, join, question
from bot.choices import read_option
from bot.menu import Key
from bot.messages import Heard, Kind
from bot.understand import Intent, Understanding, find_danger, understand
from bot.visit import Visit
from models.receipts import ReceiptKind, read_receipt
from models.settings import mark

WELCOME = mark("您好，这里是{name}。家里有难处，直接说给我听，我帮您报到镇上。")
MENU = (
    ("apply", mark("我要求助")),
    ("report_other", mark("替别人说")),
    ("track", mark("办到哪了")),
    ("human", mark("找人工")),
)
KEPT = mark("好，给您留着。什么时候想接着填，回“继续”。")
RESUMED = mark("好，接着上次的。")
DISCARD_ASK = mark("这次填的都不要了吗？\n1 不要了　2 留着")
ASKED_TO_RESUME = mark("您上次填了一半，我给您留着呢。回“继续”接着填。")


def hear(visit: Visit, heard: Heard) -> str:
    """What to say to this message; empty where nothing is to be said."""
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
    return join(scanned or "", welcome(visit) if scanned is None else "")


def _scan(visit: Visit, heard: Heard) -> str:
    scanned = doors.scanned(visit, heard.scene)
    return scanned if scanned is not None else welcome(visit)


def _click(visit: Visit, heard: Heard) -> str:
    visit.state.asking = None
    begin = _CLICKS.get(heard.scene)
    return begin(visit) if begin else welcome(visit)


def _silent(_visit: Visit, _heard: Heard) -> str:
    return ""


_EVENTS: dict[Kind, Callable[[Visit, Heard], str]] = {
    Kind.SUBSCRIBE: _subscribe,
    Kind.SCAN: _scan,
    Kind.CLICK: _click,
    Kind.UNSUBSCRIBE: _silent,
    Kind.VIEW: _silent,
    Kind.TEMPLATE_DONE: _silent,
}


def welcome(visit: Visit) -> str:
    """Who this is and what it does, with numbers to press."""
    visit.state.asking = {"kind": "menu"}
    t = visit.t
    half = visit.state.draft is not None
    return join(
        t(WELCOME, name=visit.account.name),
        t(ASKED_TO_RESUME) if half else "",
        choices([t(label) for _, label in MENU]),
    )


def apply(visit: Visit, whom: str = "self", said: str = "", *, urgent: bool | None = None) -> str:
    """Begin an application, or go on with the one that is half done."""
    draft = visit.state.draft
    t = visit.t
    if draft is not None and (draft.answers.get("what") or draft.photos) and not said:
        visit.state.paused = False
        if urgent:
            draft.answers["urgent"] = True
        return question(visit, t(RESUMED))
    drafting.new_draft(visit.state, whom, said, urgent=urgent)
    lead = t(mark("您别急，我先帮您报上去，镇上的人会看到。")) if said else ""
    if urgent and not said:
        lead = t(mark("马上有危险先打 110 或 120。急事我帮您先报。"))
    return question(visit, lead)


def for_others(visit: Visit) -> str:
    """Speak for someone else."""
    return apply(visit, "other")


def human(visit: Visit) -> str:
    """The township's number; what was being filled in is kept."""
    t = visit.t
    place = visit.scene.areas.name(visit.township) or visit.scene.areas.name(visit.account.area)
    said = t(mark("找人说话，打{place}：{phone}，工作日有人接。"), place=place, phone=visit.phone)
    kept = ""
    if visit.state.draft is not None:
        visit.state.paused = True
        kept = t(KEPT)
    return join(said, kept)


_CLICKS: dict[str, Callable[[Visit], str]] = {
    Key.APPLY: apply,
    Key.OTHERS: for_others,
    Key.URGENT: lambda visit: apply(visit, urgent=True),
    Key.SUPPLEMENT: tracking.supplement,
    Key.HUMAN: human,
    Key.TRACK: tracking.track,
    Key.CHATS: doors.offer_join,
}


def _image(visit: Visit, heard: Heard) -> str:
    state = visit.state
    if state.draft is not None and not state.paused:
        return asking.photo(visit, heard)
    supplied = tracking.supplied_photo(visit, heard)
    if supplied is not None:
        return supplied
    drafting.new_draft(state, "self")
    return asking.photo(visit, heard)


def _unreadable(visit: Visit) -> str:
    said = visit.t(mark("视频和链接我看不了。请用文字、语音说，或者发照片。"))
    if visit.state.draft is not None and not visit.state.paused:
        return question(visit, said)
    return join(said, choices([visit.t(label) for _, label in MENU]))


def _spoken(visit: Visit, heard: Heard) -> str:
    state = visit.state
    # Two or three characters (a number, 对, 上一步) name no danger: they are read at once.
    if len(heard.text) > 3:
        peril = find_danger(heard.text)
        if peril:
            return danger.answer(visit, heard, peril)
    if state.sos:
        taken = danger.take_contact(visit, heard)
        if taken is not None:
            return taken
    if state.asking is not None:
        answered = _ASKING[state.asking["kind"]](visit, heard)
        if answered is not None:
            return answered
    reading = read_receipt(heard.text)
    whole = tidy(heard.text)
    alone = len(whole) <= 24 and not (state.draft and len(whole) <= 11)
    if reading.kind is not ReceiptKind.NOT_A_RECEIPT and alone:
        return tracking.by_receipt(visit, reading)
    command = read_command(heard.text)
    if command is not None:
        said = _command(visit, command)
        if said is not None:
            return said
    if whole in DETOURS:
        return _INTENTS[DETOURS[whole]](visit, understand(heard.text))
    coded = doors.coded(visit, heard.text) if len(whole) <= 20 else None
    if coded is not None:
        return coded
    if state.draft is not None and not state.paused:
        return _in_flow(visit, heard)
    return _free(visit, heard)


# Said in the middle of a flow these mean what they say, and the draft waits.
DETOURS = {
    "进度": Intent.TRACK, "查进度": Intent.TRACK, "办到哪了": Intent.TRACK,
    "撤回": Intent.WITHDRAW, "补材料": Intent.SUPPLEMENT, "我要求助": Intent.APPLY,
}


def _menu_choice(visit: Visit, heard: Heard) -> str | None:
    from bot.choices import Option

    visit.state.asking = None
    options = [Option(key, visit.t(label)) for key, label in MENU]
    choice = read_option(heard.text, options) if len(tidy(heard.text)) <= 8 else None
    return _INTENTS[Intent(choice)](visit, understand(heard.text)) if choice else None


def _discard(visit: Visit, heard: Heard) -> str | None:
    from bot.answers import read_yes_no

    said = tidy(heard.text)
    agreed = {"1": True, "2": False, "不要了": True, "留着": False}.get(said, read_yes_no(said))
    visit.state.asking = None
    if agreed:
        visit.state.drop_draft()
        return visit.t(mark("好，都清掉了。以后有难处随时来说。"))
    if visit.state.draft is None:
        return None
    return question(visit, visit.t(mark("好，留着。")))


def _guess(visit: Visit, heard: Heard) -> str | None:
    """Two or three guesses were offered; a number takes one up with what was said."""
    from bot.choices import Option

    ask = visit.state.asking
    assert ask is not None
    visit.state.asking = None
    options = [Option(key, visit.t(GUESSES[Intent(key)])) for key in ask["intents"]]
    options.append(Option("none", visit.t(mark("都不是"))))
    choice = read_option(heard.text, options) if len(tidy(heard.text)) <= 12 else None
    if choice is None:
        return None
    if choice == "none":
        return join(visit.t(mark("那您再说说，想办什么事？")), human(visit))
    return _INTENTS[Intent(choice)](visit, understand(ask["said"]))


_ASKING: dict[str, Callable[[Visit, Heard], str | None]] = {
    "menu": _menu_choice,
    "which": tracking.which,
    "withdraw": tracking.withdraw,
    "supply": tracking.supplied,
    "sign_in": doors.matched,
    "discard": _discard,
    "guess": _guess,
}


def _command(visit: Visit, command: Command) -> str | None:
    """A command that means something here; None lets the message be read as an answer."""
    state = visit.state
    filling = state.draft is not None and not state.paused
    if command is Command.HUMAN:
        return human(visit)
    if command is Command.RESUME and state.draft is not None:
        state.paused = False
        return question(visit, visit.t(RESUMED))
    if not filling:
        return welcome(visit) if command is Command.HELP else None
    if command is Command.BACK:
        return asking.back(visit)
    if command is Command.LATER:
        state.paused = True
        return visit.t(KEPT)
    if command is Command.CANCEL:
        state.asking = {"kind": "discard"}
        return visit.t(DISCARD_ASK)
    if command is Command.SKIP:
        return asking.skip(visit)
    if command is Command.HELP:
        return question(visit, visit.t(mark("我在。")))
    return None


def _in_flow(visit: Visit, heard: Heard) -> str:
    """The answer to the open question; a clear wish for something else is served too."""
    before = visit.state.draft.tries if visit.state.draft else 0
    said = asking.answer(visit, heard)
    draft = visit.state.draft
    if draft is None or draft.tries <= before or heard.kind is not Kind.TEXT:
        return said
    meant = understand(heard.text)
    if meant.confident and meant.intent in (Intent.TRACK, Intent.HUMAN, Intent.WITHDRAW):
        draft.tries = before
        return _INTENTS[meant.intent](visit, meant)
    return said


def _free(visit: Visit, heard: Heard) -> str:
    """Free words outside any flow start the right one and keep what was said."""
    if heard.kind is Kind.LOCATION:
        draft = drafting.new_draft(visit.state, "self")
        step = drafting.flow_of(draft).step("living")
        if drafting.answer(draft, step, heard, visit.scene) is None:
            return question(visit, visit.t(mark("位置收到了。")))
        visit.state.drop_draft()
        return welcome(visit)
    if heard.kind is Kind.VOICE and not heard.text:
        draft = drafting.new_draft(visit.state, "self")
        return asking.answer(visit, heard)
    meant = understand(heard.text)
    if meant.confident or meant.urgent:
        said = _INTENTS[meant.intent](visit, meant)
    elif meant.guesses:
        said = _offer(visit, meant)
    else:
        said = join(visit.t(mark("我没看懂。想办哪件事？回数字就行：")), _menu_lines(visit))
    if heard.kind is Kind.VOICE and heard.media_id and visit.state.draft is not None:
        drafting.add_photo(
            visit.session,
            visit.state.draft.bundle,
            visit.person_id,
            visit.account,
            heard.media_id,
            visit.now,
            kind="voice",
            spoken=heard.text,
        )
    return said


def _menu_lines(visit: Visit) -> str:
    visit.state.asking = {"kind": "menu"}
    return choices([visit.t(label) for _, label in MENU])


GUESSES = {
    Intent.APPLY: mark("我家有难处，想求助"),
    Intent.REPORT_OTHER: mark("替别人说"),
    Intent.TRACK: mark("看办到哪一步了"),
    Intent.SUPPLEMENT: mark("补材料"),
    Intent.WITHDRAW: mark("撤回"),
    Intent.NOTICE: mark("看公示"),
    Intent.COMPLAIN: mark("提意见、举报"),
    Intent.POLICY: mark("问政策"),
    Intent.PAYMENT: mark("问钱发没发"),
    Intent.HUMAN: mark("找人说话"),
    Intent.SETTINGS: mark("改设置"),
    Intent.HELP: mark("看看能办什么"),
    Intent.OTHER: mark("别的事"),
}


def _offer(visit: Visit, meant: Understanding) -> str:
    intents = [str(intent) for intent in meant.guesses[:3]]
    visit.state.asking = {"kind": "guess", "intents": intents, "said": meant.text}
    labels = [visit.t(GUESSES[Intent(key)]) for key in intents]
    return join(visit.t(mark("您是想：")), choices([*labels, visit.t(mark("都不是"))]))


def _apply(visit: Visit, meant: Understanding) -> str:
    # A bare wish (我要求助) says nothing of what happened: then that is asked.
    return apply(visit, "self", meant.text if meant.tells else "")


def _report_other(visit: Visit, meant: Understanding) -> str:
    return apply(visit, "other", meant.text if meant.tells else "")


def _by_phone(lead: str) -> Callable[[Visit, Understanding], str]:
    """What has no page of its own yet is answered by a person, by telephone."""

    def say(visit: Visit, _meant: Understanding) -> str:
        return join(visit.t(lead), human(visit))

    return say


def _help(visit: Visit, _meant: Understanding) -> str:
    return welcome(visit)


_INTENTS: dict[Intent, Callable[[Visit, Understanding], str]] = {
    Intent.APPLY: _apply,
    Intent.REPORT_OTHER: _report_other,
    Intent.TRACK: lambda visit, _: tracking.track(visit),
    Intent.SUPPLEMENT: lambda visit, _: tracking.supplement(visit),
    Intent.WITHDRAW: lambda visit, _: tracking.ask_withdrawal(visit),
    Intent.HUMAN: lambda visit, _: human(visit),
    Intent.NOTICE: _by_phone(mark("公示现在贴在村里的公示栏上。想问哪一条，打电话问就行。")),
    Intent.COMPLAIN: _by_phone(mark("有意见、要举报，可以打 12345，也可以打下面的电话。")),
    Intent.POLICY: _by_phone(mark("政策的事，镇上的人讲得最清楚。想直接报难处，回“我要求助”。")),
    Intent.PAYMENT: _by_phone(mark("钱发没发，镇上能查到。")),
    Intent.SETTINGS: _by_phone(mark("通知和字号，暂时要请镇上的人帮您改。")),
    Intent.HELP: _help,
    Intent.OTHER: _help,
}
