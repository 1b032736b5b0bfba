"""The fields of a scheme that a county fills in or says otherwise, and how they are read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.schemes import LIMIT, STANDARD, Scheme
from models.settings import mark

LONGEST = 300


@dataclass(frozen=True)
class Field:
    """One field: its label, a hint with an example, how long it may be."""

    key: str
    label: str
    hint: str = ""
    most: int = LONGEST


FIELDS = (
    Field(STANDARD, mark("现在的标准"), mark("写清钱数和单位，城里乡下不同的分开写。")),
    Field("from", mark("标准从哪天起"), mark("年-月-日，比如 2026-07-01。"), 10),
    Field("basis", mark("标准的文件"), mark("文件名和文号，谁都能去查。"), 100),
    Field("conditions", mark("县里定的条件"), mark("比如财产怎么算。")),
    Field("gets", mark("县里给什么")),
    Field("steps", mark("县里怎么办")),
    Field(LIMIT, mark("要等多久"), mark("转给别的部门办的，写那边几天给回音。")),
    Field("papers", mark("要带的材料、在哪里开"), mark("一样一句，写清到哪里开。")),
    Field("who", mark("谁可以申请、代办")),
    Field("place", mark("到哪里办"), mark("写清地方和上班时间。")),
    Field("phone", mark("打什么电话"), "", 30),
    Field("more", mark("县里另外的规定")),
)
KEYS = tuple(one.key for one in FIELDS)
FIELD_LABELS = {one.key: one.label for one in FIELDS}

TOO_LONG = mark("太长了，最多 {most} 个字。")
NO_DAY = mark("日期请写成年-月-日，比如 2026-07-01。")
TOGETHER = mark("标准和从哪天起，要一起填：看的人才知道还算不算数。")
NO_LINK = mark("这里不放网址，写地方和电话就行。")
NO_PHONE = mark("电话只写数字，比如 0777-1234567。")


class FieldRefused(Exception):
    """A field that cannot be kept; `reason` is a marked sentence, `values` fill it."""

    def __init__(self, field: str, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.field, self.reason, self.values = field, reason, values


def read(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form as they are kept, without the empty ones. Raises FieldRefused."""
    said = {}
    for one in FIELDS:
        text = "\n".join(line.strip() for line in given.get(one.key, "").splitlines()).strip()
        if len(text) > one.most:
            raise FieldRefused(one.key, TOO_LONG, most=one.most)
        if "://" in text or "www." in text:
            raise FieldRefused(one.key, NO_LINK)
        if text:
            said[one.key] = text
    if "from" in said:
        try:
            said["from"] = date.fromisoformat(said["from"]).isoformat()
        except ValueError:
            raise FieldRefused("from", NO_DAY) from None
    if (STANDARD in said) != ("from" in said):
        raise FieldRefused("from" if STANDARD in said else STANDARD, TOGETHER)
    phone = said.get("phone", "")
    if phone and not (phone.replace("-", "").replace(" ", "").isdecimal() and phone.isascii()):
        raise FieldRefused("phone", NO_PHONE)
    return said


def needed(scheme: Scheme) -> tuple[str, ...]:
    """The fields that nobody but the county can fill, in the form's order."""
    wanted = set(scheme.fills)
    for key, facts in (
        ("conditions", scheme.conditions), ("gets", scheme.gets), ("steps", scheme.steps),
        ("papers", scheme.materials), ("who", scheme.apply), ("place", (scheme.place,)),
    ):
        if any(fact.county for fact in facts):
            wanted.add(key)
    return tuple(key for key in KEYS if key in wanted)


def lacking(scheme: Scheme, said: Mapping[str, str]) -> tuple[str, ...]:
    """What a county has still to fill in of a scheme."""
    return tuple(key for key in needed(scheme) if not said.get(key))
