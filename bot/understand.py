"""Free text → what is wanted, which schemes, how urgent, and what can be taken from it.

Offline, explainable (`reasons` are the patterns of lexicon.toml that spoke), well under a
millisecond. Urgency missed is worse than urgency too often: danger is read from the whole text,
denials included, and wins over everything else that was said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

from bot.commands import Command, read_command
from bot.lexicon import Lexicon, default_lexicon, weigh
from bot.numerals import read_number
from bot.phones import read_phone
from bot.since import find_since
from bot.whom import Whom, find_whom
from models.receipts import ReceiptKind, ReceiptReading, read_receipt

Danger = Literal["suicide", "violence", "child", "life"]
"""Somebody must answer at once, with whom to call."""


class Intent(StrEnum):
    APPLY = "apply"
    REPORT_OTHER = "report_other"
    TRACK = "track"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    NOTICE = "notice"
    COMPLAIN = "complain"
    POLICY = "policy"
    PAYMENT = "payment"
    HUMAN = "human"
    SETTINGS = "settings"
    HELP = "help"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the bot makes of a message. `schemes` and `guesses` are best first; `guesses` is empty
    when it is `confident`, and when there is nothing to guess from. `tells` where trouble is
    told, not only a wish (我要求助)."""

    text: str
    intent: Intent
    schemes: tuple[str, ...]
    tells: bool
    urgent: bool
    danger: Danger | None
    whom: Whom | None
    since: str | None
    count: int | None
    phone: str | None
    receipt: ReceiptReading
    score: float
    confident: bool
    guesses: tuple[Intent, ...]
    reasons: tuple[str, ...]


_ENOUGH = 1.5
"""Below this nothing was understood."""
_SURE = 2.5
_TELLING = 7
_LEAD = 1.0
_BY_COMMAND = {Command.HUMAN: {Intent.HUMAN: 10.0}, Command.HELP: {Intent.HELP: 10.0}}
_IN_TALK = frozenset(Command) - {*_BY_COMMAND, Command.CANCEL}
"""Commands that mean something in a talk alone: as free text they ask for nothing."""
_ON_ME = re.compile(
    r"[打掐砍追揍抽踢踹关杀锁捅]着?我|把我|我们娘|我(?:又|也|还|天天|总|老|经常|昨晚|今天)?[被挨]|进我(?:房|屋)"
)
"""Whoever writes is the one who is hurt: then it is not a child told of."""
_HEADS = re.compile(
    r"(?:一家|全家|家里|家有|我们家|总共|一共)?[^,，。!！?？ ]{0,3}?"
    r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:口(?!子|气|水|井|锅|饭|吃|粮)|个人(?!情))"
)


def understand(text: str, lexicon: Lexicon | None = None) -> Understanding:
    """What this message wants, and what it says. Never raises, whatever the text."""
    words = lexicon or default_lexicon()
    folded = words.folded(text)
    wish = words.without_denials(folded)
    receipt = read_receipt(text)
    danger, cries = _danger(folded, words)
    whom = find_whom(folded)
    scores, schemes, trouble, reasons = _scores(wish, words, whom, danger, receipt)
    command = read_command(text)
    if command is not None and (command in _BY_COMMAND or command in _IN_TALK):
        scores = _BY_COMMAND.get(command, {})
    ranked = sorted(scores, key=lambda intent: -scores[intent])
    best = scores[ranked[0]] if ranked else 0.0
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    intent = ranked[0] if best >= _ENOUGH else Intent.OTHER
    confident = best >= _SURE and best - second >= _LEAD
    urgent = danger is not None or bool(cries)
    tells = danger is not None or trouble > 0
    if intent in (Intent.APPLY, Intent.REPORT_OTHER) and tells and not schemes and danger is None:
        schemes = ("temporary",)
    elif danger == "child":
        schemes = ("child", *(scheme for scheme in schemes if scheme != "child"))
    return Understanding(
        text=text,
        intent=intent,
        schemes=schemes,
        tells=tells,
        urgent=urgent,
        danger=danger,
        whom=whom,
        since=find_since(text),
        count=_count(folded),
        phone=read_phone(text).number,
        receipt=receipt,
        score=round(best, 2),
        confident=confident,
        guesses=() if confident else tuple(i for i in ranked[:3] if scores[i] >= _LEAD),
        reasons=tuple(dict.fromkeys((*cries, *reasons))),
    )


def find_danger(text: str, lexicon: Lexicon | None = None) -> Danger | None:
    """The gravest danger that a message tells of: for looking at every message, in any talk."""
    words = lexicon or default_lexicon()
    return _danger(words.folded(text), words)[0]


def _danger(folded: str, words: Lexicon) -> tuple[Danger | None, tuple[str, ...]]:
    """The gravest danger, and all patterns of danger and urgency found."""
    found = {name: tuple(words.dangers[name].found(folded)) for name in get_args(Danger)}
    cries = (*(cry for hits in found.values() for cry in hits), *words.urgent.found(folded))
    if found["suicide"]:
        return "suicide", cries
    if found["life"]:
        return "life", cries
    if found["child"] and not _ON_ME.search(folded):
        return "child", cries
    return ("violence" if found["violence"] else None), cries


def _scores(
    wish: str, words: Lexicon, whom: Whom | None, danger: Danger | None, receipt: ReceiptReading
) -> tuple[dict[Intent, float], tuple[str, ...], float, list[str]]:
    """The weight of each intent, the schemes, how much trouble is told, and what said so."""
    hits = {intent: words.intents[intent].found(wish) for intent in words.intents}
    hardship = words.hardship.found(wish)
    request = words.request.found(wish)
    names = {scheme: p.found(wish) for scheme, p in words.scheme_names.items()}
    signs = {scheme: p.found(wish) for scheme, p in words.scheme_signs.items()}
    score = {Intent(name): weigh(found.values()) for name, found in hits.items()}
    schemes = _schemes(names, signs)

    asked = weigh(words.question.found(wish).values())
    wanted = weigh(request.values())
    named = any(names.values())
    ill = {sign: weight for found in signs.values() for sign, weight in found.items()}
    trouble = weigh((ill | hardship).values())

    score[Intent.APPLY] += trouble + 0.8 * wanted + (1.0 if named else 0.0)
    if named or wanted or score[Intent.POLICY]:
        score[Intent.POLICY] += asked
    if named:
        score[Intent.POLICY] += 1.5
    if trouble >= 3 and whom is not None:
        score[Intent.POLICY] /= 2
    if receipt.kind is not ReceiptKind.NOT_A_RECEIPT:
        score[Intent.TRACK] += 3
    if danger is not None:
        score[Intent.APPLY] += 6
    _share(score, whom)
    if whom is not None and max(score.values()) < _ENOUGH and not asked and len(wish) >= _TELLING:
        # Not understood, but told by or about somebody: likelier a trouble than anything else.
        score[Intent.APPLY if whom == "self" else Intent.REPORT_OTHER] += _ENOUGH

    reasons = [pattern for found in hits.values() for pattern in found]
    reasons += [*hardship, *request, *(n for found in names.values() for n in found), *ill]
    return {i: s for i, s in score.items() if s > 0}, schemes, trouble, reasons


def _share(score: dict[Intent, float], whom: Whom | None) -> None:
    """A telling about others is a report, about oneself an application."""
    if whom == "other":
        score[Intent.REPORT_OTHER] += score[Intent.APPLY] + (0.5 if score[Intent.APPLY] else 0)
        score[Intent.APPLY] *= 0.3
    elif whom == "self":
        score[Intent.REPORT_OTHER] *= 0.5
    elif score[Intent.REPORT_OTHER] >= 3:
        score[Intent.REPORT_OTHER] += 0.7 * score[Intent.APPLY]


def _schemes(
    names: Mapping[str, Mapping[str, float]], signs: Mapping[str, Mapping[str, float]]
) -> tuple[str, ...]:
    """The schemes that were named or whose signs were told, best first; three at most."""
    weights = {
        scheme: 2 * weigh(names[scheme].values()) + weigh(signs[scheme].values())
        for scheme in names
    }
    ranked = sorted((s for s in weights if weights[s] > 0), key=lambda s: -weights[s])
    return tuple(ranked[:3])


def _count(folded: str) -> int | None:
    """How many are in the household, only where the words say so (一家五口, 5口人)."""
    found = _HEADS.search(folded)
    return read_number(found[0], 1, 30) if found else None
