"""替我说的: what others said for one's household, and 不是我同意的, which stops it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Option, read_option, read_yes_no, tidy
from bot.flow import Scene, is_open
from bot.flows.apply import APPLY
from bot.flows.discover import DISCOVER
from bot.messages import Heard
from bot.saying import choices, join, plain
from bot.visit import Visit
from models import informing, informwork
from models.cases import Case
from models.onbehalf import unsigned
from models.settings import mark
from models.statuses import OPEN

SEE = ("替我说的", "谁替我说的", "替我说了什么")
DECLINE = ("不是我同意的", "不用帮我办", "不用帮我", "别帮我办")
# What of a report is shown to the household: how it is with them; never who said it, nor whose
# telephone stands in it.
SHOWN = ("what", "urgent", "household", "needs", "spot")
FREE = {"what": ("what",), "spot": ("spot",), "household": ("household_words",),
        "needs": ("needs_words",)}

LEAD = mark("有人怕您家有难处，跟镇上说了这些：")
NOTHING_SHOWN = mark("（写得很短，镇上的人会来问您。）")
SURE = mark("您说了停，镇上就先不办这件事，等人看过。真的不要办吗？")
STOPPED = mark("好，先停下来了。镇上的人看过就收起来，写下来的会删掉，办好告诉您。")
AGREED = mark("好，镇上接着办。有什么要说的，随时说。")
THINKS = mark("好，您慢慢想。想停，随时发“不是我同意的”。")
NONE = mark("现在没有别人替您家说的事。")
OVER = mark("这件事镇上已经办过了。有话说，打镇上电话 {phone}。")


def lines(case: Case, scene: Scene) -> list[str]:
    """What was written down of the household, less whatever could tell who said it."""
    names = tuple(informwork.names_of(case))
    answers = dict(case.answers)
    for key in {key for keys in FREE.values() for key in keys}:
        if answers.get(key):
            answers[key] = unsigned(str(answers[key]), names)
    found = []
    for step in (DISCOVER if case.reporter_id else APPLY).steps:
        shown = step.key in SHOWN and step.when(answers) and not is_open(step, answers)
        if not shown or (step.key != "urgent" and not any(map(answers.get, FREE[step.key]))):
            continue
        found.append(str(answers["what"]) if step.key == "what" else step.line(answers, scene))
    more = (unsigned(str(words), names) for words in answers.get("more") or ())
    return [line for line in [*found, *more] if line]


def listen(visit: Visit, heard: Heard) -> str | None:
    """Asked what was said, or told to stop; None for anything else, and where nobody spoke."""
    said = tidy(heard.text)
    if said not in SEE and said not in DECLINE:
        return None
    waiting = informing.waiting(visit.session, visit.person_id)
    if not waiting:
        return visit.t(NONE)
    case = waiting[0][0]
    return _sure(visit, case) if said in DECLINE else _shown(visit, case)


def _options(visit: Visit, case: Case) -> Sequence[Option]:
    t = visit.t
    stop = (Option("declines", t(mark("不是我同意的，别办")), DECLINE),)
    return (
        Option("agrees", t(mark("知道了，帮我办")), ("同意", "帮我办", "知道了")),
        Option("thinks", t(mark("我再想想")), ("再想想",)),
        *(stop if case.status in OPEN else ()),
    )


def _shown(visit: Visit, case: Case) -> str:
    t = visit.t
    said = [plain(line) for line in lines(case, visit.scene)] or [t(NOTHING_SHOWN)]
    visit.state.asking = {"kind": "told", "receipt": case.receipt}
    return join(t(LEAD), *said, choices([one.label for one in _options(visit, case)]))


def _sure(visit: Visit, case: Case) -> str:
    if case.status not in OPEN:
        return visit.t(OVER, phone=visit.phone)
    visit.state.asking = {"kind": "told_sure", "receipt": case.receipt}
    return join(visit.t(SURE), choices([visit.t(mark("是，不要办")), visit.t(mark("再想想"))]))


def _case(visit: Visit) -> Case | None:
    asking = visit.state.asking
    assert asking is not None
    found = informing.waiting(visit.session, visit.person_id)
    return next((case for case, _ in found if case.receipt == asking["receipt"]), None)


def told(visit: Visit, heard: Heard) -> str | None:
    """What they say to it; None when it was something else."""
    case = _case(visit)
    visit.state.asking = None
    if case is None:
        return None
    choice = read_option(tidy(heard.text), _options(visit, case))
    if choice == "declines":
        return _sure(visit, case)
    if choice is None:
        return None
    _answer(visit, case, choice)
    words = AGREED if choice == "agrees" else THINKS
    return visit.t(words)


def sure(visit: Visit, heard: Heard) -> str | None:
    """Said once more, it stops; None when it was something else."""
    case, said = _case(visit), tidy(heard.text)
    visit.state.asking = None
    if case is None:
        return None
    options = [
        Option("yes", visit.t(mark("是，不要办")), DECLINE),
        Option("no", visit.t(mark("再想想")), ("想想",)),
    ]
    agreed = read_yes_no(said)
    choice = read_option(said, options) or {True: "yes", False: "no", None: None}[agreed]
    if choice is None:
        return None
    if choice == "no":
        return visit.t(THINKS)
    done = _answer(visit, case, "declines")
    return visit.t(STOPPED) if done else visit.t(OVER, phone=visit.phone)


def _answer(visit: Visit, case: Case, said: str) -> bool:
    return informwork.answer(
        visit.ctx, visit.session, visit.person_id, case.receipt, said, "chat"
    )
