"""The sheet for the village's board as a PDF: heads on every page, words that can be copied out.

The one file that knows typst (docs/decisions/0001). The font is a file of the system, embedded in
what is printed; a character that it lacks is named, never printed as a box.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from fontTools.ttLib import TTCollection, TTFont, TTLibError

SOURCE = Path(__file__).with_name("board.typ")
# Of a collection the face for the mainland: the same characters are drawn otherwise elsewhere.
MAINLAND = "SC"
FAMILY, TYPOGRAPHIC_FAMILY = 1, 16


class NoFont(Exception):
    """The font's file is not there, or is none. The message is its path."""


class Lacking(Exception):
    """The font has no picture of these characters."""

    def __init__(self, characters: str) -> None:
        super().__init__(" ".join(f"U+{ord(one):04X}" for one in characters))
        self.characters = characters


@dataclass(frozen=True)
class Board:
    """What stands on the sheet, said.

    `under` stands below the title on every page, `foot` at the foot of every page. `rows` have as
    many cells as `heads`; those of the columns `sums` are set to the right. `codes` are pictures
    (SVG) with what they are for. `notes`, `phones` (large) and `fine` follow the rows, once.
    `draft` is a warning on what nobody has signed yet.
    """

    title: str
    under: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    fine: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    foot: str = ""
    draft: str = ""


@dataclass(frozen=True)
class _Font:
    family: str
    characters: frozenset[int]


def pdf(board: Board, font: Path) -> bytes:
    """The sheet as a PDF of A4 pages, lying where it has many columns.

    Raises NoFont, or Lacking with every character that the font has no picture of.
    """
    known = _font(font)
    lacking = _written(board) - known.characters
    if lacking:
        raise Lacking("".join(map(chr, sorted(lacking))))
    said = json.dumps(asdict(board) | {"font": known.family}, ensure_ascii=False)
    # Seven megabytes that most processes never need.
    import typst

    made = typst.compile(
        SOURCE, font_paths=[font.parent], ignore_system_fonts=True, sys_inputs={"sheet": said}
    )
    assert isinstance(made, bytes)
    return made


def _written(board: Board) -> set[int]:
    texts = (
        board.title, board.under, board.foot, board.draft, *board.heads, *board.notes,
        *board.phones, *board.fine,
        *(caption for _, caption in board.codes), *(cell for row in board.rows for cell in row),
    )
    return {ord(one) for text in texts for one in text if not one.isspace()}


@lru_cache(maxsize=4)
def _font(path: Path) -> _Font:
    """What the font is called, and what it can draw."""
    try:
        with path.open("rb") as file:
            faces = TTCollection(file, lazy=True).fonts if _is_collection(file) else [TTFont(file)]
            named = {_name(face): face for face in faces}
            family = next((name for name in named if name.endswith(MAINLAND)), next(iter(named)))
            return _Font(family, frozenset(named[family].getBestCmap()))
    except (OSError, TTLibError):
        raise NoFont(str(path)) from None


def _is_collection(file: BinaryIO) -> bool:
    mark = file.read(4)
    file.seek(0)
    return mark == b"ttcf"


def _name(face: TTFont) -> str:
    names = face["name"]
    return str(names.getDebugName(TYPOGRAPHIC_FAMILY) or names.getDebugName(FAMILY))
