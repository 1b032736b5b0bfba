"""What a township may decide by itself: by scheme and amount, a local rule with its clause."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from models import rules
from models.context import Context


@dataclass(frozen=True)
class Verdict:
    """`delegated`: the scheme may be decided by the township; `within`: the amount too.

    `limit` is yuan a household, or None where there is none; `basis` the clause.
    """

    delegated: bool
    within: bool
    limit: Decimal | None
    basis: str


def may_decide(
    ctx: Context, township: str, scheme: str | None, amount: Decimal | None
) -> Verdict:
    """Whether this township may decide this scheme with this amount (社会救助法 art. 44).

    A local rule `approval.<scheme>` with `{"township": true, "limit": "2000.00"}` goes before
    the configuration.
    """
    default = ctx.settings.approval
    rule = rules.in_force(
        f"approval.{scheme}", township, ctx.today(), ctx.directory.rules, ctx.directory.areas
    )
    if rule is not None:
        value = json.loads(rule.value)
        delegated, basis = bool(value["township"]), rule.basis
        limit = Decimal(value["limit"]) if value.get("limit") else None
    else:
        delegated, basis = (scheme or "") in default.township, default.basis
        limit = default.limits.get(scheme or "")
    return Verdict(delegated, limit is None or (amount or 0) <= limit, limit, basis)
