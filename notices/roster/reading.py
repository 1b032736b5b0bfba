"""Reads one sheet's table: entries, sums, notes, and every finding at its cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain, islice

from notices.findings import Finding, letter
from notices.gate import (
    Places,
    Reader,
    is_group,
    place_code,
    reader,
    split_number,
    stray,
    unnamed,
)
from notices.kinds import Shape
from notices.leaks import leak, of_heading, plain
from notices.roster.book import Hidden, Row
from notices.roster.caches import Digits, Fault, Readings
from notices.roster.layout import (
    LOOKED_AT,
    Column,
    Heading,
    bare,
    find_heading,
    speaks_of_more,
)
from notices.roster.notes import is_about_the_list, is_note, place_titled
from notices.roster.searching import search
from notices.roster.sums import is_sum, read_sum
from notices.roster.table import Entry, Note, Table
from notices.values import as_text
from notices.values import number as exact_number

_NUMBERED = re.compile(r"[0-9甲乙丙丁]{1,2}(?:\.0)?")
_CARRIED = ("county", "township", "village", "group", "scheme")
"""Read from the cell above where the cell is empty, as in a merged one."""


class TableReader:
    """Reads one sheet under a shape."""

    def __init__(
        self, sheet: str, first: int, hidden: Hidden, shape: Shape, places: Places, area: str
    ) -> None:
        self.sheet, self.first, self.hidden = sheet, first, hidden
        self.shape, self.places, self.area = shape, places, area
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.seen: set[str] = set()
        self.table: Table | None = None
        self._caches: list[Readings] = []
        self._headings: list[list[str]] = []
        self._carried: dict[str, tuple[object, int]] = {}

    def read(self, rows: Iterable[Row]) -> None:
        """Read them all; a sheet without a heading is only searched."""
        every = iter(rows)
        head = list(islice(every, LOOKED_AT + 3))
        heading = find_heading(head, self.shape.fields)
        if heading is None:
            self._search(chain(head, every))
            return
        self._search(head[: heading.first])
        self._read_heading(heading, head)
        start = heading.last + 1
        self._read_rows(chain(head[start:], every), start)

    # the heading

    def _read_heading(self, heading: Heading, head: list[Row]) -> None:
        self._headings = [
            [as_text(v) for v in row] for row in head[heading.first : heading.last + 1]
        ]
        width = len(head[heading.first])
        named = {column.at: column for column in heading.columns}
        columns = tuple(named.get(at) or Column(at, "", None) for at in range(width))
        self.table = Table(self.sheet, columns, self.first, heading.last + 1)
        self.table.notes += [
            Note(number, at + self.first + 1, as_text(value))
            for number, row in enumerate(head[: heading.first], 1)
            for at, value in enumerate(row) if value != ""
        ]
        taken: dict[str, Column] = {}
        for column in columns:
            self._check_heading(column, heading, head, taken)
        sums = "name" not in heading.fields
        if sums:
            self.warnings.append(Finding("no_names", self.sheet))
        self._digits = Digits(len(columns))
        self._caches = [
            Readings(
                reader(c.field, self.shape, self.places, c.unit, sums=sums) if c.field
                else stray if c.heading else unnamed,
                partial(self._digits.note, at),
            )
            for at, c in enumerate(columns)
        ]
        places = map(self.table.place_of, ("name", "village", "township", "county"))
        self._key = next(place for place in places if place is not None)
        self._carries = [
            (n, c.field.name) for n, c in enumerate(columns)
            if c.field and c.field.name in _CARRIED and n != self._key
        ]

    def _check_heading(
        self, column: Column, heading: Heading, head: list[Row], taken: dict[str, Column]
    ) -> None:
        assert self.table is not None
        rows = range(heading.first, heading.last + 1)
        cells = [(at, as_text(head[at][column.at])) for at in rows]
        texts = [(at, text) for at, text in cells if text.strip()]
        row = texts[-1][0] if texts else heading.last
        for at, text in texts:
            self.seen.add(text)
            # The leaf says what the column is; what stands above it is a heading too.
            code = leak(text, office=True) or (at != row and of_heading(bare(text))) or None
            if code:
                self._error(code, at + 1, column.at, "heading")
                return
            self.table.headings.append(Note(at + 1, column.at + self.first + 1, text))
        more = [at for at, text in texts if column.field and speaks_of_more(text, column.field)]
        if more:
            self._error("heading", more[0] + 1, column.at, "heading")
        elif column.field is None:
            if column.heading:
                code = of_heading(bare(column.heading)) or "column_not_allowed"
                self._error(code, row + 1, column.at, "heading", self._allowed())
        elif column.field.name in taken and column.field.reads in ("name", "place"):
            other = letter(taken[column.field.name].at + self.first + 1)
            self._error("column_twice", row + 1, column.at, "heading", {"other": other})
        else:
            taken.setdefault(column.field.name, column)

    def _allowed(self) -> dict[str, object]:
        return {"allowed": tuple(f.label for f in self.shape.fields)}

    # the rows

    def _read_rows(self, rows: Iterable[Row], start: int) -> None:
        assert self.table is not None
        caches, key, digits = self._caches, self._key, self._digits
        entries, carries, width = self.table.entries, self._carries, len(caches)
        other = 1 if key == 0 else 0
        for number, cells in enumerate(rows, start + 1):
            # True and 1 are one key of a dict, and do not mean the same.
            row = _without_truth(cells) if bool in map(type, cells) else cells
            values = [cache[value] for cache, value in zip(caches, row, strict=True)]
            alone = values[other] is None and values.count(None) == width - 1
            if alone or values[key] is None or Fault in map(type, values):
                self._odd(number, row, values)
            else:
                for at, name in carries:
                    if values[at] is None:
                        self._carry(number, at, name, values)
                    else:
                        self._carried[name] = (values[at], number)
                entries.append(Entry(number, tuple(values)))
            if digits.may_hold_a_number and split_number(digits.joined(row)):
                self._error("id_number", number, key)
        for cache in caches:
            self.seen.update(value for value in cache if isinstance(value, str))

    def _carry(self, number: int, at: int, name: str, values: list[object]) -> None:
        assert self.table is not None
        if name in self._carried:
            values[at], origin = self._carried[name]
            self.table.origins[number, name] = origin

    def _odd(self, number: int, row: Row, values: list[object]) -> None:
        """A row that is no plain entry: empty, sums, a place's title, a note, or faulty."""
        assert self.table is not None
        texts = [(at, as_text(v)) for at, v in enumerate(row) if v != "" and as_text(v).strip()]
        if not texts or self._repeats_heading(row) or self._counts_columns(texts):
            return
        if is_sum([text for _, text in texts]):
            self._take_sum(number, row)
        elif place := self._title(texts):
            self._take_place(number, texts[0][0], place)
        elif self._is_note(texts, values):
            self._take_note(number, texts)
        else:
            self._take_faulty(number, values)

    def _title(self, texts: list[tuple[int, str]]) -> str:
        return place_titled(texts[0][1], self.places) if len(texts) == 1 else ""

    def _is_note(self, texts: list[tuple[int, str]], values: list[object]) -> bool:
        """No entry's line: without a number in a cell of its own, or a name in its column."""
        named = values[self._key] is not None and not isinstance(values[self._key], Fault)
        said = [text for _, text in texts]
        return is_note(said) and not (named and len(said) == 1) and not any(
            exact_number(text) is not None for text in said
        )

    def _take_faulty(self, number: int, values: list[object]) -> None:
        assert self.table is not None
        found = False
        for at, meant in enumerate(values.copy()):
            column = self.table.columns[at]
            if isinstance(meant, Fault):
                code, values[at] = meant.code, meant.value
                found = True
                self._error(code, number, at, "cell", self._words_for(code, column))
        if values[self._key] is None and not found:
            self._error("no_name", number, self._key)
        for at, name in self._carries:
            if values[at] is not None:
                self._carried[name] = (values[at], number)
        self.table.entries.append(Entry(number, tuple(values)))

    def _words_for(self, code: str, column: Column | None) -> dict[str, object]:
        if code in ("word", "remark") and column and column.field:
            return {"allowed": "、".join(sorted(column.field.words - {"、", "-", "/", "—"})[:12])}
        return {"area": self.area} if code == "outside_area" else {}

    def _repeats_heading(self, row: Row) -> bool:
        said = [as_text(v) for v in row]
        return said in self._headings

    def _counts_columns(self, texts: list[tuple[int, str]]) -> bool:
        """Right below the heading: 1 2 3 4, or 甲 乙 1 2."""
        assert self.table is not None
        return (
            not self.table.entries and len(texts) > 2
            and all(_NUMBERED.fullmatch(text.strip()) for _, text in texts)
        )

    def _take_sum(self, number: int, row: Row) -> None:
        assert self.table is not None
        found, faults = read_sum(
            row, number, len(self.table.entries), self.table.columns, self.places, self._summed
        )
        self.table.sums.append(found)
        for code, at in faults:
            self._error(code, number, at, "cell", self._words_for(code, self.table.columns[at]))

    def _summed(self, column: Column) -> Reader:
        """Numbers are larger than one household's in a line of sums."""
        assert column.field is not None
        return reader(column.field, self.shape, self.places, column.unit, sums=True)

    def _take_place(self, number: int, at: int, place: str) -> None:
        """A place as the title of the lines below it: read as in the villages' column."""
        code = place_code(place, self.places, self.shape.reach)
        if self.shape.reach == "group" and is_group(place):
            self._carried["group"] = (place, number)
        elif code:
            self._error(code, number, at, "cell", self._words_for(code, None))
        else:
            self._carried["village"] = (place, number)

    def _take_note(self, number: int, texts: list[tuple[int, str]]) -> None:
        assert self.table is not None
        before = ""
        for at, text in texts:
            self.table.notes.append(Note(number, at + self.first + 1, text))
            code = leak(f"{before}{text}", office=True)
            if not code and not before and not is_about_the_list(text):
                code = "stray"
            if code:
                self._error(code, number, at, "note")
            # A label may have what belongs to it in the next cell.
            before = text.strip() if plain(text).strip().endswith(":") else ""

    # a sheet that is no list

    def _search(self, rows: Iterable[Row]) -> None:
        for code, number, at in search(rows, self.seen):
            self._error(code, number, at, "note")

    def _error(
        self, code: str, row: int, at: int, where: str = "cell",
        values: Mapping[str, object] | None = None,
    ) -> None:
        if where == "cell" and (
            row in self.hidden.rows or at + self.first + 1 in self.hidden.columns
        ):
            where = "hidden_cell"
        self.errors.append(
            Finding(code, self.sheet, row, at + self.first + 1, where, dict(values or {}))
        )


def _without_truth(cells: Row) -> Row:
    return [str(value) if isinstance(value, bool) else value for value in cells]
