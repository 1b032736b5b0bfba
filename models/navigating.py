"""看看有什么帮助: which help a household may ask for, from a few answers. Pure, and no decision.

Questions and rules are data (`navigator.toml`); each rule names the clause that it rests on. What
comes out is `likely`, `possible` or `ask` by scheme, never a refusal: a scheme that no rule speaks
for is not listed, and that says nothing about it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any

from models.schemes import catalogue
from models.settings import mark

MOST_QUESTIONS = 8

# Question → the keys of what was chosen; empty where it was left out.
Said = Mapping[str, tuple[str, ...]]


class Level(IntEnum):
    """How near it lies; none of them is a decision."""

    ASK = 1
    POSSIBLE = 2
    LIKELY = 3


LEVEL_NAMES = {
    Level.LIKELY: mark("很可能"), Level.POSSIBLE: mark("可能"), Level.ASK: mark("问一问"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its key, what people see, and other words for it."""

    key: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `many`: several answers go together; `none` among them stands alone."""

    key: str
    ask: str
    again: str
    many: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a scheme is worth asking for.

    It speaks where each question in `when` was answered with one of its keys, and none in `unless`
    was. `why` is said to the person. `quote` stands word for word in `source` (a file of seeds/ or
    facts/); where that only tells what the clause says, it is `gist` instead, or
    a condition of the catalogue.
    """

    key: str
    scheme: str
    level: Level
    when: Mapping[str, frozenset[str]]
    unless: Mapping[str, frozenset[str]]
    why: str
    basis: str
    quote: str
    gist: str
    source: str

    def asks(self, question: str) -> bool:
        """Whether the answer to this question is looked at."""
        return question in self.when or question in self.unless

    def speaks(self, said: Said) -> bool:
        """Whether it speaks, with what was said so far."""
        return all(keys & set(said.get(q, ())) for q, keys in self.when.items()) and not any(
            keys & set(said.get(q, ())) for q, keys in self.unless.items()
        )

    def may_speak(self, said: Said) -> bool:
        """Whether it speaks, or still could after more answers."""
        open_ = {q: keys for q, keys in self.when.items() if q in said}
        return all(keys & set(said[q]) for q, keys in open_.items()) and not any(
            keys & set(said.get(q, ())) for q, keys in self.unless.items()
        )

    def is_settled(self, said: Said) -> bool:
        """Whether it speaks whatever is still answered."""
        return self.speaks(said) and all(q in said for q in (*self.when, *self.unless))


@dataclass(frozen=True, slots=True)
class Finding:
    """One scheme worth asking for, and the rule that says so."""

    scheme: str
    level: Level
    rule: Rule


@dataclass(frozen=True, slots=True)
class Navigator:
    """The questions in their order, and the rules."""

    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]

    def question(self, key: str) -> Question:
        """The question of this key; KeyError where there is none."""
        found = next((q for q in self.questions if q.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def findings(self, said: Said) -> tuple[Finding, ...]:
        """The schemes that a rule speaks for, the likeliest first, then in the rules' order.

        Of several rules for a scheme the strongest counts, of equals the first.
        """
        found: dict[str, Finding] = {}
        for rule in self.rules:
            had = found.get(rule.scheme)
            if rule.speaks(said) and (had is None or rule.level > had.level):
                found[rule.scheme] = Finding(rule.scheme, rule.level, rule)
        order = list(dict.fromkeys(rule.scheme for rule in self.rules))
        return tuple(sorted(found.values(), key=lambda f: (-f.level, order.index(f.scheme))))

    def matters(self, question: str, said: Said) -> bool:
        """Whether an answer to this open question could still change what is found.

        It could where a rule that looks at it is still open and would say more of its scheme than
        what is settled already.
        """
        if question in said:
            return False
        settled: dict[str, Level] = {}
        for rule in self.rules:
            if rule.is_settled(said):
                settled[rule.scheme] = max(rule.level, settled.get(rule.scheme, rule.level))
        return any(
            rule.asks(question) and rule.may_speak(said)
            and (rule.scheme not in settled or rule.level > settled[rule.scheme])
            for rule in self.rules
        )

    def next_question(self, said: Said) -> Question | None:
        """The first question whose answer could still change something; None at the end."""
        return next((q for q in self.questions if self.matters(q.key, said)), None)

    def chosen(self, question: str, keys: Iterable[str]) -> tuple[str, ...]:
        """Keys of this question's answers in its own order; `none` falls away beside others.

        Raises ValueError for a key that it does not have.
        """
        given, known = set(keys), [c.key for c in self.question(question).choices]
        if given - set(known):
            raise ValueError(f"{question}: no such answer")
        return tuple(k for k in known if k in given and (k != "none" or len(given) == 1))

    def told(self, said: Said) -> list[tuple[str, list[str]]]:
        """What was answered, in words: question and answers; without what was left out."""
        return [
            (q.ask, [c.label for c in q.choices if c.key in said[q.key]])
            for q in self.questions if said.get(q.key)
        ]

    def record(self, said: Said) -> dict[str, Any]:
        """What was answered and what was shown for it, as it was worded then: for the case."""
        return {
            "answers": [[ask, labels] for ask, labels in self.told(said)],
            "shown": [
                {
                    "scheme": f.scheme, "level": f.level.name.lower(), "rule": f.rule.key,
                    "why": f.rule.why, "basis": f.rule.basis,
                    "quote": f.rule.quote, "gist": f.rule.gist,
                }
                for f in self.findings(said)
            ],
        }


def read(text: str) -> Navigator:
    """Read `navigator.toml`. Raises ValueError where it does not hold together, LookupError where
    the catalogue has no such condition."""
    data = tomllib.loads(text)
    questions = tuple(_question(row) for row in data["questions"])
    if len(questions) > MOST_QUESTIONS:
        raise ValueError(f"more than {MOST_QUESTIONS} questions")
    known = {q.key: {c.key for c in q.choices} for q in questions}
    rules = tuple(_rule(row, known) for row in data["rules"])
    if len({rule.key for rule in rules}) < len(rules):
        raise ValueError("two rules have the same key")
    return Navigator(questions, rules)


def _question(row: dict[str, Any]) -> Question:
    choices = tuple(
        Choice(c["key"], c["label"], tuple(c.get("words", "").split())) for c in row["choices"]
    )
    return Question(row["key"], row["ask"], row["again"], bool(row.get("many")), choices)


def _rule(row: dict[str, Any], known: Mapping[str, set[str]]) -> Rule:
    key = row["key"]
    gist = row.get("gist", "")
    if "condition" in row:
        gist = catalogue().schemes[row["scheme"]].condition(row["condition"]).text
    if bool(row.get("quote")) == bool(gist):
        raise ValueError(f"{key}: either a quote or a gist")
    if not (row["basis"] and row["source"] and row["why"]):
        raise ValueError(f"{key}: no basis, source or reason")
    when, unless = (
        {q: frozenset(keys) for q, keys in row.get(part, {}).items()} for part in ("when", "unless")
    )
    for question, keys in (*when.items(), *unless.items()):
        if not keys or keys - known.get(question, set()):
            raise ValueError(f"{key}: {question} has no such answer")
    return Rule(
        key, row["scheme"], Level[row["level"].upper()], when, unless, row["why"], row["basis"],
        row.get("quote", ""), gist, row["source"],
    )


@cache
def navigator() -> Navigator:
    """The questions and rules of `navigator.toml`."""
    return read((files("models") / "navigator.toml").read_text("utf-8"))
