"""Local rules by area: what a county or township sets, each with its clause and dates.

A rule found nearest to the place wins (township before county); where none is in force the
configuration's default holds. A running case keeps the rule of its first day: it stores the
due date and the basis that it was given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.areas import Gazetteer
from models.base import Base, Key
from models.lengths import Deadlines, Length


class Rule(Base):
    """One local rule: `key` such as `deadlines.registration`, `value` as JSON."""

    __tablename__ = "rules"
    __table_args__ = (Index(None, "area", "key"),)

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    basis: Mapped[str] = mapped_column(String(200))
    from_: Mapped[date] = mapped_column("from_day")
    until: Mapped[date | None] = mapped_column("until_day")
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class LocalRule:
    """A rule as a value."""

    area: str
    key: str
    value: str
    basis: str
    from_: date
    until: date | None


def read_rules(session: Session) -> tuple[LocalRule, ...]:
    """Every rule of the service; one statement."""
    rows = session.execute(
        select(Rule.area, Rule.key, Rule.value, Rule.basis, Rule.from_, Rule.until)
    )
    return tuple(LocalRule(*row) for row in rows)


def in_force(
    key: str, place: str, on: date, rules: tuple[LocalRule, ...], gazetteer: Gazetteer
) -> LocalRule | None:
    """The rule of this key nearest to a place on a day; of two of one area, the later one."""
    found = [
        rule for rule in rules
        if rule.key == key and rule.from_ <= on and (rule.until is None or on <= rule.until)
    ]
    for area in gazetteer.upward(place):
        own = [rule for rule in found if rule.area == area.code]
        if own:
            return max(own, key=lambda rule: rule.from_)
    return None


def length(
    key: str,
    place: str,
    on: date,
    rules: tuple[LocalRule, ...],
    gazetteer: Gazetteer,
    defaults: Deadlines,
    scheme: str | None = None,
) -> Length:
    """The length of a clock (`registration`, `acceptance`, …) at a place on a day.

    A scheme's own length (`decision_temporary`) goes before the general one.
    """
    for name in (f"{key}_{scheme}", key) if scheme else (key,):
        rule = in_force(f"deadlines.{name}", place, on, rules, gazetteer)
        if rule is not None:
            value = json.loads(rule.value)
            return Length(value["days"], rule.basis, rule.from_, value["unit"])
        default: Length | None = getattr(defaults, name, None)
        if default is not None:
            return default
    raise LookupError(key)
