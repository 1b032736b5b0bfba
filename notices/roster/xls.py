"""What an .xls (BIFF8) holds besides the values of its cells. [MS-XLS], [MS-OLEPS].

xlrd opens the compound file; the records are read here, because headers, text boxes and
properties are not among what it gives.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc, CompDocError

from notices.roster.book import (
    MOST_COLUMNS,
    MOST_ROWS,
    Blocked,
    Hidden,
    Parts,
    Text,
    Unreadable,
)
from notices.roster.properties import property_texts
from notices.roster.xls_formulas import said as said_by

_BLOCKED_STORAGES = (
    ("_VBA", "macro"), ("VBA", "macro"), ("_SX_DB", "pivot"), ("MBD", "embedded"),
    ("Ctls", "embedded"), ("Embedding", "embedded"), ("Revision Log", "tracked_changes"),
    ("User Names", "tracked_changes"), ("\x05DigitalSignature", "embedded"),
)
_PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
# No landlines: the office's own stands in a note, and is judged there.
_DIGITS = re.compile(r"[1-9][0-9]{14,17}|(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
(BOF, EOF, FORMULA, HEADER, FOOTER, NAME, NOTE, FILEPASS, CONTINUE, OBJ, COLINFO, SHEET, SST,
 SUPBOOK, TXO, DV, HLINK, ROW, STYLE, FORMAT, DIMENSIONS, MULRK, MULBLANK) = (
    0x809, 0x0A, 0x06, 0x14, 0x15, 0x18, 0x1C, 0x2F, 0x3C, 0x5D, 0x7D, 0x85, 0xFC,
    0x1AE, 0x1B6, 0x1BE, 0x1B8, 0x208, 0x293, 0x41E,
    0x200, 0xBD, 0xBE,
)
# BLANK, NUMBER, LABEL, BOOLERR, RK, RSTRING, LABELSST and the three above.
_CELLS = (FORMULA, MULRK, MULBLANK, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xD6, 0xFD)
# Bytes in which texts stand among other things: searched as they are.
_SEARCHED = {
    NAME: "name", FORMULA: "formula", SST: "leftover", DV: "validation", HLINK: "link",
    FORMAT: "other", STYLE: "other", 0x1AF: "other", 0x23: "other", 0x1B1: "validation",
    0x5C: "property", 0x868: "comment", 0x89C: "header_footer", 0x800: "link",
}
# Where each has its tokens: FORMULA, those shared by several cells, arrays, defined names.
_TOKENS = {FORMULA: 20, 0x4BC: 8, 0x221: 12, NAME: 14}
_PICTURE = 0x08
_EMBEDDED = (0x05, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13)
_CODES = re.compile(r'&(?:"[^"]*"|[0-9]{1,3}|[A-Za-z])')


def parts(data: bytes) -> Parts:
    """Everything but the values; raises Unreadable."""
    found = Parts()
    try:
        compound = CompDoc(data, logfile=io.StringIO())
        names = [entry.name for entry in compound.dirlist[1:] if entry.name]
        if "EncryptedPackage" in names or "EncryptionInfo" in names:
            raise Unreadable("encrypted")
        stream = compound.get_named_stream("Workbook")
        kept = {name: compound.get_named_stream(name) for name in _PROPERTIES}
    except (CompDocError, AssertionError, LookupError, ArithmeticError, ValueError, struct.error):
        raise Unreadable("broken") from None
    if stream is None:
        raise Unreadable("format")
    for name in names:
        code = next((code for start, code in _BLOCKED_STORAGES if name.startswith(start)), None)
        if code:
            found.blocked.append(Blocked(code))
    for name in _PROPERTIES:
        found.texts += [Text("property", text) for text in property_texts(kept[name] or b"")]
    try:
        _Records(found).read(stream)
    except (struct.error, IndexError):
        raise Unreadable("broken") from None
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(offset, kind, content) of each record."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def text_of(raw: bytes, start: int, length: int) -> str:
    """`length` characters at `start`, where a byte of flags says how wide they are."""
    if raw[start] & 1:
        return raw[start + 1 : start + 1 + 2 * length].decode("utf-16-le", "replace")
    return raw[start + 1 : start + 1 + length].decode("latin-1")


class _Records:
    """Walks the records of the workbook and its sheets."""

    def __init__(self, found: Parts) -> None:
        self._found = found
        self._sheets: dict[int, str] = {}
        self._sheet: str | None = None
        self._hidden = Hidden()
        self._object = (0, 0)  # kind and number of the last one
        self._wanted = 0  # characters of a shape's text that are still to come
        self._last = 0  # the record that CONTINUE continues
        self._shapes: dict[int, str] = {}
        self._notes: list[tuple[int, int, int]] = []
        self._rows = self._columns = 0  # as far as the sheet goes

    def read(self, stream: bytes) -> None:
        for at, kind, raw in _records(stream):
            if kind == BOF:
                if len(raw) < 4 or struct.unpack_from("<H", raw)[0] != 0x600:
                    raise Unreadable("format")
                self._enter(at)
            elif kind == CONTINUE:
                self._continued(raw)
                continue
            else:
                self._record(kind, raw)
            self._last = kind
        self._leave()
        if self._sheets:
            # A sheet that begins in the middle of another thing.
            raise Unreadable("broken")

    def _enter(self, at: int) -> None:
        if at in self._sheets:
            self._leave()
            self._sheet = self._sheets.pop(at)
            self._hidden = self._found.hidden[self._sheet] = Hidden()

    def _record(self, kind: int, raw: bytes) -> None:
        if kind == FILEPASS:
            raise Unreadable("encrypted")
        if kind in _CELLS or kind == DIMENSIONS:
            self._reach(kind, raw)
        if kind == SHEET:
            self._sheets[struct.unpack_from("<I", raw)[0]] = text_of(raw, 7, raw[6])
        elif kind == ROW:
            row, _, _, height = struct.unpack_from("<4H", raw)
            if raw[12] & 0x20 or not height & 0x7FFF:
                self._hidden.rows.add(row + 1)
        elif kind == COLINFO:
            first, last, width, _, flags = struct.unpack_from("<5H", raw)
            if flags & 1 or not width:
                self._hidden.columns.update(range(first + 1, min(last, 255) + 2))
        elif kind in (HEADER, FOOTER):
            if len(raw) > 3:
                said = _CODES.sub(" ", text_of(raw, 2, struct.unpack_from("<H", raw)[0]))
                self._found.texts.append(Text("header_footer", said, self._sheet))
        elif kind == SUPBOOK:
            if raw[2:4] not in (b"\x01\x04", b"\x01\x3a"):
                self._found.blocked.append(Blocked("external_link"))
        elif kind in (OBJ, TXO, NOTE):
            self._drawn(kind, raw)
        if kind in _TOKENS:
            self._formula(kind, raw)
        if kind in _SEARCHED:
            self._search(kind, raw)

    def _formula(self, kind: int, raw: bytes) -> None:
        row, column = None, None
        if kind != NAME:
            row, _, narrow = struct.unpack_from("<HHB", raw)
            column = struct.unpack_from("<H", raw, 2)[0] if kind == FORMULA else narrow
            row, column = row + 1, column + 1
        if text := said_by(raw[_TOKENS[kind] :]):
            self._found.texts.append(Text("formula", text, self._sheet, row, column))

    def _reach(self, kind: int, raw: bytes) -> None:
        """How far the sheet goes: memory is laid out for all of it, and for what it says it has."""
        if kind == DIMENSIONS:
            top, rows, left, columns = struct.unpack_from("<IIHH", raw)
            if len(raw) != 14 or top > rows or left > columns:
                raise Unreadable("broken")
        else:
            rows, columns = (n + 1 for n in struct.unpack_from("<HH", raw))
            if kind in (MULRK, MULBLANK):
                columns = struct.unpack_from("<H", raw, len(raw) - 2)[0] + 1
        self._rows, self._columns = max(self._rows, rows), max(self._columns, columns)
        if self._rows > MOST_ROWS or self._columns > MOST_COLUMNS:
            raise Unreadable("large")

    def _drawn(self, kind: int, raw: bytes) -> None:
        if kind == OBJ:
            self._object = struct.unpack_from("<HH", raw, 4)
            if self._object[0] == _PICTURE:
                self._found.blocked.append(Blocked("picture", self._sheet))
            elif self._object[0] in _EMBEDDED:
                self._found.blocked.append(Blocked("embedded", self._sheet))
        elif kind == TXO:
            self._wanted = struct.unpack_from("<H", raw, 10)[0]
            self._shapes[self._object[1]] = ""
        else:
            row, column, _, number = struct.unpack_from("<4H", raw)
            self._notes.append((row + 1, column + 1, number))

    def _continued(self, raw: bytes) -> None:
        if self._last == TXO and self._wanted > 0 and raw:
            said = text_of(raw, 0, self._wanted)
            self._wanted -= len(said)
            self._shapes[self._object[1]] += said
        elif self._last in _SEARCHED:
            self._search(self._last, raw)

    def _search(self, kind: int, raw: bytes) -> None:
        """Numbers in bytes, read as narrow and as wide characters at both alignments."""
        row, column = None, None
        if kind == FORMULA:
            row, column = (n + 1 for n in struct.unpack_from("<HH", raw))
            raw = raw[20:]
        for said in (raw.decode("latin-1"), _wide(raw), _wide(raw[1:])):
            for number in _DIGITS.findall(said):
                text = Text(_SEARCHED[kind], number, self._sheet, row, column)
                self._found.texts.append(text)
            if kind not in (SST, FORMULA):
                han = [t for t in re.findall("[\u4e00-\u9fff]{2,}", said) if not _is_ascii(t)]
                self._found.texts += [Text(_SEARCHED[kind], t, self._sheet) for t in han[:20]]

    def _leave(self) -> None:
        """The shapes of a sheet are known only at its end: which of them are comments."""
        self._found.lay_out(self._rows, self._columns)
        self._rows = self._columns = 0
        for row, column, number in self._notes:
            said = self._shapes.pop(number, "")
            self._found.texts.append(Text("comment", said, self._sheet, row, column))
        self._found.texts += [
            Text("drawing", said, self._sheet) for said in self._shapes.values() if said
        ]
        self._notes, self._shapes = [], {}


def _is_ascii(wide: str) -> bool:
    """Whether it is narrow text, read two letters at a time: Lv looks like 癌."""
    return wide.encode("utf-16-le").isascii()


def _wide(raw: bytes) -> str:
    return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace")
