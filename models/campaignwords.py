"""What staff may write to many people: read and checked before anything is kept.

The county's own words for a fixed message (`models/wordingwords.py`) go by the same rules.

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
_LINK = re.compile(r"://|<\s*a\b|www\.|[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|cc)\b", re.IGNORECASE)
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
    title, text = on_one_line(title), trimmed(text)
    must_be_title(title, "title")
    if not text:
        raise MoveRefused(NO_TEXT, "text")
    if len(text) > TEXT_LIMIT:
        raise MoveRefused(LONG_TEXT, "text")
    for field, said in (("title", title), ("text", text)):
        must_have_no_link(said, field)
        if is_loose(said) or not placeholders(said) <= {OFFICE, PHONE}:
            raise MoveRefused(BRACES, field)
    return title, text


def on_one_line(said: str) -> str:
    """A title as it is kept."""
    return " ".join(said.split())


def trimmed(said: str) -> str:
    """A text as it is kept, its lines without what stands around them."""
    return "\n".join(line.strip() for line in said.strip().splitlines())


def must_be_title(title: str, field: str) -> None:
    """What a locked screen may show, and a card holds."""
    faults = (
        (not title, NO_TITLE),
        (len(title) > TITLE_LIMIT, LONG_TITLE),
        (_PRIVATE.search(title), PRIVATE_TITLE),
    )
    for wrong, words in faults:
        if wrong:
            raise MoveRefused(words, field)


def must_have_no_link(said: str, field: str) -> None:
    """No address that could be tapped or typed."""
    if _LINK.search(said):
        raise MoveRefused(LINK, field)


def placeholders(said: str) -> set[str]:
    """The names that stand in braces."""
    return {name.strip() for name in _BRACED.findall(said)}


def is_loose(said: str) -> bool:
    """Whether a brace stands alone."""
    return bool(_LOOSE.search(_BRACED.sub("", said)))


def filled(said: str, values: Mapping[str, str]) -> str:
    """A checked text with its placeholders filled; one of no value is left out."""
    return _BRACED.sub(lambda found: values.get(found[1].strip(), ""), said)
