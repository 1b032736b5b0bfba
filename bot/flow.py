"""A flow is an ordered list of steps; chat and page ask the same ones. Pure.

A step says what it asks, how an answer is read, and when it is asked. `next_step` finds the
first one that is still open. `give` puts a reading into the draft, `undo` takes the last back,
as often as wanted: the trail keeps what each answer changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.choices import Option
from bot.messages import Heard
from models.areas import Gazetteer
from models.settings import Translate

Answers = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """What a step may know of the world while it asks and reads.

    `page`: asked on a page, where one taps and writes; in chat one answers by numbers.
    """

    t: Translate
    areas: Gazetteer
    area: str
    account: str = ""
    page: bool = False

    def say(self, chat: str, page: str, **values: object) -> str:
        """The one or the other sentence, as it is asked in chat or on a page."""
        return self.t(page if self.page else chat, **values)


@dataclass(frozen=True)
class Read:
    """An understood answer: the values that it sets (None takes one away)."""

    values: Answers


@dataclass(frozen=True)
class Unclear:
    """An answer that was not understood; `hint` is a marked sentence that says why, if known.

    `noted`: something else was told by the way (a telephone, trouble) and has been kept.
    """

    hint: str = ""
    noted: bool = False


class Reader(Protocol):
    """How a step reads an answer."""

    def __call__(self, heard: Heard, answers: Answers, scene: Scene, /) -> Read | Unclear: ...


def _always(_answers: Answers) -> bool:
    return True


def _no_options(_answers: Answers, _scene: Scene) -> Sequence[Option]:
    return ()


def _no_line(_answers: Answers, _scene: Scene) -> str:
    return ""


def _no_skip(_answers: Answers) -> Answers | None:
    return None


def leave(values: Answers) -> Callable[[Answers], Answers | None]:
    """For `Step.skip`: what is set when the question is left out."""
    return lambda _answers: dict(values)


@dataclass(frozen=True)
class Step:
    """One question.

    `control` is how a page draws it: text, long, choice, choices, number, phone, photos.
    `again` asks once more in other words with an example. `line` reads the answer back; an
    empty line is not read back. `skip` gives what is set when the question is left out, or
    None where it cannot be. `as_said` takes the words as they are when asking again did not
    help: nobody is kept at a question for ever. `after` is the step and its option that open this
    one, for a page that draws all at once (`when` says the same of the answers).
    """

    key: str
    control: str
    ask: Callable[[Answers, Scene], str] | str
    again: Callable[[Answers, Scene], str] | str
    read: Reader
    when: Callable[[Answers], bool] = _always
    options: Callable[[Answers, Scene], Sequence[Option]] = _no_options
    line: Callable[[Answers, Scene], str] = _no_line
    skip: Callable[[Answers], Answers | None] = _no_skip
    as_said: Reader | None = None
    after: tuple[str, str] = ("", "")

    def question(self, answers: Answers, scene: Scene) -> str:
        """The question in the person's language, without its choices."""
        return scene.t(self.ask) if isinstance(self.ask, str) else self.ask(answers, scene)

    def once_more(self, answers: Answers, scene: Scene) -> str:
        """The question again, in other words and with an example."""
        return scene.t(self.again) if isinstance(self.again, str) else self.again(answers, scene)


@dataclass(frozen=True)
class Flow:
    """An ordered list of steps under a name."""

    name: str
    title: str
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step:
        """The step of this key; KeyError where there is none."""
        return next(s for s in self.steps if s.key == key)


@dataclass
class Draft:
    """What has been answered so far; kept sealed in the talk, shared by chat and page.

    `said` are words that answered no question; `trail` keeps with each answer what it replaced
    and, where they tell more than the answer, its words. `turn` counts the changes: a page
    that was drawn before the last one is stale. `asked_of`: the household of which it was asked
    whether it is reported already.
    """

    flow: str
    bundle: str
    answers: Answers = field(default_factory=dict)
    trail: list[dict[str, Any]] = field(default_factory=list)
    fixing: str = ""
    tries: int = 0
    photos: int = 0
    said: list[str] = field(default_factory=list)
    turn: int = 0
    asked_of: str = ""

    @property
    def mark(self) -> str:
        """Names this state of the draft: a question about another one is an old question."""
        return f"{self.bundle[:8]}-{self.turn}"

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def is_open(step: Step, answers: Answers) -> bool:
    """Whether the step is asked and has no answer yet."""
    return step.key not in answers and step.when(answers)


def next_step(flow: Flow, draft: Draft) -> Step | None:
    """The first step that is still open, or None when all are answered."""
    if draft.fixing:
        step = flow.step(draft.fixing)
        if is_open(step, draft.answers):
            return step
    return next((s for s in flow.steps if is_open(s, draft.answers)), None)


def give(draft: Draft, step: str, values: Answers, words: str = "") -> None:
    """Put an answer into the draft; the trail remembers what it replaced, and its `words`."""
    before = {key: draft.answers.get(key) for key in values}
    draft.trail.append({"step": step, "before": before} | ({"words": words} if words else {}))
    for key, value in values.items():
        if value is None:
            draft.answers.pop(key, None)
        else:
            draft.answers[key] = value
    draft.tries = 0
    draft.turn += 1
    if step in draft.answers and draft.fixing == step:
        draft.fixing = ""


def undo(draft: Draft) -> bool:
    """Take the last answer back; False at the beginning."""
    if not draft.trail:
        return False
    last = draft.trail.pop()
    for key, value in last["before"].items():
        if value is None:
            draft.answers.pop(key, None)
        else:
            draft.answers[key] = value
    draft.tries = 0
    draft.turn += 1
    draft.fixing = ""
    return True


def reopen(draft: Draft, step: Step, more: Sequence[str] = ()) -> None:
    """Ask one step again, everything else kept; the old answer comes back by `undo`."""
    keys = [key for key in (step.key, *more) if key in draft.answers]
    give(draft, step.key, dict.fromkeys(keys))
    draft.trail[-1]["again"] = True
    draft.fixing = step.key


def read_back(flow: Flow, answers: Answers, scene: Scene) -> list[tuple[Step, str]]:
    """The answered steps with the line that each is read back by, in the flow's order."""
    rows = []
    for step in flow.steps:
        if step.key in answers and step.when(answers):
            line = step.line(answers, scene)
            if line:
                rows.append((step, line))
    return rows
