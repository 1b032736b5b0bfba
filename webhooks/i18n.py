"""The one file that knows Babel: languages, dates, and the catalogue.

Source texts are Chinese (zh_Hans_CN) and need no catalogue; every other language is a
folder `locale/<locale>/LC_MESSAGES/messages.po`, read as it is: there is no build step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_skeleton
from babel.messages.pofile import read_po

from models.settings import SOURCE as SOURCE

HERE = Path(__file__).parent / "locale"


def shipped() -> tuple[str, ...]:
    """Every language there is, the source first."""
    return (SOURCE, *sorted(p.parent.parent.name for p in HERE.glob("*/LC_MESSAGES/messages.po")))


def names() -> tuple[tuple[str, str], ...]:
    """Every shipped language with its own name for itself."""
    return tuple((one, Locale.parse(one).get_language_name(one) or one) for one in shipped())


@lru_cache(maxsize=16)
def _catalogue(locale: str) -> Mapping[str, str]:
    path = HERE / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}


class Speech:
    """One language: fills the `Translate` protocol of `models/settings.py`."""

    def __init__(self, locale: str, zone: str) -> None:
        self.locale = locale
        self._messages = _catalogue(locale)
        self._babel = Locale.parse(locale)
        self._zone = ZoneInfo(zone)

    def __call__(self, message: str, /, **values: object) -> str:
        said = self._messages.get(message, message)
        return said.format_map(values) if values else said

    def day(self, day: date) -> str:
        return format_skeleton("MMMd", day, locale=self._babel)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        day = format_skeleton("MMMd", local, locale=self._babel)
        return f"{day} {format_skeleton('Hm', local, locale=self._babel)}"

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def direction(locale: str) -> str:
    """`ltr` or `rtl`."""
    return Locale.parse(locale).text_direction


def speaker(default: str, zone: str) -> Callable[[str], Speech]:
    """A function from a person's locale (empty: the default) to their language."""
    languages: dict[str, Speech] = {}

    def speak(locale: str) -> Speech:
        chosen = locale or default
        if chosen not in languages:
            known = chosen if chosen == SOURCE or _catalogue(chosen) else SOURCE
            languages[chosen] = Speech(known, zone)
        return languages[chosen]

    return speak


def negotiate(accepted: list[str]) -> str:
    """The shipped language that a browser likes best, or the empty string for the default."""
    aliases = {"zh": SOURCE, "zh-CN": SOURCE, "zh-Hans": SOURCE, "zh-Hans-CN": SOURCE}
    wanted = [aliases.get(tag, tag) for tag in accepted]
    return negotiate_locale(wanted, list(shipped()), sep="-") or ""
