"""At least a hundred good rosters, none is refused, and every entry is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from notices.findings import as_json
from notices.kinds import Kind, shape
from notices.roster.checking import Report, check
from notices.roster.opening import open_book
from tests.notices.rosters.good import good
from tests.notices.rosters.people import PLACES
from tests.notices.rosters.sheets import Good, write
from webhooks.i18n import speaker

FORMATS = (".xlsx", ".xls", ".ods", ".csv", "-gb18030.csv", "-utf16.csv", "-bom.csv")
# What only a workbook has.
BOOKS = {
    "two sheets", "sheet chosen", "empty sheets", "hidden sheet", "hidden rows", "hidden column",
    "comment", "footer", "sums by formula", "choices", "merged", "properties",
}
ALL = list(good())
CASES = [
    pytest.param(made, ending, id=f"{made[0]}{ending}")
    for made in ALL for ending in FORMATS
    if not (made[0] in BOOKS and ending.endswith("csv"))
    and not (ending in ("-utf16.csv", "-bom.csv") and made[0] not in ("plain", "notes"))
]
SAY = speaker("zh_Hans_CN", "Asia/Shanghai")("")


def checked(made: Good, path: Path) -> Report:
    name, file, _, more = made
    del name
    return check(
        open_book(write(file, path)),
        shape(Kind(more.get("kind", "proposed")), more.get("scheme", "")), PLACES, "大湾镇",
        more.get("sheet"),
    )


def test_there_are_enough() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize(("made", "ending"), CASES)
def test_a_good_roster_passes(made: Good, ending: str, tmp_path: Path) -> None:
    report = checked(made, tmp_path / f"roster{ending}")
    assert [as_json(f, SAY) for f in report.errors] == []
    assert report.rows == made[2]


# Warnings that a layout gives and others do not.
EXPECTED = {
    "hidden sheet": {"hidden_sheet"}, "hidden rows": {"hidden_row"},
    "hidden column": {"hidden_column"}, "villages in sum": {"no_names"},
}


@pytest.mark.parametrize("made", [made for made in ALL if not made[0].startswith("names ")],
                         ids=lambda made: made[0])
def test_nothing_is_warned_of_that_is_right(made: Good, tmp_path: Path) -> None:
    report = checked(made, tmp_path / "roster.xlsx")
    assert {f.code for f in report.warnings} == EXPECTED.get(made[0], set())
