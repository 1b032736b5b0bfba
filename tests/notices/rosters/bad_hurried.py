"""Rosters as somebody in a hurry makes them, none of which may pass. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.notices.rosters.people import HEADINGS, entries, plain
from tests.notices.rosters.sheets import Cells, File, Page, book


def _cell(row: int, column: int, text: Any) -> Cells:
    rows: list[list[Any]] = plain()
    rows[row - 1][column - 1] = text
    return rows


def _column(at: int, heading: str, value: Any) -> Cells:
    """The list with one column in another's place."""
    headed = [*HEADINGS[:at], heading, *HEADINGS[at + 1 :]]
    return [headed, *[[*row[:at], value, *row[at + 1 :]] for row in entries()]]


def _more(heading: str, value: Any) -> Cells:
    return [[*HEADINGS, heading], *[[*row, value] for row in entries()]]


def _below(*lines: list[Any]) -> Cells:
    return [*plain(), *lines]


def _beside(*rows: list[Any]) -> File:
    """With another sheet that nobody thought of."""
    return File([Page(plain()), Page(rows, "底表")])


def hurried() -> Iterator[tuple[str, File | Cells]]:
    """(what was overlooked, the file)."""
    yield "a family in the title", _cell(1, 1, "大湾镇低保公示（李小明户，父亲瘫痪）")
    yield "a person in the title", _cell(1, 1, "关于户主李小明因长期在外打工停发低保的公示")
    yield "a mobile in the title", _cell(1, 1, "大湾镇低保公示 联系人李小明17000005678")
    yield "a house", _column(1, "家庭住址", "大湾村上屯12号")
    yield "a hamlet", _column(1, "家庭住址", "大湾村那料屯")
    yield "a landmark", _cell(4, 2, "大湾村小学旁")
    yield "a household in the village", _cell(4, 2, "大湾村王秀英户")
    yield "a year of birth", _column(5, "出生年", "1956")
    yield "an age", _column(3, "岁数", 56)
    yield "an age in the remark", _cell(4, 6, "56岁")
    yield "an age in the name", _cell(4, 3, "王秀英56岁")
    yield "a wife", _cell(4, 3, "王秀英之夫")
    yield "a child", _cell(4, 3, "小宝（儿子）")
    yield "a bank", _cell(4, 6, "农商行")
    yield "a chat in the remark", _cell(4, 6, "wx_lixm88")
    yield "a chat in a note", _below(["联系微信：lixiaoming88"])
    yield "QQ in a note", _below(["联系QQ 2345678"])
    yield "a mobile as the office's", _below(["监督电话：17000005678"])
    yield "a mobile full of blanks", _below(["监督电话：1 7 0 0 0 0 0 5 6 7 8"])
    yield "a secretary's mobile", _below(["村支书李小明 17000005678"])
    yield "members in a note", _below(["注：王秀英户成员：李建国、李小花"])
    yield "another list below", _below([], ["姓名", "健康状况"], ["李建国", "差"])
    yield "an account below", _below(["13", "", "", "", "", "转李建国账户"])
    yield "a disability as a category", _column(5, "类别", "残疾二级")
    yield "a disability card", _more("残疾证号", "45079919900101123342")
    yield "why they are poor", _column(5, "致困原因", "因病")
    yield "why, as a code", _column(5, "致困原因", "1")
    yield "an illness as the cause", _column(5, "救助事由", "因病")
    yield "a birthday as a number", _column(0, "编号", 900101)
    yield "an account as a number", _column(0, "编号", "6217000010001234567")
    yield "an income by its bracket", _column(4, "保障金额（家庭月收入）", 410)
    yield "members by name", _column(3, "家庭成员", "王秀英、李建国")
    yield "who voted", [
        ["序号", "村", "姓名", "同意票", "评议结果"],
        *[[*row[:3], "李建国、王大明", "同意"] for row in entries()],
    ]
    yield "who collects", _cell(4, 5, "410（李建国领）")
    yield "a prisoner", _cell(4, 6, "服刑")
    yield "a widow", _cell(4, 6, "丧偶")
    for heading in ("代领人", "关系", "签字", "手机尾号", "证件后四位", "后四位", "住房面积",
                    "车牌", ""):
        yield f"a column {heading}", _more(heading, "1233")
    yield "a diary", _beside(["李小明不在家，电话打不通"])
    for heading, value in (("年龄", 56), ("收入", 560), ("健康", "差"), ("座机", "2345678"),
                           ("号码", "4507991990010112"), ("日期", date(1956, 3, 1))):
        yield f"a sheet of {heading}", _beside(["姓名", heading], ["李小明", value])
    yield "a sheet's name", File([Page(plain()), Page([["x"]], "李小明不在家")])
    yield "a comment", book(plain(), comments={(4, 3): "李小明不在家"})
    yield "a header", book(plain(), header="李小明不在家，勿公示")

