"""Which local rules there are: a closed list, each with what its value may be and its bounds.

What a value says stands with who asks for it: `models/rules.length`, `models/approval.py`,
`models/paces.py`, `models/spotchecks.py`, and the notices' own (`yimen notices check`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from models.clockwords import CLOCK_NAMES
from models.lengths import Deadlines, Length
from models.moves import Clocks
from models.paths import PATHS
from models.settings import Settings, mark

# Sums as they are kept: yuan to the cent.
MOST_DAYS, HALF_A_YEAR = 366, 6
MOST_YUAN = Decimal("1000000")


class Kind(StrEnum):
    """What a rule's value is made of."""

    LENGTH = "length"
    TOWNSHIP = "township"
    MONTHS = "months"
    SHARE = "share"
    CHOICE = "choice"


KIND_NAMES = {
    Kind.LENGTH: mark("时限"),
    Kind.TOWNSHIP: mark("镇里能定哪些、定多少"),
    Kind.MONTHS: mark("多久复查一次"),
    Kind.SHARE: mark("抽查多少"),
    Kind.CHOICE: mark("公示写到多细、给谁看"),
}
MORE_CLOCKS = {
    "decision_tekun": mark("从受理到给结果：特困"),
    "decision_temporary": mark("从受理到给结果：临时救助"),
    "decision_child": mark("从受理到给结果：孤儿及困境儿童"),
    "decision_extended": mark("从受理到给结果，延长以后最多"),
    "stopping": mark("特困拟终止，公示多久"),
    "concern": mark("异议、监督举报，多久答复"),
}
NAMES = {"full": mark("写全名"), "masked": mark("名字遮住中间")}
AUDIENCES = {"village": mark("本村的人和扫公示栏的码看得到"), "open": mark("谁都看得到")}
REACHES = {
    "township": mark("写到乡镇"), "village": mark("写到村"), "group": mark("写到村民小组"),
}


# Where no area says otherwise. Rows go to the village alone: no national clause opens them wider.
CHOICES = {
    "notices.names": "full", "notices.reach": "village", "notices.audience": "village",
}


@dataclass(frozen=True)
class Known:
    """One rule that can be set. `words` is its name; `scheme` names the scheme that it is for.

    `least` and `most` bound its number; `clause` is what sets the bound, where a programme rule
    does and not sense alone. `county`: no township has one of its own.
    """

    key: str
    kind: Kind
    words: str
    scheme: str = ""
    least: int = 1
    most: int = MOST_DAYS
    clause: str = ""
    county: bool = False
    options: Mapping[str, str] | None = None


def _lengths() -> list[Known]:
    found = []
    for name in (one.name for one in fields(Deadlines)):
        words = MORE_CLOCKS.get(name) or CLOCK_NAMES[Clocks(name)]
        least, most, clause = BOUNDS.get(name, (1, MOST_DAYS, ""))
        key = f"deadlines.{name}"
        found.append(Known(key, Kind.LENGTH, words, "", least, most, clause))
    return found


# The law of 2026 fixes no day counts (facts/law-2026.md); these rules of the ministry do.
BOUNDS = {
    "survey": (1, 3, "民发〔2021〕57号第十五条：受理后3个工作日内启动调查"),
    "approval": (1, 10, "民发〔2021〕57号：10个工作日内审核确认"),
    "decision_extended": (1, 45, "2022年10月扩围通知四（一）：最长45个工作日"),
    "stopping": (7, MOST_DAYS, "民发〔2021〕43号第二十六条：公示7天"),
    "notice": (7, MOST_DAYS, "民发〔2021〕57号第十九条：公示7天"),
}
_RECHECK = "民发〔2021〕57号第三十一条：每年至少一次，家里会变的每半年至少一次"
_APPROVED = mark("{scheme}：镇里能不能定")
_CHECKED = mark("{scheme}：多久再看一次")
_DRAWN = mark("{scheme}：抽查多少")
_DECIDED = tuple(path for path in PATHS.values() if path.here)

KNOWN: dict[str, Known] = {
    one.key: one for one in (
        *_lengths(),
        *(
            Known(f"approval.{path.scheme}", Kind.TOWNSHIP, _APPROVED, path.scheme)
            for path in _DECIDED
        ),
        Known("recheck", Kind.MONTHS, mark("多久再看一次"), most=12, clause=_RECHECK),
        *(
            Known(
                f"recheck.{path.scheme}", Kind.MONTHS, _CHECKED, path.scheme, most=12,
                clause=_RECHECK,
            )
            for path in _DECIDED if path.regular
        ),
        *(
            Known(
                f"spot_check.{path.scheme}", Kind.SHARE, _DRAWN, path.scheme,
                least=30 if path.scheme == "tekun" else 1, most=100, county=True,
                clause="民发〔2021〕43号：抽查不少于30%" if path.scheme == "tekun" else "",
            )
            for path in _DECIDED if path.regular
        ),
        Known("notices.names", Kind.CHOICE, mark("公示上名字怎么写"), options=NAMES),
        Known("notices.reach", Kind.CHOICE, mark("公示上住处写到哪里"), options=REACHES),
        Known("notices.audience", Kind.CHOICE, mark("公示上的人谁看得到"), options=AUDIENCES),
    )
}


class Unreadable(Exception):
    """A value that cannot be; `reason` is a marked sentence, `values` fill it."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


NO_NUMBER = mark("请填一个整数，{least} 到 {most}。")
TOO_LONG = mark("最多 {most}：{clause}。")
TOO_FEW = mark("至少 {least}：{clause}。")
NO_UNIT = mark("请选工作日还是自然日。")
CALENDAR_DAYS = mark("这一项的上限是按工作日定的，请按工作日填。")
NO_CHOICE = mark("请选一样。")
NO_SUM = mark("请填钱数，比如 2000；没有上限就空着。")
Given = Mapping[str, str]


def read(known: Known, given: Given) -> str:
    """The value as JSON from a form's fields. Raises Unreadable."""
    value = _READ[known.kind](known, given)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _number(known: Known, text: str, most: int | None = None) -> int:
    text, most = text.strip(), most or known.most
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    if known.least <= number <= most:
        return number
    reason = NO_NUMBER
    if number > most and known.clause and most < MOST_DAYS:
        reason = TOO_LONG
    elif 0 < number < known.least and known.clause:
        reason = TOO_FEW
    raise Unreadable(reason, least=known.least, most=most, clause=known.clause)


def _length(known: Known, given: Given) -> dict[str, Any]:
    unit = given.get("unit", "")
    if unit not in ("working_days", "days"):
        raise Unreadable(NO_UNIT)
    if known.most < MOST_DAYS and unit != "working_days":
        raise Unreadable(CALENDAR_DAYS)
    return {"days": _number(known, given.get("days", "")), "unit": unit}


def _township(_known: Known, given: Given) -> dict[str, Any]:
    choice = given.get("township", "")
    if choice not in ("yes", "no"):
        raise Unreadable(NO_CHOICE)
    text = given.get("limit", "").strip()
    if choice == "no" or not text:
        return {"township": choice == "yes", "limit": None}
    try:
        limit = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Unreadable(NO_SUM) from None
    if not (limit.is_finite() and 0 < limit <= MOST_YUAN) or limit != Decimal(text):
        raise Unreadable(NO_SUM)
    return {"township": True, "limit": str(limit)}


def _months(known: Known, given: Given) -> dict[str, Any]:
    return {
        "stable": _number(known, given.get("stable", "")),
        "other": _number(known, given.get("other", ""), HALF_A_YEAR),
    }


def _share(known: Known, given: Given) -> int:
    return _number(known, given.get("share", ""))


def _choice(known: Known, given: Given) -> str:
    chosen = given.get("choice", "")
    if chosen not in (known.options or {}):
        raise Unreadable(NO_CHOICE)
    return chosen


_READ: dict[Kind, Callable[[Known, Given], Any]] = {
    Kind.LENGTH: _length, Kind.TOWNSHIP: _township, Kind.MONTHS: _months, Kind.SHARE: _share,
    Kind.CHOICE: _choice,
}


@dataclass(frozen=True)
class Default:
    """What holds where no area has a rule: a value as JSON, its clause."""

    value: str
    basis: str


def default(settings: Settings, known: Known) -> Default | None:
    """What the configuration says, with its clause; None where another rule of the list holds."""
    name = known.key.partition(".")[2]
    if known.kind is Kind.LENGTH:
        length: Length = getattr(settings.deadlines, name)
        return _kept({"days": length.days, "unit": length.unit}, length.basis)
    if known.kind is Kind.TOWNSHIP:
        approval = settings.approval
        limit = approval.limits.get(known.scheme)
        value = {"township": known.scheme in approval.township,
                 "limit": str(limit) if limit is not None else None}
        return _kept(value, approval.basis)
    if known.kind is Kind.MONTHS:
        checks = settings.rechecks
        months = {"stable": checks.stable_months, "other": checks.other_months}
        return None if known.scheme else _kept(months, checks.basis)
    if known.kind is Kind.SHARE:
        spots = settings.spot_checks
        return _kept(spots.shares.get(known.scheme, spots.share), spots.basis)
    return _kept(CHOICES[known.key], "")


def _kept(value: Any, basis: str) -> Default:
    return Default(json.dumps(value, ensure_ascii=False, sort_keys=True), basis)
