"""What was written on the phone, read by the steps of the chat's own flow."""

from __future__ import annotations

from dataclasses import dataclass

from bot import drafting
from bot.flow import Answers, Draft, Scene, Step
from bot.flows import discover
from bot.messages import Heard, Kind
from bot.understand import find_danger
from models.discovering import NOT_YOURS
from models.policy import NotAllowed
from models.positions import WGS84
from models.settings import mark
from webhooks.assistant.written import At, Said, Written

# As the page and the chat say that there are no more photos.
PAPERS_DONE = "完成"
AND = mark("、")
BOTH = mark("{label}。{words}")


@dataclass(frozen=True)
class Unread:
    """A step whose answer was not understood, and what to write instead."""

    step: str
    why: str


def drawn(villages: tuple[str, ...], scene: Scene) -> tuple[Draft, tuple[Step, ...]]:
    """An empty report, and the steps that are asked of it on one screen."""
    draft = discover.begin("", villages, "", scene)
    # Asked also where there is one village: the phone must say which it means, later on. What
    # another answer opens is drawn too, and shown by the page.
    steps = (s for s in discover.DISCOVER.steps if s.after[0] or s.when(draft.answers))
    return draft, tuple(steps)


def filled(
    key: str, written: Written, villages: tuple[str, ...], scene: Scene
) -> Answers | Unread:
    """All answers of a report, or the first step that was not understood.

    Raises NotAllowed where it names a village that is not theirs.
    """
    draft = discover.begin(key, villages, "", scene)
    named = written.said.get("living", Said()).choice
    if named and not set(named) <= set(villages):
        raise NotAllowed(NOT_YOURS)
    for step in discover.DISCOVER.steps:
        if not step.when(draft.answers):
            continue
        problem = _answered(draft, step, written, scene)
        if problem is not None:
            return Unread(step.key, problem)
    return drafting.settled(draft) | _in_danger(written) | written.noted()


def _answered(draft: Draft, step: Step, written: Written, scene: Scene) -> str | None:
    """Give one step its answer; why it was not understood, if so."""
    said = written.said.get(step.key, Said())
    heard = _heard(draft, step, said, written.at, scene)
    if not heard.text and heard.kind is Kind.TEXT:
        # What another answer told, or what may be left out, needs no words of its own.
        if step.key in draft.answers or drafting.skip(draft, step):
            return None
        return step.once_more(draft.answers, scene)
    unclear = drafting.answer(draft, step, heard, scene)
    if unclear is None:
        return None
    return scene.t(unclear.hint) if unclear.hint else step.once_more(draft.answers, scene)


def _heard(draft: Draft, step: Step, said: Said, at: At | None, scene: Scene) -> Heard:
    """What was filled in, as a message of the chat."""
    words = said.words.strip()
    if step.control == "photos":
        return Heard(Kind.TEXT, PAPERS_DONE)
    if step.control == "place" and at is not None:
        return Heard(
            Kind.LOCATION, words, latitude=at.latitude, longitude=at.longitude, datum=WGS84,
            accuracy=at.accuracy,
        )
    numbers = _numbers(draft, step, said, scene)
    if step.control == "long" and len(numbers) + bool(words) > 1:
        options = step.options(draft.answers, scene)
        label = scene.t(AND).join(options[number - 1].label for number in numbers)
        return Heard(Kind.TEXT, scene.t(BOTH, label=label, words=words).strip())
    return Heard(Kind.TEXT, words or " ".join(map(str, numbers)))


def _numbers(draft: Draft, step: Step, said: Said, scene: Scene) -> list[int]:
    """The options that were tapped, by their numbers as the step would ask now.

    The page was drawn before anything was known: where the step asks in fewer words by now
    (急不急 without 什么时候), `now_new` is `now`.
    """
    options = step.options(draft.answers, scene)
    meant = {form for key in said.choice for form in (key, key.partition("_")[0])}
    return [number for number, option in enumerate(options, start=1) if option.key in meant]


def _in_danger(written: Written) -> Answers:
    """A life in danger alarms the township, as it does from the chat."""
    found = (find_danger(said.words) for said in written.said.values())
    danger = next(filter(None, found), None)
    return {"danger": danger} if danger else {}
