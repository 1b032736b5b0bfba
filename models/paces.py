"""How often help is looked at again: a local rule with its clause."""

from __future__ import annotations

import json
from dataclasses import dataclass

from models import rules
from models.context import Context
from models.settings import mark

STABLE, OTHER = "stable", "other"
PACES = {
    STABLE: mark("家里稳定，{months} 个月以后再看"),
    OTHER: mark("{months} 个月以后再看"),
}


@dataclass(frozen=True)
class Interval:
    """After so many months, with the clause."""

    months: int
    basis: str


def interval(ctx: Context, township: str, scheme: str | None, pace: str) -> Interval:
    """How long until the next look; what is not said to be stable is looked at sooner.

    A local rule `recheck.<scheme>`, then `recheck`, with `{"stable": 12, "other": 6}` goes
    before the configuration.
    """
    for key in (f"recheck.{scheme}", "recheck"):
        rule = rules.in_force(
            key, township, ctx.today(), ctx.directory.rules, ctx.directory.areas
        )
        if rule is not None:
            value = json.loads(rule.value)
            return Interval(value[STABLE if pace == STABLE else OTHER], rule.basis)
    default = ctx.settings.rechecks
    months = default.stable_months if pace == STABLE else default.other_months
    return Interval(months, default.basis)
