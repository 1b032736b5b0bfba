"""Good rosters, as they look in offices (policy.md §6): every one must pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.notices.rosters.good_values import books, kinds, names, values
from tests.notices.rosters.people import HEADINGS, VILLAGES, entries, plain
from tests.notices.rosters.sheets import Good, one

NOTES = (
    "备注：A类为重点保障对象，B类为一般保障对象。", "1.以上人员已经民主评议通过。", "接下页",
    "填表人：韦国平    审核人：陈志强    填表时间：2026年11月20日", "大湾镇社会事务办公室",
    "二〇二六年十一月二十日", "特此公示，欢迎广大群众监督！", "（此页无正文）", "第1页，共2页",
    "经镇党委、政府研究决定，对下列家庭给予保障。", "公示地点：各村村务公开栏", "—— 完 ——",
    "投诉举报：大湾镇纪委 0777-0000103", "镇长签字：        民政助理签字：", "新增3户，停发1户。",
    "附：保障标准每人每月410元", "受理时间：上午8:30-12:00", "截至2026年11月20日",
)


def good() -> Iterator[Good]:
    """Every layout, with the number of entries that must be understood."""
    yield from _around()
    yield from _headings()
    yield from values()
    yield from names()
    yield from kinds()
    yield from books()


def _around() -> Iterator[Good]:
    rows = plain()
    yield one("plain", rows)
    yield one("no title", rows[1:])
    yield one(
        "two titles and a unit",
        [
            ["云溪县大湾镇人民政府"],
            ["2026年第四季度农村低保公示（第3批）"],
            ["单位：元、人", "", "", "填表日期：2026年11月20日"],
            *rows[1:],
        ],
    )
    yield one("blank lines", [[""], *rows[:1], [""], *rows[1:5], [""], [""], *rows[5:], [""]])
    yield one("begins at C4", [[], [], [], *[["", "", *row] for row in rows]])
    yield one(
        "notes",
        [
            *rows,
            [""],
            ["注：1. 保障金额为每户每月金额，单位元。"],
            ["公示时间：2026年11月21日至2026年11月27日，共7天。"],
            ["如有异议，请于公示期内向大湾镇民政办反映，监督电话：0777-000 0101，12345热线。"],
            ["制表人：陈志强", "", "审核人：韦国平", "", "2026年11月20日"],
            ["大湾镇人民政府（盖章）"],
            ["云民发〔2026〕12号"],
        ],
    )
    yield one(
        "notes with dots", [*rows, ["公示期：2026.11.21-2026.11.27"], ["举报电话：（0777）0000101"]]
    )
    members, money = sum(r[3] for r in entries()), sum(r[4] for r in entries())
    total = ["合计", "", "12户", members, money, ""]
    yield one("sum", [*rows, total])
    yield one("whom to call", [*rows, ["公示期间，如有异议请拨打0777-0000101反映。"]])
    yield one("signed by a namesake", [*rows, ["制表人：王秀英", "", "审核人：", "", "韦国平"]])
    yield one("sum in words", [*rows, ["合计（大写：陆仟零玖拾元整）", "", "12户", members, money]])
    of_page = ["本页小计：12户", "", "", f"{members}人", f"{money}元", "—"]
    yield one("sum of a page", [*rows, of_page])
    yield one("whom to call, in the next cell", [
        *rows, ["监督电话：", "0777-0000101", "", "公示单位：", "大湾镇人民政府"],
        ["公示时间：", "2026年11月21日至2026年11月27日"],
        ["制表人：", "陈志强", "", "审核人：", "韦国平"],
        ["以上名单予以公示，接受群众监督。"], ["特此公示"],
    ])
    for number, line in enumerate((
        ["合计：", "", "共12户", members, money, ""],
        ["合计", "4个村", "12户", members, money, "—"],
        ["全镇合计", "—", "12", f"{members}人", f"{money:,.2f}", ""],
        [f"户数合计：12户，人数合计：{members}人"],
    )):
        yield one(f"sum as people write it {number}", [*rows, line])
    yield one("notes as people write them", [*rows, *([text] for text in NOTES)])
    yield one("sum with a space", [*rows, ["合  计", *total[1:]]])
    yield one("sum first", [*rows[:2], total, *rows[2:]])
    listed: list[list[Any]] = rows[:2]
    for village in VILLAGES:
        own = [r for r in entries() if r[1] == village]
        listed += own
        listed.append(
            [
                "",
                f"{village}小计",
                f"{len(own)}户",
                sum(r[3] for r in own),
                sum(r[4] for r in own),
                "",
            ]
        )
    yield one("subtotals", [*listed, ["总计", "", "", members, money, ""]])
    yield one("sum in the name", [*rows, ["", "", "合计", members, money, ""]])
    yield one("headings again", [*rows[:7], rows[1], *rows[7:]])
    yield one("numbered columns", [*rows[:2], [1, 2, 3, 4, 5, 6], *rows[2:]])
    yield one("lettered columns", [*rows[:2], ["甲", "乙", "丙", 1, 2, "丁"], *rows[2:]])
    merged = [[r[0], r[1] if n % 3 == 0 else "", *r[2:]] for n, r in enumerate(entries())]
    yield one("merged villages", [*rows[:2], *merged])
    sections: list[list[Any]] = [rows[0], [h for h in HEADINGS if "村" not in h]]
    for village in VILLAGES:
        sections.append([village])
        sections += [[r[0], *r[2:]] for r in entries() if r[1] == village]
    yield one("villages as titles", sections)
    yield one("villages as titles among names", [
        row[1:] if len(row) > 1 else row for row in sections
    ])
    counted = [[f"一、{r[0]}（3户）"] if len(r) == 1 else r for r in sections[2:]]
    yield one("villages as titles, counted", [*sections[:2], *counted])
    yield one("long", plain(250), 250)


def _headings() -> Iterator[Good]:
    data = entries()
    for n, headed in enumerate(
        (
            ["序号", "村", "户主", "人口", "金额", "备注"],
            ["编号", "村居", "姓  名", "保障人口", "月保障金（元）", "说明"],
            ["序 号", "行政村", "申请人", "家庭人口（人）", "保障金额/元", "备  注"],
            ["No.", "社区", "户主\n姓名", "保障\n人数", "低保金\n（元）", "变动情况"],
            ["序号", "村（居）委会", "申请人姓名", "家庭成员数量", "拟保障金额（元/月）", "备注"],
            ["序号", "所属村", "保障对象", "享受人数", "2026年11月发放金额（元）", "备注"],
            ["序号", "住址", "户主姓名", "人数", "补助金额", "备注"],
            ["序号", "住址（具体到村）", "户主（申请人）", "人数（人）", "保障金额（元/户·月）",
             "备注（新增/续保）"],
            ["序号", "村（居）", "姓名", "家庭人口（个）", "补助金额(人民币：元)",
             "备注（享受类别）"],
        )
    ):
        yield one(f"synonyms {n}", [["公示"], headed, *data])
    yield one(
        "two deep",
        [
            ["大湾镇低保公示"],
            ["序号", "村", "户主", "保障情况", "", "备注"],
            ["", "", "", "人数", "金额（元）", ""],
            *data,
        ],
    )
    yield one(
        "three deep",
        [
            ["大湾镇低保公示"],
            ["序号", "基本情况", "", "保障情况", "", "备注"],
            ["", "村", "户主", "本月", "", ""],
            ["", "", "姓名", "人  数", "金  额", ""],
            *data,
        ],
    )
    yield one(
        "township too",
        [
            ["序号", "乡镇（街道）", "村（社区）", "户主", "人数", "金额"],
            *[[r[0], "大湾镇", r[1], r[2], r[3], r[4]] for r in data],
        ],
    )
    yield one(
        "category",
        [
            ["序号", "村", "户主", "类别", "救助类型", "人数", "金额（元）"],
            *[
                [r[0], r[1], r[2], "A类B类C类"[n % 3 * 2 :][:2], "农村低保", r[3], r[4]]
                for n, r in enumerate(data)
            ],
        ],
    )
    yield one(
        "villages in sum",
        [
            ["大湾镇2026年11月低保资金发放汇总"],
            ["序号", "村（社区）", "户  数", "人  数", "资金支出（万元）"],
            *[[n + 1, v, 30 + n, 55 + n, 2.46812 + n] for n, v in enumerate(VILLAGES)],
            ["合计", "", 126, 226, 15.87248],
        ],
        4,
    )
    yield one(
        "no serial, no remark",
        [["户主", "村", "保障人数", "保障金额"], *[[r[2], r[1], r[3], r[4]] for r in data]],
    )
