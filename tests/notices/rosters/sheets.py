"""Writes one list as .xlsx, .xls, .ods or .csv, with what a file can hide."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
import xlwt

Cells = Sequence[Sequence[Any]]


@dataclass
class Page:
    """One sheet: rows as they stand, and what hides in it. Rows and columns from 1."""

    rows: Cells
    name: str = "名单"
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], tuple[str, Any]] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    header: str = ""
    footer: str = ""
    text_box: str = ""
    choices: tuple[str, ...] = ()
    prompt: str = ""
    link: str = ""


@dataclass
class File:
    """A whole workbook."""

    pages: list[Page]
    properties: dict[str, str] = field(default_factory=dict)
    own_properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def book(rows: Cells, **more: Any) -> File:
    """A workbook of one sheet."""
    return File([Page(rows, **more)])


Good = tuple[str, File, int, dict[str, str]]
"""(name, file, entries that must be understood, other arguments of the check)"""


def one(name: str, rows: list[list[Any]], count: int = 12, **check: str) -> Good:
    return name, book(rows), count, check


def write(file: File, path: Path) -> Path:
    """Write it in the format that the path's name says (…-gb18030.csv, …-utf16.csv)."""
    {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv}[path.suffix](file, path)
    return path


def _xlsx(file: File, path: Path) -> None:
    made = xlsxwriter.Workbook(path)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for page in file.pages:
        sheet = made.add_worksheet(page.name)
        _xlsx_cells(sheet, page, day, made)
        _xlsx_hidden(sheet, page)
    visible = [s for s, page in zip(made.worksheets(), file.pages, strict=True) if not page.hidden]
    if visible:
        visible[0].activate()
        visible[0].set_first_sheet()
    if file.properties:
        made.set_properties(file.properties)
    for name, value in file.own_properties.items():
        made.set_custom_property(name, value)
    for name, refers in file.names.items():
        made.define_name(name, refers)
    made.close()


def _xlsx_cells(sheet: Any, page: Page, day: Any, made: Any) -> None:
    for r, c, r2, c2 in page.merged:
        sheet.merge_range(r - 1, c - 1, r2 - 1, c2 - 1, "", made.add_format())
    for r, row in enumerate(page.rows):
        for c, value in enumerate(row):
            if isinstance(value, datetime | date):
                sheet.write_datetime(r, c, value, day)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(r, c, value)
            elif value is not None:
                sheet.write(r, c, value)
    for (r, c), (formula, value) in page.formulas.items():
        sheet.write_formula(r - 1, c - 1, formula, None, value)


def _xlsx_hidden(sheet: Any, page: Page) -> None:
    if page.hidden:
        sheet.hide()
    for row in page.hidden_rows:
        sheet.set_row(row - 1, None, None, {"hidden": True})
    for column in page.hidden_columns:
        sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
    for (r, c), text in page.comments.items():
        sheet.write_comment(r - 1, c - 1, text)
    if page.header:
        sheet.set_header("&C" + page.header)
    if page.footer:
        sheet.set_footer("&L" + page.footer)
    if page.text_box:
        sheet.insert_textbox("J2", page.text_box)
    if page.choices:
        sheet.data_validation("F5:F90", {"validate": "list", "source": list(page.choices)})
    if page.prompt:
        sheet.data_validation(
            "E5:E90",
            {
                "validate": "any",
                "input_title": "提示",
                "input_message": page.prompt,
            },
        )
    if page.link:
        sheet.write_url("A1", page.link, string=str(page.rows[0][0] or "名单"))


def _xls(file: File, path: Path) -> None:
    made = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for page in file.pages:
        sheet = made.add_sheet(page.name, cell_overwrite_ok=True)
        for r, row in enumerate(page.rows):
            for c, value in enumerate(row):
                if value is not None and value != "":
                    sheet.write(r, c, value, day) if isinstance(value, date) else sheet.write(
                        r, c, value
                    )
        for row in page.hidden_rows:
            sheet.row(row - 1).hidden = True
        for column in page.hidden_columns:
            sheet.col(column - 1).hidden = True
        for (r, c), (formula, _) in page.formulas.items():
            sheet.write(r - 1, c - 1, xlwt.Formula(formula.removeprefix("=").replace(",", ";")))
        sheet.visibility = 1 if page.hidden else 0
        # xlwt's own setters are of Python 2.
        sheet._Worksheet__header_str = page.header
        sheet._Worksheet__footer_str = page.footer
        _add_records(sheet, page)
    made.save(str(path))


def _add_records(sheet: Any, page: Page) -> None:
    """Comments and a text box, which xlwt cannot write: OBJ, TXO with its CONTINUE, NOTE."""
    extra, notes = b"", b""
    shapes = [(0x19, text, place) for place, text in page.comments.items()]
    shapes += [(0x06, page.text_box, None)] if page.text_box else []
    for number, (kind, text, place) in enumerate(shapes, 1):
        extra += _record(0x5D, struct.pack("<HHHHH12x", 0x15, 18, kind, number, 0x4011) + b"\0" * 4)
        extra += _record(0x1B6, struct.pack("<HH6xHH4x", 0x212, 0, len(text), 16))
        extra += _record(0x3C, b"\x01" + text.encode("utf-16-le")) + _record(0x3C, b"\0" * 16)
        if place:
            who = b"\x01\0\x01A\0"
            notes += _record(
                0x1C, struct.pack("<HHHH", place[0] - 1, place[1] - 1, 0, number) + who
            )
    original = sheet.get_biff_data
    if shapes:
        sheet.get_biff_data = lambda: original()[:-4] + extra + notes + original()[-4:]


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


_SPACES = " ".join(
    f'xmlns:{short}="{long}"'
    for short, long in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def _ods(file: File, path: Path) -> None:
    tables = "".join(map(_ods_table, file.pages))
    head = f'<?xml version="1.0" encoding="UTF-8"?><office:{{0}} {_SPACES} office:version="1.2">'
    hidden = (
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    pages = "".join(
        f"<style:header><text:p>{escape(p.header)}</text:p></style:header>"
        f"<style:footer><text:p>{escape(p.footer)}</text:p></style:footer>"
        for p in file.pages
    )
    meta = "".join(f"<dc:{k}>{escape(v)}</dc:{k}>" for k, v in file.properties.items())
    meta += "".join(
        f"<meta:user-defined meta:name={quoteattr(k)}>{escape(v)}</meta:user-defined>"
        for k, v in file.own_properties.items()
    )
    parts = {
        "content.xml": head.format("document-content")
        + hidden
        + "<office:body><office:spreadsheet>"
        + tables
        + "</office:spreadsheet></office:body></office:document-content>",
        "styles.xml": head.format("document-styles") + "<office:master-styles><style:master-page "
        f'style:name="Default">{pages}</style:master-page></office:master-styles>'
        "</office:document-styles>",
        "meta.xml": head.format("document-meta") + "<office:meta><meta:generator>LibreOffice/"
        "7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2</meta:generator>"
        f"{meta}</office:meta></office:document-meta>",
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in parts
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(zipfile.ZipInfo("mimetype"), _MIMETYPE)
        for name, text in parts.items():
            made.writestr(name, text)
        made.writestr("Thumbnails/thumbnail.png", b"\x89PNG\r\n\x1a\n")
        made.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIMETYPE}"/>'
            f"{entries}</manifest:manifest>",
        )


def _ods_table(page: Page) -> str:
    width = max(map(len, page.rows), default=0)
    style = ' table:style-name="ta2"' if page.hidden else ""
    columns = "".join(
        '<table:table-column table:visibility="collapse"/>'
        if c in page.hidden_columns
        else "<table:table-column/>"
        for c in range(1, width + 1)
    )
    away = ' table:visibility="collapse"'
    rows = "".join(
        f"<table:table-row{away if r in page.hidden_rows else ''}>"
        + "".join(_ods_cell(v, page, r, c) for c, v in enumerate(row, 1))
        + "</table:table-row>"
        for r, row in enumerate(page.rows, 1)
    )
    filler = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    name = quoteattr(page.name)
    return f"<table:table table:name={name}{style}>{columns}{rows}{filler}</table:table>"


def _ods_cell(value: Any, page: Page, row: int, column: int) -> str:
    comment = page.comments.get((row, column))
    note = (
        f"<office:annotation><text:p>{escape(comment)}</text:p></office:annotation>"
        if (comment)
        else ""
    )
    formula, value = page.formulas.get((row, column), ("", value))
    more = f" table:formula={quoteattr('of:' + formula)}" if formula else ""
    if value is None or value == "":
        return (
            f"<table:table-cell{more}>{note}</table:table-cell>" if note else "<table:table-cell/>"
        )
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    said = f"{note}<text:p>{escape(str(value))}</text:p>"
    return f"<table:table-cell {kind}{more}>{said}</table:table-cell>"


def _csv(file: File, path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(["" if v is None else v for v in row] for row in file.pages[0].rows)
    encoding = (
        "gb18030"
        if "gb18030" in path.name
        else "utf-16"
        if "utf16" in path.name
        else ("utf-8-sig" if "bom" in path.name else "utf-8")
    )
    path.write_bytes(out.getvalue().encode(encoding))
