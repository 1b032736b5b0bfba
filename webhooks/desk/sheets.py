"""Tables as XLSX files. Texts stay texts: what begins with = is never reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from notices.opendata import RECKONED

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | date | None


def sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One table as a file: a title, the heads, the rows."""
    # A large library for a rare request: the service starts without it.
    from xlsxwriter import Workbook

    kept = BytesIO()
    book = Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    page, bold = book.add_worksheet(), book.add_format({"bold": True})
    forms = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "0.00"}),
        "text": book.add_format({"quote_prefix": True}),
    }
    page.write_string(0, 0, title, bold)
    for column, head in enumerate(heads):
        page.write_string(1, column, head, bold)
        page.set_column(column, column, 18)
    for line, row in enumerate(rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, column, cell, forms["date"])
            elif isinstance(cell, Decimal):
                page.write_number(line, column, float(cell), forms["money"])
            elif isinstance(cell, int):
                page.write_number(line, column, cell)
            elif cell:
                # Once somebody edits such a cell it would be reckoned.
                quoted = forms["text"] if cell.startswith(RECKONED) else None
                page.write_string(line, column, cell, quoted)
    page.freeze_panes(2, 0)
    book.close()
    return kept.getvalue()


def download(name: str, data: bytes) -> ResponseReturnValue:
    """The file as an answer."""
    return send_file(BytesIO(data), XLSX, as_attachment=True, download_name=f"{name}.xlsx")
