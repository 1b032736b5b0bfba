"""A local rule in words: its name, its value, and what a form shows of it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from models.paths import PATHS
from models.rulekeys import Kind, Known
from models.settings import Translate, mark

WORKING_DAYS, DAYS = mark("{count} 个工作日"), mark("{count} 天")
COUNTY_DECIDES = mark("由县里定")
TOWNSHIP_DECIDES = mark("镇里能定，不论多少")
TOWNSHIP_UP_TO = mark("每户 {limit} 元以内镇里能定，再多由县里定")
MONTHS = mark("稳定的 {stable} 个月，其余 {other} 个月")
SHARE = mark("至少 {share}%")
DAY = mark("{year}年{day}")
GIVEN_UP = mark("不再另定，照上一级的来")


def name(t: Translate, known: Known) -> str:
    """What a rule is called."""
    scheme = t(PATHS[known.scheme].name) if known.scheme else ""
    return t(known.words, scheme=scheme)


def value(t: Translate, known: Known, kept: str) -> str:
    """A value in words; an empty one gives the rule up."""
    if not kept:
        return t(GIVEN_UP)
    found = json.loads(kept)
    match known.kind:
        case Kind.LENGTH:
            working = found["unit"] == "working_days"
            return t(WORKING_DAYS if working else DAYS, count=found["days"])
        case Kind.TOWNSHIP:
            if not found["township"]:
                return t(COUNTY_DECIDES)
            limit = found["limit"]
            return t(TOWNSHIP_UP_TO, limit=plain(limit)) if limit else t(TOWNSHIP_DECIDES)
        case Kind.MONTHS:
            return t(MONTHS, stable=found["stable"], other=found["other"])
        case Kind.SHARE:
            return t(SHARE, share=found)
        case Kind.CHOICE:
            return t((known.options or {})[found])


def day(t: Translate, on: date) -> str:
    """A day with its year: rules last."""
    return t(DAY, year=on.year, day=t.day(on))


def plain(limit: str) -> str:
    """Yuan without the cents where there are none."""
    sum_ = Decimal(limit)
    return str(sum_.quantize(Decimal(1)) if sum_ == sum_.to_integral_value() else sum_)


def fields(known: Known, kept: str | None) -> dict[str, str]:
    """What the form begins with."""
    found = json.loads(kept) if kept else None
    match known.kind:
        case Kind.LENGTH:
            return {"days": str(found["days"]), "unit": found["unit"]} if found else {}
        case Kind.TOWNSHIP if found:
            limit = plain(found["limit"]) if found["limit"] else ""
            return {"township": "yes" if found["township"] else "no", "limit": limit}
        case Kind.MONTHS if found:
            return {"stable": str(found["stable"]), "other": str(found["other"])}
        case Kind.SHARE | Kind.CHOICE:
            return {str(known.kind): str(found)}
    return {}
