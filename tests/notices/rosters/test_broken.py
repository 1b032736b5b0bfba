"""Files that are broken, or that would fill the memory: always a finding, never a traceback."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from notices.roster.book import MOST_CELLS, Parts, Unreadable
from notices.roster.opening import open_book
from tests.notices.rosters.people import plain
from tests.notices.rosters.sheets import book, write
from tests.notices.rosters.test_parts import RELS, SHEET, changed, gated, swap

BROKEN: dict[str, tuple[str, Callable[[str], str] | str]] = {
    "an encoding that nobody knows": (SHEET, swap('encoding="UTF-8"', 'encoding="UTF-99"')),
    "a row without a number": (SHEET, swap('<row r="3"', '<row hidden="1" r="three"')),
    "a column from nowhere": (SHEET, swap("<sheetData>", '<col hidden="1"/><sheetData>')),
    "a width of words": (RELS, "<a b='c"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_told(what: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="broken"):
        gated(changed(tmp_path, ".xlsx", *BROKEN[what]))


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_packing_is_refused(packing: int, tmp_path: Path) -> None:
    source = write(book(plain()), tmp_path / "plain.xlsx")
    made = tmp_path / "packed.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(Unreadable, match="broken"):
        open_book(made)


@pytest.mark.parametrize("dimensions", [(0, 3_000_000_000, 0, 10), (9, 2, 0, 10), (0, 9, 0, 9000)])
def test_what_an_old_workbook_says_of_its_size_is_not_believed(
    dimensions: tuple[int, int, int, int], tmp_path: Path
) -> None:
    """Room is made for it before a cell is read: a process would end for want of memory."""
    path = write(book(plain()), tmp_path / "plain.xls")
    raw = bytearray(path.read_bytes())
    at = raw.find(struct.pack("<HH", 0x200, 14))
    struct.pack_into("<IIHH", raw, at + 4, *dimensions)
    path.write_bytes(raw)
    with pytest.raises(Unreadable):
        open_book(path)


def test_a_reader_in_panic_is_a_broken_file(tmp_path: Path) -> None:
    path = write(book(plain()), tmp_path / "plain.xls")
    raw = bytearray(path.read_bytes())
    # The end of the interface, which is empty, becomes a code page, which must not be.
    at = raw.find(struct.pack("<HH", 0xE2, 0))
    struct.pack_into("<H", raw, at, 0x42)
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match="broken"):
        open_book(path)


CORNER = "".join(
    f'<row r="{n}"><c r="Z{n}"><v>1</v></c></row>' for n in (299_998, 299_999)
)


def test_far_cells_do_not_fill_the_memory(tmp_path: Path) -> None:
    """One sheet of 26 columns to the last row would pass; what comes with it is too much."""
    path = changed(tmp_path, ".xlsx", SHEET, swap("</sheetData>", CORNER + "</sheetData>"))
    assert open_book(path).parts.cells == 299_999 * 26
    wide = CORNER + '<row r="300000"><c r="ZZ300000"><v>1</v></c></row></sheetData>'
    for more in (wide, wide.replace("ZZ", "AZ")):
        with pytest.raises(Unreadable, match="large"):
            open_book(changed(tmp_path, ".xlsx", SHEET, swap("</sheetData>", more)))


def test_a_cell_that_is_not_in_its_row_is_counted(tmp_path: Path) -> None:
    far = '<row r="20"><c r="AA299999"><v>1</v></c></row></sheetData>'
    with pytest.raises(Unreadable, match="large"):
        open_book(changed(tmp_path, ".xlsx", SHEET, swap("</sheetData>", far)))


def test_the_cells_of_all_sheets_are_counted_together() -> None:
    parts = Parts()
    parts.lay_out(MOST_CELLS // 2, 2)
    with pytest.raises(Unreadable, match="large"):
        parts.lay_out(1, 1)


@pytest.mark.parametrize("ending", [".xlsx", ".ods", ".xls"])
def test_broken_at_random_it_is_read_or_refused(ending: str, tmp_path: Path) -> None:
    draw = random.Random(7)
    source = write(book(plain(), comments={(4, 3): "新增"}, header="公示"), tmp_path / f"a{ending}")
    raw = source.read_bytes()
    for _ in range(60):
        bent = bytearray(raw)
        for _ in range(draw.randint(1, 5)):
            bent[draw.randrange(len(bent))] = draw.choice((0, 255, draw.randrange(256)))
        source.write_bytes(bent)
        with suppress(Unreadable):
            gated(source)


@pytest.mark.parametrize(("ending", "part"), [(".xlsx", SHEET), (".ods", "content.xml")])
def test_attributes_of_nonsense_are_read_or_refused(
    ending: str, part: str, tmp_path: Path
) -> None:
    draw = random.Random(7)
    nonsense = ("abc", "-5", "", "99999999999", "1e9", "中", "A1:B")

    def bend(text: str) -> str:
        spans = [found.span(1) for found in re.finditer('="([^"]*)"', text)]
        start, end = draw.choice(spans)
        return text[:start] + draw.choice(nonsense) + "\n" + text[end:]

    for _ in range(60):
        with suppress(Unreadable):
            gated(changed(tmp_path, ending, part, bend))
