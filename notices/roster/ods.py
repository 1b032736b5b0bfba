"""What an .ods holds besides the values of its cells."""

from __future__ import annotations

import re

from notices.roster.book import MOST_COLUMNS, MOST_ROWS, Blocked, Hidden, Parts, Text, Unreadable
from notices.roster.zipped import ASIDE, INLINE, Attributes, Walker, Zipped, is_simple

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_BLOCKED = (
    ("Pictures/", "picture"), ("media/", "picture"), ("Object", "embedded"),
    ("ObjectReplacements/", "embedded"), ("Basic/", "macro"), ("Scripts/", "macro"),
    ("Dialogs/", "macro"), ("Versions/", "tracked_changes"), ("VersionList", "tracked_changes"),
)
_OWN = re.compile(
    # The preview is drawn anew from the first sheet at every saving.
    r"mimetype|Thumbnails/thumbnail\.png|Configurations2/.*|layout-cache"
)
# A row of plain texts, and of numbers shown as themselves: nothing can hide in it.
_CELL = (
    rb'<table:(?:covered-)?table-cell(?: table:style-name="[^"<&]*")?+'
    rb'(?: office:value-type="string"(?: calcext:value-type="string")?+>'
    rb"<text:p>[^<]*+</text:p></table:table-cell>"
    rb'| office:value-type="float" office:value="[0-9.]+"(?: calcext:value-type="float")?+>'
    rb"<text:p>[0-9.,]{0,10}</text:p></table:table-cell>|/>)"
)
_BORING = re.compile(
    rb'<table:table-row(?: table:style-name="[^"<&]*")?+>(?:' + _CELL + rb")*+</table:table-row>"
)
_BLOCKED_ELEMENTS = {
    "tracked-changes": "tracked_changes", "image": "picture", "object": "embedded",
    "object-ole": "embedded", "plugin": "embedded", "dde-link": "external_link",
    "table-source": "external_link", "data-pilot-table": "pivot", "script": "macro",
    "cell-range-source": "external_link", "control": "embedded",
}
_WRITTEN = {
    "help-message": "validation", "condition": "validation", "title": "drawing", "desc": "drawing",
    "string-value": "other", "href": "link", "expression": "formula", "cell-range-address": "other",
    "author": "other", "creator": "other", "display-name": "other", "currency": "other",
}
_SKIPPED_SETTINGS = ("PrinterSetup", "PrinterName", "ViewId")
_HAN = re.compile("[\u3400-\u9fff]")


def parts(zipped: Zipped) -> Parts:
    """Everything but the values; raises Unreadable."""
    found = Parts()
    for name in zipped.names:
        code = next((code for start, code in _BLOCKED if name.startswith(start)), None)
        if code:
            found.blocked.append(Blocked(code))
        elif name == "content.xml":
            _Content(found, zipped.read(name)).read()
        elif name == "styles.xml":
            _texts(zipped.read(name), "header_footer", found)
        elif name == "meta.xml":
            _texts(zipped.read(name), "property", found, skipped=("generator",))
        elif name == "settings.xml":
            _settings(zipped.read(name), found)
        elif not _OWN.fullmatch(name):
            if not name.endswith((".xml", ".rdf")):
                found.blocked.append(Blocked("embedded"))
            else:
                _texts(zipped.read(name), "other", found)
    return found


def _texts(
    data: bytes, where: str, found: Parts, skipped: tuple[str, ...] = (),
) -> None:
    def start(name: str, about: Attributes) -> None:
        if name in _BLOCKED_ELEMENTS:
            found.blocked.append(Blocked(_BLOCKED_ELEMENTS[name]))
        for key, value in about.items():
            if key in _WRITTEN or (where == "property" and key == "name") or _HAN.search(value):
                found.texts.append(Text(where, value))

    def end(name: str, text: str) -> None:
        if text.strip() and name not in skipped and name not in INLINE:
            found.texts.append(Text(where, text))

    Walker(start, end, INLINE).walk(data)


def _settings(data: bytes, found: Parts) -> None:
    items: list[str] = []

    def start(_name: str, about: Attributes) -> None:
        items.append(about.get("name", ""))

    def end(name: str, text: str) -> None:
        skipped = name != ASIDE and items.pop() in _SKIPPED_SETTINGS
        if text.strip() and not skipped:
            found.texts.append(Text("other", text))

    Walker(start, end).walk(data)


class _Content:
    """The sheets: hidden rows and columns, comments, formulas, and texts beside their values."""

    def __init__(self, found: Parts, data: bytes) -> None:
        self._found = found
        self._data = data
        self._sheet: str | None = None
        self._hidden = Hidden()
        self._row = self._column = self._cells = 0
        self._width = self._height = 1
        self._rows = self._columns = 0  # up to the last cell that holds something
        self._shown = False  # the text in this cell is what calamine shows

    def read(self) -> None:
        """Boring rows are left as empty ones, so that the others keep their numbers."""
        widest = 0

        def emptied(row: re.Match[bytes]) -> bytes:
            nonlocal widest
            widest = max(widest, row[0].count(b"table-cell"))
            return b"<table:table-row/>"

        if is_simple(self._data):
            self._data, boring = _BORING.subn(emptied, self._data)
        else:
            boring = 0
        Walker(self._start, self._end, INLINE).walk(self._data)
        self._found.lay_out(boring, widest)

    def _start(self, name: str, about: Attributes) -> None:
        if name == "table":
            self._sheet = about.get("name", "")
            self._hidden = self._found.hidden.setdefault(self._sheet, Hidden())
            self._row = self._cells = 0
        elif name == "table-row":
            self._height = int(about.get("number-rows-repeated", 1))
            self._column = 0
            if about.get("visibility", "visible") != "visible":
                last = min(self._row + self._height, MOST_ROWS)
                self._hidden.rows.update(range(self._row + 1, last + 1))
        elif name == "table-column":
            self._column_like(about)
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(about)
        elif name in _BLOCKED_ELEMENTS:
            self._found.blocked.append(Blocked(_BLOCKED_ELEMENTS[name], self._sheet))
        for key, value in about.items():
            where = "formula" if key == "formula" else _WRITTEN.get(key)
            if where or (_HAN.search(value) and name not in ("table", "style")):
                self._add(where or "other", value)

    def _column_like(self, about: Attributes) -> None:
        repeated = int(about.get("number-columns-repeated", 1))
        if about.get("visibility", "visible") != "visible":
            last = min(self._cells + repeated, MOST_COLUMNS)
            self._hidden.columns.update(range(self._cells + 1, last + 1))
        self._cells += repeated

    def _cell(self, about: Attributes) -> None:
        self._width = int(about.get("number-columns-repeated", 1))
        self._column += 1
        self._shown = about.get("value-type", "string") == "string" and "string-value" not in about
        if "value-type" in about:
            self._rows = max(self._rows, self._row + self._height)
            self._columns = max(self._columns, self._column + self._width - 1)
            if self._columns > MOST_COLUMNS or self._rows > MOST_ROWS:
                raise Unreadable("large")

    def _add(self, where: str, text: str) -> None:
        self._found.texts.append(
            Text(where, text, self._sheet, self._row + 1 if self._sheet is not None else None,
                 self._column or None)
        )

    def _end(self, name: str, text: str) -> None:
        if name == "table-row":
            self._row += self._height
            self._column = 0
        elif name in ("table-cell", "covered-table-cell"):
            if text.strip() and not self._shown:
                self._add("other", text)
            self._column += self._width - 1
        elif name == "table":
            self._sheet = None
            self._found.lay_out(self._rows, self._columns)
            self._rows = self._columns = 0
        elif name == "annotation":
            self._add("comment", text)
        elif text.strip() and name not in INLINE:
            self._add("other", text)
