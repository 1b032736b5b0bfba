"""What happened, since when, how pressing it is, and what is needed most."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import (
    Option,
    find_since,
    read_number,
    read_option,
    read_options,
    read_yes_no,
    tidy,
)
from bot.flow import Answers, Read, Scene, Step, Unclear, leave
from bot.messages import Heard, Kind
from bot.understand import PRESSING, understand
from models.settings import mark

SHORT_LINE = 40
# Kept word for word up to here; nobody types more, and what a page sends is bounded too.
LONGEST = 20_000
WORDS_LIMIT = 200

# A number picks one of the troubles; anything longer is what happened, in the person's words.
_PICK = re.compile(r"[第选]?\s*(?:[0-9]{1,2}|[一二三四五六七])\s*个?")
# 不着急 is no 着急: what says that it can wait is taken out before the rest is read.
_DAYS = re.compile(
    r"不(?:是很|太|算|怎么|着|要紧|很)?急|不慌|还?过得去|还行|还(?:能|可以)?撑|能撑|撑得|凑合|还好|将就|能过|慢慢"
    r"|没事|(?<!没)有(?:点|些|口)?(?:吃|米|粮|饭)"
)
_NOW = re.compile(
    r"过不去|不行|撑不|顶不住|没(?:有)?(?:吃|饭|米|粮)|断粮|断顿|揭不开|救命|要命|急|马上|立刻|等着|活不"
)
_A_WHILE = re.compile(r"(?:有|好|这)一?(?:阵子?|段时间)了?|一阵子了?|早就|老早")
# Whole answers to 今天还过得去吗？有没有马上要花的救命钱？
_NOW_WHOLE = frozenset({"有", "有的", "不", "不能", "过不", "要", "需要"})
_DAYS_WHOLE = frozenset({"没有", "没", "能", "行", "可以", "还可以", "不用", "没得"})


# Told of others, it goes to those whom the law names, besides the township (models/alarming.py).
HARM = {
    "harm_child": mark("孩子挨打、受欺负、被丢下"), "harm_adult": mark("大人挨打、被关、被丢下"),
}


def _what_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    harm = HARM if answers.get("whom") == "other" else {}
    return (
        Option("ill", t(mark("有人病了、伤了"))),
        Option("poor", t(mark("没吃的、没收入"))),
        Option("house", t(mark("房子坏了、遭了灾"))),
        Option("child", t(mark("孩子上学、没人管"))),
        Option("old", t(mark("老人没人照料"))),
        *(Option(key, t(label)) for key, label in harm.items()),
    )


def _harm_in(said: str, options: Sequence[Option]) -> str | None:
    """The kind of harm that was picked among other things; a child's goes first."""
    picked = (o.key for o in options if o.key in HARM and o.label in said)
    return next((key.removeprefix("harm_") for key in picked), None)


def _what(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    if heard.kind is Kind.VOICE and not heard.text:
        return Read({"what": "", "what_voice": True, "what_picked": None, "harm": None})
    said = heard.text.strip()[:LONGEST]
    options = _what_options(answers, scene)
    if _PICK.fullmatch(tidy(said)):
        picked = read_option(said, options)
        label = next((o.label for o in options if o.key == picked), "")
        harm = _harm_in(label, options)
        kept = {"what": label, "what_picked": picked, "harm": harm}
        return Read(kept) if picked else Unclear()
    nothing = len(tidy(said)) < 2 or not any(ch.isalpha() for ch in said)
    if nothing or read_yes_no(said) is not None:
        return Unclear()
    values: Answers = {
        "what": said, "what_picked": None, "what_voice": None, "harm": _harm_in(said, options),
    }
    since = find_since(said)
    if since:
        values["since"] = since
    return Read(values)


def _what_line(answers: Answers, scene: Scene) -> str:
    said = str(answers["what"]).replace("\n", " ")
    if answers.get("what_voice"):
        return scene.t(mark("您用语音说的（镇上的人会听）"))
    return said if len(said) <= SHORT_LINE else f"{said[:SHORT_LINE]}……"


def _what_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.say(
            mark("出了什么事？什么时候的事？把您看到的说说就行。不想打字就回数字："),
            mark("出了什么事？什么时候的事？把您看到的说说就行。"),
        )
    return scene.say(
        mark("出了什么事？什么时候的事？您慢慢说，发语音也行。不想打字就回数字："),
        mark("出了什么事？什么时候的事？"),
    )


def _what_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("用一两句话说说就行，比如：上个月摔断了腿，干不了活。不想打字就回数字："),
        mark("用一两句话写写就行，比如：上个月摔断了腿，干不了活。不想写，就点一个。"),
    )


def _urgent_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    if answers.get("since"):
        return (
            Option("now", t(mark("今天就过不去了"))),
            Option("days", t(mark("还能撑几天"))),
        )
    return (
        Option("now_new", t(mark("刚出的事，今天就过不去了"))),
        Option("days_new", t(mark("这几天的事，还能撑几天"))),
        Option("days_old", t(mark("有一阵子了，还能撑"))),
        Option("now_old", t(mark("有一阵子了，今天过不去了"))),
    )


SINCE_WORDS = {"new": mark("这几天"), "old": mark("有一阵子了")}


def _urgent(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    said = tidy(heard.text)
    options = _urgent_options(answers, scene)
    exact = [o for o in options if tidy(o.label) == said]
    number = read_number(said, 1, len(options)) if len(said) <= 3 else None
    if number:
        exact = [options[number - 1]]
    choice = exact[0].key if exact else _pressing(said, answers)
    ago = _A_WHILE.search(said)
    since = _time_of(choice, scene) or find_since(said) or (ago[0] if ago else "")
    told: Answers = {"since": since} if since and not answers.get("since") else {}
    if choice:
        return Read({"urgent": choice.startswith("now")} | told)
    # Only the time was told: then the rest is asked, without the time.
    return Read(told) if told else Unclear()


def _pressing(said: str, answers: Answers) -> str:
    """`now` or `days` as the words say; empty where they do not. In doubt it is pressing."""
    if answers.get("since") and said in _NOW_WHOLE:
        return "now"
    if said in _DAYS_WHOLE and (answers.get("since") or said not in ("没有", "没")):
        return "days"
    rest = _DAYS.sub("", said)
    if _NOW.search(rest) or understand(said).pressing > PRESSING:
        return "now"
    return "days" if rest != said else ""


def _time_of(choice: str, scene: Scene) -> str:
    _, _, time = choice.partition("_")
    return scene.t(SINCE_WORDS[time]) if time else ""


def _urgent_line(answers: Answers, scene: Scene) -> str:
    urgent = mark("{since}，急，今天就过不去") if answers["urgent"] else mark("{since}，还能撑几天")
    plain = mark("急，今天就过不去") if answers["urgent"] else mark("还能撑几天")
    since = answers.get("since")
    return scene.t(urgent, since=since) if since else scene.t(plain)


def _urgent_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("since"):
        return scene.t(mark("今天还过得去吗？有没有马上要花的救命钱？"))
    return scene.t(mark("这是什么时候的事？今天还过得去吗？"))


def _urgent_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("想知道急不急。哪一句像您家，就回前面的数字，比如“2”。"),
        mark("想知道急不急。哪一句像您家，就点哪一句。"),
    )


def _needs_ask(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("眼下最要紧的是什么？可以选几样，比如回“1 3”，也可以自己写。"),
        mark("眼下最要紧的是什么？"),
    )


def _needs_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("请回数字，几样就回几个，比如“1 3”；或者自己写一句。"),
        mark("请点一样或者几样，或者自己写一句。"),
    )


def _needs_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    return (
        Option("living", t(mark("吃饭过日子")), ("吃饭", "吃的", "生活", "米", "穿", "钱")),
        Option("medical", t(mark("看病")), ("医", "药", "手术", "住院", "病")),
        Option("education", t(mark("孩子上学")), ("学费", "上学", "读书", "学校")),
        Option("housing", t(mark("房子")), ("房", "住", "屋", "漏")),
        Option("care", t(mark("有人照料")), ("照顾", "照料", "护理", "没人管")),
    )


def _needs(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    chosen = read_options(heard.text, _needs_options(answers, scene))
    said = heard.text.strip()
    words = {"needs_words": said[:WORDS_LIMIT]}
    if chosen:
        return Read({"needs": list(chosen)} | words)
    if len(said) < 2 or not any(map(str.isalpha, said)):
        return Unclear()
    return Read({"needs": ["other"]} | words)


def _needs_line(answers: Answers, scene: Scene) -> str:
    labels = {o.key: o.label for o in _needs_options(answers, scene)}
    named = [labels[key] for key in answers["needs"] if key in labels]
    words = scene.t(mark("、")).join(named) or answers.get("needs_words") or scene.t(mark("没说"))
    return scene.t(mark("最要紧的：{needs}"), needs=words)


def _for_self(answers: Answers) -> bool:
    return answers.get("whom") != "other"


WHAT = Step(
    "what",
    "long",
    _what_ask,
    _what_again,
    _what,
    options=_what_options,
    line=_what_line,
)
URGENT = Step(
    "urgent",
    "choice",
    _urgent_ask,
    _urgent_again,
    _urgent,
    options=_urgent_options,
    line=_urgent_line,
)
NEEDS = Step(
    "needs",
    "choices",
    _needs_ask,
    _needs_again,
    _needs,
    when=_for_self,
    options=_needs_options,
    line=_needs_line,
    skip=leave({"needs": []}),
)
