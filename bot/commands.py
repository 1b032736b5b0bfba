"""Words that steer a talk (上一步, 稍后再填, 人工 …): whole messages only."""

from enum import StrEnum

from bot.text import squeezed, without_particles
from bot.words import words


class Command(StrEnum):
    BACK = "back"
    LATER = "later"
    RESUME = "resume"
    CANCEL = "cancel"
    HUMAN = "human"
    SKIP = "skip"
    DONE = "done"
    CONFIRM = "confirm"
    HELP = "help"


_BY_WORD = {word: command for command in Command for word in words("commands", command)}
_POLITE = words("commands", "polite")


def read_command(text: str) -> Command | None:
    """The command that the whole message is; None for anything longer or other."""
    if len(text) > 60:
        return None
    said = squeezed(text)
    for form in (said, without_particles(said)):
        if form in _BY_WORD:
            return _BY_WORD[form]
        for lead in _POLITE:
            if form.startswith(lead) and form[len(lead) :] in _BY_WORD:
                return _BY_WORD[form[len(lead) :]]
    return None
