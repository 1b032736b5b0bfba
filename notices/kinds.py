"""Kinds of notice and their fields, from kinds.toml and a county's local rules. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Kind(StrEnum):
    """What a public notice is about."""

    APPRAISAL = "appraisal"
    PROPOSED = "proposed"
    DECISION = "decision"
    STANDING = "standing"
    STOPPING = "stopping"
    PAYMENT = "payment"


REACHES = ("township", "village", "group")


@dataclass(frozen=True)
class Field:
    """One column that may appear: `reads` names how a cell is read, `words` what it may say."""

    name: str
    label: str
    reads: str
    headings: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Shape:
    """What one notice may show. `names` is full or masked; `reach` how far a place goes."""

    kind: Kind
    scheme: str
    fields: tuple[Field, ...]
    names: str
    reach: str
    basis: str
    never: bool = False


def shape(kind: Kind, scheme: str = "", local: Mapping[str, Any] | None = None) -> Shape:
    """The shape of a kind and scheme; `local` gives a county's `names`, `reach`, `remarks`
    (more words) and `without` (fields that it leaves out)."""
    tables = _tables()
    rules = dict(local or {})
    about = tables["kinds"][kind]
    special = tables["schemes"]
    # Where no scheme is named, the columns of every scheme that may be published.
    chosen = [special[scheme]] if scheme else list(special.values())
    names = about["fields"].split() + [f for s in chosen for f in s.get("more", "").split()]
    reach = str(rules.get("reach", tables["defaults"]["reach"]))
    left_out = set(rules.get("without", ()))
    return Shape(
        kind, scheme,
        tuple(
            _field(name, tuple(rules.get("remarks", ()))) for name in names
            if name not in left_out and _reaches(reach, name)
        ),
        str(rules.get("names", tables["defaults"]["names"])), reach,
        str(chosen[0].get("basis", about["basis"]) if scheme else about["basis"]),
        bool(scheme and chosen[0].get("never")),
    )


@cache
def double_surnames() -> frozenset[str]:
    """复姓: two characters that are one family name."""
    return frozenset(_tables()["names"]["double"].split())


def schemes() -> tuple[str, ...]:
    """The code of every scheme."""
    return tuple(_tables()["schemes"])


def _reaches(reach: str, name: str) -> bool:
    wanted = _tables()["fields"][name].get("reach", "township")
    return REACHES.index(reach) >= REACHES.index(wanted)


def _field(name: str, remarks: tuple[str, ...]) -> Field:
    about = _tables()["fields"][name]
    words = frozenset(about.get("words", "").split())
    return Field(
        name, about["label"], about["reads"], tuple(about["headings"].split()),
        words | set(remarks) if name == "remark" else words,
    )


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("notices").joinpath("kinds.toml").read_text(encoding="utf-8"))
