"""What an assistant says when something asked of them is done: a few fields for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from models import findings
from models.errands import ErrandKind
from models.findings import Ask
from models.settings import mark
from models.steps import MoveRefused

_ON = Ask("on", mark("哪一天"), "date", mark("请选是哪一天。"))
_AT = Ask("at", mark("几点"), "time")
_WHO = Ask("who", mark("谁在场"), "line", mark("请写上谁在场，比如“本人、儿媳，镇上陈志强”。"))
_SEEN = Ask("seen", mark("看到了什么，一句话就行"), needed=mark("请写一句看到的情况。"))
_NOTE = Ask("note", mark("想说一句就写，不写也行"))
CAME = (("came", mark("去了")), ("not", mark("去不了")))
FOUND = (
    ("told", mark("跟本人说到了")), ("family", mark("家里人答应转告")),
    ("absent", mark("没见到人")),
)

ASKS: dict[ErrandKind, tuple[Ask, ...]] = {
    ErrandKind.SURVEY: (_ON, _AT, _WHO, _SEEN),
    ErrandKind.PAPERS: (
        Ask("note", mark("还差的，写一句为什么"), hint=mark("都收齐了就不用写")),
    ),
    ErrandKind.POSTING: (
        Ask("code", mark("公示纸上的张贴号"), "line", mark("请写上公示纸上的 6 位张贴号。"),
            hint=mark("6 位数字，写在公示纸的右下角")),
        Ask("place", mark("贴在哪里"), "line", mark("请写上贴在哪里，比如“村委会公示栏”。")),
        _ON, _AT,
    ),
    ErrandKind.APPRAISAL: (
        Ask("came", mark("评议会去了没有"), "choice", mark("请点一下去了没有。"), options=CAME),
        _NOTE,
    ),
    ErrandKind.RECHECK: (_ON, _WHO, _SEEN),
    ErrandKind.KNOCK: (
        Ask("found", mark("说到了没有"), "choice", mark("请点一下说到了没有。"), options=FOUND),
        _NOTE,
    ),
}
# Instead of all that: it cannot be done, and why. At an appraisal that is a choice of its own.
CANNOT = Ask(
    "cannot", mark("为什么去不了"), "line", mark("请写一句为什么去不了，镇上好另外安排。"),
    hint=mark("比如：这几天在外地，后天才回来"),
)
# In place of the number: the list that the paper's QR led to.
LIST = Ask("list", mark("扫了纸上的二维码，是这一份"), "line")
# What photos show; kinds that are not here take none.
PHOTOS = {
    ErrandKind.SURVEY: mark("照片，不拍也行"),
    ErrandKind.POSTING: mark("贴好的公示，连公示栏一起拍一张"),
    ErrandKind.APPRAISAL: mark("会议记录拍一张，没有就不拍"),
    ErrandKind.RECHECK: mark("照片，不拍也行"),
}
WITH_PHOTO = frozenset({ErrandKind.POSTING})
NO_PHOTO = mark("请拍一张贴好的公示。")
NOTHING = mark("请拍下收到的材料；一样也没收到，写一句为什么。")
WRONG_CODE = mark(
    "这个号不是这份公示的。请看纸右下角的 6 位数字；纸上没有、对不上，先别贴，打电话问镇上。"
)


def read(
    kind: ErrandKind, given: Mapping[str, str], today: date, photos: int, code: str
) -> dict[str, Any]:
    """What was filled in, by the fields' names; raises MoveRefused with the field to mend.

    `photos` is how many come with it, `code` the posting's own (`errands.posting_code`).
    """
    if "cannot" in given and kind is not ErrandKind.APPRAISAL:
        return findings.read((CANNOT,), given, today)
    found = findings.read(ASKS[kind], given, today)
    if kind is ErrandKind.POSTING and _digits(found["code"]) != code:
        raise MoveRefused(WRONG_CODE, "code")
    if kind in WITH_PHOTO and not photos:
        raise MoveRefused(NO_PHOTO, "photos")
    if kind is ErrandKind.PAPERS and not photos and not found.get("note"):
        raise MoveRefused(NOTHING, "note")
    return found


def cannot(found: Mapping[str, Any]) -> bool:
    """Whether what was said is that they cannot do it."""
    return "cannot" in found or found.get("came") == "not"


def _digits(text: str) -> str:
    """The digits of what was typed, full-width ones too."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
