"""The board's sheet as a PDF: every page headed, words that copy out, no character lost."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import segno
from pypdf import PdfReader

from models.settings import Paper
from notices.board import Board, Lacking, NoFont, pdf

FONT = Path(Paper().font)
pytestmark = pytest.mark.skipif(not FONT.exists(), reason=f"no font at {FONT}")
CODE = segno.make("https://example.org/notices/3", micro=False).svg_inline(omitsize=True)
HEADS = ("序号", "姓名", "保障金额（元）")
BOARD = Board(
    title="大湾村最低生活保障长期公示",
    under="长期公示 · 2026年11月24日起",
    heads=HEADS,
    rows=tuple((str(n), "王秀英" if n % 3 else "玛依拉·吐尔逊", "650.00") for n in range(1, 101)),
    sums=(2,),
    notes=("觉得不对，打电话：0777-700 0001", "#let x = 1 \\ *星* [框] $元$"),
    codes=((CODE, "扫一扫"),),
    foot="校验码 1a2b-3c4d",
)


def pages(board: Board) -> list[str]:
    """What can be copied out of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf(board, FONT))).pages]


def test_every_page_is_headed_and_footed_and_every_row_is_there_once() -> None:
    found = pages(BOARD)
    assert len(found) > 2
    for number, page in enumerate(found, 1):
        assert "校验码 1a2b-3c4d" in page
        assert f"{number} / {len(found)}" in page
    for page in found[:-1]:
        assert BOARD.title in page
        assert BOARD.under in page
        assert "保障金额（元）" in page
    lines = "\n".join(found).split("\n")
    for row in BOARD.rows:
        assert lines.count(" ".join(row)) == 1, row


def test_nothing_that_is_said_is_read_as_markup() -> None:
    assert BOARD.notes[1] in "".join(pages(BOARD)).replace("\n", "")


def test_the_font_is_inside_and_the_page_is_a4() -> None:
    page = PdfReader(io.BytesIO(pdf(BOARD, FONT))).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    resources = cast("dict[str, Any]", page["/Resources"])
    for font in resources["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in below.get_object()


def test_many_columns_lie() -> None:
    many = tuple(f"栏{n}" for n in range(9))
    made = pdf(Board("名单", "", many, (many,)), FONT)
    page = PdfReader(io.BytesIO(made)).pages[0]
    assert page.mediabox.width > page.mediabox.height


def test_the_same_sheet_is_the_same_file() -> None:
    assert pdf(BOARD, FONT) == pdf(BOARD, FONT)


def test_a_character_that_the_font_lacks_is_named() -> None:
    rare = replace(BOARD, rows=(("1", "王\U0001f98a", "1"), ("2", "李\u0f56", "2")))
    with pytest.raises(Lacking) as wrong:
        pdf(rare, FONT)
    assert wrong.value.characters == "\u0f56\U0001f98a"
    assert str(wrong.value) == "U+0F56 U+1F98A"


def test_rare_characters_of_names_are_there() -> None:
    assert "王龘㑇𬎆" in "".join(pages(replace(BOARD, rows=(("1", "王龘㑇𬎆", "1"),))))


def test_what_nobody_signed_says_so() -> None:
    warned = pages(replace(BOARD, draft="还没有签字，不要贴出去"))
    assert "还没有签字，不要贴出去" in warned[0]


def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "a.ttf"
    broken.write_bytes(b"nothing")
    for path in (tmp_path / "none.ttc", broken):
        with pytest.raises(NoFont, match=path.name):
            pdf(BOARD, path)
