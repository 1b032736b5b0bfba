"""Figures that everyone may see: what is of fewer than three is not said. Pure.

Where one village alone were left out, the total less the others would tell it: then the smallest
of the others is left out too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST = 3


@dataclass(frozen=True)
class Figures:
    """Households, people and yuan of one place; None in place of all three: too few to say."""

    households: int
    people: int
    yuan: Decimal


def figures(kept: Mapping[str, Sequence[str]]) -> tuple[Figures | None, dict[str, Figures | None]]:
    """The total, and each place's own."""
    own = {place: _read(values) for place, values in kept.items()}
    total = Figures(
        sum(one.households for one in own.values()), sum(one.people for one in own.values()),
        sum((one.yuan for one in own.values()), Decimal(0)),
    )
    hidden = {place for place, one in own.items() if _size(one) < LEAST}
    rest = sorted((place for place in own if place not in hidden), key=lambda p: _size(own[p]))
    if hidden and rest and (len(hidden) == 1 or sum(_size(own[p]) for p in hidden) < LEAST):
        hidden.add(rest[0])
    shown = {place: None if place in hidden else one for place, one in own.items()}
    return (None if _size(total) < LEAST else total), shown


def _read(values: Sequence[str]) -> Figures:
    households, people, yuan = (Decimal(value) for value in values)
    return Figures(int(households), int(people), yuan)


def _size(one: Figures) -> int:
    return one.households or one.people
