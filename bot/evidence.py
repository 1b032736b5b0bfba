"""What the lexicon finds in a message: weighed by rules, and as signals for the model."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.intents import Danger, Intent
from bot.lexicon import Lexicon, weigh
from bot.whom import Whom, find_whom
from models.receipts import ReceiptKind, ReceiptReading, read_receipt

ENOUGH = 1.5
"""Below this the lexicon understood nothing."""
TELLING = 7
"""Characters from which a message may tell of something without a word that is known."""
_SHORT, _LONG = 6, 40
_ON_ME = re.compile(
    r"[打掐砍追揍抽踢踹关杀锁捅]着?我|把我|我们娘|我(?:又|也|还|天天|总|老|经常|昨晚|今天)?[被挨]|进我(?:房|屋)"
)
"""Whoever writes is the one who is hurt: then it is not a child told of."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`wish` is the folded text without what it denies; `scores` are the lexicon's own, by intent;
    `signals` the same findings as names that the model has weights for."""

    folded: str
    wish: str
    danger: Danger | None
    cries: tuple[str, ...]
    whom: Whom | None
    receipt: ReceiptReading
    scores: Mapping[Intent, float]
    schemes: tuple[str, ...]
    named: frozenset[str]
    trouble: float
    wanted: float
    asked: float
    reasons: tuple[str, ...]
    signals: frozenset[str]


def gather(text: str, words: Lexicon) -> Evidence:
    """All that the lexicon has to say of a text."""
    folded = words.folded(text)
    wish = words.without_denials(folded)
    letters = set(folded) | set(wish)
    dangers = {
        name: tuple(words.dangers[name].found(folded, letters)) for name in get_args(Danger)
    }
    pressing = tuple(words.urgent.found(folded, letters))
    danger = _gravest(dangers, folded)
    whom = find_whom(folded)
    receipt = read_receipt(text)

    hits = {intent: words.intents[intent].found(wish, letters) for intent in words.intents}
    hardship, request = words.hardship.found(wish, letters), words.request.found(wish, letters)
    names = {scheme: p.found(wish, letters) for scheme, p in words.scheme_names.items()}
    signs = {scheme: p.found(wish, letters) for scheme, p in words.scheme_signs.items()}
    ill = {sign: weight for found in signs.values() for sign, weight in found.items()}
    asked = weigh(words.question.found(wish).values())
    wanted = weigh(request.values())
    trouble = weigh((ill | hardship).values())
    schemes = _schemes(names, signs)
    named = frozenset(scheme for scheme, found in names.items() if found)

    score = {Intent(name): weigh(found.values()) for name, found in hits.items()}
    _add_up(score, asked, wanted, trouble, bool(named), whom, danger, receipt, wish)
    scores = {i: s for i, s in score.items() if s > 0}
    reasons = [pattern for found in hits.values() for pattern in found]
    reasons += [*hardship, *request, *(n for found in names.values() for n in found), *ill]
    signals = {
        *_of_intents(scores), *_of_schemes(schemes, names, signs), *_of_dangers(dangers, pressing),
        *_above("trouble", trouble, (1, 3, 5)), *_above("ask", asked, (1,)),
        *_above("want", wanted, (1, 3)), f"@whom:{whom}",
        *(["@receipt"] if receipt.kind is not ReceiptKind.NOT_A_RECEIPT else []),
        *(["@short"] if len(folded) < _SHORT else ["@long"] if len(folded) > _LONG else []),
    }
    cries = (*(cry for found in dangers.values() for cry in found), *pressing)
    return Evidence(
        folded, wish, danger, cries, whom, receipt, scores, schemes[:3], named, trouble, wanted,
        asked,
        tuple(reasons), frozenset(signals),
    )


def _gravest(found: Mapping[str, tuple[str, ...]], folded: str) -> Danger | None:
    if found["suicide"]:
        return "suicide"
    if found["life"]:
        return "life"
    if found["child"] and not _ON_ME.search(folded):
        return "child"
    return "violence" if found["violence"] else None


def _add_up(
    score: dict[Intent, float], asked: float, wanted: float, trouble: float, named: bool,
    whom: Whom | None, danger: Danger | None, receipt: ReceiptReading, wish: str,
) -> None:
    """What one finding means for another: trouble told, a scheme named, a question, a danger."""
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
    if whom is not None and max(score.values()) < ENOUGH and not asked and len(wish) >= TELLING:
        # Not understood, but told by or about somebody: likelier a trouble than anything else.
        score[Intent.APPLY if whom == "self" else Intent.REPORT_OTHER] += ENOUGH


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
    """The schemes that were named or whose signs were told, best first."""
    weights = {
        scheme: 2 * weigh(names[scheme].values()) + weigh(signs[scheme].values())
        for scheme in names
    }
    return tuple(sorted((s for s in weights if weights[s] > 0), key=lambda s: -weights[s]))


def _above(name: str, weight: float, steps: Iterable[float]) -> list[str]:
    return [f"@{name}{step}" for step in steps if weight >= step]


def _of_intents(scores: Mapping[Intent, float]) -> list[str]:
    steps = (1, 2.5, 4.5)
    marks = [mark for intent, s in scores.items() for mark in _above(f"{intent}:", s, steps)]
    top = max(scores, key=lambda intent: scores[intent]) if scores else "none"
    return [*marks, f"@top:{top}"]


def _of_schemes(
    schemes: tuple[str, ...],
    names: Mapping[str, Mapping[str, float]], signs: Mapping[str, Mapping[str, float]],
) -> list[str]:
    marks = [f"@first:{scheme}" for scheme in schemes[:1]]
    marks += [f"@name:{scheme}" for scheme, found in names.items() if found]
    for scheme, found in signs.items():
        marks += _above(f"sign:{scheme}:", len(found), (1, 2))
    return marks


def _of_dangers(dangers: Mapping[str, tuple[str, ...]], pressing: tuple[str, ...]) -> list[str]:
    marks = _above("urgent:", len(pressing), (1, 2))
    for name, found in dangers.items():
        marks += _above(f"danger:{name}:", len(found), (1, 2))
    return marks
