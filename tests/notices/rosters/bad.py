"""Bad rosters: every leak in every place where it can hide. None may pass.

All numbers are invented: identity numbers of the area 450799, which is nobody's, and
telephones of the number range that the tests use elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.notices.rosters.people import HEADINGS, VILLAGES, entries, plain
from tests.notices.rosters.sheets import File, Page, book

# what it is → (how it is written, the code). A number may be taken for another kind of number.
LEAKS: dict[str, tuple[str, str]] = {
    "id": ("450799199001011233", "id_number"),
    "id with X": ("45079919850712301X", "id_number"),
    "id of 15": ("450799900101123", "id_number"),
    "id spaced": ("450799 1990 0101 1233", "id_number"),
    "id dashed": ("450799-19900101-1233", "id_number"),
    "id full-width": ("４５０７９９１９９００１０１１２３３", "id_number"),
    "id in words": ("身份证450799199001011233号", "id_number"),
    "id masked too little": ("450799********1233", "id_number"),
    "id masked at the end": ("45079919900101****", "id_number"),
    "id masked by crosses": ("4507991990××××1233", "id_number"),
    "id with letters": ("45O799I99OO1O11233", "id_number"),
    "id on two lines": ("4507991990\n01011233", "id_number"),
    "id unseen between": ("45079919\u200b9001\u200b011233", "id_number"),
    "id spoken": ("四五零七九九一九九零零一零一一二三三", "id_number"),
    "mobile": ("17000005678", "phone"),
    "mobile dashed": ("170-0000-5678", "phone"),
    "mobile spaced": ("170 0000 5678", "phone"),
    "mobile masked": ("170****5678", "phone"),
    "mobile spoken": ("幺七零零零零零五六七八", "phone"),
    "mobile in words": ("联系电话：17000005678", "phone"),
    "mobile abroad": ("+86 170 0000 5678", "phone"),
    "landline": ("0777-2345678", "phone"),
    "account": ("6217000010001234567", "bank_account"),
    "account spaced": ("6217 0000 1000 1234 567", "bank_account"),
    "account of 16": ("6222001234567890", "bank_account"),
    "address": ("大湾村三组12号", "address"),
    "address in town": ("人民路88号2栋301室", "address"),
    "illness": ("患尿毒症", "illness"),
    "disability": ("肢体残疾二级", "illness"),
    "cancer": ("肺癌晚期", "illness"),
    "income": ("家庭年收入3000元", "income"),
    "child": ("孙子8岁", "minor"),
    "orphan": ("事实无人抚养儿童", "minor"),
    "relative": ("王秀英之子", "relative"),
    "informant": ("举报人李某", "informant"),
}
# Where the words fit another list first, that one is named.
ALSO = {"child": {"relative"}, "orphan": {"minor"}}
# Too long for a sheet's name, or holding what a name may not hold.
NOT_A_SHEET = {"id in words", "id on two lines", "id masked too little", "id masked at the end",
               "mobile masked", "id unseen between"}


@dataclass(frozen=True)
class Bad:
    """One bad file, and where its finding must be. `row` None where it has none."""

    name: str
    file: File
    codes: frozenset[str]
    secret: str
    sheet: str | None
    row: int | None
    column: str | None
    endings: tuple[str, ...]


ANY = (".xlsx", ".xls", ".ods", ".csv", "-gb18030.csv")
WORKBOOKS = (".xlsx", ".xls", ".ods")
Place = tuple[Callable[[str], File], str | None, int | None, str | None, tuple[str, ...]]


def _with(row: int, column: int, text: Any, **more: Any) -> File:
    """The plain list with one cell changed; row and column from 1."""
    rows: list[list[Any]] = plain()
    rows[row - 1] = list(rows[row - 1])
    rows[row - 1][column - 1] = text
    return book(rows, **more)


def _column(text: str) -> File:
    rows: list[list[Any]] = plain()
    rows[1] = [*rows[1], "其他情况"]
    rows[4] = [*rows[4], text]
    return book(rows)


PLACES: dict[str, Place] = {
    "name": (lambda t: _with(5, 3, t), "名单", 5, "C", ANY),
    "after a name": (lambda t: _with(5, 3, f"王秀英（{t}）"), "名单", 5, "C", ANY),
    "remark": (lambda t: _with(6, 6, t), "名单", 6, "F", ANY),
    "after a remark": (lambda t: _with(6, 6, f"新增，{t}"), "名单", 6, "F", WORKBOOKS),
    "village": (lambda t: _with(7, 2, t), "名单", 7, "B", WORKBOOKS),
    "count": (lambda t: _with(8, 4, t), "名单", 8, "D", (".xlsx", ".csv")),
    "amount": (lambda t: _with(8, 5, t), "名单", 8, "E", (".xlsx", ".csv")),
    "heading": (lambda t: _with(2, 6, f"备注{t}"), "名单", 2, "F", WORKBOOKS),
    "title": (lambda t: _with(1, 1, f"大湾镇低保公示 {t}"), "名单", 1, "A", ANY),
    "note": (lambda t: book([*plain(), [""], [f"注：{t}"]]), "名单", 16, "A", ANY),
    "another column": (_column, "名单", 5, "G", ANY),
    "hidden row": (lambda t: _with(5, 6, t, hidden_rows=(5,)), "名单", 5, "F", WORKBOOKS),
    "hidden column": (lambda t: _with(5, 6, t, hidden_columns=(6,)), "名单", 5, "F", WORKBOOKS),
    "second sheet": (
        lambda t: File([Page(plain()), Page([["说明"], [t]], "说明")]), "说明", 2, "A", WORKBOOKS,
    ),
    "hidden sheet": (
        lambda t: File([Page(plain()), Page([[""], ["", t]], "旧表", hidden=True)]),
        "旧表", 2, "B", WORKBOOKS,
    ),
    "comment": (lambda t: book(plain(), comments={(4, 3): t}), "名单", 4, "C", WORKBOOKS),
    "header": (lambda t: book(plain(), header=t), None, None, None, WORKBOOKS),
    "footer": (lambda t: book(plain(), footer=t), None, None, None, (".xlsx", ".ods")),
    "property": (lambda t: File([Page(plain())], {"subject": t}), None, None, None,
                 (".xlsx", ".ods")),
    "own property": (lambda t: File([Page(plain())], {}, {"来源": t}), None, None, None,
                     (".xlsx", ".ods")),
    "text box": (lambda t: book(plain(), text_box=t), None, None, None, (".xlsx", ".xls")),
    "formula": (
        lambda t: book(plain(), formulas={(5, 6): (f'=IF(1=1,"新增","{t}")', "新增")}),
        "名单", 5, "F", (".xlsx", ".ods", ".xls"),
    ),
    "choices": (lambda t: book(plain(), choices=("新增", t)), None, None, None, (".xlsx",)),
    "prompt": (lambda t: book(plain(), prompt=t), None, None, None, (".xlsx",)),
    "defined name": (
        lambda t: File([Page(plain())], names={"其他": f'="{t}"'}), None, None, None, (".xlsx",),
    ),
}


def hidden_everywhere() -> Iterator[Bad]:
    """Every leak in every place, in the formats that have the place."""
    for what, (secret, code) in LEAKS.items():
        codes = frozenset({code} | ALSO.get(what, set()))
        for place, (make, sheet, row, column, endings) in PLACES.items():
            name = f"{what} in {place}"
            yield Bad(name, make(secret), codes, secret, sheet, row, column, endings)
        if what not in NOT_A_SHEET:
            file = File([Page(plain()), Page([["说明"]], secret[:31])])
            name = f"{what} as a sheet"
            yield Bad(name, file, codes, secret, "#2", None, None, (".xlsx", ".ods"))


def _headed(heading: str, *values: Any) -> File:
    rows: list[list[Any]] = [list(HEADINGS), *entries()]
    return book([
        [*row, heading if n == 0 else values[n % len(values)]] for n, row in enumerate(rows)
    ])


HEADED: dict[str, tuple[tuple[Any, ...], str]] = {
    "身份证号": ((450799199001011233.0,), "id_number"),
    "公民身份号码": (("",), "id_number"),
    "证件号码": (("450799199001011233",), "id_number"),
    "联系电话": ((17000005678,), "phone"),
    "手  机": (("17000005678",), "phone"),
    "联系方式": (("",), "phone"),
    "银行账号": (("6217000010001234567",), "bank_account"),
    "一卡通号": (("",), "bank_account"),
    "开户行": (("农村信用社",), "bank_account"),
    "详细地址": (("大湾村三组12号",), "address"),
    "门牌号": ((12,), "address"),
    "健康状况": (("良好", "一般"), "illness"),
    "残疾等级": (("二级",), "illness"),
    "病种": (("",), "illness"),
    "自理能力": (("全自理",), "illness"),
    "劳动能力": (("无",), "illness"),
    "家庭年收入": ((3000,), "income"),
    "家庭财产": (("无",), "income"),
    "年龄": ((8, 45), "minor"),
    "出生日期": (("2015-03-01",), "minor"),
    "儿童姓名": (("王小明",), "minor"),
    "监护人": (("李建国",), "relative"),
    "家庭成员姓名": (("王小明",), "relative"),
    "与户主关系": (("本人",), "relative"),
    "举报人": (("李建国",), "informant"),
    "信息来源": (("邻居",), "informant"),
    "性别": (("男", "女"), "column_not_allowed"),
    "民族": (("壮族",), "column_not_allowed"),
    "政治面貌": (("群众",), "column_not_allowed"),
}


def headed() -> Iterator[Bad]:
    """Columns that are not allowed, whatever stands in them; the finding is at the heading."""
    for heading, (values, code) in HEADED.items():
        secret = str(values[0]) if len(str(values[0])) > 5 else ""
        yield Bad(
            f"column {heading}", _headed(heading, *values), frozenset({code}), secret,
            "名单", 1, "G", ANY,
        )
    rows: list[list[Any]] = plain()
    deep = [
        [*rows[1], "身份信息", ""], ["", "", "", "", "", "", "前六位", "后四位"],
        *[[*row, 450799, 1233] for row in entries()],
    ]
    yield Bad("deep", book(deep), frozenset({"column_not_allowed"}), "", "名单", 1, "G", ANY)


def shaped() -> Iterator[Bad]:
    """What is wrong with one cell only as a number, or in its column."""
    cells: dict[str, tuple[int, int, Any, str]] = {
        "id as a number": (5, 5, 450799199001011233.0, "id_number"),
        "mobile as a number": (5, 5, 17000005678, "phone"),
        "mobile as a count": (5, 4, 17000005678, "phone"),
        "account as a number": (5, 1, 6222001234567890, "bank_account"),
        "id as Excel writes it": (5, 5, "4.50799E+17", "long_number"),
        "a long number": (5, 5, 123456789, "long_number"),
        "a group": (5, 2, "大湾村3组", "address"),
        "a group in words": (5, 2, "大湾村第三村民小组", "address"),
        "another township's village": (5, 2, "青石村", "outside_area"),
        "an unknown village": (5, 2, "无名村", "outside_area"),
        "two people": (5, 3, "王秀英、李建国", "name"),
        "a word more": (5, 3, "王秀英（已故老伴）", "name"),
        "numerals as a name": (5, 3, "一三八零", "name"),
        "a sentence": (5, 6, "家里有两个孩子在读书", "remark"),
        "no number": (5, 4, "几口", "count"),
        "half a person": (5, 4, 2.5, "count"),
        "a crowd": (5, 4, 45, "count"),
        "no money": (5, 5, "按标准", "amount"),
        "true": (5, 4, True, "count"),
        "less than nothing": (5, 5, -410, "amount"),
        "less than nothing, in words": (5, 5, "-410.00元", "amount"),
        "ten digits of money": (5, 5, 7770000101, "long_number"),
    }
    for what, (row, column, value, code) in cells.items():
        shown = str(int(value)) if isinstance(value, float) and value > 100 else str(value)
        endings = (".xlsx",) if value is True else WORKBOOKS if isinstance(value, float) else ANY
        yield Bad(
            what, _with(row, column, value), frozenset({code}), shown if len(shown) > 3 else "",
            "名单", row, "ABCDEF"[column - 1], endings,
        )
    split = [["序号", "村", "户主", "金额", "享受时间", "人数", "标准"],
             [450799, "大湾村", "王秀英", "", "20020315", "", 1205]]
    yield Bad("id split over cells", book(split), frozenset({"id_number"}), "450799",
              "名单", 2, "C", ANY)
    born = [[*HEADINGS[:5], "起始时间"], *[[*row[:5], date(1956, 3, 1)] for row in entries()]]
    yield Bad("born", book(born), frozenset({"date"}), "", "名单", 2, "F", WORKBOOKS)
    for what, money in (("mobile", 17000005678), ("landline", 7770000101)):
        counted = [["序号", "村", "户数", "资金支出"],
                   *[[n + 1, v, 30, money] for n, v in enumerate(VILLAGES)]]
        codes = frozenset({"phone", "long_number"})
        yield Bad(f"{what} of a village", book(counted), codes, str(money), "名单", 2, "D", ANY)
    bare = [list(HEADINGS), *[[*row, "补充内容"] for row in entries()]]
    told = [*plain(), ["陈秀英长期在外打工，家中无人照料"]]
    yield Bad("a person in a note", book(told), frozenset({"note"}), "打工", "名单", 15, "A", ANY)
    yield Bad("no heading", book(bare), frozenset({"no_heading"}), "补充内容", "名单", 2, "G", ANY)


def bad() -> Iterator[Bad]:
    """All of them."""
    yield from hidden_everywhere()
    yield from headed()
    yield from shaped()
