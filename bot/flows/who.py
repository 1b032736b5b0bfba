"""Who asks for whom, who lives in the household, and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import (
    Option,
    read_name,
    read_number,
    read_option,
    read_phone,
    squeezed,
    tidy,
)
from bot.flow import Answers, Read, Scene, Step, Unclear, leave
from bot.messages import Heard
from models.settings import mark

HOUSEHOLD_LIMIT = 30
WORDS_LIMIT = 200
NAME_LIMIT = 20
# A longer answer counts people only where it speaks of them: 王八蛋 holds an eight.
BARE_LENGTH = 2
_PEOPLE = re.compile("[口人个家我俺咱娃孩儿女孙妈爸娘爹爷奶公婆老夫妻伴两俩仨]|[0-9]+$")
_COUNTED = re.compile(r"^[^,，]{0,6}?[0-9一二两三四五六七八九十]+\s*(?:口人?|个人?)?(?=$|[,，、 ])")

CARE_WORDS = {
    "old": ("老人", "老", "爷", "奶", "公公", "婆婆", "爹", "娘", "爸", "妈"),
    "child": ("孩子", "小孩", "娃", "儿", "婴", "学生"),
    "ill": ("病", "瘫", "住院", "癌", "透析", "卧床"),
    "disabled": ("残", "聋", "哑", "盲", "智力", "瘸"),
}
_CALLED = re.compile(r"[,，。 ](?:我?叫|应该是|是|改成)\s*([^,，。 ]{2,20})$")
# No calling name holds these, and one holds a letter.
_NO_NAME = re.compile(r"[不没了吗呢我你您谁啥有]|^[^A-Za-z一-鿿]+$")
THANKS = frozenset({"谢谢", "谢谢您", "谢谢你", "多谢", "辛苦了", "麻烦了", "麻烦您了"})


def _relation_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    return (
        Option("neighbour", t(mark("邻居、同村的")), ("邻居", "村里", "同村", "乡亲")),
        Option("kin", t(mark("亲戚")), ("亲戚", "叔", "姑", "姨", "舅", "侄")),
        Option("parent", t(mark("父母")), ("爹", "娘", "爸", "妈", "父", "母")),
        Option("child", t(mark("子女")), ("儿", "女")),
        Option("other", t(mark("别的")), ("朋友", "同事", "不认识")),
    )


def _relation(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = read_option(heard.text, _relation_options(answers, scene))
    return Read({"relation": choice}) if choice else Unclear()


def _relation_as_said(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    said = heard.text.strip()
    if len(said) < 2 or not any(map(str.isalpha, said)):
        return Unclear()
    return Read({"relation": "other", "relation_words": said[:WORDS_LIMIT]})


def _relation_line(answers: Answers, scene: Scene) -> str:
    labels = {o.key: o.label for o in _relation_options(answers, scene)}
    who = answers.get("relation_words") or labels[answers["relation"]]
    return scene.t(mark("替别人说，他们是我的：{who}"), who=who)


def care_in(said: str) -> list[str]:
    """Who needs care, as the words tell."""
    return [key for key, words in CARE_WORDS.items() if any(word in said for word in words)]


def _household(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    count = read_number(heard.text, 1, HOUSEHOLD_LIMIT)
    said = heard.text.strip()
    if count is None or (len(said) > BARE_LENGTH and not _PEOPLE.search(said)):
        return Unclear()
    return Read(
        {"household": count, "care": care_in(said), "household_words": said[:WORDS_LIMIT]}
    )


def _household_as_said(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    said = heard.text.strip()
    if not any(map(str.isalpha, said)):
        return Unclear()
    return Read({"household": 0, "care": care_in(said), "household_words": said[:WORDS_LIMIT]})


def _household_line(answers: Answers, scene: Scene) -> str:
    count, said = answers["household"], str(answers.get("household_words", ""))
    if not count and said:
        return scene.t(mark("家里：{words}"), words=said)
    if not count:
        return scene.t(mark("家里几口人：没说"))
    rest = _COUNTED.sub("", said).strip(" ,，、。")
    if answers.get("care") and rest:
        return scene.t(mark("家里 {count} 口人，{words}"), count=count, words=rest)
    return scene.t(mark("家里 {count} 口人"), count=count)


def _household_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.say(
            mark("他们家一共几口人？谁最要人照顾？不知道就回“不知道”。"),
            mark("他们家一共几口人？谁最要人照顾？"),
        )
    return scene.t(mark("家里一共几口人？谁最要人照顾，也一起写上，比如：4口人，老人有病。"))


def _household_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("想知道家里一共几口人，比如回“4”或者“四口人”。不想答可以回“跳过”。"),
        mark("想知道家里一共几口人，比如写“4”或者“四口人”。不想答，点“这一问先不答”。"),
    )


def _name_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.say(
            mark("要帮的这个人叫什么？写平时怎么叫也行，不知道就回“不知道”。"),
            mark("要帮的这个人叫什么？写平时怎么叫也行。"),
        )
    if answers.get("phone"):
        return scene.t(mark("怎么称呼您？写名字就行，比如：王秀英。"))
    return scene.t(mark("怎么称呼您？电话也可以一起写上，比如：王秀英 13800005678"))


def _name(heard: Heard, answers: Answers, _scene: Scene) -> Read | Unclear:
    said = tidy(heard.text)
    if squeezed(said) in THANKS:
        return Unclear()
    name = read_name(heard.text) or _corrected(said)
    if name is None and answers.get("whom") == "other":
        return _name_as_said(heard, answers, _scene)
    if name is None:
        return Unclear()
    return Read({"name": name} | _phone_in(heard.text))


def _corrected(said: str) -> str | None:
    """The name in 名字写错了，叫王桂英."""
    found = _CALLED.search(said)
    return read_name(found[1]) if found else None


def _name_as_said(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    """What they are called, where it looks like no name: 老李头, 三婆."""
    said = tidy(heard.text)
    if not 1 < len(said) <= NAME_LIMIT or _NO_NAME.search(said):
        return Unclear()
    if squeezed(said) in THANKS or read_phone(said).number:
        return Unclear()
    return Read({"name": said})


def _phone_in(text: str) -> Answers:
    number = read_phone(text).number
    return {"phone": number} if number else {}


def _unnamed(answers: Answers) -> Answers | None:
    return {"name": ""} if answers.get("whom") == "other" else None


def _name_line(answers: Answers, scene: Scene) -> str:
    return str(answers["name"]) or scene.t(mark("名字：不知道"))


PHONE_HINTS = {
    "short": mark("这个号码少了几位。手机号一共 11 位数字，请再数一遍。没有电话就写“没有”。"),
    "long": mark("这个号码多了几位。手机号一共 11 位数字，请再数一遍。没有电话就写“没有”。"),
    "prefix": mark("这个号码打不通：手机号是 1 开头，座机请带上区号，比如 0777-1234567。"),
}


def _phone_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.say(
            mark("镇上打哪个电话能问到情况？可以留您的。没有就回“没有”。"),
            mark("镇上打哪个电话能问到情况？可以留您的。"),
        )
    return scene.say(
        mark("您的电话是多少？镇上好联系您。没有电话就回“没有”。"),
        mark("您的电话是多少？镇上好联系您。"),
    )


def _phone(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    reading = read_phone(heard.text)
    if reading.number:
        return Read({"phone": reading.number})
    if reading.problem == "none":
        return Read({"phone": ""})
    return Unclear(PHONE_HINTS.get(reading.problem or "", ""))


def _phone_line(answers: Answers, scene: Scene) -> str:
    # Whole: whoever typed it has to see whether a digit is wrong.
    phone = str(answers["phone"])
    return scene.t(mark("电话 {phone}"), phone=phone) if phone else scene.t(mark("没有电话"))


def _for_other(answers: Answers) -> bool:
    return answers.get("whom") == "other"


RELATION = Step(
    "relation",
    "choice",
    mark("这家人是您的什么人？"),
    mark("请回一个数字，比如邻居就回“1”。"),
    _relation,
    when=_for_other,
    options=_relation_options,
    line=_relation_line,
    skip=leave({"relation": "other"}),
    as_said=_relation_as_said,
)
HOUSEHOLD = Step(
    "household",
    "text",
    _household_ask,
    _household_again,
    _household,
    line=_household_line,
    skip=leave({"household": 0, "care": []}),
    as_said=_household_as_said,
)
NAME = Step(
    "name",
    "text",
    _name_ask,
    mark("请写名字，比如：王秀英。"),
    _name,
    line=_name_line,
    skip=_unnamed,
    as_said=_name_as_said,
)
PHONE = Step(
    "phone",
    "phone",
    _phone_ask,
    mark("请写电话号码，比如 13800005678。没有电话就写“没有”。"),
    _phone,
    line=_phone_line,
    skip=leave({"phone": ""}),
)
