"""代办: by whose authority somebody acts for a household that agreed; one question.

社会救助法 art. 37: who finds it hard to apply may have the 村(居)委会 or another person apply.
Asked only where the household agreed: a report alone needs no authority (art. 39).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import Option, read_option, tidy
from bot.flow import Answers, Read, Scene, Step, Unclear, leave
from bot.flows.papers import is_done
from bot.messages import Heard
from models.onbehalf import FAMILY, LETTER
from models.settings import mark

AUTHORITY_LINES = {
    "letter": mark("凭委托书代办"),
    "post": mark("村居代办"),
    "asked": mark("本人知道，口头请的"),
    "report": mark("只是报一声，不代办"),
}
_LETTER = re.compile(r"(?<!没)(?<!没有)委托书|授权书")
_NOT_TOLD = re.compile(r"[没未]|不知|只是?(?:报|说)|不代办|不用代办")


def _line(answers: Answers, scene: Scene) -> str:
    return scene.t(AUTHORITY_LINES[str(answers["authority"])])


def _post_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    return (
        Option("post", t(mark("村居代办，我替他申请")), ("代办", "村居代办")),
        Option("letter", t(mark("有委托书，等下拍一张")), ("有委托书", "委托书")),
        Option("report", t(mark("不代办，只报一声")), ("不代办", "只报一声")),
    )


def _choice(heard: Heard, options: Sequence[Option]) -> str | None:
    """One of the options, or what words of one's own mean."""
    said = tidy(heard.text)
    choice = read_option(said, options)
    if choice is None and _LETTER.search(said):
        return "letter"
    if choice is None and _NOT_TOLD.search(said):
        return "report"
    return choice


def _post(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = _choice(heard, _post_options(answers, scene))
    return Read({"authority": choice}) if choice else Unclear()


def _neighbour_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    return (
        Option("report", t(mark("还没跟他们说")), ("没说", "还没说", "不知道", "他们不知道")),
        Option("asked", t(mark("他们知道，请我说的")), ("知道", "他们知道", "同意")),
        Option("letter", t(mark("他们写了委托书，等下拍一张")), ("有委托书", "委托书")),
    )


def _neighbour(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = _choice(heard, _neighbour_options(answers, scene))
    if choice is None:
        return Unclear()
    return Read({"authority": choice, "aware": "unaware" if choice == "report" else "agrees"})


def _unsaid(_answers: Answers) -> Answers:
    return {"authority": "report"}


def _agreed(answers: Answers) -> bool:
    return answers.get("aware") == "agrees"


def _strangers(answers: Answers) -> bool:
    """Nobody asks by what right one speaks for one's own family, nor where it cannot wait."""
    others = answers.get("whom") == "other" and answers.get("relation") not in FAMILY
    return others and not answers.get("urgent")


def _letter_ask(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("请把委托书拍一张，直接发给我，签名要看得清。现在没带，或者发完了，都回“1”。"),
        mark("请把委托书拍一张，签名要看得清。现在没带，以后再补也行。"),
    )


def _letter_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    return (Option("done", scene.t(mark("现在没带，或者发完了"))),)


def _letter(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    return Read({"letter": True}) if is_done(heard) else Unclear()


def _by_letter(answers: Answers) -> bool:
    return answers.get("authority") == LETTER


# In an assistant's report, after 本人知情: only where the household agreed.
BY_POST = Step(
    "authority",
    "choice",
    mark("他同意，您是替他申请吗？以什么身份？"),
    mark("请回前面的数字，比如村居代办就回“1”。"),
    _post,
    when=_agreed,
    options=_post_options,
    line=_line,
    skip=_unsaid,
    after=("aware", "agrees"),
)
# A neighbour's: whether they know, and by what right, in one.
BY_NEIGHBOUR = Step(
    "authority",
    "choice",
    mark("您替他们说，他们知道吗？"),
    mark("请回前面的数字，比如还没说就回“1”。"),
    _neighbour,
    when=_strangers,
    options=_neighbour_options,
    line=_line,
    skip=_unsaid,
)
# The letter itself, asked for at once: what is sent here is kept as the letter.
BY_LETTER = Step(
    "letter",
    "photos",
    _letter_ask,
    mark("请发委托书的照片；现在没带，或者发完了，都回“1”。"),
    _letter,
    when=_by_letter,
    options=_letter_options,
    skip=leave({"letter": True}),
    after=("authority", LETTER),
)
