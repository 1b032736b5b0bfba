"""Where a sheet's table begins, and what its columns are. Pure.

Rosters have titles above, headings one to three rows deep, spaces inside words, and units in
brackets; a heading over several columns stands in the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from notices.kinds import Field
from notices.leaks import plain
from notices.values import as_text

LOOKED_AT = 40
"""Rows in which a heading is looked for."""
DEEPEST = 3

_UNIT = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]|[:,](?=万?元)|万?元(?:/.*)?$")
_INSIDE = re.compile(r"[(\[【〔]([^)\]】〕]*)[)\]】〕]?")
# What headings say in brackets: units, places, how to fill the column in.
_UNITS = (
    r"[0-9]{1,4}|[年月日]份?|[一二三四五六七八九十ABCabc]类?|人民币|[万千百]?元|[户人次口个名季天级]|每|按|折合|约|含|不含|及|和|或|与|等"
    r"|村民委员会|居民委员会|居委会?|村委会?|社区|街道|办事处|乡镇|[村镇乡县区市省居屯组社队]|单位|大写|小写|精确到|保留|两位|一位|小数|整数"
    r"|签字|签章|盖章|手印|必填|选填|可选|如有|如实|填写|具体到|注明|勾选|打勾|类别|档次|标准|金额|补助|补贴|资金|保障|救助|提标|一次性|临时"
    r"|价格|物价|联动|补发|扣发|合计|小计|总计|本次|本月|当月|上月|本期|实际|实发|应发|拟|新增|续保|调整|停发|退出|变动|农村|城市|城镇|城乡|低保|特困"
    r"|分散|集中|供养|共同生活|家庭|成员|本人|人数|人口|户数|户主|姓名|申请人|对象|或者|开始|起始|起止|时间|日期|享受|起|止|至|同意|反对|弃权|票"
    r"|[/·、，,.:;：；%*+\-—~～=￥¥#]"
)
_MARKS = re.compile(r"[\s*#:：、，,。.·\-—_/\\|]+")
_DATED = re.compile(r"^(?:20[0-9]{2}年)?(?:第?[0-9一二三四五六七八九十]{1,2}[月季]度?份?)?")
_BEFORE = re.compile(
    r"^(?:拟|本次|本月|当月|本季度?|实际|核定|审批|审核|确认|享受|农村|城市|城乡|低保|特困|临时救助|救助"
    r"|家庭|户|月|年|每月|每户|申报|初审|现|原|民主评议)+"
)


@dataclass(frozen=True)
class Column:
    """One column: `at` from 0 in its rows; no `field` where it is not one that may appear."""

    at: int
    heading: str
    field: Field | None
    unit: Decimal = Decimal(1)
    unit_name: str = ""


@dataclass(frozen=True)
class Heading:
    """The heading's rows (from 0, the last included) and the columns under it."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(c.field.name for c in self.columns if c.field)


def bare(heading: str) -> str:
    """A heading without spaces, marks and what stands in brackets: 户  数 → 户数."""
    said = plain(heading)
    without = _MARKS.sub("", _UNIT.sub("", said))
    return without or _MARKS.sub("", re.sub(r"[()（）\[\]]", "", said))


def speaks_of_more(text: str, field: Field) -> bool:
    """Whether what stands in the heading's brackets is more than a unit or a word of its field."""
    inside = "、".join(_INSIDE.findall(re.sub(r"\s", "", plain(text))))
    words = sorted((*field.words, *field.headings), key=len, reverse=True)
    own = "|".join(map(re.escape, words))
    return bool(inside) and not re.fullmatch(rf"(?:{_UNITS}|{own})*", inside, re.IGNORECASE)


def find_heading(rows: Sequence[Sequence[object]], fields: Sequence[Field]) -> Heading | None:
    """The best heading among the first rows; None where nothing looks like one.

    It has a name, or a place and a count; the one that explains the most columns wins, then
    the one of fewer rows.
    """
    known = {heading.casefold(): field for field in fields for heading in field.headings}
    best: tuple[tuple[int, int], Heading] | None = None
    for first in range(min(len(rows), LOOKED_AT)):
        for deep in range(1, min(DEEPEST, len(rows) - first) + 1):
            heading = _heading(rows, first, first + deep - 1, known)
            names = heading.fields
            fits = len(names) > 1 and ("name" in names or (
                {"village", "township", "county"} & names and {"households", "members"} & names
            ))
            score = (sum(c.field is not None for c in heading.columns), -deep)
            if fits and (best is None or score > best[0]):
                best = score, heading
    return best[1] if best else None


def _heading(
    rows: Sequence[Sequence[object]], first: int, last: int, known: dict[str, Field]
) -> Heading:
    stack = [[as_text(value).strip() for value in rows[at]] for at in range(first, last + 1)]
    groups = [_spread(line, stack[n + 1:]) for n, line in enumerate(stack[:-1])]
    columns = []
    for at in range(len(stack[0])):
        own = [line[at] for line in stack if at < len(line) and line[at]]
        above = [line[at] for line in groups if at < len(line) and line[at]]
        column = _column(at, own, above, known)
        if column:
            columns.append(column)
    return Heading(first, last, tuple(columns))


def _spread(line: list[str], below: list[list[str]]) -> list[str]:
    """A group's heading over each column that it stands above."""
    spread, current = [], ""
    for at, text in enumerate(line):
        current = text or current
        under = any(at < len(row) and row[at] for row in below)
        spread.append(current if text or under else "")
        if not text and not under:
            current = ""
    return spread


def _column(at: int, own: list[str], above: list[str], known: dict[str, Field]) -> Column | None:
    if not own:
        return None
    leaf = own[-1]
    whole = "".join(dict.fromkeys([*above, *own]))
    field = _known(leaf, known) or (_known(whole, known) if len(own) > 1 or above else None)
    unit_name = _unit(leaf) or _unit(whole)
    unit = Decimal(10_000) if unit_name == "万元" else Decimal(1)
    return Column(at, whole if field is None else leaf, field, unit, unit_name)


def _known(heading: str, known: dict[str, Field]) -> Field | None:
    said = bare(heading).casefold()
    spaced = re.sub(r"\s", "", plain(heading)).casefold()
    for text in (said, spaced, _DATED.sub("", said), _BEFORE.sub("", _DATED.sub("", said))):
        if text in known:
            return known[text]
    return None


def _unit(heading: str) -> str:
    said = re.sub(r"\s", "", plain(heading))
    return "万元" if "万元" in said else "元" if "元" in said else ""
