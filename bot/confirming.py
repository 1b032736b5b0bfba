"""The end of a talk: reading everything back, changing a line of it, and handing it in."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot import drafting, keeping
from bot.answers import Command, read_command, read_phone, read_yes_no, squeezed, tidy
from bot.flow import Draft, Read, Scene, give
from bot.flows.gleaning import count_in
from bot.flows.places import find_villages
from bot.messages import Heard, Kind
from bot.numerals import chinese_number
from bot.saying import join, plain
from bot.understand import understand
from bot.visit import Visit
from bot.wording import due_text, phone_text
from models import known
from models.known import Known
from models.policy import NotAllowed
from models.settings import mark

KNOWN = mark("这家已经有人报过，镇上正在办。您说的会放在一起看，不用再报。")
JOINED = mark("这家已有人报过，镇上正在办。您看到的也记上了，和原来那件一起办。")
# Said before anything is sent; it is all that is said.
BEFORE = mark("这家已有人报过，您看到的照样可以报。")
STANDING = {Known.BESIDE: KNOWN, Known.JOINED: JOINED}
HARM = mark("人有危险，先打 110。镇上会马上告诉公安这些管的单位，谁也不会说是您讲的。")
MORE_SHOWN = 40
# Lines that are not read back and can be changed all the same.
SILENT = ("papers", "consent")
Question = Callable[[Visit, str], str]

# A yes that answers another question (有, 会, 需要) hands nothing in.
_NO_CONFIRMATION = frozenset({"有", "有的", "会", "能", "需要", "要", "愿意", "我愿意"})
_HAND_IN = re.compile(
    r"0|(?:都?对的?|好的?|行|可以|那)?(?:就|请|帮我|帮忙)?(?:提?交|报|递|发)(?:上去|上|给镇上|出去|了)?"
)
_WRONG = re.compile(
    r"不对|不是|不准|错|改|换|有误|变|应该|应当|少了|漏|补|重新|加|还有|取消|不同意|不要|是1"
)
_NUMBER = re.compile(
    r"(?:第\s*)?(?P<bare>[0-9]{1,2})(?P<rest>)\s*(?:行|条|项)?"
    r"|(?:第\s*)?(?P<nth>[一二三四五六七八九十]{1,2})\s*(?:行|条|项)?"
)
_LINE = re.compile(
    r"(?:第\s*(?P<nth>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*(?:行|条|个|项)?"
    r"|(?P<bare>[0-9]{1,2})(?:\s*(?:行|条|项)|(?=\s*(?:不对|不是|错|写错|改|要改|有错|[,，.。:：、\s]))))"
    r"[\s,，.。:：、]*(?P<rest>(?!口|个人|人).*)",
    re.S,
)
# Lines as people name them; the first that fits and can be changed is meant.
_NAMED = (
    ("phone", re.compile("电话|号码|手机|联系")),
    ("consent", re.compile("同意|核对|授权")),
    ("papers", re.compile("照片|相片|图片|拍")),
    ("name", re.compile("名字|姓名|名儿|我叫|他叫|她叫|称呼")),
    ("home", re.compile("户口|户籍")),
    ("incident", re.compile("出事的?地|事发|在哪出的")),
    ("household", re.compile("几口|口人|人口|人数|家里.{0,3}个人")),
    ("living", re.compile("住|地址|村|镇|地方|位置")),
    ("urgent", re.compile("急|时间|时候|哪天|日子|几天")),
    ("needs", re.compile("要紧|需要")),
    ("relation", re.compile("关系|什么人")),
    ("what", re.compile("事情|难处|情况|经过|出的?事|第一句")),
)
_CLAUSE = re.compile(r"[,，。;；!！\n]+")
_LEAD = re.compile(r"^\s*(?:不是|应该|应当|现在|而)*(?:改成|改为|换成|写成|是|叫做?|为)\s*")
# A new value that stands in the same message is read at once; free words only where asked.
_READ_AT_ONCE = frozenset({"phone", "name", "living", "home", "incident", "household", "urgent"})


def read_back(visit: Visit, draft: Draft) -> str:
    """Everything that was said, a number beside each line that can be changed."""
    t = visit.t
    rows = drafting.rows(draft, visit.scene)
    lines = [f"{n} {plain(line)}" for n, (_, line) in enumerate(rows, 1)]
    if draft.photos:
        lines.append(t(mark("照片 {count} 张"), count=draft.photos))
    more = t(mark("；")).join(keeping.more_said(draft))
    if more:
        shown = more if len(more) <= MORE_SHOWN else f"{more[:MORE_SHOWN]}……"
        lines.append(t(mark("您还说了：{words}"), words=plain(shown)))
    return join(
        t(mark("我念给您听，有不对的，回那一行的数字就能改：")),
        *lines,
        t(mark("都对，请回“对”或“0”，就交给镇上了。")),
    )


def confirm(visit: Visit, draft: Draft, heard: Heard, question: Question) -> str:
    """The answer to the read-back: hand in, change a line, or one word more."""
    said = tidy(heard.text)
    if is_agreed(said):
        return hand_in(visit)
    rows = drafting.rows(draft, visit.scene)
    key, rest = _line_meant(said, [step.key for step, _ in rows])
    if key:
        return _change(visit, draft, key, rest, question)
    key = _named_line(said, draft, {step.key for step, _ in rows}, visit.scene)
    if key:
        return _change(visit, draft, key, heard.text, question)
    return _neither(visit, draft, heard, len(rows))


def is_agreed(said: str) -> bool:
    """Whether this hands it in: a plain yes, never one that turns (对，不过…)."""
    bare = squeezed(said)
    if bare in _NO_CONFIRMATION:
        return False
    if read_command(said) in (Command.CONFIRM, Command.DONE) or read_yes_no(said):
        return True
    return bool(_HAND_IN.fullmatch(re.sub(r"[吧啊呀了啦谢您你]+$", "", bare)))


def _line_meant(said: str, keys: list[str]) -> tuple[str, str]:
    """The key of the line that was numbered, and what was said after the number."""
    alone = _NUMBER.fullmatch(said)
    found = alone or _LINE.fullmatch(said)
    if found is None:
        return "", ""
    number = chinese_number(found["nth"] or found["bare"])
    fits = number is not None and 1 <= number <= len(keys)
    return (keys[number - 1], found["rest"] or "") if fits and number else ("", "")


def _named_line(said: str, draft: Draft, keys: set[str], scene: Scene) -> str:
    """The line that was named in words (电话不对), or whose new value was sent; else nothing."""
    phone, count = read_phone(said).number, count_in(said)
    if phone and phone != draft.answers.get("phone") and "phone" in keys:
        return "phone"
    if count and count != draft.answers.get("household") and "household" in keys:
        return "household"
    if not _WRONG.search(said) and not find_villages(said, scene):
        return ""
    changeable = keys | {s.key for s in drafting.flow_of(draft).steps if s.key in SILENT}
    return next((k for k, named in _NAMED if k in changeable and named.search(said)), "")


def _values_in(words: str, key: str) -> list[str]:
    """What could be the new value: all of it, or the last clause (写错了，是王桂英) first."""
    clauses = [_LEAD.sub("", clause) for clause in _CLAUSE.split(words) if clause.strip()]
    if not clauses:
        return []
    order = [*reversed(clauses), words] if key == "name" else [words, *reversed(clauses)]
    return list(dict.fromkeys(order))


def _change(visit: Visit, draft: Draft, key: str, words: str, question: Question) -> str:
    """Open one line again; a new value in the same message is taken at once."""
    drafting.ask_again(draft, key)
    step = drafting.flow_of(draft).step(key)
    for new in _values_in(words, key) if key in _READ_AT_ONCE else ():
        heard = Heard(Kind.TEXT, new)
        reading = step.read(heard, draft.answers, visit.scene)
        if isinstance(reading, Read) and key in reading.values:
            told = keeping.telling(step, heard, reading.values, draft.answers, visit.scene)
            give(draft, key, reading.values, told)
            return question(visit, visit.t(mark("好，改好了。")))
    if key == "what":
        return question(visit, visit.t(mark("好，前面说的也留着。请再说一遍，或者补一句：")))
    return question(visit, visit.t(mark("好，改这一条。")))


def _neither(visit: Visit, draft: Draft, heard: Heard, rows: int) -> str:
    """No yes and no line: a word more is kept; otherwise it is said what to send."""
    t = visit.t
    draft.tries += 1
    if read_yes_no(heard.text) is False:
        return t(mark("都对，就回“0”，交给镇上；哪一行不对，回那一行的数字，比如“1”。"))
    if tidy(heard.text).isdigit():
        return t(mark("没有这一行。要改，回 1 到 {last}；都对，回“0”。"), last=rows)
    if keeping.keep_words(draft, heard.text) and understand(heard.text).tells:
        return t(mark("这句也记上了，一起交给镇上。\n都对，回“0”；要改哪一行，回它的数字。"))
    return join(t(mark("我没看懂。")), read_back(visit, draft))


def hand_in(visit: Visit) -> str:
    """Submit, and say what happened, what comes next, by when, and whom to call."""
    t, areas = visit.t, visit.ctx.directory.areas
    try:
        case = drafting.hand_in(
            visit.ctx, visit.session, visit.state, visit.person_id, visit.account
        )
    except NotAllowed as refused:
        return t(refused.reason)
    stands = known.standing(visit.session, case) if case.reporter_id else Known.NEW
    return join(
        t(mark("收到了，编号 {receipt}。"), receipt=case.receipt),
        t(HARM) if case.answers.get("harm") else "",
        t(STANDING[stands]) if stands else "",
        # What has joined another one is answered with that one.
        t(
            mark("{place}会给您回话：{due}。想看办到哪一步，随时发“进度”。"),
            place=areas.name(case.township),
            due=due_text(visit.ctx, t, case.answer_on),
        ) if case.answer_on else "",
        phone_text(t, areas, case.township),
    )
