"""How long each kind of a card's field may be, and values that fit. Pure.

From the platform's page on the fields of its messages (thing, number, symbol also in facts:
wechat.md §3). A field's name is its kind and a number: thing1, date3.
"""

from __future__ import annotations

from collections.abc import Mapping

# Characters. Of other kinds (time, date) the form counts, not the length.
LONGEST = {
    "thing": 20, "short_thing": 5, "character_string": 32, "number": 32, "letter": 32,
    "symbol": 5, "phone_number": 17, "car_number": 8, "name": 10, "phrase": 5, "const": 20,
}


def fit(values: Mapping[str, str]) -> dict[str, str]:
    """The values on one line each, none longer than its kind takes."""
    return {name: _one_line(value)[: longest(name)] for name, value in values.items()}


def longest(name: str) -> int | None:
    """How long this field may be; None where its kind has no length."""
    return LONGEST.get(name.rstrip("0123456789"))


def _one_line(value: str) -> str:
    return " ".join(value.split())
