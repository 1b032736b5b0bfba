"""What each kind of task has to say when it is done: one list for the screen and for the check.

民发〔2021〕57号 art. 15-16: a survey is made by at least two, its form signed by both sides;
art. 19: an appraisal is called where there is dispute. 社会救助法 art. 41: relatives who live
apart are looked into with their own consent only; arts. 42 and 62: what the check can find out is
not asked of the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.days import read_day
from models.settings import mark
from models.steps import MoveRefused
from models.tasks import TaskKind

WORDS_LIMIT = 1000
LINE_LIMIT = 100


@dataclass(frozen=True)
class Ask:
    """One field. `kind`: line, words, date, time, count, yes or choice (of `options`).

    `needed` is the sentence for a field left empty; without one it may stay empty.
    """

    name: str
    label: str
    kind: str = "words"
    needed: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


_ON = Ask("on", mark("哪一天"), "date", mark("请选哪一天去的。"))
_AT = Ask("at", mark("几点"), "time")
_PLACE = Ask("place", mark("在哪里"), "line", mark("请写上在哪里。"))
_OTHERS = Ask(
    "others", mark("别的人（写姓名，用“、”隔开）"), "line",
    hint=mark("比如村里陪同的人：吴小兰、马国平"),
)
_SIGNED = Ask(
    "signed", mark("谁签了字"), "line",
    hint=mark("拍不了签字表的，写上双方谁签了字、原件放在哪里。"),
)

ASKS: dict[TaskKind, tuple[Ask, ...]] = {
    TaskKind.SURVEY: (
        _OTHERS, _ON, _AT, _PLACE,
        Ask("lives", mark("家里住着谁"), needed=mark("请写上家里住着谁。"),
            hint=mark("几口人，各是什么人，在不在家")),
        Ask("housing", mark("住的房子")),
        Ask("money", mark("收入和开支"), hint=mark("靠什么过日子，最大的几笔开支")),
        Ask("care", mark("有没有人生病、残疾、要人照顾")),
        Ask("opinion", mark("您怎么看"), needed=mark("请写上您怎么看：困难在哪里，要不要帮。")),
        _SIGNED,
    ),
    TaskKind.APPRAISAL: (
        _ON, _AT, _PLACE,
        Ask("people", mark("谁来了"), needed=mark("请写上谁来了。"),
            hint=mark("姓名和身份，用“、”隔开")),
        Ask("came", mark("一共几个人投票"), "count", mark("请写上几个人投票，用数字。")),
        Ask("for", mark("同意几票"), "count", mark("请写上同意几票，用数字。")),
        Ask("against", mark("不同意几票"), "count", mark("请写上不同意几票，用数字。")),
        Ask("abstain", mark("弃权几票"), "count", mark("请写上弃权几票，没有就写 0。")),
        Ask("result", mark("评议的结果"), needed=mark("请写上评议的结果。")),
    ),
    TaskKind.POSTING: (
        Ask("place", mark("贴在哪里"), "line", mark("请写上贴在哪里，比如“大湾村公示栏”。")),
        Ask("on", mark("从哪一天贴起"), "date", mark("请选从哪一天贴起。")),
    ),
    TaskKind.CALLBACK: (
        Ask("on", mark("哪一天"), "date", mark("请选哪一天说的。")), _AT,
        Ask("how", mark("怎么说的"), "choice", mark("请选打电话还是上门。"), options=(
            ("phone", mark("打电话")), ("door", mark("上门")),
        )),
        Ask("whom", mark("跟谁说的"), "line", mark("请写上跟谁说的，比如“本人”“他儿媳”。")),
        Ask("said", mark("他们怎么说"), "choice", mark("请选他们怎么说。"), options=(
            ("agrees", mark("同意")), ("declines", mark("不同意")), ("thinks", mark("再想想")),
        )),
        Ask("words", mark("原话或别的"), hint=mark("不要写是谁报的。")),
    ),
}
# A check has three steps: the person's consent, the request to one department, its answer.
CONSENT_ASKS = (
    Ask("agreed", mark("本人同意核对吗"), "choice", mark("请选本人同意不同意。"), options=(
        ("yes", mark("同意")), ("no", mark("不同意")),
    )),
    Ask("agreed_how", mark("怎么说的"), "line", mark("请写上怎么问的，比如“当面签了授权书”。"),
        hint=mark("当面签的、打电话说的，还是家里人代签的")),
)
REQUEST_ASKS = (
    Ask("department", mark("请哪个部门查"), "line", mark("请写上请哪个部门查。"),
        hint=mark("一次一个部门，比如“人社局”")),
    Ask("what", mark("查什么"), needed=mark("请写上要查什么。"),
        hint=mark("这里能查到的，不要再让本人交证明（社会救助法第四十二、六十二条）。")),
    Ask("kin", mark("要不要查不住在一起的亲属"), "line",
        hint=mark("不查就空着。要查，写姓名；他们自己同意了才能查（社会救助法第四十一条）。")),
    Ask("kin_agreed", mark("亲属自己同意了"), "yes"),
)
ANSWER_ASKS = (
    Ask("answered_on", mark("哪一天回的"), "date", mark("请选哪一天回的。")),
    Ask("answer", mark("回了什么"), needed=mark("请写上回了什么。")),
)
# Made by at least two, who are named.
TWO = frozenset({TaskKind.SURVEY})
TOO_FEW = mark("上门要有两个人，请选上或写上第二个人（57号第十六条）。")
NOT_YET = mark("这个日子还没到，请再核对一遍。")
NOT_A_DAY = mark("请选一个日子。")
NOT_A_COUNT = mark("请写数字，比如 12。")
TOO_LONG = mark("写得太长了，请短一些。")
NOT_SUM = mark("票数对不上：同意、不同意和弃权加起来，要等于投票的人数。")
KIN_FIRST = mark("不住在一起的亲属，要他们自己同意了才能查。请先问他们，或者把这一行空着。")
NO_FORM = mark("请拍一张双方签了字的调查表，或者写上谁签了字。")
NO_PHOTO = {
    TaskKind.APPRAISAL: mark("请拍一张会议记录。"),
    TaskKind.POSTING: mark("请拍一张贴好的公示。"),
}


def read(asks: tuple[Ask, ...], given: Mapping[str, str], today: date) -> dict[str, Any]:
    """What was filled in, by the fields' names; raises MoveRefused with the field to mend."""
    found: dict[str, Any] = {}
    for ask in asks:
        text = given.get(ask.name, "").strip()
        if not text and ask.needed:
            raise MoveRefused(ask.needed, ask.name)
        if text:
            found[ask.name] = _READ[ask.kind](ask, text, today)
    return found


def names(colleagues: list[str], others: str) -> list[str]:
    """Everyone who went, once each."""
    for sign in "，,；;　 \n":
        others = others.replace(sign, "、")
    return list(dict.fromkeys(name for name in [*colleagues, *others.split("、")] if name.strip()))


def check(kind: TaskKind, found: dict[str, Any], photos: int) -> None:
    """What the fields have to be together; raises MoveRefused."""
    if kind in TWO and len(found.get("names", ())) < 2:
        raise MoveRefused(TOO_FEW, "others")
    if kind is TaskKind.APPRAISAL and _votes(found) != found["came"]:
        raise MoveRefused(NOT_SUM, "came")
    if kind is TaskKind.SURVEY and not photos and not found.get("signed"):
        raise MoveRefused(NO_FORM, "photos")
    if kind in NO_PHOTO and not photos:
        raise MoveRefused(NO_PHOTO[kind], "photos")


def check_request(found: dict[str, Any]) -> None:
    """Relatives who live apart are looked into with their own consent only (art. 41)."""
    if found.get("kin") and not found.get("kin_agreed"):
        raise MoveRefused(KIN_FIRST, "kin")


def _votes(found: dict[str, Any]) -> int:
    return int(found["for"]) + int(found["against"]) + int(found["abstain"])


def _words(limit: int) -> Callable[[Ask, str, date], str]:
    def read_words(ask: Ask, text: str, _today: date) -> str:
        if len(text) > limit:
            raise MoveRefused(TOO_LONG, ask.name)
        return text

    return read_words


def _day(ask: Ask, text: str, today: date) -> str:
    try:
        day = read_day(text)
    except ValueError:
        raise MoveRefused(NOT_A_DAY, ask.name) from None
    if day > today:
        raise MoveRefused(NOT_YET, ask.name)
    return day.isoformat()


def _count(ask: Ask, text: str, _today: date) -> int:
    if not (text.isdecimal() and len(text) <= 4):
        raise MoveRefused(NOT_A_COUNT, ask.name)
    return int(text)


def _choice(ask: Ask, text: str, _today: date) -> str:
    if text not in dict(ask.options):
        raise MoveRefused(ask.needed, ask.name)
    return text


_READ: dict[str, Callable[[Ask, str, date], Any]] = {
    "line": _words(LINE_LIMIT),
    "words": _words(WORDS_LIMIT),
    "time": _words(5),
    "date": _day,
    "count": _count,
    "choice": _choice,
    "yes": lambda _ask, text, _today: text == "1",
}
