"""What is pointed out and not refused: sums, counts, units, people twice, tiny places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from notices.findings import Finding
from notices.kinds import Kind, shape
from notices.roster.checking import Report, check
from notices.roster.opening import open_book
from tests.notices.rosters.people import HEADINGS, PLACES, entries, plain
from tests.notices.rosters.sheets import book, write


def checked(rows: list[list[Any]], tmp_path: Path, **local: Any) -> Report:
    path = write(book(rows), tmp_path / "roster.xlsx")
    return check(open_book(path), shape(Kind.PROPOSED, "", local), PLACES, "大湾镇")


def only(report: Report, code: str) -> Finding:
    assert report.ok, report.errors
    (found,) = report.warnings
    assert found.code == code
    return found


def test_a_sum_that_does_not_add_up(tmp_path: Path) -> None:
    rows = [*plain(), ["合计", "", "", 99, sum(r[4] for r in entries()), ""]]
    found = only(checked(rows, tmp_path), "total")
    assert (found.row, found.column) == (15, 4)
    assert found.values["sum"] == str(sum(r[3] for r in entries()))


def test_a_title_that_counts_otherwise(tmp_path: Path) -> None:
    rows = plain(title="大湾镇低保拟审批公示（共11户）")
    assert only(checked(rows, tmp_path), "stated").values == {"what": "户数", "sum": "12"}
    assert not checked(plain(title="大湾镇低保拟审批公示（共12户）"), tmp_path).warnings


@pytest.mark.parametrize(("heading", "factor", "looks"), [
    ("保障金额（万元）", 1, "元"), ("保障金额（元）", 0.0001, "万元"),
])
def test_a_heading_in_one_unit_over_values_in_the_other(
    heading: str, factor: float, looks: str, tmp_path: Path
) -> None:
    rows = [
        [*HEADINGS[:4], heading, "备注"],
        *[[*r[:4], r[4] * factor, r[5]] for r in entries()],
    ]
    found = only(checked(rows, tmp_path), "unit")
    assert (found.row, found.column, found.values["looks"]) == (1, 5, looks)


def test_a_person_twice(tmp_path: Path) -> None:
    rows = plain()
    rows[4][2] = rows[2][2]
    rows[4][1] = rows[2][1]
    found = only(checked(rows, tmp_path), "twice")
    assert (found.row, found.column, found.values["other"]) == (5, 3, 3)


def test_a_tiny_place(tmp_path: Path) -> None:
    rows = plain()
    rows[-1][1] = rows[-2][1] = rows[2][1]
    assert not checked(rows, tmp_path).warnings, "where names are shown, nobody is hidden"
    found = only(checked(rows, tmp_path, names="masked"), "small_place")
    assert (found.row, found.column, found.values["count"]) == (12, 2, 1)


def test_some_names_masked_and_others_not(tmp_path: Path) -> None:
    rows = plain()
    rows[4][2] = "王*英"
    assert only(checked(rows, tmp_path), "some_masked").column == 3
    assert not checked(rows, tmp_path, names="masked").warnings


def test_each_value_has_its_cell_and_a_merged_one_its_first(tmp_path: Path) -> None:
    rows = plain()
    rows[3][1] = rows[4][1] = ""
    (table,) = checked(rows, tmp_path).tables
    entry = table.entries[2]
    assert entry.values[:4] == (3, "大湾村", rows[4][2], 3)
    assert table.cell_of(entry, "name") == (5, 3)
    assert table.cell_of(entry, "village") == (3, 2)


def test_local_rules_change_reach_words_and_fields(tmp_path: Path) -> None:
    rows = plain()
    rows[2][1] = "大湾村3组"
    assert [f.code for f in checked(rows, tmp_path).errors] == ["address"]
    assert checked(rows, tmp_path, reach="group").ok
    rows = plain()
    rows[2][5] = "易地搬迁"
    assert [f.code for f in checked(rows, tmp_path).errors] == ["remark"]
    assert checked(rows, tmp_path, remarks=["易地搬迁"]).ok
    assert not checked(plain(), tmp_path, without=["amount"]).ok


@pytest.mark.parametrize("local", [
    {"names": "mask"}, {"names": None}, {"names": ["full"]}, {"reach": "city"}, {"reach": 3},
    {"remarks": "易地搬迁"}, {"remarks": ["患尿毒症"]}, {"without": ["member"]}, {"mask": True},
])
def test_a_local_rule_that_is_not_understood_lets_nothing_pass(
    local: dict[str, Any], tmp_path: Path
) -> None:
    found = checked(plain(), tmp_path, **local).errors
    assert found[0].code == "rule"
    assert found[0].values["rule"] == f"notices.{next(iter(local))}"
    made = shape(Kind.PROPOSED, "", local)
    assert "names" not in local or made.names == "masked"
    assert "reach" not in local or made.reach == "township"


GROUPED = ["序号", "村", "组", "户主", "人数", "金额"]


@pytest.mark.parametrize(("group", "fits"), [
    ("3组", True), ("第三村民小组", True), (3, True), ("那料屯", True), ("3组12号", False),
    ("12号", False), ("三组李建国", False), ("李建国", False), ("17000005678", False),
])
def test_a_county_that_publishes_groups(group: object, fits: bool, tmp_path: Path) -> None:
    rows = [GROUPED, *[[r[0], r[1], group, r[2], r[3], r[4]] for r in entries()]]
    assert not checked(rows, tmp_path).ok
    report = checked(rows, tmp_path, reach="group")
    assert report.ok is fits
    assert fits or {f.column for f in report.errors} == {3}


def test_a_county_that_publishes_no_villages(tmp_path: Path) -> None:
    assert [f.code for f in checked(plain(), tmp_path, reach="township").errors] == [
        "column_not_allowed"
    ]
    for place, fits in (("大湾镇", True), ("大湾镇大湾村", False), ("小湾", False)):
        rows = [["乡镇", *HEADINGS[2:]], *[[place, *r[2:]] for r in entries()]]
        assert checked(rows, tmp_path, reach="township").ok is fits, place


def test_some_schemes_are_never_published(tmp_path: Path) -> None:
    path = write(book(plain()), tmp_path / "roster.xlsx")
    report = check(open_book(path), shape(Kind.STANDING, "child"), PLACES)
    assert [f.code for f in report.errors] == ["never"]
    assert "隐私" in str(report.errors[0].values["basis"])


def test_a_list_of_nobody_is_none(tmp_path: Path) -> None:
    assert [f.code for f in checked([HEADINGS], tmp_path).errors] == ["no_list"]


def test_a_long_list_of_findings_is_cut(tmp_path: Path) -> None:
    rows = [*plain()[:2], *[[n, "青石村", "王秀英", 1, 410, ""] for n in range(1500)]]
    report = check(
        open_book(write(book(rows), tmp_path / "roster.csv")), shape(Kind.PROPOSED), PLACES
    )
    assert len(report.errors) == 1001
    assert report.errors[-1].values["count"] == 500
