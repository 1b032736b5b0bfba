"""Every push in another language: no Chinese is left in it but what is sent to the chat, and names.

English is complete (tests/house), so what is Chinese in an English push was never marked.
"""

from __future__ import annotations

import re
from typing import Any

from models.moves import MOVES
from models.outgoing import Occasion
from models.statuses import EventKind
from notices.occasions import OCCASIONS, Spoken, spoken
from notices.wordinglist import MESSAGES
from notices.wordingsamples import SAMPLES, sample
from tests.notices.ground import COUNTY, RECEIPT, TOWN, VILLAGE
from tests.notices.house import House
from webhooks import i18n

HAN = re.compile(r"[\u3400-\u9fff]+")
# What somebody typed, in no language that a translation has to reach.
TYPED: dict[str, Any] = {
    "receipt": RECEIPT, "number": "C-7", "township": TOWN, "village": VILLAGE, "unit": "Unit",
    "officer": "Li", "missing": ["Paper"], "words": "Words", "reason": "Why", "text": "Text",
    "place": "PC", "title": "List", "link": "#", "departments": ["Office"], "name": "Wang",
    "due_on": "2026-12-04", "from_on": "2026-12-01", "until": "2026-12-04",
    "until_on": "2026-12-04", "at": "2026-11-24T01:00:00+00:00", "move": "adjust",
    "grant": {"amount": "300", "monthly": True, "what": "Rice"}, "line": "Line", "what": "What",
    "says": "Says", "person": "Wang", "who": "Wang",
}


def left(house: House, said: Spoken, given: str = "") -> list[str]:
    """The Chinese of a push that is no name of a place, no clause, nor what the chat is sent."""
    names = [house.ctx.directory.areas.name(code) for code in (COUNTY, TOWN, VILLAGE)]
    clauses = map(str, vars(house.ctx.settings.remedies).values())
    words = "\n".join((given, *names, *clauses, *i18n._catalogue("en").values()))
    # A card's day has a form of the platform's own.
    shown = [said.title, said.body, said.brief, *said.texts]
    shown += [text for name, text in said.fields.items() if not name.startswith("date")]
    return [run for text in shown for run in HAN.findall(text) if run not in words]


def test_every_occasion_is_said_in_the_language(house: House) -> None:
    for occasion in OCCASIONS:
        said = spoken(house.ctx, occasion, TYPED | {"kind": "accept"}, TOWN, "en")
        assert left(house, said) == [], occasion
        assert said.texts[0], occasion
        assert "{" not in said.texts[0], occasion


def test_every_step_is_told_in_the_language(house: House) -> None:
    for kind in (*MOVES, *EventKind, "paper_clear", "paper_unclear"):
        for occasion in (Occasion.CASE_MOVED, Occasion.PAPER_LOST):
            said = spoken(house.ctx, occasion, TYPED | {"kind": str(kind)}, TOWN, "en")
            assert left(house, said) == [], (occasion, kind)


def test_every_message_is_translated(house: House) -> None:
    say = house.ctx.speak("en")
    for message in MESSAGES.values():
        said = sample(house.ctx, TOWN, message, say)
        assert left(house, said, f"{SAMPLES} {message.details}") == [], message
