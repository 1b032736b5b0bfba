"""Bad rosters by what stands around the entries: sums, headings, notes, titles of villages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.notices.rosters.bad import ANY, Bad
from tests.notices.rosters.people import HEADINGS, VILLAGES, entries, plain
from tests.notices.rosters.sheets import Cells, book

MEMBERS = sum(row[3] for row in entries())
MONEY = sum(row[4] for row in entries())
LAST = len(plain()) + 1


def _bad(name: str, rows: Cells, code: str, row: int, column: str, secret: str = "") -> Bad:
    return Bad(name, book(rows), frozenset({code}), secret, "名单", row, column, ANY)


# What stands in a line of sums: (column from 0, text, code).
SUMS: dict[str, tuple[int, Any, str]] = {
    "a remark": (5, "王秀英家中有困难", "remark"),
    "a name": (2, "李建国", "sum"),
    "a name in its label": (0, "合计（李建国收款）", "sum"),
    "somebody's own": (0, "李建国合计", "sum"),
    "a village elsewhere": (1, "青石村", "outside_area"),
    "a mobile": (4, 17000005678, "phone"),
    "a landline without its area": (4, 2345678, "total"),
    "an account": (4, "6217000010001234567", "bank_account"),
    "an illness": (5, "患尿毒症", "illness"),
}
# A line below the list, and the code at its first cell.
LINES: dict[str, tuple[list[Any], str, str]] = {
    "a colon in an entry": (
        ["十三", "大湾村", "李小明", "两口", "按标准", "备注：在外打工"], "remark", "F",
    ),
    "a name with a colon": (["", "", "李小明：在外打工"], "stray", "C"),
    "a person told of": (["李小明在外打工多年"], "note", "A"),
    "a person told of in a note": (["注：户主李小明长期在外务工"], "note", "A"),
    "something else": (["下雨天路不好走"], "stray", "A"),
    "a village elsewhere": (["青石村"], "outside_area", "A"),
    "a group": (["大湾村三组"], "address", "A"),
}
HEADED: dict[str, tuple[str, str]] = {
    "a name": ("保障金额（李建国代管）", "heading"),
    "somebody of the list": (f"保障金额（{entries()[0][2]}）", "heading"),
    "a story": ("保障金额（大湾三户在外打工）", "heading"),
}


def lines() -> Iterator[Bad]:
    """Every one with the cell of its finding."""
    for what, (at, text, code) in SUMS.items():
        total: list[Any] = ["合计", "", "", MEMBERS, MONEY, ""]
        total[at] = text
        yield _bad(f"sum with {what}", [*plain(), total], code, LAST, "ABCDEF"[at])
    for what, (line, code, column) in LINES.items():
        yield _bad(f"line with {what}", [*plain(), line], code, LAST, column)
    for what, (heading, code) in HEADED.items():
        rows = [[*HEADINGS[:4], heading, "备注"], *entries()]
        yield _bad(f"heading with {what}", rows, code, 1, "E")
    above = [["序号", "村", "户主", "李小明在外打工", "", "备注"], ["", "", "", "人数", "金额", ""]]
    yield _bad("heading above with a person", [*above, *entries()], "note", 1, "D", "打工")
    yield from _titles()
    yield from _twice()


def _titles() -> Iterator[Bad]:
    for title, code in (("青石村", "outside_area"), ("青石村（3户）", "outside_area"),
                        ("二、青石村", "outside_area"), ("大湾村三组", "address")):
        for head in (["户主姓名", "保障人数", "金额"], ["序号", "户主姓名", "金额"]):
            rows: list[list[Any]] = [head, [VILLAGES[0]]]
            own = [[row[2], row[3], row[4]] if len(head[0]) > 2 else [row[0], row[2], row[4]]
                   for row in entries()]
            name = f"{title} as a title above {head[0]}"
            yield _bad(name, [*rows, *own[:6], [title], *own[6:]], code, 9, "A")


def _twice() -> Iterator[Bad]:
    """Two columns of one thing: the second is looked at as the first is."""
    rows = [["村", "姓名", "户主姓名", "金额"], *[[r[1], r[2], "李建国", r[4]] for r in entries()]]
    yield _bad("two names", rows, "column_twice", 1, "C")
    rows = [["村", "姓名", "身份证号", "身份证号", "金额"],
            *[[r[1], r[2], "", "450799199001011233", r[4]] for r in entries()]]
    yield _bad("two identity numbers", rows, "id_number", 1, "D", "450799199001011233")
    yield _bad("two identity numbers, below", rows, "id_number", 2, "D", "450799199001011233")
    rows = [["村", "姓名", "金额", "补助"], *[[r[1], r[2], r[4], 1] for r in entries()],
            ["合计", "", MONEY, 2345678]]
    yield _bad("two amounts and a telephone", rows, "total", 14, "D", "2345678")
