"""Kinds of notice and their fields, from kinds.toml and a county's local rules. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from models.paths import PATHS
from models.settings import mark
from notices.leaks import leak


class Kind(StrEnum):
    """What a public notice is about."""

    APPRAISAL = "appraisal"
    PROPOSED = "proposed"
    DECISION = "decision"
    STANDING = "standing"
    STOPPING = "stopping"
    PAYMENT = "payment"


NAMES = ("full", "masked")
REACHES = ("township", "village", "group")
RULES = {
    "names": mark("full（全名）或 masked（遮住中间）"),
    "reach": mark("township、village 或 group"),
    "remarks": mark('备注里可以写的词，如 ["易地搬迁"]'),
    "without": mark('不要的列，如 ["members"]'),
}
"""What a county sets by local rules `notices.names` and so on, and what it may set there."""
NO_RULE = mark("没有这一项")
LABELS = {
    "serial": mark("序号"),
    "county": mark("县"),
    "township": mark("乡镇"),
    "village": mark("村（社区）"),
    "group": mark("村民小组"),
    "name": mark("姓名"),
    "households": mark("户数"),
    "members": mark("人数"),
    "amount": mark("金额"),
    "standard": mark("标准"),
    "arrears": mark("补发"),
    "total": mark("合计"),
    "scheme": mark("救助类别"),
    "category": mark("类别"),
    "care": mark("供养方式"),
    "cause": mark("救助事由"),
    "since": mark("起始时间"),
    "until": mark("停止时间"),
    "month": mark("发放月份"),
    "result": mark("评议结果"),
    "votes": mark("票数"),
    "reason": mark("停止原因"),
    "remark": mark("备注"),
}


@dataclass(frozen=True)
class Field:
    """One column that may appear: `reads` names how a cell is read, `words` what it may say;
    `label` is marked for the catalogue."""

    name: str
    label: str
    reads: str
    headings: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Shape:
    """What one notice may show. `names` is full or masked; `reach` how far a place goes.

    `never`: its lists are not published, by `basis`. `wrong`: local rules that are not
    understood; with them nothing may be published.
    """

    fields: tuple[Field, ...]
    names: str
    reach: str
    basis: str
    never: bool = False
    wrong: tuple[str, ...] = ()


def shape(kind: Kind, scheme: str = "", local: Mapping[str, Any] | None = None) -> Shape:
    """The shape of a kind and scheme; `local` gives what a county sets, by RULES."""
    tables = _tables()
    about, more = tables["kinds"][kind], tables["schemes"]
    # Where no scheme is named, the columns of every scheme.
    chosen = [more[scheme]] if scheme in more else [] if scheme else list(more.values())
    names = about["fields"].split() + [f for s in chosen for f in s["more"].split()]
    wrong = tuple(name for name, value in (local or {}).items() if not _fits(name, value))
    # In place of a rule that is not understood, the one that shows the least.
    least = {"names": "masked", "reach": "township"}
    rules = {**tables["defaults"], **(local or {}), **{name: least.get(name, ()) for name in wrong}}
    never = bool(scheme) and not PATHS[scheme].published
    special = chosen[0]["basis"] if scheme and chosen else about["basis"]
    return Shape(
        tuple(
            _field(name, tuple(rules.get("remarks", ()))) for name in names
            if name not in rules.get("without", ()) and _reaches(rules["reach"], name)
        ),
        rules["names"], rules["reach"], PATHS[scheme].basis if never else special, never, wrong,
    )


def _fits(rule: str, value: object) -> bool:
    """Whether a local rule's value is one that it may have."""
    if rule in ("names", "reach"):
        return value in (NAMES if rule == "names" else REACHES)
    if rule not in RULES or not isinstance(value, list):
        return False
    known = _tables()["fields"] if rule == "without" else None
    return all(
        isinstance(word, str) and (word in known if known else not leak(word)) for word in value
    )


@cache
def double_surnames() -> frozenset[str]:
    """复姓: two characters that are one family name."""
    return frozenset(_tables()["names"]["double"].split())


def schemes() -> tuple[str, ...]:
    """The code of every scheme."""
    return tuple(PATHS)


def _reaches(reach: str, name: str) -> bool:
    wanted = _tables()["fields"][name].get("reach", "township")
    return REACHES.index(reach) >= REACHES.index(wanted)


def _field(name: str, remarks: tuple[str, ...]) -> Field:
    about = _tables()["fields"][name]
    words = frozenset(about.get("words", "").split())
    return Field(
        name, LABELS[name], about["reads"], tuple(about["headings"].split()),
        words | set(remarks) if name == "remark" else words,
    )


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("notices").joinpath("kinds.toml").read_text(encoding="utf-8"))
