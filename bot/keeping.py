"""What was said and stands in no answer: kept in the person's words, each once."""

from __future__ import annotations

from itertools import chain

from bot.answers import read_command, read_option, read_yes_no, squeezed
from bot.flow import Answers, Draft, Scene, Step
from bot.flows.trouble import LONGEST
from bot.messages import Heard, Kind
from bot.understand import understand

# What is left of an answer besides what was read from it: fewer letters tell nothing.
TELLING_LETTERS = 4
# So many characters that answer nothing are a telling, whatever they say.
TELLING_HAN = 6
SAID_LIMIT = 100_000


def keep_words(draft: Draft, words: str) -> bool:
    """Keep words that answered nothing, once; whether they tell anything at all."""
    if not _letters(words) or read_yes_no(words) is not None or read_command(words):
        return False
    fresh = words not in draft.said and words != draft.answers.get("what")
    if fresh and sum(map(len, draft.said)) + len(words) <= SAID_LIMIT:
        draft.said.append(words[:LONGEST])
    return True


def is_telling(words: str) -> bool:
    """Whether words that answered nothing tell something all the same."""
    return understand(words).tells or _han(words) >= TELLING_HAN


def telling(
    step: Step, heard: Heard, values: Answers, before: Answers, scene: Scene
) -> str:
    """The words of an answer where they say more than what was read from them; else nothing."""
    if heard.kind is Kind.LOCATION or read_command(heard.text):
        return ""
    if read_yes_no(heard.text) is not None:
        return ""
    options = step.options(before, scene)
    picked = read_option(heard.text, options)
    read = [value for value in values.values() if isinstance(value, str)]
    read += [option.label for option in options]
    read += [word for option in options if option.key == picked for word in option.words]
    rest = squeezed(heard.text)
    for known in sorted(filter(None, map(squeezed, read)), key=len, reverse=True):
        rest = rest.replace(known, "")
    return heard.text[:LONGEST] if _letters(rest) >= TELLING_LETTERS else ""


def _han(words: str) -> int:
    return sum("一" <= ch <= "鿿" for ch in words)


def _letters(words: str) -> int:
    return sum(map(str.isalpha, words))


def more_said(draft: Draft) -> list[str]:
    """Everything that was said and stands in no answer, each once, in the person's words."""
    by_step: dict[str, list[str]] = {}
    for entry in draft.trail:
        if entry.get("again"):
            by_step.pop(entry["step"], None)
        elif "words" in entry:
            by_step.setdefault(entry["step"], []).append(entry["words"])
    kept = [v for v in draft.answers.values() if isinstance(v, str)]
    found: list[str] = []
    for words in (*chain.from_iterable(by_step.values()), *draft.said):
        bare = words.strip()
        if bare and not any(bare in other for other in (*kept, *found)):
            found.append(bare)
    return found
