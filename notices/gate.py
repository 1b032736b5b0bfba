"""The gate at one cell: what each field may hold; everything else is refused. Pure.

A reader takes a cell's value and gives what it means, its digits (so that a number split over
cells is found), and a code where it may not be shown. Codes are short stable words; what was
found is never part of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from models.idnumbers import read_id_number
from notices import values
from notices.kinds import Field, Shape
from notices.leaks import ID_NUMBER, is_home, leak, plain

MOST_MEMBERS = 30
MOST_MONEY = Decimal(999_999)
"""Of one household, in whatever unit the heading has: more digits are an account or a telephone."""
MOST_SUM = Decimal(999_999_999)
"""Of a place or a whole list: ten digits are a landline with its area, eleven a mobile."""
MOST_COUNTED = 999_999
MOST_SERIAL = 300_000
"""As many rows as a file may have; larger ones are parts of other numbers."""
MAY_BE_TAKEN = ("arrears",)
"""Fields in which money may be less than nothing."""


class Reading(NamedTuple):
    """What a cell means; `code` is empty where it may be shown."""

    value: object
    digits: str = ""
    code: str = ""


BLANK = Reading(None)
Reader = Callable[[object], Reading]


@dataclass(frozen=True)
class Places:
    """Places that may be named: every one in the area and above. Empty: the service knows none."""

    names: frozenset[str]
    villages: frozenset[str] = frozenset()
    """Those of the names that only villages have."""

    def has(self, name: str) -> bool:
        """Whether the name, with or without 村, 社区 and 委会, is one of them."""
        return name in self.names or short_place(name) in self.names


_COMMITTEE = re.compile(r"(?:村民委员会|居民委员会|村民委会|居委会|村委会|村委|居委)$")


def short_place(name: str) -> str:
    """大湾村村委会, 大湾村, 大湾 → 大湾; 河东社区居委会 → 河东."""
    bare = _COMMITTEE.sub("", name)
    shorter = re.sub(r"(?:行政村|社区|村|居)$", "", bare)
    return shorter if len(shorter) >= 2 else bare


_HAN = "\u4e00-\u9fff\u3400-\u4dbf〇\ue000-\uf8ff\U00020000-\U000323af"
_NAME = re.compile(
    rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,10}}(?:·[{_HAN}]{{1,12}}){{1,4}}"
    rf"|[{_HAN}]{{1,2}}[*某○●×]{{1,3}}[{_HAN}]{{0,2}}|[{_HAN}]\*{{1,3}}(?:·[{_HAN}]\*{{0,4}})+"
    r"|[A-Za-z]{2,20}(?:[ .'-]{1,2}[A-Za-z]{1,20}){0,4}"
)
# Characters that names from other languages are written with, where they have no · between.
_SOUNDS = re.compile(
    "[阿卜杜热合曼买提艾力江吐尔逊古丽汗木沙努哈吉别克巴依拉马斯洛桑次仁旺堆扎西卓玛央金多才让尼达瓦白珍勒赛麦布迪娜米娅孜亚库班"
    "玉素甫穆罕默德苏和图格其乌兰高那日牧支惹子体呷莫加则贡丹增顿珠平措嘎边普]{5,12}"
)
_NUMERALS = re.compile("[〇零一幺二两三四五六七八九十拐洞勾壹贰叁肆伍陆柒捌玖]{2,}")
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_NOBODY = ("合计", "小计", "总计", "共计", "累计", "True", "False")
_PLACED = re.compile(r"(?:村|社区|[镇乡屯]|街道)$")
_DOTS = re.compile(r"\s*[·•・‧∙⋅.．]\s*")
_PLACE = re.compile(rf"[{_HAN}]{{2,24}}")
_GROUP = re.compile(r"第?[0-9一二三四五六七八九十]{1,3}(?:村民小组|小组|组|队|屯|社)$")
_GROUP_ALONE = re.compile(
    r"第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:村民小组|小组|组|队|屯|社)?"
    rf"|[{_HAN}]{{1,5}}(?:村民小组|小组|[组队屯社村寨庄坪湾冲塘])"
)
_OF_VILLAGES = re.compile(r"(?:村|社区|居委会|村委会|村民委员会|居民委员会)$")
_SERIAL = re.compile(r"第?([0-9]{1,6})[户号]?[.、)]?")
_JOINED = re.compile(r"[、,，;；/+\s]+")
_PEOPLE = re.compile("[0-9一二三四五六]{1,2}[人户]$")
_MONTHS = re.compile(
    r"(?:自|从|于)?(?:20[0-9]{2}年)?(?:1[0-2]|0?[1-9])月(?:[0-3]?[0-9]日)?份?(?:起|止|开始)?"
)


def reader(field: Field, shape: Shape, places: Places, unit: Decimal, *, sums: bool) -> Reader:
    """The reader of one column. `sums`: a table of villages without names, larger numbers."""
    if field.name == "group":
        return _group
    if field.reads == "place":
        return lambda value: _place(value, places, shape.reach)
    if field.reads == "money":
        most = MOST_SUM if sums else MOST_MONEY
        least = -most if field.name in MAY_BE_TAKEN else 0
        return lambda value: _money(value, unit, Decimal(least), most)
    if field.reads in ("word", "remark"):
        return lambda value: _words(value, field)
    if field.reads in ("count", "number"):
        heads = MOST_MEMBERS if field.reads == "count" and not sums else MOST_COUNTED
        return lambda value: _count(value, heads)
    if field.reads == "name":
        return lambda value: _name(value, places)
    return {"serial": _serial, "date": _day}[field.reads]


def stray(value: object) -> Reading:
    """A column that is not allowed: refused as a whole at its heading, and searched."""
    if value == "" or value is None:
        return BLANK
    return Reading(None, values.digits(value), leak(values.as_text(value)) or "")


def unnamed(value: object) -> Reading:
    """A column without a heading, in which nothing may stand."""
    return BLANK if _blank(value) else _refused(value, "no_heading")


def _refused(value: object, code: str) -> Reading:
    return Reading(None, values.digits(value), leak(values.as_text(value)) or code)


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not plain(value).strip(" -—–/\\\n\r\t　"))


def _serial(value: object) -> Reading:
    # Every serial number is another: the plain ones take the short way.
    if value.__class__ is float and 0 < value <= MOST_SERIAL and value == int(value):
        return Reading(int(value), str(int(value)))
    if _blank(value):
        return BLANK
    said = re.sub(r"\s", "", plain(values.as_text(value)))
    found = _SERIAL.fullmatch(said)
    if not found or int(found[1]) > MOST_SERIAL:
        return _refused(value, "serial")
    return Reading(int(found[1]), found[1])


def _name(value: object, places: Places) -> Reading:
    if value == "" or _blank(value):
        return BLANK
    if not isinstance(value, str):
        return _refused(value, "name")
    if _PLAIN_NAME.fullmatch(value) and not _is_nobody(value, places):
        code = leak(value)
        return Reading(None, "", code) if code else Reading(value)
    said = " ".join(plain(value).split())
    if not said.isascii():
        said = _DOTS.sub("·", re.sub(rf"(?<=[{_HAN}*])\s+(?=[{_HAN}*])", "", said))
    fits = _NAME.fullmatch(said) or _SOUNDS.fullmatch(said)
    code = leak(said) if fits else None
    if not fits or code or _is_nobody(said, places):
        return Reading(None, values.digits(value), code or leak(value) or "name")
    return Reading(said)


def _is_nobody(said: str, places: Places) -> bool:
    """A word that stands where a name does: a sum, a number, the title of a village."""
    return said in _NOBODY or bool(
        _NUMERALS.fullmatch(said) or (_PLACED.search(said) and said in places.names)
    )


def place_code(place: str, places: Places, reach: str) -> str:
    """The code of a place that may not be named; empty where it may."""
    return _place(place, places, reach).code


def _place(value: object, places: Places, reach: str) -> Reading:
    if _blank(value):
        return BLANK
    if not isinstance(value, str):
        return _refused(value, "outside_area")
    said = re.sub(r"[\s　]", "", plain(value))
    if reach == "township" and (said in places.villages or _OF_VILLAGES.search(said)):
        return Reading(None, "", "address")
    if places.has(said):
        return Reading(said)
    if reach == "group":
        said = _GROUP.sub("", said) or said
    elif is_home(said) or _GROUP.search(said) or re.search("[0-9号]", said):
        return Reading(None, values.digits(value), leak(said) or "address")
    if not _PLACE.fullmatch(said) or (code := leak(said)):
        return _refused(value, code if _PLACE.fullmatch(said) and code else "outside_area")
    if places.names and not places.has(said):
        return Reading(said, "", "outside_area")
    return Reading(said)


def is_group(said: str) -> bool:
    """三组, 第3村民小组, 那料屯: a group of a village, and nothing nearer."""
    return bool(_GROUP_ALONE.fullmatch(said))


def _group(value: object) -> Reading:
    if _blank(value):
        return BLANK
    said = re.sub(r"[\s　]", "", plain(values.as_text(value)))
    return Reading(said) if is_group(said) else _refused(value, "address")


def _count(value: object, most: int) -> Reading:
    if _blank(value):
        return BLANK
    count = values.count(value)
    if count is None or count > most:
        return _refused(value, "count")
    return Reading(count, values.digits(value))


def _money(value: object, unit: Decimal, least: Decimal, most: Decimal) -> Reading:
    if _blank(value):
        return BLANK
    money = values.money(value, unit)
    # Measured as it stands: a heading in 万元 over values in 元 is pointed out, not refused.
    if money is None or not least <= money / unit <= most:
        return _refused(value, "amount")
    return Reading(money, values.digits(value))


def _day(value: object) -> Reading:
    if _blank(value):
        return BLANK
    day = values.day(value)
    return _refused(value, "date") if day is None else Reading(day, values.digits(value))


def _words(value: object, field: Field) -> Reading:
    if _blank(value):
        return BLANK
    said = plain(values.as_text(value)).strip(" 。.;；")
    joined = re.sub(r"[\s()（）:]", "", said)
    if joined in field.words or all(part in field.words for part in _parts(said)):
        return Reading(said, values.digits(value))
    if field.reads == "remark":
        rest = [_PEOPLE.sub("", _MONTHS.sub("", part)) for part in _parts(said)]
        if all(part in field.words or not part for part in rest):
            return Reading(said)
    return _refused(value, "remark" if field.reads == "remark" else "word")


def _parts(said: str) -> list[str]:
    return [part for part in _JOINED.split(re.sub("[()（）]", "、", said)) if part]


def split_number(digits: str) -> str | None:
    """ID_NUMBER where the digits of a row's neighbouring cells, joined, hold an identity number.

    Its birth date and check character must fit: other numbers stand beside one another too.
    """
    spans = (digits[start : start + 18] for start in range(len(digits) - 17))
    return ID_NUMBER if any(read_id_number(span, date.max) for span in spans) else None
