"""One sheet of an .xlsx: hidden rows and columns, formulas, prompts, headers and footers.

Rows in which nothing can hide are taken out by one expression before the XML is walked: what
their cells say is shown by the values, and a hundred thousand of them cost a fifth of a second.
"""

from __future__ import annotations

import re

from notices.roster.book import MOST_COLUMNS, MOST_ROWS, Blocked, Hidden, Parts, Text, Unreadable
from notices.roster.zipped import ASIDE, Attributes, Walker, is_simple

_CELL = (
    rb'<c(?: r="[A-Z](?P=row)"| s="[0-9]+"| t="(?:s|n|b|str|inlineStr|e|d)")*+'
    rb'(?:/>|>(?:<v>[^<]*+</v>|<is><t(?: xml:space="preserve")?>[^<]*+</t></is>)?+</c>)'
)
_BORING = re.compile(
    rb'<row r="(?P<row>[0-9]{1,6})"(?: spans="[0-9: ]*"| s="[0-9]+"| customFormat="[01]"'
    rb'| customHeight="[01]"| ht="[1-9][0-9.]*"| x14ac:dyDescent="[0-9.]+"'
    rb'| thick(?:Top|Bot)="[01]")*+'
    rb"(?:/>|>(?:" + _CELL + rb")*+</row>)"
)
_ROW_NUMBER = re.compile(rb'<row r="([0-9]{1,9})"')
_LETTERS = 26
"""Columns that a row taken out may have: its cells have one letter, and its own number."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_TRUE = ("1", "true", "on")
_HEADERS = {
    "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter",
}
_PROMPTS = ("prompt", "promptTitle", "error", "errorTitle")
_LINKS = ("tooltip", "display", "location")
_BLOCKED = {
    "oleObject": "embedded", "control": "embedded", "picture": "picture", "webPublishItem":
    "external_link",
}
# Fonts and page numbers in headers and footers: &P, &N, &"宋体,常规", &12, &K000000.
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]{1,3}|[A-Za-z])')


def reference(text: str) -> tuple[int | None, int | None]:
    """C3 → (3, 3): row and column from 1."""
    found = _REFERENCE.match(text)
    if not found:
        return None, None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class SheetParts:
    """Reads one sheet's XML into `found` and `hidden`."""

    def __init__(self, name: str, found: Parts, hidden: Hidden) -> None:
        self.name, self.found, self.hidden = name, found, hidden
        self._row = self._column = 0
        self._height = self._width = 0
        self._inside = ""

    def read(self, data: bytes) -> None:
        """Raises Unreadable, also where a far cell would make the sheet too large."""
        rows = max(map(int, _ROW_NUMBER.findall(data)), default=0)
        if rows > MOST_ROWS:
            raise Unreadable("large")
        rest, boring = _BORING.subn(b"", data) if is_simple(data) else (data, 0)
        Walker(self._start, self._end).walk(rest)
        self.found.lay_out(
            max(rows, self._height), max(_LETTERS if boring else 0, self._width)
        )

    def _start(self, name: str, about: Attributes) -> None:
        if name == "row":
            self._row = int(about.get("r", self._row + 1))
            if about.get("hidden") in _TRUE or _is_zero(about.get("ht")):
                self.hidden.rows.add(self._row)
        elif name == "c":
            row, column = reference(about.get("r", ""))
            self._column = column or self._column + 1
            self._height = max(self._height, row or self._row)
            self._width = max(self._width, self._column)
            if self._width > MOST_COLUMNS or self._height > MOST_ROWS:
                raise Unreadable("large")
        elif name == "col":
            if about.get("hidden") in _TRUE or _is_zero(about.get("width")):
                last = min(int(about["max"]), MOST_COLUMNS)
                self.hidden.columns.update(range(max(int(about["min"]), 1), last + 1))
        elif name in _BLOCKED:
            self.found.blocked.append(Blocked(_BLOCKED[name], self.name))
        elif name == "dataValidation":
            self._texts("validation", about, _PROMPTS)
        elif name == "hyperlink":
            self._texts("link", about, _LINKS)
        elif name in ("rPh", "extLst"):
            self._inside = name

    def _texts(self, where: str, about: Attributes, keys: tuple[str, ...]) -> None:
        row, column = reference(about.get("ref", about.get("sqref", "")))
        for key in keys:
            if about.get(key):
                self.found.texts.append(Text(where, about[key], self.name, row, column))

    def _end(self, name: str, text: str) -> None:
        if name == "row":
            self._column = 0
        elif name == ASIDE:
            self.found.texts.append(Text("leftover", text, self.name, self._row or None))
        elif name == "f" and self._inside != "extLst":
            self.found.texts.append(Text("formula", text, self.name, self._row, self._column))
        elif name in _HEADERS:
            self.found.texts.append(Text("header_footer", _CODES.sub(" ", text), self.name))
        elif name in ("v", "is", "r") or (name == "t" and self._inside != "rPh"):
            return  # shown by the values
        elif name in ("rPh", "extLst"):
            self._inside = ""
        elif text.strip():
            where = "validation" if name.startswith("formula") or name == "f" else "other"
            self.found.texts.append(Text(where, text, self.name))


def _is_zero(size: str | None) -> bool:
    try:
        return size is not None and float(size) == 0
    except ValueError:
        return False
