"""What a message tells besides the answer: a telephone, how many they are, where they live.

Taken silently, so that nothing is asked twice; a village that is only named is asked about
with one tap (`_among` with one candidate).
"""

from __future__ import annotations

import re

from bot.answers import read_number, read_phone, tidy
from bot.flow import Answers, Scene
from bot.flows.places import SHOWN, find_villages, lives_in
from bot.flows.who import HOUSEHOLD_LIMIT, care_in

_NUMBER = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_HEADS = re.compile(
    rf"{_NUMBER}口(?!子|气|水|井|锅|饭|吃|粮|袋|棺)|(?:全家|一家|一共|总共|拢共){_NUMBER}个人"
)
# Shorter messages answer what is asked and nothing else.
TELLING = 3


def glean(said: str, answers: Answers, scene: Scene) -> Answers:
    """Answers to questions that are still to come, as far as the text gives them."""
    if len(said) < TELLING:
        return {}
    return _phone_and_count(said, answers) | _living(said, answers, scene)


def _phone_and_count(said: str, answers: Answers) -> Answers:
    found: Answers = {}
    phone, count = read_phone(said).number, count_in(said)
    if phone and "phone" not in answers:
        found["phone"] = phone
    if count and "household" not in answers:
        found |= {"household": count, "care": care_in(said)}
    return found


def count_in(said: str) -> int | None:
    """How many they are, only where it is said of the household (一家五口, 家里一共4个人).

    我一个人照顾老伴 counts nobody.
    """
    heads = _HEADS.search(tidy(said))
    return read_number(heads[0], 1, HOUSEHOLD_LIMIT) if heads else None


def _living(said: str, answers: Answers, scene: Scene) -> Answers:
    if any(key == "living" or key.startswith("living_") for key in answers):
        return {}
    villages = find_villages(said, scene)
    if "villages" in answers:
        # An assistant speaks of the villages that they look after, whoever else is named.
        villages = [code for code in villages if code in answers["villages"]]
        return {"living": villages[0]} if len(villages) == 1 else {}
    if len(villages) == 1 and lives_in(said, villages[0], scene):
        return {"living": villages[0]}
    return {"living_among": villages[:SHOWN]} if villages else {}
