"""Photos of papers, and the consent to show and to verify what was said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Command, Option, read_command, read_option, read_yes_no, tidy
from bot.flow import Answers, Read, Scene, Step, Unclear, leave
from bot.messages import Heard
from models.settings import mark

CONSENT_VERSION = "2026-11"


def _papers_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    return (Option("done", scene.t(mark("没有，或者发完了"))),)


def is_done(heard: Heard) -> bool:
    """Whether there are no photos, or no more."""
    done = read_command(heard.text) in (Command.DONE, Command.SKIP, Command.CONFIRM)
    return done or tidy(heard.text) in ("1", "一") or read_yes_no(heard.text) is False


def _papers(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    return Read({"papers": True}) if is_done(heard) else Unclear()


def _consent_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    if answers.get("whom") == "other":
        return (
            Option("process", t(mark("同意")), ("都同意", "好", "可以", "行")),
            Option("none", t(mark("不同意")), ("不行", "不要")),
        )
    return (
        Option("both", t(mark("同意")), ("都同意", "好", "可以", "行")),
        Option("process", t(mark("同意给镇上看，先不核对")), ("先不核对", "不核对")),
        Option("none", t(mark("不同意")), ("不行", "不要")),
    )


def _papers_ask(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("有没有照片要给镇上看？比如病历、收费单，直接发给我。没有，或者发完了，都回“1”。"),
        mark("有没有照片要给镇上看？"),
    )


def _consent_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(mark("请回前面的数字：同意就回“1”。"), mark("同意还是不同意，请点一个。"))


REFUSED_ON_PAGE = mark(
    "那先不交，您填的都留着，想好了再来点“同意”。想当面说，打下面的电话。"
)
REFUSED = mark(
    "那我先不交，您填的都留着。想好了回“1”；想当面说，回“人工”；都不要了，回“取消”。"
)


def _consent(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    options = _consent_options(answers, scene)
    choice = read_option(heard.text, options)
    if choice is None:
        agreed = read_yes_no(heard.text)
        choice = None if agreed is None else options[0].key if agreed else "none"
    if choice is None:
        return Unclear()
    if choice == "none":
        return Unclear(REFUSED_ON_PAGE if scene.page else REFUSED)
    return Read({"consent": choice})


def _consent_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.t(
            mark(
                "您说的，会给镇上办事的人看，他们会去找这家人问清楚。不会跟外人说是您讲的。"
                "您说的都是实情，同意报上去吗？"
            )
        )
    return scene.t(
        mark(
            "您说的这些，会给镇上办事的人看；家里的收入和财产，镇上可能要向别的部门核对。"
            "只为办您这件事用。您说的都是实情，也同意吗？"
        )
    )


PAPERS = Step(
    "papers",
    "photos",
    _papers_ask,
    mark("有照片就直接发过来；没有，或者发完了，都回“1”。"),
    _papers,
    options=_papers_options,
    skip=leave({"papers": True}),
)
CONSENT = Step(
    "consent",
    "choice",
    _consent_ask,
    _consent_again,
    _consent,
    options=_consent_options,
)
