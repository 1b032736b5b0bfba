"""A workbook as it was found: its sheets' values, and every text that they do not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from models.settings import mark

MOST_ROWS = 300_000
MOST_COLUMNS = 256
MOST_CELLS = 8_000_000
"""Of the whole file, the empty ones between too: all are laid out in memory, 32 bytes each."""
MOST_BYTES = 60_000_000

Row = list[object]


class Unreadable(Exception):
    """The file cannot be read; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = {
    "broken": mark("文件坏了，或者不是表格。"),
    "encrypted": mark("文件加了密码，请去掉密码再存一次。"),
    "format": mark("只认 .xlsx、.xls、.ods 和 .csv，请另存为其中一种。"),
    "encoding": mark("认不出文字的编码，请另存为“CSV UTF-8”。"),
    "large": mark("文件太大了，请分成几个。"),
    "missing": mark("没有找到这个文件。"),
}


@dataclass(frozen=True)
class Text:
    """A text outside the values: `where` as in findings.WHERE; row and column from 1."""

    where: str
    text: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Blocked:
    """Something that cannot be looked into, or must not be there; `code` as in findings."""

    code: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass
class Hidden:
    """The hidden rows and columns of one sheet, from 1."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass
class Parts:
    """What the file holds besides the values that its sheets show."""

    texts: list[Text] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    hidden: dict[str, Hidden] = field(default_factory=dict)
    # Texts that cells refer to; those that no cell shows are left over from earlier.
    strings: list[str] = field(default_factory=list)
    cells: int = 0

    def lay_out(self, rows: int, columns: int) -> None:
        """Count a sheet's cells before they are read; raises Unreadable where they are too many."""
        self.cells += rows * columns
        if self.cells > MOST_CELLS:
            raise Unreadable("large")


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows` gives its rows from row 1 on, each beginning at column `first` (from 0)."""

    name: str
    hidden: bool
    first: int
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Book:
    """The whole file."""

    sheets: tuple[Sheet, ...]
    parts: Parts
