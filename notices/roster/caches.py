"""Readings kept by value: a roster has few different ones, so a hundred thousand rows cost a
look-up a cell. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notices.gate import Reader
from notices.values import digits

ID_DIGITS = 18
KEPT = 50_000
"""Values of one column that are remembered; serial numbers are all different."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in a value's place where it may not be shown; `value` may still be counted."""

    code: str
    value: object


class Readings(dict[object, object]):
    """value → what it means, or a Fault; read when it is first met."""

    def __init__(self, read: Reader, note: Callable[[str], None]) -> None:
        super().__init__()
        self._read, self._note = read, note

    def __missing__(self, value: object) -> object:
        meant, said, code = self._read(value)
        if said:
            self._note(said)
        found = Fault(code, meant) if code else meant
        if len(self) < KEPT:
            self[value] = found
        return found


class Digits:
    """Whether the cells of a row, joined, could hold an identity number at all."""

    def __init__(self, columns: int) -> None:
        self._longest = [0] * columns
        self.may_hold_a_number = False

    def note(self, column: int, said: str) -> None:
        """A value of this column has these digits."""
        if len(said) > self._longest[column]:
            self._longest[column] = len(said)
            self.may_hold_a_number = sum(self._longest) >= ID_DIGITS

    def joined(self, row: list[object]) -> str:
        """The digits of a row's cells that are digits alone."""
        return "".join(map(digits, row))
