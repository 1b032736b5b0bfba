"""Free words outside any flow: they start the right thing, and what was said goes with them."""

from __future__ import annotations

from collections.abc import Callable

from bot import (
    asking,
    complaining,
    danger,
    drafting,
    keeping,
    navigate,
    noticing,
    policies,
    supplying,
    taught,
    tracking,
    wishing,
)
from bot.answers import Command, Option, read_command, read_option, read_yes_no, squeezed, tidy
from bot.asking import question
from bot.flow import Read
from bot.flows.gleaning import glean
from bot.flows.who import THANKS
from bot.messages import Heard, Kind
from bot.opening import apply, choose, menu_choice, menu_lines, report_other, welcome
from bot.saying import choices, join
from bot.steering import human
from bot.understand import Intent, Understanding, understand
from bot.visit import Visit
from models import casequeries, residentwork
from models.settings import mark

# Questions whose answers are plain enough to go on with a draft that was put aside.
PICKED_UP = frozenset({"living", "home", "incident", "household", "phone"})
PICKED_UP_LENGTH = 20
# A guess is taken up with what was said, unless that was hardly more than the wish itself.
WISH_LENGTH = 5
# A yes with more behind it (嗯，我那事咋样了) asks for something.
NOD_LENGTH = 6


def free(visit: Visit, heard: Heard) -> str:
    """Words, a location or a voice, with no question open."""
    if _goes_on(visit, heard):
        visit.state.paused = False
        return asking.answer(visit, heard)
    if heard.kind is Kind.LOCATION:
        return _located(visit, heard)
    if heard.kind is Kind.VOICE and not heard.text:
        return _voice(visit, heard)
    if squeezed(heard.text) in THANKS:
        return visit.t(mark("不客气。有难处随时来说，想看办到哪了，发“进度”。"))
    meant = taught.understand_in(visit.ctx, visit.account.area, heard.text)
    if danger.is_open(visit) and not _wants_else(meant):
        return danger.more(visit, heard)
    bare = len(squeezed(heard.text)) <= NOD_LENGTH and read_yes_no(heard.text)
    if bare or read_command(heard.text) in (Command.DONE, Command.CONFIRM):
        return visit.t(mark("好。有事随时说；想看办到哪了，发“进度”。"))
    said = _meant(visit, meant)
    draft = visit.state.filling
    if heard.kind is Kind.VOICE and draft is not None:
        asking.keep_recording(visit, draft, heard)
    return said


def _wants_else(meant: Understanding) -> bool:
    """Whether this plainly wants something, and tells of no trouble."""
    told = (Intent.APPLY, Intent.REPORT_OTHER, Intent.OTHER)
    return meant.confident and not meant.tells and meant.intent not in told


def _goes_on(visit: Visit, heard: Heard) -> bool:
    """Whether this plainly answers the question of the draft that was put aside."""
    draft = visit.state.half
    step = drafting.current(draft) if draft else None
    if draft is None or step is None:
        return False
    said = tidy(heard.text)
    # A bare number or a yes answers whatever was said last, which is not that question.
    short = said.isdigit() and len(said) < 3
    if heard.kind is not Kind.LOCATION and (
        short or len(said) > PICKED_UP_LENGTH or read_yes_no(said) is not None
        or understand(said).tells
    ):
        return False
    if heard.kind is not Kind.LOCATION and glean(said, draft.answers, visit.scene):
        return True
    return step.key in PICKED_UP and isinstance(
        step.read(heard, draft.answers, visit.scene), Read
    )


def _meant(visit: Visit, meant: Understanding) -> str:
    if meant.confident or meant.urgent:
        return INTENTS[meant.intent](visit, meant)
    taught.keep_unheard(visit, meant)
    if meant.guesses:
        return _offer(visit, meant)
    lead = visit.t(mark("我没看懂。想办哪件事？回数字就行："))
    return join(lead, menu_lines(visit, meant.text))


def _located(visit: Visit, heard: Heard) -> str:
    """A place is sent first: where they live; then what happened is asked."""
    if visit.state.half is not None:
        visit.state.paused = False
        return asking.answer(visit, heard)
    draft = drafting.new_draft(visit.state, "self", visit.scene)
    step = drafting.flow_of(draft).step("living")
    if drafting.answer(draft, step, heard, visit.scene) is None:
        return question(visit, visit.t(mark("位置收到了。")))
    visit.state.drop_draft()
    lead = visit.t(mark("这个位置好像不在我们县里。想办哪件事？"))
    return join(lead, menu_lines(visit))


def _voice(visit: Visit, heard: Heard) -> str:
    """A voice that the platform did not recognise is listened to by people."""
    visit.state.paused = False
    if visit.state.half is None:
        drafting.new_draft(visit.state, "self", visit.scene)
    return asking.answer(visit, heard)


def menu(visit: Visit, heard: Heard) -> str | None:
    """An entry of the menu by number or name; None when it was something else."""
    waiting = visit.state.asking or {}
    visit.state.asking = None
    choice = menu_choice(visit, heard)
    if not choice:
        return None
    if choice == "navigate":
        return navigate.begin(visit)
    if waiting.get("said"):
        taught.note_choice(visit, waiting["said"], choice)
    reply = INTENTS[Intent(choice)](visit, understand(heard.text))
    draft = visit.state.filling
    if draft is not None and waiting.get("said"):
        keeping.keep_words(draft, waiting["said"])
    return reply


def guess(visit: Visit, heard: Heard) -> str | None:
    """Two or three guesses were offered; a number takes one up with what was said."""
    waiting = visit.state.asking
    assert waiting is not None
    visit.state.asking = None
    options = [Option(key, visit.t(GUESSES[Intent(key)])) for key in waiting["intents"]]
    options.append(Option("none", visit.t(mark("都不是"))))
    choice = read_option(heard.text, options) if len(tidy(heard.text)) <= 12 else None
    if choice is None:
        return None
    taught.note_choice(visit, str(waiting["said"]), choice)
    if choice == "none":
        return join(visit.t(mark("那您再说说，想办什么事？想找人说话：")), human(visit))
    said = str(waiting["said"])
    if choice in (Intent.APPLY, Intent.REPORT_OTHER):
        whom = "self" if choice == Intent.APPLY else "other"
        return _tell(visit, whom, said if len(squeezed(said)) > WISH_LENGTH else "")
    return INTENTS[Intent(choice)](visit, understand(said))


def _offer(visit: Visit, meant: Understanding) -> str:
    intents = [str(intent) for intent in meant.guesses[:3]]
    visit.state.asking = {"kind": "guess", "intents": intents, "said": meant.text}
    labels = [visit.t(GUESSES[Intent(key)]) for key in intents]
    return join(visit.t(mark("您是想：")), choices([*labels, visit.t(mark("都不是"))]))


def _tell(visit: Visit, whom: str, said: str) -> str:
    """Trouble is told: a new matter, or more of one that is already with the township."""
    if whom == "other":
        return report_other(visit, said)
    open_cases = casequeries.open_of(visit.session, visit.person_id) if said else ()
    # What was told for others is no matter of one's own household.
    open_cases = [case for case in open_cases if not case.on_behalf]
    if not open_cases or visit.state.half is not None:
        return apply(visit, whom, said)
    receipt = open_cases[0].receipt
    visit.state.asking = {"kind": "add", "receipt": receipt, "said": said}
    t = visit.t
    labels = [t(mark("是同一件，加进去")), t(mark("是另一件，另外报"))]
    asked = t(mark("您有一件正在办：{receipt}。这回说的是同一件吗？"), receipt=receipt)
    return join(asked, choices(labels))


def add(visit: Visit, heard: Heard) -> str | None:
    """More of a matter, or another one; in doubt it is added, so that staff read it."""
    waiting, t = visit.state.asking, visit.t
    assert waiting is not None
    visit.state.asking = None
    options = [
        Option("same", t(mark("是同一件，加进去")), ("同一件", "加进去")),
        Option("new", t(mark("是另一件，另外报")), ("另一件", "另外报")),
    ]
    choice = choose(heard, options)
    if choice == "new":
        return apply(visit, "self", waiting["said"])
    receipt = waiting["receipt"]
    residentwork.add_words(visit.ctx, visit.session, visit.person_id, receipt, waiting["said"])
    told = t(mark("加进去了，镇上的人会看到（编号 {receipt}）。"), receipt=receipt)
    if choice == "same":
        return told
    visit.before = told
    return None


def _apply(visit: Visit, meant: Understanding) -> str:
    # A bare wish (我要求助) says nothing of what happened: then that is asked.
    return _tell(visit, "self", meant.text if meant.tells else "")


def _report_other(visit: Visit, meant: Understanding) -> str:
    return _tell(visit, "other", meant.text if meant.tells else "")


def _by_phone(lead: str) -> Callable[[Visit, Understanding], str]:
    """What has no page of its own yet is answered by a person, by telephone."""

    def say(visit: Visit, _meant: Understanding) -> str:
        return join(visit.t(lead), human(visit))

    return say


def _help(visit: Visit, _meant: Understanding) -> str:
    return welcome(visit)


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

INTENTS: dict[Intent, Callable[[Visit, Understanding], str]] = {
    Intent.APPLY: _apply,
    Intent.REPORT_OTHER: _report_other,
    Intent.TRACK: lambda visit, _: tracking.track(visit),
    Intent.SUPPLEMENT: lambda visit, _: supplying.supplement(visit),
    Intent.WITHDRAW: lambda visit, _: tracking.ask_withdrawal(visit),
    Intent.HUMAN: lambda visit, _: human(visit),
    Intent.NOTICE: lambda visit, meant: noticing.notices(visit, meant.text),
    Intent.COMPLAIN: lambda visit, meant: complaining.begin(visit, meant.text),
    Intent.POLICY: policies.policy,
    Intent.PAYMENT: _by_phone(mark("钱发没发，镇上能查到。")),
    Intent.SETTINGS: lambda visit, _: wishing.show(visit),
    Intent.HELP: _help,
    Intent.OTHER: _help,
}
