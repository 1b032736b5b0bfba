"""People of the list who are spoken of outside it: whatever is said there is not for the public."""

from __future__ import annotations

import re

from notices.findings import Finding
from notices.leaks import plain
from notices.roster.table import Table

SHORTEST = 3
"""Names of two characters are words of their own too often."""
LONGEST = 20
MOST_NOTES = 100
HAN = "\u3400-\u9fff"
# The family names of nine people in ten, without those that are words: 高, 方, 安, 石, 白.
FAMILIES = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易武乔贺赖龚覃韦莫农蒙]"
)

# Who made or signed the list may have the name of someone on it.
_SIGNED = re.compile(r"(?:制表|填表|审核|审批|负责|经办|填报|复核|签字|联系)人?\s*[:：]?\s*$")


# 李小明在外打工: a family name, a given name, and what is told of the person.
_TOLD = re.compile(
    f"(?:^|[\\s,，。;；:：、(（]|户主|村民|其中|因|经)(?:{FAMILIES})[{HAN}]{{1,2}}(?:同志|老人|一家|夫妇|夫妻|本人|家里|家中)?"
    "(?:因为?|由于)?(?:常年|长期|多年|一直|目前|现|已经?|将|于)?"
    "(?:在外|外出|不在|电话|在家|打工|务工|务农|失联|独居|独自|再婚|离婚|离异|丧偶|去世|死亡|病故|过世|服刑|坐牢|欠|借|没有|无人|有[一二两三四五]个|家里|家中|一家|夫妇|的[钱房车])"
)


def tells_of_someone(text: str) -> bool:
    """Whether a text outside the list tells something of a person, on the list or not."""
    return bool(_TOLD.search(plain(text)))


def named_in_notes(table: Table) -> list[Finding]:
    """Notes and headings that tell something of a person, or name someone of the list.

    Notes above the headings may name someone who is also on the list: 经办人, for one.
    """
    place = table.place_of("name")
    notes = [note for note in table.notes if note.row > table.heading_row][:MOST_NOTES]
    texts = [*table.headings, *notes]
    every = set() if place is None else {entry.values[place] for entry in table.entries}
    names = {name for name in every if isinstance(name, str) and len(name) >= SHORTEST}
    return [
        Finding("note", table.sheet, note.row, note.column, "note")
        for note in texts if tells_of_someone(note.text) or _speaks_of(names, note.text)
    ]


def _speaks_of(names: set[str], text: str) -> bool:
    """Whether the text has one of the names in it, and more. Its parts are looked up, not the
    names looked for: there may be a hundred thousand of them."""
    ends = range(SHORTEST, LONGEST + 1)
    return text.strip() not in names and any(
        text[at : at + length] in names and not _SIGNED.search(text[:at])
        for at in range(len(text)) for length in ends
    )
