"""The language of a push to a resident: the catalogue's, and in Chinese the county's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from models.areas import Level
from models.context import Context
from models.settings import SOURCE, Translate


class Worded:
    """A language in which some messages are said in other words, filled as the standard is."""

    def __init__(self, say: Translate, own: Mapping[str, str]) -> None:
        self.locale = say.locale
        self._say = say
        self._own = own

    def __call__(self, message: str, /, **values: object) -> str:
        return self._say(self._own.get(message, message), **values)

    def day(self, day: date) -> str:
        return self._say.day(day)

    def moment(self, at: datetime) -> str:
        return self._say.moment(at)

    def day_of(self, at: datetime) -> date:
        return self._say.day_of(at)


def worded(ctx: Context, place: str, locale: str) -> Translate:
    """What is spoken to residents of a place; read from memory, never one query a push."""
    say = ctx.speak(locale)
    county = ctx.directory.areas.at(place, Level.COUNTY)
    own = ctx.directory.wordings.get(county.code, {}) if county else {}
    # Of other languages the county's own words have no translation: there the standard is said.
    return Worded(say, own) if own and say.locale == SOURCE else say
