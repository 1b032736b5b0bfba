"""The gate over a whole file: every sheet, all beside the sheets, and what does not add up."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from notices.findings import Finding
from notices.gate import Places, reader
from notices.kinds import NO_RULE, RULES, Shape
from notices.leaks import leak
from notices.roster.book import REASONS, Blocked, Book, Hidden, Sheet, Text
from notices.roster.comparing import compare, impossible_sums
from notices.roster.formulas import literals, reaches_out
from notices.roster.naming import named_in_notes, tells_of_someone
from notices.roster.reading import TableReader
from notices.roster.table import Table

MOST_FINDINGS = 1000
MOST_HIDDEN = 20
_NO_UNIT = Decimal(1)


@dataclass(frozen=True)
class Report:
    """What the gate says of a file. `tables` is what was understood, for confirmation."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    tables: tuple[Table, ...]

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def rows(self) -> int:
        """The entries understood."""
        return sum(len(table.entries) for table in self.tables)


def unreadable(reason: str) -> Report:
    """The report of a file that cannot be read: one error."""
    found = Finding("unreadable", where="other", values={"reason": REASONS[reason]})
    return Report((found,), (), ())


def check(
    book: Book, shape: Shape, places: Places, area: str = "", sheet: str | None = None
) -> Report:
    """Gate the file; only `sheet` is the list where one is named. Changes nothing.

    `area` is the area's name for messages. Register comparisons are not made: there is no
    register of recipients yet.
    """
    with _uncollected():
        return _Check(book, shape, places, area).run(sheet)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: none are made here, and looking for them among a
    hundred thousand entries takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Check:
    def __init__(self, book: Book, shape: Shape, places: Places, area: str) -> None:
        self.book, self.shape, self.places, self.area = book, shape, places, area
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.tables: list[Table] = []
        self.seen: set[str] = set()
        # A sheet's name that may not be shown is never repeated: #2 stands for it.
        self.shown = {
            s.name: f"#{n}" if leak(s.name, office=True) or tells_of_someone(s.name) else s.name
            for n, s in enumerate(book.sheets, 1)
        }

    def run(self, wanted: str | None) -> Report:
        if self.shape.never:
            self._error(Finding("never", where="other", values={"basis": self.shape.basis}))
        for rule in self.shape.wrong:
            allowed = (RULES.get(rule, NO_RULE),)
            values = {"rule": f"notices.{rule}", "allowed": allowed}
            self._error(Finding("rule", where="other", values=values))
        if wanted is not None and all(s.name != wanted for s in self.book.sheets):
            self._error(Finding("no_sheet", where="other"))
        for sheet in self.book.sheets:
            self._sheet(sheet, wanted)
        for text in self.book.parts.texts:
            self._text(text)
        for blocked in self.book.parts.blocked:
            self._blocked(blocked)
        for left in sorted(set(self.book.parts.strings) - self.seen):
            self._leaking(Text("leftover", left))
        if not self.errors and not any(table.entries for table in self.tables):
            self._error(Finding("no_list", where="other"))
        return Report(_few(self.errors), _few(self.warnings), tuple(self.tables))

    def _sheet(self, sheet: Sheet, wanted: str | None) -> None:
        shown = self.shown[sheet.name]
        code = leak(sheet.name, office=True)
        if code or tells_of_someone(sheet.name):
            code = code or "note"
            self._error(Finding(code, shown, where="sheet_name"))
        hidden = self.book.parts.hidden.get(sheet.name, Hidden())
        reading = TableReader(shown, sheet.first, hidden, self.shape, self.places, self.area)
        reading.read(sheet.rows())
        self.seen |= reading.seen
        table = reading.table
        is_list = table is not None and (sheet.name == wanted if wanted else not sheet.hidden)
        self.errors += reading.errors if is_list else [f for f in reading.errors if _leaks(f)]
        if sheet.hidden:
            self.warnings.append(Finding("hidden_sheet", shown, where="other"))
        if table is None or not is_list:
            if reading.seen and not sheet.hidden and not wanted:
                self.warnings.append(Finding("sheet_not_read", shown, where="other"))
            return
        self.tables.append(table)
        self.warnings += reading.warnings
        self.warnings += compare(table, self.shape.names == "masked")
        self.errors += [*impossible_sums(table), *named_in_notes(table)]
        self._hidden(table, hidden)

    def _hidden(self, table: Table, hidden: Hidden) -> None:
        rows = [entry.row for entry in table.entries if entry.row in hidden.rows]
        self.warnings += [Finding("hidden_row", table.sheet, row) for row in rows[:MOST_HIDDEN]]
        columns = [c.at + table.first + 1 for c in table.columns if c.field]
        self.warnings += [
            Finding("hidden_column", table.sheet, None, c) for c in columns if c in hidden.columns
        ]

    def _text(self, text: Text) -> None:
        if text.where == "comment":
            self._comment(text)
        elif text.where == "formula":
            if reaches_out(text.text):
                self._error(self._finding("formula_not_allowed", text))
            for said in literals(text.text):
                self._leaking(replace(text, text=said))
        else:
            self._leaking(text)

    def _comment(self, text: Text) -> None:
        """A comment may say what a remark may; anything else is refused."""
        remark = next((f for f in self.shape.fields if f.name == "remark"), None)
        if remark is not None:
            read = reader(remark, self.shape, self.places, _NO_UNIT, sums=False)
            if not read(text.text).code:
                return
        self._error(self._finding(leak(text.text) or "comment", text))

    def _leaking(self, text: Text) -> None:
        code = leak(text.text, office=True) or ("note" if tells_of_someone(text.text) else None)
        if code:
            self._error(self._finding(code, text))

    def _blocked(self, blocked: Blocked) -> None:
        sheet = self.shown.get(blocked.sheet or "")
        self._error(Finding(blocked.code, sheet, blocked.row, blocked.column, "other"))

    def _finding(self, code: str, text: Text) -> Finding:
        sheet = None if text.sheet is None else self.shown.get(text.sheet)
        return Finding(code, sheet, text.row, text.column, text.where)

    def _error(self, finding: Finding) -> None:
        if finding not in self.errors[-200:]:
            self.errors.append(finding)


def _leaks(finding: Finding) -> bool:
    """Whether it would be one on any sheet, not only in a list's columns."""
    return finding.code in _ANYWHERE


_ANYWHERE = {
    "id_number", "phone", "bank_account", "long_number", "address", "illness", "income", "minor",
    "relative", "informant", "note",
}


def _few(findings: list[Finding]) -> tuple[Finding, ...]:
    if len(findings) <= MOST_FINDINGS:
        return tuple(findings)
    left = len(findings) - MOST_FINDINGS
    return (*findings[:MOST_FINDINGS], Finding("more", where="other", values={"count": left}))
