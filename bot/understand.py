"""Free text → what is wanted, which schemes, how urgent, and what can be taken from it.

Offline, explainable, well under a millisecond: a lexicon (lexicon.toml) finds what is known, a
linear model over short pieces of the text (weights.txt) weighs that and all that the lexicon does
not know; `reasons` are what spoke in both. Urgency missed is worse than urgency too often: danger
is read from the whole text, denials included, and wins over everything else that was said.
"""

import re
from dataclasses import dataclass

from bot.commands import Command, read_command
from bot.evidence import ENOUGH, TELLING, Evidence, gather
from bot.grams import grams
from bot.intents import Danger as Danger
from bot.intents import Intent as Intent
from bot.lexicon import Lexicon, default_lexicon
from bot.linear import Model, Weighed, default_model
from bot.numerals import read_number
from bot.phones import read_phone
from bot.places import find_place_words
from bot.since import find_since
from bot.whom import Whom
from models.receipts import ReceiptReading


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the bot makes of a message. `schemes` and `guesses` are best first; `guesses` is empty
    when it is `confident`, and when there is nothing to guess from. `tells` where trouble is
    told, not only a wish (我要求助). `pressing` is how likely somebody must act today, 0 to 1.
    `plain` where words that are known for it say so too, not the model alone."""

    text: str
    intent: Intent
    schemes: tuple[str, ...]
    tells: bool
    urgent: bool
    pressing: float
    danger: Danger | None
    whom: Whom | None
    since: str | None
    place: str | None
    count: int | None
    phone: str | None
    receipt: ReceiptReading
    confident: bool
    plain: bool
    guesses: tuple[Intent, ...]
    reasons: tuple[str, ...]


_SURE, _LEAD = 0.6, 0.2
"""From this share, with this lead over the next, an intent is taken without asking."""
_SAID = 5
"""Characters from which the model alone may be sure."""
_GUESSED = 0.1
_LIKELY_SCHEME, _SURE_SCHEME = 0.08, 0.5
_URGENT, PRESSING = 0.05, 0.3
"""From this share a telling of trouble is urgent; and anything else that is said."""
_IN_DANGER = 0.65
_DOUBTED = 0.01
"""Below this share the model doubts what the lexicon took for danger: 打到折子上 hurts nobody."""
_DANGERS: tuple[Danger, ...] = ("suicide", "life", "child", "violence")
_NAMING = {Intent.APPLY, Intent.POLICY}
_TOLD = (Intent.APPLY, Intent.REPORT_OTHER)
_BY_COMMAND = {Command.HUMAN: Intent.HUMAN, Command.HELP: Intent.HELP}
_IN_TALK = frozenset(Command) - {*_BY_COMMAND, Command.CANCEL}
"""Commands that mean something in a talk alone: as free text they ask for nothing."""
_HEADS = re.compile(
    r"(?:一家|全家|家里|家有|我们家|总共|一共)?[^,，。!！?？ ]{0,3}?"
    r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:口(?!子|气|水|井|锅|饭|吃|粮)|个人(?!情))"
)


def understand(
    text: str, lexicon: Lexicon | None = None, model: Model | None = None
) -> Understanding:
    """What this message wants, and what it says. Never raises, whatever the text."""
    found = gather(text, lexicon or default_lexicon())
    weighed = _weighed(found, model)
    shares = _shares(text, found, weighed)
    ranked = sorted(shares, key=lambda intent: -shares[intent])
    intent = ranked[0] if ranked else Intent.OTHER
    lead = shares[intent] - shares[ranked[1]] if len(ranked) > 1 else 1.0
    confident = bool(ranked) and shares[intent] >= _SURE and lead >= _LEAD
    confident = confident and intent is not Intent.OTHER
    # A word or two say little by themselves; in a talk they answer what was asked.
    confident = confident and (len(found.folded) >= _SAID or found.scores.get(intent, 0) > 0)
    danger = _danger(found, weighed)
    cries = found.cries if _is_believed(weighed) else ()
    pressing = 1.0 if danger or cries else 1 - weighed.urgencies["calm"]
    tells = _tells(found, intent, confident) or danger is not None or bool(cries)
    return Understanding(
        text=text,
        intent=intent,
        schemes=_schemes(found, weighed, danger, intent, tells=tells),
        tells=tells,
        urgent=pressing > (_URGENT if intent in _TOLD else PRESSING),
        pressing=pressing,
        danger=danger,
        whom=found.whom,
        since=find_since(text),
        place=find_place_words(text),
        count=_count(found.folded),
        phone=read_phone(text).number,
        receipt=found.receipt,
        confident=confident,
        plain=confident and (found.scores.get(intent, 0) >= 1 or shares[intent] == 1),
        guesses=() if confident else _guesses(ranked, shares, found),
        reasons=tuple(dict.fromkeys((*found.cries, *found.reasons, *weighed.spoke))),
    )


def warm() -> None:
    """Read the words and weights now (about a second): the platform waits five for an answer, and
    nobody's first message should wait for them."""
    understand("您好")


def find_danger(text: str, lexicon: Lexicon | None = None) -> Danger | None:
    """The gravest danger that a message tells of: for looking at every message, in any talk."""
    found = gather(text, lexicon or default_lexicon())
    return _danger(found, _weighed(found, None))


def _weighed(found: Evidence, model: Model | None) -> Weighed:
    return (model or default_model()).weigh(grams(found.folded), found.signals)


def _shares(text: str, found: Evidence, weighed: Weighed) -> dict[Intent, float]:
    """How likely each intent is; nothing where there is nothing to understand."""
    command = read_command(text)
    if command in _BY_COMMAND:
        return {_BY_COMMAND[command]: 1.0}
    chinese = any("一" <= character <= "鿿" for character in found.folded)
    if command in _IN_TALK or not (chinese or found.scores):
        return {}
    if _is_bare_name(found):
        return {Intent.POLICY: 0.5, Intent.APPLY: 0.4}
    return {Intent(name): share for name, share in weighed.intents.items()}


def _is_bare_name(found: Evidence) -> bool:
    """Whether a scheme is named and nothing said of it: asked about, or wanted?"""
    said = found.asked or found.wanted or found.trouble or set(found.scores) - _NAMING
    return bool(found.named) and not said and len(found.folded) < TELLING


def _is_believed(weighed: Weighed) -> bool:
    """Whether danger in the words may be danger; only where the model is sure is it not."""
    return weighed.urgencies["calm"] < 1 - _DOUBTED


def _danger(found: Evidence, weighed: Weighed) -> Danger | None:
    """What the lexicon found comes first; the model adds what it is sure enough of."""
    if found.danger is not None and _is_believed(weighed):
        return found.danger
    likely: Danger | None = None
    for danger in _DANGERS:
        if weighed.urgencies[danger] > max(_IN_DANGER, weighed.urgencies[likely] if likely else 0):
            likely = danger
    return likely


def _tells(found: Evidence, intent: Intent, confident: bool) -> bool:
    if found.trouble > 0:
        return True
    said = confident and intent in _TOLD and len(found.wish) >= TELLING
    return said and not found.wanted and not found.named


def _schemes(
    found: Evidence, weighed: Weighed, danger: Danger | None, intent: Intent, *, tells: bool
) -> tuple[str, ...]:
    """Those named first, then the likely ones; three at most, and one where trouble is told."""
    likely = sorted(weighed.schemes, key=lambda scheme: -weighed.schemes[scheme])
    told = intent in _TOLD and tells
    # A rule is asked about in whole words: 政策 alone asks for all of them.
    seems = intent in _TOLD or (intent is Intent.POLICY and len(found.folded) >= TELLING)
    seems = seems and weighed.schemes[likely[0]] >= _SURE_SCHEME
    if not (found.schemes or told or seems):
        return ()
    chosen = [s for s in likely if s in found.named]
    chosen += [s for s in likely if weighed.schemes[s] >= _LIKELY_SCHEME]
    chosen += found.schemes[:1]
    if danger == "child":
        chosen.insert(0, "child")
    return tuple(dict.fromkeys(chosen or likely[:1]))[:3]


def _guesses(
    ranked: list[Intent], shares: dict[Intent, float], found: Evidence
) -> tuple[Intent, ...]:
    """Two or three to choose from; none where the likeliest is that it wants nothing of ours."""
    if not ranked or (shares.get(Intent.OTHER, 0) >= _SURE and not found.scores):
        return ()
    likely = [i for i in ranked if i is not Intent.OTHER and shares[i] >= _GUESSED]
    leaning = [i for i in ranked if found.scores.get(i, 0) >= ENOUGH]
    return tuple(dict.fromkeys((*likely, *leaning)))[:3]


def _count(folded: str) -> int | None:
    """How many are in the household, only where the words say so (一家五口, 5口人)."""
    found = _HEADS.search(folded)
    return read_number(found[0], 1, 30) if found else None
