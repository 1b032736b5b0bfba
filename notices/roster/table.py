"""What was understood of a sheet, every value with its cell. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from notices.roster.layout import Column


class Entry(NamedTuple):
    """One line of the list; `values` stand as the table's columns do."""

    row: int
    values: tuple[object, ...]


class Note(NamedTuple):
    """A text outside the table; row and column from 1."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Sum:
    """A line of sums: the entries before it that it stands for end at `upto`."""

    row: int
    upto: int
    whole: bool
    values: Mapping[int, object]  # by their place in the row, as in an entry


@dataclass
class Table:
    """What was understood of a sheet. A value's cell: its entry's row and its column."""

    sheet: str
    columns: tuple[Column, ...]
    first: int
    heading_row: int
    entries: list[Entry] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    headings: list[Note] = field(default_factory=list)
    # Where a merged place was written: (row, column from 1) by row and field of the entry.
    origins: dict[tuple[int, str], int] = field(default_factory=dict)

    def place_of(self, name: str) -> int | None:
        """Where the values of a field stand in an entry's values."""
        return self._places.get(name)

    @cached_property
    def _places(self) -> dict[str, int]:
        """By field; of two columns of one field the first counts."""
        found = [(c.field.name, at) for at, c in enumerate(self.columns) if c.field]
        return dict(reversed(found))

    def letter_of(self, name: str) -> int | None:
        """The column of a field, from 1."""
        place = self.place_of(name)
        return None if place is None else self.columns[place].at + self.first + 1

    def cell_of(self, entry: Entry, name: str) -> tuple[int, int] | None:
        """Row and column (from 1) that a value of an entry was read from."""
        column = self.letter_of(name)
        return None if column is None else (self.origins.get((entry.row, name), entry.row), column)
