"""What staff may write to many people: read and checked before anything is kept.

The first line is what a locked screen shows, so it names no scheme, no illness and no money; a
bare link looks like fraud to those who get it (facts: peers.md §2, 10).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.settings import mark
from models.steps import MoveRefused

TITLE_LIMIT = 20
TEXT_LIMIT = 300
OFFICE, PHONE = "单位", "电话"

_BRACED = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_LOOSE = re.compile(r"[{}｛｝]")
_LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|cc)\b", re.IGNORECASE)
_PRIVATE = re.compile(
    r"低保|特困|五保|救助|补贴|补助|困难户|贫困|孤儿|残疾|精神|大病|重病|癌|病|欠|元|钱|款|金额"
)

NO_TITLE = mark("请写第一行，比如“镇上有件事告诉您”。")
LONG_TITLE = mark("第一行最多20个字，请短一点。")
PRIVATE_TITLE = mark(
    "第一行锁屏时旁边的人也看得到，请不要写救助项目、病和钱，可以写“镇上有件事告诉您”。"
)
NO_TEXT = mark("请写上要说的话。")
LONG_TEXT = mark("最多300个字，请短一点：老手机一屏看得完。")
LINK = mark("请不要放网址，收到的人会当成骗子。可以写“打电话问”。")
BRACES = mark("花括号里只能写{单位}或{电话}，写别的没有东西可填。")


def checked(title: str, text: str) -> tuple[str, str]:
    """The first line and the text as they are kept. Raises MoveRefused with what to mend."""
    title = " ".join(title.split())
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    faults = (
        ("title", not title, NO_TITLE),
        ("title", len(title) > TITLE_LIMIT, LONG_TITLE),
        ("title", _PRIVATE.search(title), PRIVATE_TITLE),
        ("text", not text, NO_TEXT),
        ("text", len(text) > TEXT_LIMIT, LONG_TEXT),
    )
    for field, wrong, words in faults:
        if wrong:
            raise MoveRefused(words, field)
    for field, said in (("title", title), ("text", text)):
        if _LINK.search(said):
            raise MoveRefused(LINK, field)
        if not _may_be_filled(said):
            raise MoveRefused(BRACES, field)
    return title, text


def _may_be_filled(said: str) -> bool:
    known = all(name.strip() in (OFFICE, PHONE) for name in _BRACED.findall(said))
    return known and not _LOOSE.search(_BRACED.sub("", said))


def filled(said: str, values: Mapping[str, str]) -> str:
    """A checked text with its placeholders filled."""
    return _BRACED.sub(lambda found: values.get(found[1].strip(), ""), said)
