"""看看有什么帮助 as a flow: its steps are the questions of `models/navigator.toml`.

An answer is the keys that were chosen; a question that was left out has none. What is asked next
is what could still change the result.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Option, read_option, read_options, read_yes_no
from bot.flow import Answers, Draft, Flow, Read, Reader, Scene, Step, Unclear, leave
from bot.messages import Heard
from models.navigating import Navigator, Question, Said, navigator
from models.settings import mark

TITLE = mark("看看有什么帮助")


def said(answers: Answers) -> Said:
    """The answers as the rules read them."""
    return {key: tuple(keys) for key, keys in answers.items()}


def begin() -> Draft:
    """A new round; it belongs to nobody until an application begins from it."""
    return Draft(NAVIGATE.name, "")


def _options(question: Question, scene: Scene) -> list[Option]:
    return [Option(c.key, scene.t(c.label), c.words) for c in question.choices]


def _reader(rules: Navigator, question: Question) -> Reader:
    def read(heard: Heard, _answers: Answers, scene: Scene) -> Read | Unclear:
        options = _options(question, scene)
        if question.many:
            keys = read_options(heard.text, options) or ()
        else:
            one = read_option(heard.text, options)
            keys = (one,) if one else ()
        if not keys and read_yes_no(heard.text) is False and options[-1].key == "none":
            keys = ("none",)
        return Read({question.key: list(rules.chosen(question.key, keys))}) if keys else Unclear()

    return read


def _step(rules: Navigator, question: Question) -> Step:
    def options(_answers: Answers, scene: Scene) -> Sequence[Option]:
        return _options(question, scene)

    def matters(answers: Answers) -> bool:
        return rules.matters(question.key, said(answers))

    return Step(
        question.key, "choices" if question.many else "choice", question.ask, question.again,
        _reader(rules, question), when=matters, options=options, skip=leave({question.key: []}),
    )


def flow(rules: Navigator) -> Flow:
    """The flow of these questions."""
    return Flow("navigate", TITLE, tuple(_step(rules, q) for q in rules.questions))


NAVIGATE = flow(navigator())
