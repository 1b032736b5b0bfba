"""The policy catalogue: what there is, for whom, on what basis, how, how long, with which papers.

Read from `schemes.toml`; a county fills in what that leaves to it and may say some things
otherwise (`models/localschemes.py`). Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from models.paths import PATHS
from models.settings import mark

# The three groups of 社会救助法 art. 15, and what a county has beside them.
GROUPS = {
    "basic": mark("基本生活救助"), "special": mark("专项救助"), "urgent": mark("急难救助"),
    "other": mark("还有这些"),
}
# What only a county can say, and the schemes name in `fills`.
STANDARD, LIMIT = "standard", "limit"


@dataclass(frozen=True)
class Document:
    """A law or rule. `cited`: as sources begin; `facts`: where the project keeps it; `confirm`:
    older than the law of 2026."""

    cited: str
    full: str
    facts: str
    confirm: bool = False


@dataclass(frozen=True)
class Fact:
    """One sentence and the clause it stands on; `county`: the county has yet to say it."""

    text: str
    source: str
    county: bool = False


@dataclass(frozen=True)
class Condition(Fact):
    """A fact that rules refer to, by `scheme.id`."""

    id: str = ""


@dataclass(frozen=True)
class Material:
    """A paper: what it is for, where one gets it."""

    name: str
    source: str
    why: str = ""
    where: str = ""
    county: bool = False


@dataclass(frozen=True)
class HouseholdKind:
    """A kind of household or person that the law names (art. 13), and the schemes for it."""

    id: str
    name: str
    text: str
    source: str
    schemes: tuple[str, ...]


@dataclass(frozen=True)
class Scheme:
    """One scheme. `limits` name clocks of `models.lengths.Deadlines`, in their order; `fills` are
    what only the county can say (`standard`, `limit`); `also` are other words for it."""

    id: str
    name: str
    group: str
    also: tuple[str, ...]
    what: Fact
    whom: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    gets: tuple[Fact, ...]
    steps: tuple[Fact, ...]
    limits: tuple[str, ...]
    materials: tuple[Material, ...]
    apply: tuple[Fact, ...]
    place: Fact
    fills: tuple[str, ...]

    @property
    def facts(self) -> Iterator[Fact | Material]:
        """Everything that it says, in the page's order."""
        yield self.what
        yield from self.whom
        yield from self.conditions
        yield from self.gets
        yield from self.steps
        yield from self.materials
        yield from self.apply
        yield self.place

    def condition(self, id: str) -> Condition:
        """A condition by its id; raises LookupError."""
        for one in self.conditions:
            if one.id == id:
                return one
        raise LookupError(f"{self.id}.{id}")


@dataclass(frozen=True)
class Catalogue:
    """All of it."""

    documents: tuple[Document, ...]
    kinds: tuple[HouseholdKind, ...]
    refused: tuple[Fact, ...]
    schemes: Mapping[str, Scheme]

    def cited(self, source: str) -> tuple[Document, ...]:
        """The documents that a source names, in its order. Raises LookupError for another."""
        return tuple(self._document(part) for part in source.split("；") if part)

    def to_confirm(self, source: str) -> bool:
        """Whether it stands on older measures alone: to be confirmed under the law of 2026."""
        found = self.cited(source)
        return bool(found) and all(one.confirm for one in found)

    def in_group(self, group: str) -> tuple[Scheme, ...]:
        """The schemes of a group, in the file's order."""
        return tuple(one for one in self.schemes.values() if one.group == group)

    def _document(self, part: str) -> Document:
        for one in self.documents:
            if part.startswith(one.cited):
                return one
        raise LookupError(part)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The shipped catalogue. Raises ValueError, KeyError or TypeError where it is not well made."""
    raw = tomllib.loads((files("models") / "schemes.toml").read_text("utf-8"))
    return Catalogue(
        tuple(Document(**row) for row in raw["documents"]),
        tuple(HouseholdKind(**row | {"schemes": tuple(row["schemes"])}) for row in raw["kinds"]),
        tuple(Fact(**row) for row in raw["refused"]),
        {id: _scheme(id, row) for id, row in raw["schemes"].items()},
    )


def _scheme(id: str, row: dict[str, Any]) -> Scheme:
    if row["group"] not in GROUPS:
        raise ValueError(f"{id}: {row['group']}")
    return Scheme(
        id=id, name=PATHS[id].name, group=row["group"], also=tuple(row["also"].split()),
        what=Fact(**row["what"]), whom=_facts(row["whom"]),
        conditions=tuple(Condition(**one) for one in row["conditions"]),
        gets=_facts(row["gets"]), steps=_facts(row["steps"]), limits=tuple(row["limits"]),
        materials=tuple(Material(**one) for one in row["materials"]),
        apply=_facts(row["apply"]), place=Fact(**row["place"]), fills=tuple(row["fills"]),
    )


def _facts(rows: list[dict[str, Any]]) -> tuple[Fact, ...]:
    return tuple(Fact(**row) for row in rows)


def search(
    said: str, schemes: tuple[str, ...] = (), *, sentences: bool = True
) -> list[Scheme]:
    """The schemes that free words mean: first those that were understood (`schemes`), then those
    whose name, other words or (where asked for) sentences hold what was said; best first."""
    whole, wanted = catalogue(), "".join(said.split())
    scores: dict[str, int] = {}
    for place, id in enumerate(schemes):
        if id in whole.schemes:
            scores[id] = 100 - place
    for one in whole.schemes.values():
        named = any(word in wanted for word in (one.name, *one.also))
        told = sentences and len(wanted) > 1 and any(
            wanted in text for fact in one.facts if isinstance(fact, Fact) for text in (fact.text,)
        )
        scores[one.id] = scores.get(one.id, 0) + 50 * named + 10 * told
    found = [one for one in whole.schemes.values() if scores[one.id]]
    return sorted(found, key=lambda one: -scores[one.id])
