"""The places that a list of an area may name."""

from __future__ import annotations

from models.areas import Gazetteer, Level
from notices.gate import Places, short_place


def places_of(areas: Gazetteer, code: str) -> Places:
    """Every name under which a place of the area, or one above it, may stand in a list.

    Empty where the service knows no village there: then nothing can be compared.
    """
    if not areas.within(code, Level.VILLAGE):
        return Places(frozenset())
    inside = [p for level in Level for p in areas.within(code, level)]
    names: set[str] = set()
    others: set[str] = set()
    for place in dict.fromkeys([*inside, *areas.upward(code)]):
        above = ""
        for one in areas.upward(place.code):
            above = one.name + above
            said = {above, short_place(above)}
            names |= said
            if place.level != Level.VILLAGE:
                others |= said
    return Places(frozenset(names), frozenset(names - others))
