"""CSV in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from functools import partial

from notices.roster.book import MOST_COLUMNS, MOST_ROWS, Book, Parts, Row, Sheet, Unreadable

# What no text holds; a binary file read as GB18030 does.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|table|head|meta|body|style)", re.IGNORECASE)


def read(data: bytes) -> Book:
    """The one sheet of the file; raises Unreadable."""
    text = _decoded(data)
    if _CONTROL.search(text) or not text.strip():
        raise Unreadable("broken")
    if _MARKUP.match(text):
        # A web page that was named .csv or .xls.
        raise Unreadable("format")
    first = next((line for line in text.splitlines() if re.search("[,;\t]", line)), "")
    delimiter = max(",;\t", key=lambda mark: _most(text, mark) or first.count(mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records: list[Row] = [list(record) for record in reader]
    except csv.Error:
        raise Unreadable("broken") from None
    width = max(map(len, records), default=0)
    if width > MOST_COLUMNS or len(records) > MOST_ROWS:
        raise Unreadable("large")
    parts = Parts()
    parts.lay_out(len(records), width)
    return Book((Sheet("", False, 0, partial(_padded, records, width)),), parts)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _most(text: str, mark: str) -> int:
    """How many of the first lines hold the mark."""
    return sum(mark in line for line in text[:20_000].splitlines()[:40])


def _padded(records: list[Row], width: int) -> Iterator[Row]:
    for record in records:
        yield record + [""] * (width - len(record))
