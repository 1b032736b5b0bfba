"""What does not add up in a list: sums, counts said in words, units, people twice, tiny places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from notices.findings import Finding
from notices.leaks import plain
from notices.masking import is_masked
from notices.roster.layout import Column
from notices.roster.table import Entry, Sum, Table

SMALL_PLACE = 2
"""Households of a place, at or below which a hidden name hides nobody."""
MOST_NAMED = 50
LIKE_A_TELEPHONE = 1_000_000
ENOUGH = 2000
"""Entries that show what a column counts in."""

_HOUSEHOLDS = re.compile(r"共[计有]?\s*([0-9]{1,7})\s*户")
_PEOPLE = re.compile(r"共[计有]?\s*(?:[0-9]{1,7}\s*户[,，、\s]*)?([0-9]{1,7})\s*人")
# A household of one month: above the first nothing is paid, below the second nobody is helped.
_TOO_MUCH, _TOO_LITTLE = 100_000, 5


def compare(table: Table, masked: bool) -> list[Finding]:
    """Every warning of one table. `masked`: the county hides the middle of names."""
    place = table.place_of("name")
    names = set() if place is None else {entry.values[place] for entry in table.entries}
    hidden = sum(isinstance(name, str) and is_masked(name) for name in names)
    found = [*_sums(table), *_stated(table), *_units(table), *_twice(table)]
    if masked or hidden:
        found += _small_places(table)
    if 0 < hidden < len(names - {None}) and not masked:
        found.append(Finding("some_masked", table.sheet, None, table.letter_of("name")))
    return found


def _values(entries: Sequence[Entry], place: int | None) -> list[Decimal]:
    if place is None:
        return []
    return [
        Decimal(value) for entry in entries
        if isinstance(value := entry.values[place], int | Decimal)
    ]


def impossible_sums(table: Table) -> list[Finding]:
    """Sums that are none: a number as long as a telephone's, and nothing adds up to it."""
    return [found for written, found in _wrong_sums(table) if written >= LIKE_A_TELEPHONE]


def _sums(table: Table) -> list[Finding]:
    return [found for written, found in _wrong_sums(table) if written < LIKE_A_TELEPHONE]


def _wrong_sums(table: Table) -> Iterator[tuple[Decimal, Finding]]:
    """(the number as it is written, the finding) of each sum that does not add up."""
    before = 0
    for number, line in enumerate(table.sums):
        for place, said in line.values.items():
            if not isinstance(said, int | Decimal):
                continue
            spans = _spans(table, number, line, before)
            fits = [sum(_values(span, place), Decimal(0)) for span in spans]
            if Decimal(said) not in fits:
                column = table.columns[place]
                yield abs(said / column.unit), Finding(
                    "total", table.sheet, line.row, column.at + table.first + 1,
                    values={"sum": _plain(fits[0])},
                )
        if not line.whole:
            before = line.upto


def _spans(table: Table, number: int, line: Sum, before: int) -> list[list[Entry]]:
    """The entries that a line of sums may stand for, the likeliest first."""
    following = [s.upto for s in table.sums[number + 1 :] if s.upto > line.upto]
    after = table.entries[line.upto : following[0] if following else None]
    if line.whole:
        above = table.entries[: line.upto]
        # A sum at the head of the table stands for all that follows.
        return [above or table.entries, table.entries, table.entries[before : line.upto]]
    return [table.entries[before : line.upto] or after, after]


def _plain(number: Decimal) -> str:
    said = f"{number:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _stated(table: Table) -> Iterator[Finding]:
    people = sum(_values(table.entries, table.place_of("members")), Decimal(0))
    named = table.place_of("name") is not None
    listed = _values(table.entries, table.place_of("households"))
    houses = Decimal(len(table.entries)) if named else sum(listed, Decimal(0))
    for note in (plain(note.text) for note in table.notes):
        for pattern, fact, what in ((_HOUSEHOLDS, houses, "户数"), (_PEOPLE, people, "人数")):
            found = pattern.search(note)
            if found and fact and Decimal(found[1]) != fact:
                values = {"what": what, "sum": _plain(fact)}
                yield Finding("stated", table.sheet, where="note", values=values)


def _units(table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if column.field is None or column.field.reads != "money":
            continue
        looks = _looks(table, column)
        if looks:
            yield Finding(
                "unit", table.sheet, table.heading_row, column.at + table.first + 1, "heading",
                {"heading": column.unit_name or "元", "looks": looks},
            )


def _looks(table: Table, column: Column) -> str:
    assert column.field is not None
    place = table.columns.index(column)
    heads = table.place_of("members" if table.place_of("members") is not None else "households")
    shares = []
    for entry in table.entries[:ENOUGH]:
        money = entry.values[place]
        head = entry.values[heads] if heads is not None else 1
        if isinstance(money, Decimal) and money > 0 and isinstance(head, int) and head > 0:
            shares.append(money / head)
    if not shares:
        return ""
    usual = median(shares)
    if column.unit != 1 and usual > _TOO_MUCH:
        return "元"
    return "万元" if column.unit == 1 and usual < _TOO_LITTLE else ""


def _twice(table: Table) -> Iterator[Finding]:
    name, village = table.place_of("name"), table.place_of("village")
    if name is None:
        return
    first: dict[tuple[object, object], int] = {}
    found = 0
    for entry in table.entries:
        person = entry.values[name]
        key = (person, entry.values[village] if village is not None else None)
        other = first.setdefault(key, entry.row)
        if other != entry.row and isinstance(person, str) and not is_masked(person):
            found += 1
            if found > MOST_NAMED:
                return
            yield Finding(
                "twice", table.sheet, entry.row, table.letter_of("name"), values={"other": other}
            )


def _small_places(table: Table) -> Iterator[Finding]:
    village = table.place_of("village")
    if village is None or table.place_of("name") is None:
        return
    places = [e.values[village] for e in table.entries]
    count = Counter(place for place in places if isinstance(place, str))
    said: set[str] = set()
    for entry, place in zip(table.entries, places, strict=True):
        if isinstance(place, str) and count[place] <= SMALL_PLACE and place not in said:
            if len(said) == MOST_NAMED:
                return
            said.add(place)
            yield Finding(
                "small_place", table.sheet, entry.row, table.letter_of("village"),
                values={"place": place, "count": count[place]},
            )
