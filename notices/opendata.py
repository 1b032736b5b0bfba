"""The figures of published lists as open data: a line for each list, month and village.

The same numbers as on the lists' own pages: what is of too few is not said, and no sum over
several places counts it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.areas import Gazetteer, Level, covers
from models.paths import PATHS
from models.publishing import Version
from models.settings import Translate, mark
from notices.suppressing import LEAST, Figures, figures

BOM = "\ufeff"
# A text that begins so would be reckoned by the spreadsheet that opens it.
RECKONED = ("=", "+", "-", "@", "\t", "\r")
HEADS = (
    ("month", mark("公示月份")), ("township", mark("乡镇")), ("village", mark("村（社区）")),
    ("area", mark("区划代码")), ("kind", mark("公示种类")), ("scheme", mark("救助项目")),
    ("households", mark("户数")), ("people", mark("人数")), ("yuan", mark("金额（元）")),
    ("notice", mark("公示编号")), ("version", mark("第几版")), ("hash", mark("校验码")),
)
NOTE = mark("不到 {least} 户的不写数字，免得认出是谁；留空就是这个意思。")


@dataclass(frozen=True)
class Cell:
    """One list's figures of one village in the month that it went up; None: too few to say."""

    version: Version
    area: str
    figures: Figures | None


def cells(versions: Iterable[Version], within: str) -> list[Cell]:
    """Every village of these lists that lies within a place."""
    found = []
    for version in versions:
        _, own = figures(version.figures)
        found += [Cell(version, code, own[code]) for code in sorted(own) if covers(within, code)]
    return found


def records(areas: Gazetteer, t: Translate, kinds: Mapping[str, str], found: Sequence[Cell]
            ) -> list[dict[str, object]]:
    """The cells as they are given out. Sums are texts: no reader rounds them."""
    lines: list[dict[str, object]] = []
    for cell in found:
        version, place = cell.version, areas.get(cell.area)
        above = areas.at(cell.area, Level.TOWNSHIP)
        day, one, code = version.first_day, cell.figures, version.notice.scheme
        lines.append({
            "month": f"{day:%Y-%m}" if day else "",
            "township": above.name if above else "",
            "village": place.name if place and place != above else "",
            "area": cell.area, "kind": t(kinds[version.notice.kind]),
            "scheme": t(PATHS[code].name) if code else "",
            "households": one.households if one else None,
            "people": one.people if one else None,
            "yuan": f"{one.yuan:.2f}" if one else None,
            "notice": version.notice_id, "version": version.number, "hash": version.short or "",
        })
    return lines


def as_csv(t: Translate, lines: Sequence[Mapping[str, object]]) -> str:
    """For spreadsheets: UTF-8 that they know by its mark, and no cell that they would reckon."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow([t(label) for _, label in HEADS])
    out.writerows([[_safe(line[name]) for name, _ in HEADS] for line in lines])
    return BOM + text.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(RECKONED):
        return f"'{value}"
    return "" if value is None else value


def as_json(t: Translate, area: str, name: str, lines: Sequence[Mapping[str, object]]) -> str:
    """For programs: null where it is not said."""
    return json.dumps(
        {"area": area, "name": name, "least": LEAST, "note": t(NOTE, least=LEAST),
         "figures": list(lines)}, ensure_ascii=False, indent=1,
    )


def summed(found: Sequence[Cell], places: Sequence[str]) -> dict[str, Figures | None]:
    """By place what is said of it added up; None where nothing is. Cells that are not said count
    for nothing, so that no sum tells them."""
    sums: dict[str, Figures | None] = {}
    for place in places:
        said = [c.figures for c in found if covers(place, c.area) and c.figures is not None]
        here = [c for c in found if covers(place, c.area)]
        if here:
            sums[place] = _added(said) if said else None
    return sums


def _added(said: Sequence[Figures]) -> Figures:
    total = said[0]
    for one in said[1:]:
        total = Figures(
            total.households + one.households, total.people + one.people, total.yuan + one.yuan
        )
    return total
