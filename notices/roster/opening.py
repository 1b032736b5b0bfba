"""Opens a roster: values by python-calamine, what it does not show by the parts of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from notices.roster import csvs, ods, xls, xlsx
from notices.roster.book import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Blocked,
    Book,
    Parts,
    Row,
    Sheet,
    Unreadable,
)
from notices.roster.zipped import Zipped

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_book(path: Path) -> Book:
    """The file, told apart by what it is and not by its name; raises Unreadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable("large")
        data = path.read_bytes()
    except OSError:
        raise Unreadable("missing") from None
    if data.startswith(_ZIP):
        return _zipped(data)
    if data.startswith(_OLE):
        return _book(data, xls.parts(data))
    if path.suffix.lower() not in (".csv", ".txt"):
        raise Unreadable("format")
    return csvs.read(data)


def _zipped(data: bytes) -> Book:
    with Zipped(data) as parts:
        if "xl/workbook.xml" in parts.names:
            return _book(data, xlsx.parts(parts))
        if parts.names[:1] == ["mimetype"] and parts.read("mimetype") == ods.MIMETYPE:
            return _book(data, ods.parts(parts))
    raise Unreadable("format")


def _book(data: bytes, parts: Parts) -> Book:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for number, about in enumerate(workbook.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                parts.blocked.append(Blocked("embedded"))
                continue
            sheet = workbook.get_sheet_by_index(number)
            sheets.append(_sheet(sheet, about.visible is not SheetVisibleEnum.Visible))
    except PasswordError:
        raise Unreadable("encrypted") from None
    except (CalamineError, OSError, ValueError):
        raise Unreadable("broken") from None
    return Book(tuple(sheets), parts)


def _sheet(sheet: CalamineSheet, hidden: bool) -> Sheet:
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise Unreadable("large")

    def rows() -> Iterator[Row]:
        if sheet.start:
            yield from map(list, sheet.iter_rows())

    return Sheet(sheet.name, hidden, sheet.start[1] if sheet.start else 0, rows)
