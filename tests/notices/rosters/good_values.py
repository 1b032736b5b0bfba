"""Good rosters by what stands in their cells, by kind, and by what else a workbook holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.notices.rosters.people import HEADINGS, entries, plain
from tests.notices.rosters.sheets import File, Good, Page, book, one


def values() -> Iterator[Good]:
    rows = plain()
    text = [[str(v) for v in r] for r in entries()]
    yield one("numbers as text", [*rows[:2], *text])
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    yield one("full-width", [*rows[:2], *[[v.translate(wide) for v in r] for r in text]])
    yield one(
        "with units", [*rows[:2], *[[*r[:3], f"{r[3]}人", f"{r[4]}.00元", r[5]] for r in entries()]]
    )
    yield one("thousands", [*rows[:2], *[[*r[:4], "1,230.50", r[5]] for r in entries()]])
    yield one(
        "in ten thousands",
        [
            rows[0],
            [*HEADINGS[:4], "保障金额（万元）", "备注"],
            *[[*r[:4], r[4] / 10_000, r[5]] for r in entries()],
        ],
    )
    yield one(
        "spoken counts", [*rows[:2], *[[*r[:3], "一二三四五"[r[3] - 1], *r[4:]] for r in entries()]]
    )
    for n, day in enumerate(
        (
            "2026-11-01",
            "2026/11/1",
            "2026.11",
            "2026年11月1日",
            "20261101",
            "202611",
            "二〇二六年十一月",
            date(2026, 11, 1),
            202611,
            "2026年11月",
        )
    ):
        yield one(
            f"day {n}",
            [
                [*HEADINGS[:5], "享受起始时间"],
                *[[*r[:5], day] for r in entries()],
            ],
        )
    for n, remark in enumerate(
        (
            "新增",
            "续保、调整",
            "2026年11月新增",
            "11月起新增",
            "自愿退出",
            "无",
            "-",
            "变更户主",
            "2026年11月1日起享受",
            "新增1人",
            "新增；单人保",
        )
    ):
        yield one(f"remark {n}", [*rows[:2], *[[*r[:5], remark] for r in entries()]])


def names() -> Iterator[Good]:
    rows = plain()
    for title, names in {
        "masked": ["张*三", "王*英", "李*", "欧阳*", "陈某某", "买**·吐**"],
        "minority": [
            "买买提·吐尔逊",
            "阿卜杜热合曼",
            "洛桑次仁",
            "古丽·艾合买提",
            "其美多吉",
            "木沙•伊明",
        ],
        "double": ["欧阳秀英", "司马建国", "上官月娥", "诸葛明", "皇甫大勇", "令狐春"],
        "two": ["王  丽", "李　强", "张三", "韦 明", "覃勇", "莫兰"],
        "rare": ["王㛃玉", "李𫍯", "张犇", "陈燚燚", "韦喆", "农龘"],
    }.items():
        yield one(
            f"names {title}",
            [
                *rows[:2],
                *[[*r[:2], names[n % 6], *r[3:]] for n, r in enumerate(entries())],
            ],
        )


def kinds() -> Iterator[Good]:
    base = entries()
    yield one(
        "appraisal",
        [
            ["序号", "村", "姓名", "参会人数", "同意票", "反对票", "评议结果"],
            *[[r[0], r[1], r[2], 15, 14, 1, "同意"] for r in base],
        ],
        kind="appraisal",
    )
    yield one(
        "standing",
        [
            [*HEADINGS[:5], "享受时间"],
            *[[*r[:5], "2025年3月"] for r in base],
        ],
        kind="standing",
        scheme="dibao",
    )
    yield one(
        "stopping",
        [
            ["序号", "村", "户主", "保障人数", "停止原因", "停止时间"],
            *[[*r[:4], "不再符合条件", "2026年12月"] for r in base],
        ],
        kind="stopping",
    )
    yield one(
        "payment",
        [
            ["序号", "村", "姓名", "发放月份", "人数", "发放金额", "补发", "合计"],
            *[[*r[:3], "2026年11月", r[3], r[4], 0, r[4]] for r in base],
        ],
        kind="payment",
    )
    yield one(
        "temporary",
        [
            ["序号", "村", "申请人", "家庭人口", "救助事由", "救助金额（元）"],
            *[[*r[:4], "支出型", 2000] for r in base],
        ],
        kind="decision",
        scheme="temporary",
    )
    yield one(
        "tekun",
        [
            ["序号", "村", "姓名", "供养方式", "供养标准（元/月）"],
            *[[*r[:3], "分散供养", 950] for r in base],
        ],
        kind="standing",
        scheme="tekun",
    )
    yield one(
        "disability",
        [
            ["大湾镇困难残疾人生活补贴发放公示"],
            ["序号", "村", "姓名", "金额"],
            *[[*r[:3], 80] for r in base],
        ],
        kind="payment",
        scheme="disability",
    )


def books() -> Iterator[Good]:
    rows = plain()
    yield "two sheets", File([Page(rows, "大湾"), Page(plain(20), "小湾")]), 32, {}
    yield "sheet chosen", File([Page(rows, "农村"), Page(plain(20), "城市")]), 20, {"sheet": "城市"}
    yield "empty sheets", File([Page(rows), Page([], "Sheet2"), Page([], "Sheet3")]), 12, {}
    yield (
        "hidden sheet",
        File([Page(rows), Page([["新增"], ["续保"]], "选项", hidden=True)]),
        12,
        {},
    )
    yield "hidden rows", book(rows, hidden_rows=(5, 6)), 12, {}
    yield "hidden column", book(rows, hidden_columns=(6,)), 12, {}
    yield "comment", book(rows, comments={(4, 6): "新增"}), 12, {}
    yield (
        "footer",
        book(rows, header="大湾镇低保公示", footer="第&P页 共&N页  2026年11月20日"),
        12,
        {},
    )
    yield (
        "sums by formula",
        book(
            [*rows, ["合计", "", "", "", "", ""]],
            formulas={
                (15, 4): ("=SUM(D3:D14)", sum(r[3] for r in rows[2:])),
                (15, 5): ("=SUM(E3:E14)", sum(r[4] for r in rows[2:])),
            },
        ),
        12,
        {},
    )
    yield "choices", book(rows, choices=("新增", "续保", "调整"), prompt="请从列表中选择"), 12, {}
    yield (
        "merged",
        book(
            rows,
            merged=((1, 1, 1, 6),),
        ),
        12,
        {},
    )
    yield (
        "properties",
        File(
            [Page(rows)],
            {"title": "大湾镇2026年11月低保公示"},
            {
                "KSOProductBuildVer": "2052-12.1.0.18276",
                "ICV": "4F0D86B1C7A24D0E9A1B63C2D5E8F790_12",
            },
        ),
        12,
        {},
    )
