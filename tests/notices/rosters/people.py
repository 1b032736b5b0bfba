"""Invented people, and the demo county's places as the gate is handed them."""

from __future__ import annotations

from itertools import cycle

from models.areas import Gazetteer, Place
from notices.gate import Places
from notices.places import places_of
from webhooks.demo import county

TOWNSHIP = "450799101000"
AREAS = Gazetteer.of([Place(*area) for area in county.AREAS])
PLACES: Places = places_of(AREAS, TOWNSHIP)
VILLAGES = ("大湾村", "小湾村", "桥头村", "上屯村")
NAMES = [s + g for g in county.GIVEN for s in county.SURNAMES]
HEADINGS = ["序号", "村（社区）", "户主姓名", "保障人数", "保障金额（元/月）", "备注"]
REMARKS = ("新增", "续保", "", "调整")


def entries(count: int = 12) -> list[list[object]]:
    """Rows under HEADINGS: three and more of each village, nobody twice."""
    remarks = cycle(REMARKS)
    return [
        [n + 1, VILLAGES[n * 4 // count], NAMES[n], n % 5 + 1, 410 + 35 * (n % 7), next(remarks)]
        for n in range(count)
    ]


def plain(count: int = 12, title: str = "大湾镇2026年11月农村低保拟审批公示") -> list[list[object]]:
    """A title, the headings, and the entries: the heading in row 2, entries from row 3."""
    return [[title, "", "", "", "", ""], list(HEADINGS), *entries(count)]
