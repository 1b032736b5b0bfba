"""Opens a roster: values by python-calamine, what it does not show by the parts of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
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
    MOST_CELLS,
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
        return read_book(path.read_bytes(), path.name)
    except OSError:
        raise Unreadable("missing") from None


def read_book(data: bytes, name: str) -> Book:
    """The same of a file's bytes; its name only tells that it is text."""
    if len(data) > MOST_BYTES:
        raise Unreadable("large")
    if data.startswith(_ZIP):
        return _zipped(data)
    if data.startswith(_OLE):
        return _book(data, xls.parts(data))
    if not name.lower().endswith((".csv", ".txt")):
        raise Unreadable("format")
    return csvs.read(data)


def _zipped(data: bytes) -> Book:
    with Zipped(data) as parts:
        if "xl/workbook.xml" in parts.names:
            return _book(data, _whole(parts, xlsx.parts(parts)))
        if parts.names[:1] == ["mimetype"] and parts.read("mimetype") == ods.MIMETYPE:
            return _book(data, _whole(parts, ods.parts(parts)))
    raise Unreadable("format")


def _whole(zipped: Zipped, found: Parts) -> Parts:
    zipped.look_beside(found)
    return found


def _book(data: bytes, parts: Parts) -> Book:
    sheets, cells = [], 0
    with _readable():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, about in enumerate(workbook.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                parts.blocked.append(Blocked("embedded"))
                continue
            sheet = workbook.get_sheet_by_index(number)
            cells += sheet.total_height * sheet.total_width
            if cells > MOST_CELLS:
                raise Unreadable("large")
            sheets.append(_sheet(sheet, about.visible is not SheetVisibleEnum.Visible))
    return Book(tuple(sheets), parts)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever the reader makes of a broken file is Unreadable."""
    try:
        yield
    except PasswordError:
        raise Unreadable("encrypted") from None
    except (CalamineError, OSError, ValueError, LookupError):
        raise Unreadable("broken") from None
    except BaseException as fault:
        # A panic of the Rust side, which has no name to import and is no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        raise Unreadable("broken") from None


def _sheet(sheet: CalamineSheet, hidden: bool) -> Sheet:
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        raise Unreadable("large")

    def rows() -> Iterator[Row]:
        if sheet.start:
            with _readable():
                yield from map(list, sheet.iter_rows())

    return Sheet(sheet.name, hidden, sheet.start[1] if sheet.start else 0, rows)
