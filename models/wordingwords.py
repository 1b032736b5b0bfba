"""A county's own words for one fixed message: read and checked before anything is kept.

Staff read and write the placeholders in Chinese (`{单位}`); they are kept as the source has them
(`{unit}`), so that they are filled as the standard is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.campaignwords import (
    NO_TEXT,
    is_loose,
    must_be_title,
    must_have_no_link,
    on_one_line,
    placeholders,
    trimmed,
)
from models.settings import mark
from models.steps import MoveRefused
from models.wordings import MOST_KEPT

LIMIT = 150
FIELD = "words"
# A placeholder of the sources as staff read it; within one message no two are called the same.
CALLED = {
    "amount": "多少", "at": "时间", "considered": "在考虑的事", "day": "日期",
    "departments": "部门", "from_on": "从哪天起", "granted": "定下的救助", "left": "还剩几天",
    "link": "点这里看", "missing": "要补的材料", "next": "下一步", "office": "单位",
    "officer": "经办人", "phone": "电话", "reason": "原因", "receipt": "编号",
    "remedies": "不服怎么办", "stands": "办到哪里", "status": "办到哪里", "title": "公示的题目",
    "unit": "单位", "until": "最后一天", "until_on": "最后一天", "village": "村",
    "words": "写给居民的话",
}
# A sentence is whole without them; all others of the standard have to stay.
SPARE = frozenset({"left", "officer"})

LONG = mark("最多150个字，请短一点：老手机一屏看得完。")
LOOSE = mark("有半个花括号，请补全，或者删掉。")
UNKNOWN = mark("这句话里没有{names}可填，请照“能填的”里的样子写。")
LOST = mark("少了{names}，收到的人就不知道了，请写回去。")

_NAMED = re.compile(r"[{｛]\s*([^{}｛｝]*?)\s*[}｝]")


class WordsRefused(MoveRefused):
    """Refused for these placeholders, named in the sentence as `names`."""

    def __init__(self, reason: str, names: list[str]) -> None:
        super().__init__(reason, FIELD)
        self.names = "、".join(f"{{{name}}}" for name in names)


@dataclass(frozen=True)
class Known:
    """A message that may be worded anew; `is_title`: a locked screen shows it."""

    source: str
    is_title: bool = False

    @property
    def names(self) -> dict[str, str]:
        """Its placeholders as staff read them → as they are kept, in the order of the standard."""
        return {CALLED[name]: name for name in _NAMED.findall(self.source)}

    @property
    def needed(self) -> list[str]:
        """Those that have to stay, as staff read them."""
        return [called for called, name in self.names.items() if name not in SPARE]

    def shown(self, words: str) -> str:
        """Kept words as staff read them."""
        return _NAMED.sub(lambda found: f"{{{CALLED[found[1]]}}}", words)

    def kept(self, typed: str) -> str:
        """What staff typed as it is kept. Raises MoveRefused with what to mend."""
        said = on_one_line(typed) if self.is_title else trimmed(typed)
        if self.is_title:
            must_be_title(said, FIELD)
        if not said:
            raise MoveRefused(NO_TEXT, FIELD)
        if len(said) > LIMIT:
            raise MoveRefused(LONG, FIELD)
        must_have_no_link(said, FIELD)
        self._must_fill(said)
        kept = _NAMED.sub(lambda found: f"{{{self.names[found[1]]}}}", said)
        if len(kept) > MOST_KEPT:
            raise MoveRefused(LONG, FIELD)
        return kept

    def _must_fill(self, said: str) -> None:
        """Only what the standard fills, and all that it cannot do without."""
        if is_loose(said):
            raise MoveRefused(LOOSE, FIELD)
        found = placeholders(said)
        if unknown := sorted(found - set(self.names)):
            raise WordsRefused(UNKNOWN, unknown)
        if lost := [name for name in self.needed if name not in found]:
            raise WordsRefused(LOST, lost)
