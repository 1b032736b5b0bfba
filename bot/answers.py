"""Readers of an answer: each gives the value meant, or None when it was not understood.

None of them raises, whatever the text: empty, emoji, control characters, a novel. This is the
face of its neighbours too (numbers, names, telephones, choices, commands, times, places),
so that flows import from one place.
"""

import re

from bot.choices import Option, read_option, read_options
from bot.commands import Command, read_command
from bot.names import read_name as _read_name
from bot.numerals import read_number
from bot.phones import PhoneProblem, PhoneReading, read_phone
from bot.places import find_places
from bot.since import find_since
from bot.text import squeezed, tidy, without_particles
from bot.whom import Whom, find_whom
from bot.words import words

__all__ = [
    "Command",
    "Option",
    "PhoneProblem",
    "PhoneReading",
    "Whom",
    "find_places",
    "find_since",
    "find_whom",
    "read_command",
    "read_name",
    "read_number",
    "read_option",
    "read_options",
    "read_phone",
    "read_yes_no",
    "squeezed",
    "tidy",
]

_YES = sorted(words("answers", "yes"), key=len, reverse=True)
_YES_RUN = re.compile("(?:{})+".format("|".join(map(re.escape, _YES))))
_NO = frozenset(words("answers", "no"))
_NO_AGAIN = re.compile(r"不{2,}|没{2,}|(不对|不是|不用|不要|不行|没有)\1+")
_SPLIT = re.compile(r"[\s,，。.!！;；~～、…]+")
_QUESTION = re.compile(r"[吗么?？]\s*$|是不是|对不对|好不好|行不行|可不可以|能不能|要不要|有没有")
_TURN = re.compile(r"不|没|错|但|可是|就是(?!这)|改|除了|另外")
_THANKS = frozenset({"谢谢", "谢谢你", "谢谢您", "麻烦了", "麻烦您了"})


def read_yes_no(text: str) -> bool | None:
    """True or False where the answer is plainly one; digits are left to `read_option`.

    A yes that turns (对，不过…) is none: it would confirm what is about to be corrected.
    """
    said = tidy(text).lower()
    if not said or len(said) > 100 or _QUESTION.search(said):
        return None
    parts = [without_particles(part) for part in _SPLIT.split(said) if part]
    parts = [part for part in parts if part not in _THANKS]
    sides = [_side(part) for part in parts]
    if not sides or sides[0] is None or (not sides[0]) in sides:
        return None
    rest = [part for part, side in zip(parts, sides, strict=True) if side is None]
    if sides[0] and any(map(_TURN.search, rest)):
        return None
    return sides[0]


def _side(part: str) -> bool | None:
    if part in _NO or _NO_AGAIN.fullmatch(part):
        return False
    return True if _YES_RUN.fullmatch(part) else None


def read_name(text: str) -> str | None:
    """A person's name, Han or Latin; never a command, a yes or a no."""
    if read_command(text) or read_yes_no(text) is not None:
        return None
    return _read_name(text)
