"""The sheet for the village's board as a PDF: heads on every page, words that can be copied out.

The one file that knows typst (docs/decisions/0001). The font is a file of the system, embedded in
what is printed; a character that it lacks is named, never printed as a box.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("board.typ")


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


def pdf(board: Board, font: Path) -> bytes:
    """The sheet as a PDF of A4 pages, lying where it has many columns.

    Raises NoFont, or Lacking with every character that the font has no picture of.
    """
    # Nine megabytes that most processes never need.
    import typst

    from notices.typeface import typeface

    try:
        known = typeface(font)
    except OSError:
        raise NoFont(str(font)) from None
    lacking = _written(board) - known.characters
    if lacking:
        raise Lacking("".join(map(chr, sorted(lacking))))
    said = json.dumps(asdict(board) | {"font": known.family}, ensure_ascii=False)
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
