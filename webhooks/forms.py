"""Draws a flow's step as a mobile form, and reads the form as a message.

The page asks the very steps that the chat asks; what is tapped becomes what would have been
typed, so that one reader understands both.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from bot.flow import Draft, Scene, Step
from bot.messages import Heard, Kind

# What a textarea may carry; the reader keeps this much word for word.
LONGEST = 20_000


@dataclass(frozen=True)
class Asked:
    """A step as the template draws it: `options` are (number, label), the number is what counts.

    `keys` name the options in the same order, for a page that is answered much later.
    `after` is the step and its option that open this one.
    """

    key: str
    control: str
    question: str
    options: tuple[tuple[str, str], ...]
    skippable: bool
    keys: tuple[str, ...] = ()
    after: tuple[str, str] = ("", "")


def asked(step: Step, draft: Draft, scene: Scene) -> Asked:
    """One question for the page."""
    options = step.options(draft.answers, scene)
    return Asked(
        step.key,
        step.control,
        step.question(draft.answers, scene),
        tuple((str(number), option.label) for number, option in enumerate(options, start=1)),
        step.skip(draft.answers) is not None,
        tuple(option.key for option in options),
        step.after,
    )


def heard(form: MultiDict[str, str]) -> Heard:
    """What was filled in, as a message: words win over taps, several taps are several numbers."""
    words = form.get("words", "").strip()[:LONGEST]
    taps = " ".join(value for value in form.getlist("choice") if value.isdecimal())
    return Heard(Kind.TEXT, words or taps)
