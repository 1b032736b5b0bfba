"""The lexicon: words and weights as data (lexicon.toml), compiled once, matched by substring.

Nothing here knows what an intent is worth; it says which patterns stand in a text and how much
they weigh together. How patterns are written is told at the top of the file of data.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bot.text import tidy

MAX_LENGTH = 4000
"""Of a novel, the beginning and the end are read."""

_STOP = r"[^ ,，。;；!！?？]"
_HOLE = re.compile(r"……|…|\([^()]*\)|\^|\$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: `part` is looked for first, and where there are holes the expression after."""

    part: str
    regex: re.Pattern[str] | None
    written: str
    weight: float


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns by the first character of their part, and what is blanked out before."""

    starts: Mapping[str, tuple[Pattern, ...]]
    never: re.Pattern[str] | None = None

    def found(self, text: str, letters: Set[str] | None = None) -> dict[str, float]:
        """The patterns that the text holds, as written in the file, each with its weight.

        `letters` are those of the text, where many patterns are looked for in one.
        """
        if self.never is not None:
            text = self.never.sub("#", text)
        hits: dict[str, float] = {}
        first = self.starts.keys() & (letters or set(text))
        for character in sorted(first, key=text.find) if len(first) > 1 else first:
            for pattern in self.starts[character]:
                if pattern.part in text and (pattern.regex is None or pattern.regex.search(text)):
                    hits[pattern.written] = pattern.weight
        return hits


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that `understand` knows."""

    characters: Mapping[int, str]
    spellings: Mapping[str, str]
    denied: re.Pattern[str]
    question: Patterns
    request: Patterns
    hardship: Patterns
    intents: Mapping[str, Patterns]
    scheme_names: Mapping[str, Patterns]
    scheme_signs: Mapping[str, Patterns]
    dangers: Mapping[str, Patterns]
    urgent: Patterns
    _spelling: re.Pattern[str] = field(repr=False)

    def folded(self, text: str) -> str:
        """Tidy, lower case, simplified characters, common spelling."""
        if len(text) > MAX_LENGTH:
            text = text[: MAX_LENGTH * 3 // 4] + " " + text[-MAX_LENGTH // 4 :]
        plain = tidy(text).lower().translate(self.characters)
        return self._spelling.sub(lambda found: self.spellings[found[0]], plain)

    def without_denials(self, folded: str) -> str:
        """The text without what it says that it is not (不是来申请的)."""
        return self.denied.sub("#", folded)


def weigh(weights: Iterable[float]) -> float:
    """Several patterns weigh more than one, each less than the one before it."""
    total, share = 0.0, 1.0
    for weight in sorted(weights, reverse=True)[:6]:
        total += weight * share
        share /= 2
    return total


def read_lexicon(toml: str) -> Lexicon:
    """A lexicon from the text of such a file; KeyError or ValueError where it is not one."""
    data = tomllib.loads(toml)
    spellings: dict[str, str] = data["fold"]["words"]
    schemes: dict[str, dict[str, str]] = data["schemes"]
    return Lexicon(
        characters=str.maketrans({pair[0]: pair[1] for pair in _pairs(data["fold"]["characters"])}),
        spellings=spellings,
        denied=re.compile("|".join(map(_regex, data["denied"]["patterns"].split()))),
        question=_patterns(data["question"]),
        request=_patterns(data["request"]),
        hardship=_patterns(data["hardship"]),
        intents={name: _patterns(table) for name, table in data["intents"].items()},
        scheme_names={name: _patterns({"3": table["names"]}) for name, table in schemes.items()},
        scheme_signs={name: _patterns({"2": table["signs"]}) for name, table in schemes.items()},
        dangers={name: _patterns(table) for name, table in data["danger"].items()},
        urgent=_patterns(data["urgent"]),
        _spelling=re.compile("|".join(sorted(map(re.escape, spellings), key=len, reverse=True))),
    )


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that comes with the bot."""
    return read_lexicon(files("bot").joinpath("lexicon.toml").read_text(encoding="utf-8"))


def _pairs(text: str) -> list[str]:
    pairs = text.split()
    wrong = [pair for pair in pairs if len(pair) != 2]
    if wrong:
        raise ValueError(f"not a pair of characters: {wrong[0]}")
    return pairs


def _patterns(table: Mapping[str, Any]) -> Patterns:
    """A table of the file: keys are weights, or `patterns` (weight 1); `not` is blanked out."""
    weights: dict[str, float] = {}
    for key, lines in table.items():
        weight = 1.0 if key in ("patterns", "not") else float(key)
        for written in lines.split() if key != "not" else ():
            weights[written] = max(weight, weights.get(written, 0.0))
    starts: dict[str, list[Pattern]] = {}
    for written, weight in weights.items():
        shape = _regex(written)
        regex = re.compile(shape) if _HOLE.search(written) else None
        for part in _parts(written):
            starts.setdefault(part[0], []).append(Pattern(part, regex, written, weight))
    return Patterns({first: tuple(found) for first, found in starts.items()}, _never(table))


def _never(table: Mapping[str, Any]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(_regex, table["not"].split()))) if "not" in table else None


def _regex(pattern: str) -> str:
    """The regular expression for one pattern as the file writes it."""
    if re.search(r"[()/]", _HOLE.sub("", pattern)):
        raise ValueError(f"brackets that do not match, or a stroke outside them: {pattern}")
    out, at = "", 0
    for hole in _HOLE.finditer(pattern):
        out += re.escape(pattern[at : hole.start()])
        last = hole.end() == len(pattern)
        if hole[0] == "…":
            out += f"{_STOP}{{0,10}}" + ("" if last else "?")
        elif hole[0] == "……":
            out += ".{0,20}" + ("" if last else "?")
        elif hole[0] in "^$":
            out += hole[0]
        else:
            out += "(?:" + "|".join(map(_regex, hole[0][1:-1].split("/"))) + ")"
        at = hole.end()
    return out + re.escape(pattern[at:])


def _parts(pattern: str) -> tuple[str, ...]:
    """Strings of which one must be there: the longest plain part, else the choices of a list."""
    plain = max(_HOLE.split(pattern), key=len)
    if plain:
        return (plain,)
    for hole in _HOLE.findall(pattern):
        parts = [max(_HOLE.split(choice), key=len) for choice in hole.strip("()").split("/")]
        if hole.startswith("(") and all(parts):
            return tuple(dict.fromkeys(parts))
    raise ValueError(f"a pattern that could match anything: {pattern}")
