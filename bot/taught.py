"""What a county taught, laid over what every bot understands. Danger is never taught away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.lexicon import default_lexicon
from bot.understand import Intent, Understanding, understand
from bot.visit import Visit
from models import unheard
from models.areas import Level
from models.context import Context
from models.phrases import Taught

TELLING = 2


def folded(text: str) -> str:
    """As sentences and words are compared: simplified, common spelling, half-width."""
    return default_lexicon().folded(text)


def county_of(ctx: Context, area: str) -> str:
    """The county of an account; empty where it stands above one."""
    place = ctx.directory.areas.at(area, Level.COUNTY)
    return place.code if place else ""


def understand_in(ctx: Context, area: str, text: str) -> Understanding:
    """What this message wants, where `area` is the account's."""
    own = ctx.directory.phrases
    return with_taught(understand(text), own.get(county_of(ctx, area), ()) if own else ())


def with_taught(meant: Understanding, phrases: Iterable[Taught]) -> Understanding:
    """By the longest of the county's own words in it; unchanged where none is."""
    said = folded(meant.text) if phrases else ""
    found = [one for one in phrases if one.words in said]
    if not found or meant.urgent:
        return meant
    best = max(found, key=lambda one: len(one.words))
    intent = Intent(best.intent)
    # Who asks for help in words that had to be taught says with them what happened.
    tells = meant.tells or intent in (Intent.APPLY, Intent.REPORT_OTHER)
    return replace(
        meant, intent=intent, tells=tells, confident=True, guesses=(),
        reasons=(best.words, *meant.reasons),
    )


def keep_unheard(visit: Visit, meant: Understanding) -> None:
    """What was not understood is kept for the county's people to look through."""
    area = county_of(visit.ctx, visit.account.area)
    # A number alone answers some question; there is nothing to learn from it.
    if area and sum(map(str.isalpha, meant.text)) >= TELLING:
        guesses = ",".join(meant.guesses)
        unheard.keep(visit.ctx, visit.session, area, meant.text, guesses)


def note_choice(visit: Visit, said: str, choice: str) -> None:
    """What they took of what was offered for it tells what they meant."""
    area = county_of(visit.ctx, visit.account.area)
    if area:
        unheard.note_choice(visit.ctx, visit.session, area, said, choice)


def changes(
    sentences: Iterable[str], held: tuple[Taught, ...], new: Taught
) -> list[tuple[str, Understanding, Understanding]]:
    """Of these sentences, those that are understood otherwise with `new`: before and after."""
    found = []
    for said in sentences:
        meant = understand(said)
        before, after = with_taught(meant, held), with_taught(meant, (*held, new))
        if (before.intent, before.confident) != (after.intent, after.confident):
            found.append((said, before, after))
    return found
