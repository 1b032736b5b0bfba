"""A line of sums: what may stand in it. Pure.

Beside its label and its numbers a line of sums says nothing: whatever else stands in it is read
as in any other line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from notices import values
from notices.gate import MOST_COUNTED, Places, Reader
from notices.leaks import leak, plain
from notices.roster.layout import Column
from notices.roster.table import Sum

COUNTED = ("count", "number", "money")
_SUM = re.compile(r"(.{0,12}?)(?:合计|总计|小计|共计|累计|汇总)(.{0,30})")
_WHOSE = re.compile(
    r"(?:本页|本表|本次|本期|本月|本年|本村|本社区|本镇|本乡|全村|全镇|全乡|全社区|全县|全区|全市|街道|以上|农村|城市"
    r"|城镇|城乡|低保|特困|分散|集中|供养|临时|救助|保障|补助|发放|户数|人数|人口|金额|资金|对象|人员|名单|年度?|季度?"
    r"|月份?|类|档|第|组|[0-9一二三四五六七八九十ABC]{1,4}|[、,:.()/])*"
)
_MUCH = re.compile(
    r"(?:[0-9,]{1,11}(?:\.[0-9]{1,4})?(?:户|人|口|名|元|万元|份)|(?:户数|人数|金额)合计|大写|小写|人民币|户数|人数|金额|数额?|元|万元|户|人"
    r"|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正]+|[、,;:：()/。.])*"
)
_MONEY = re.compile(
    r"[0-9,]{1,11}(?:\.[0-9]{1,4})?(?:万?元)?|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正]+"
)


def is_sum(texts: list[str]) -> bool:
    """Whether a line begins as one of sums."""
    return any(_SUM.fullmatch(_joined(text)) for text in texts[:3])


def read_sum(
    row: list[object], number: int, upto: int, columns: tuple[Column, ...], places: Places,
    reader_of: Callable[[Column], Reader],
) -> tuple[Sum, list[tuple[str, int]]]:
    """The line, and every (code, place in the row) of what may not stand in it."""
    numbers: dict[int, object] = {}
    faults = list(_faults(row, columns, places, reader_of, numbers))
    label = "".join(values.as_text(value) for value in row if isinstance(value, str))
    return Sum(number, upto, "小计" not in label, numbers), faults


def _faults(
    row: list[object], columns: tuple[Column, ...], places: Places,
    reader_of: Callable[[Column], Reader], numbers: dict[int, object],
) -> Iterator[tuple[str, int]]:
    for at, (value, column) in enumerate(zip(row, columns, strict=True)):
        said = _joined(values.as_text(value))
        if not said or _is_label(said, places):
            continue
        if column.field and column.field.reads in COUNTED:
            meant, _, code = reader_of(column)(value)
            numbers[at] = meant
        elif column.field is None or column.field.reads in ("name", "serial"):
            code = "" if _is_count(said) else leak(said) or "sum"
        else:
            code = "" if _is_count(said) else reader_of(column)(value).code
        if code:
            yield code, at


def _joined(text: str) -> str:
    return re.sub(r"[\s　]", "", plain(text)).strip("-—–/\\")


def _is_label(said: str, places: Places) -> bool:
    found = _SUM.fullmatch(said)
    if not found:
        return False
    whose = found[1].strip("()[]【】:")
    known = _WHOSE.fullmatch(whose) or places.has(whose) or (not places.names and len(whose) < 9)
    return bool(known and _MUCH.fullmatch(found[2]))


def _is_count(said: str) -> bool:
    """A number of households, people or villages that stands in a column of words."""
    said = re.sub(r"^(?:共计?|合?计)", "", said)
    heads = values.count(re.sub(r"(?<=[0-9])个?(?:行政村|村|社区|小组|组|个)$", "", said))
    return (heads is not None and heads <= MOST_COUNTED) or bool(
        _MONEY.fullmatch(said) and len(re.sub("[^0-9]", "", said.partition(".")[0])) <= 6
    )
