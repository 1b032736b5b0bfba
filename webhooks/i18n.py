"""The one file that knows Babel: languages, dates, and the catalogue.

Source texts are Chinese (zh_Hans_CN) and need no catalogue; every other language is a
folder `locale/<locale>/LC_MESSAGES/messages.po`, read as it is: there is no build step. A county's
own languages stand in a folder of the same shape (the setting `languages`); of a language that is
shipped too, its own words come first. A locale that Babel knows nothing of has its catalogue all
the same, and plain numbers for days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_skeleton
from babel.messages.pofile import read_po

from models.settings import SOURCE as SOURCE
from models.settings import Settings, mark

HERE = Path(__file__).parent / "locale"
CATALOGUE = "*/LC_MESSAGES/messages.po"
# What a catalogue translates as its language's own name for itself: English, ئۇيغۇرچە.
OWN_NAME = mark("（这种语言自己的名字）")


@lru_cache(maxsize=8)
def shipped(own: str = "") -> tuple[str, ...]:
    """Every language there is, the source first; `own` is the folder of a county's own, or ""."""
    found = {p.parent.parent.name for root in _roots(own) for p in root.glob(CATALOGUE)}
    return (SOURCE, *sorted(found - {SOURCE}))


@lru_cache(maxsize=8)
def names(own: str = "") -> tuple[tuple[str, str], ...]:
    """Every such language with its own name for itself."""
    return tuple((one, _own_name(one, own)) for one in shipped(own))


def _own_name(locale: str, own: str) -> str:
    known = _known(locale)
    told = known.get_language_name(known) if known else None
    return _catalogue(locale, own).get(OWN_NAME) or told or locale


def _roots(own: str) -> tuple[Path, ...]:
    return (HERE, Path(own)) if own else (HERE,)


def _known(locale: str) -> Locale | None:
    """What Babel knows of a locale, or of its language alone; None: nothing."""
    for name in (locale, locale.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _dated(locale: str) -> Locale | None:
    """The locale in whose words days are told; None: Babel has no months of it.

    Babel's root has "M11". Who asks for that changes what other languages, Uyghur among them, say
    from then on in this process (2.18), so that nobody is asked who would get it.
    """
    known = _known(locale)
    if known is None or localedata.load(str(known))["months"]["format"]["wide"][1] == "M01":
        return None
    return known


@lru_cache(maxsize=32)
def _catalogue(locale: str, own: str = "") -> Mapping[str, str]:
    said: dict[str, str] = {}
    for root in _roots(own):
        path = root / locale / "LC_MESSAGES" / "messages.po"
        if path.exists():
            with path.open("rb") as file:
                # Not as of its locale: Babel would ask for its plurals, and no message has any.
                said |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return said


class Speech:
    """One language: fills the `Translate` protocol of `models/settings.py`."""

    def __init__(self, locale: str, zone: str, own: str = "") -> None:
        self.locale = locale
        self._messages = _catalogue(locale, own)
        self._babel = _dated(locale)
        self._zone = ZoneInfo(zone)
        self._apart = direction(locale) == "rtl"

    def __call__(self, message: str, /, **values: object) -> str:
        said = self._messages.get(message, message)
        if not values:
            return said
        if self._apart:
            # Isolated, or a receipt and a telephone stand the wrong way round in an Arabic script.
            values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
        try:
            return said.format_map(values)
        except (LookupError, ValueError):
            # A county's own translation that fills what there is not: then as the source says it.
            return message.format_map(values)

    def day(self, day: date) -> str:
        if self._babel is None:
            return f"{day.month}-{day.day}"
        return format_skeleton("MMMd", day, locale=self._babel)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        hour = format_skeleton("Hm", local, locale=self._babel) if self._babel else f"{local:%H:%M}"
        return f"{self.day(local)} {hour}"

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def direction(locale: str) -> str:
    """`ltr` or `rtl`. What is written downwards (traditional Mongolian) is set in lines here."""
    known = _known(locale)
    return "rtl" if known is not None and known.text_direction == "rtl" else "ltr"


def speaker(default: str, zone: str, own: str = "") -> Callable[[str], Speech]:
    """A function from a person's locale (empty: the default) to their language."""
    languages: dict[str, Speech] = {}

    def speak(locale: str) -> Speech:
        chosen = locale or default
        if chosen not in languages:
            known = chosen if chosen == SOURCE or _catalogue(chosen, own) else SOURCE
            languages[chosen] = Speech(known, zone, own)
        return languages[chosen]

    return speak


def speaker_of(settings: Settings) -> Callable[[str], Speech]:
    """The same for a whole configuration."""
    return speaker(settings.locale, settings.time_zone, settings.languages)


def negotiate(accepted: list[str], own: str = "") -> str:
    """The language that a browser likes best of those there are, or the empty string for the
    default."""
    there = {"zh": SOURCE} | {one.replace("_", "-").lower(): one for one in shipped(own)}
    for tag in accepted:
        parts = tag.lower().split("-")
        for length in range(len(parts), 0, -1):
            if (found := there.get("-".join(parts[:length]))) is not None:
                return found
    return ""
