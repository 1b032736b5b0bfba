"""我要求助 and 替别人说: ten questions at most, nothing asked twice.

What was said before the flow began (free text) and what is known of a returning resident is
in the draft already; only what is open is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answers import (
    Command,
    Option,
    find_since,
    read_command,
    read_name,
    read_number,
    read_option,
    read_options,
    read_phone,
    read_yes_no,
    tidy,
)
from bot.flow import Answers, Draft, Flow, Read, Scene, Step, Unclear
from bot.flows.places import place_name, place_options, read_place
from bot.messages import Heard, Kind
from models.settings import mark

CONSENT_VERSION = "2026-11"
HOUSEHOLD_LIMIT = 30
SHORT_LINE = 40
# Kept word for word up to here; nobody types more, and what a page sends is bounded too.
LONGEST = 20_000

CARE_WORDS = {
    "old": ("老人", "老", "爷", "奶", "公公", "婆婆", "爹", "娘", "爸", "妈"),
    "child": ("孩子", "小孩", "娃", "儿", "婴", "学生"),
    "ill": ("病", "瘫", "住院", "癌", "透析", "卧床"),
    "disabled": ("残", "聋", "哑", "盲", "智力", "瘸"),
}


def _what(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    if heard.kind is Kind.VOICE and not heard.text:
        return Read({"what": "", "what_voice": True})
    said = heard.text.strip()[:LONGEST]
    if len(tidy(said)) < 2 or not any(ch.isalnum() for ch in said):
        return Unclear()
    values: Answers = {"what": said}
    since = find_since(said)
    if since:
        values["since"] = since
    return Read(values)


def _what_line(answers: Answers, scene: Scene) -> str:
    said = str(answers["what"]).replace("\n", " ")
    if answers.get("what_voice"):
        return scene.t(mark("您用语音说的（镇上的人会听）"))
    return said if len(said) <= SHORT_LINE else f"{said[:SHORT_LINE]}……"


def _urgent_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    if answers.get("since"):
        return (
            Option("now", t(mark("今天就过不去了")), ("过不去", "急", "没吃的", "救命", "断粮")),
            Option("days", t(mark("还能撑几天")), ("撑几天", "不急", "能撑", "还行")),
        )
    return (
        Option("now_new", t(mark("刚出的事，今天就过不去了")), ("今天就过不去", "救命")),
        Option("days_new", t(mark("这几天的事，还能撑几天")), ("撑几天",)),
        Option("days_old", t(mark("有一阵子了，还能撑")), ("不急", "还行")),
        Option("now_old", t(mark("有一阵子了，今天过不去了")), ("撑不住", "断粮")),
    )


SINCE_WORDS = {"new": mark("这几天"), "old": mark("有一阵子了")}


def _urgent(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = read_option(heard.text, _urgent_options(answers, scene))
    since = find_since(heard.text)
    if choice is None:
        agreed = read_yes_no(heard.text)
        if agreed is None:
            return Unclear()
        choice = "now" if agreed else "days"
    values: Answers = {"urgent": choice.startswith("now")}
    if since and not answers.get("since"):
        values["since"] = since
    elif choice.endswith(("new", "old")):
        values["since"] = scene.t(SINCE_WORDS[choice.split("_")[1]])
    return Read(values)


def _urgent_line(answers: Answers, scene: Scene) -> str:
    urgent = mark("{since}，急，今天就过不去") if answers["urgent"] else mark("{since}，还能撑几天")
    plain = mark("急，今天就过不去") if answers["urgent"] else mark("还能撑几天")
    since = answers.get("since")
    return scene.t(urgent, since=since) if since else scene.t(plain)


def _urgent_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("since"):
        return scene.t(mark("现在日子还过得去吗？有没有马上要花的救命钱？"))
    return scene.t(mark("这是什么时候的事？现在还过得去吗？"))


def _living_ask(answers: Answers, scene: Scene) -> str:
    other = answers.get("whom") == "other"
    if answers.get("living_other"):
        return scene.t(mark("请写一下那个地方叫什么，越细越好找。"))
    if answers.get("living_township") or answers.get("living_among"):
        return scene.t(mark("是哪个村？"))
    if other:
        return scene.t(mark("要帮的这家人住在哪里？写村名就行，也可以点“＋”发位置。"))
    return scene.t(mark("您家住在哪里？写村名就行，也可以点“＋”发位置。"))


def _living(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    return read_place("living", heard, answers, scene)


def _living_options(answers: Answers, scene: Scene) -> Sequence[Option]:
    return place_options("living", answers, scene)


def _living_line(answers: Answers, scene: Scene) -> str:
    return place_name("living", answers, scene)


def _other_place(key: str, same: str, elsewhere: str) -> dict[str, Any]:
    """A step for the 户籍 or the incident: usually the place where they live, else asked."""

    def options(answers: Answers, scene: Scene) -> Sequence[Option]:
        if answers.get(f"{key}_elsewhere"):
            return place_options(key, answers, scene)
        return (
            Option("same", scene.t(same), ("在", "是", "也在", "同村", "一样", "本村")),
            Option("elsewhere", scene.t(elsewhere), ("本县", "别的村", "别的镇")),
            Option("outside", scene.t(mark("不在本县")), ("外县", "外地", "外省", "县外")),
        )

    def read(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
        if answers.get(f"{key}_elsewhere"):
            return read_place(key, heard, answers, scene)
        choice = read_option(heard.text, options(answers, scene))
        if choice is None:
            agreed = read_yes_no(heard.text)
            choice = None if agreed is None else "same" if agreed else "elsewhere"
        if choice == "same":
            return Read({key: answers.get("living", ""), f"{key}_same": True})
        if choice == "elsewhere":
            return Read({f"{key}_elsewhere": True})
        if choice == "outside":
            return Read({key: "", f"{key}_outside": True})
        return read_place(key, heard, answers, scene)

    def line(answers: Answers, scene: Scene) -> str:
        if answers.get(f"{key}_outside"):
            place = scene.t(mark("不在本县"))
        elif answers.get(f"{key}_same"):
            place = place_name("living", answers, scene)
        else:
            place = place_name(key, answers, scene)
        label = mark("户口：{place}") if key == "home" else mark("出事的地方：{place}")
        return scene.t(label, place=place)

    return {"options": options, "read": read, "line": line}


def _place_again(answers: Answers, scene: Scene, key: str, question: str) -> str:
    if answers.get(f"{key}_other"):
        return scene.t(mark("请写一下那个地方叫什么，越细越好找。"))
    if answers.get(f"{key}_township") or answers.get(f"{key}_among"):
        return scene.t(mark("是哪个村？"))
    if answers.get(f"{key}_elsewhere"):
        return scene.t(mark("在哪里？写村名就行，也可以选乡镇。"))
    return scene.t(question, place=place_name("living", answers, scene))


def _home_ask(answers: Answers, scene: Scene) -> str:
    return _place_again(answers, scene, "home", mark("户口也在{place}吗？"))


def _incident_ask(answers: Answers, scene: Scene) -> str:
    return _place_again(answers, scene, "incident", mark("事情就是在{place}出的吗？"))


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
    said = tidy(heard.text)
    if choice:
        return Read({"relation": choice})
    return Read({"relation": "other", "relation_words": said[:60]}) if len(said) > 1 else Unclear()


def _relation_line(answers: Answers, scene: Scene) -> str:
    labels = {o.key: o.label for o in _relation_options(answers, scene)}
    who = answers.get("relation_words") or labels[answers["relation"]]
    return scene.t(mark("替别人说，这家人是我的：{who}"), who=who)


def _household(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    count = read_number(heard.text, 1, HOUSEHOLD_LIMIT)
    said = tidy(heard.text)
    care = [key for key, words in CARE_WORDS.items() if any(word in said for word in words)]
    if count is None:
        return Unclear()
    return Read({"household": count, "care": care, "household_words": said[:200]})


def _household_line(answers: Answers, scene: Scene) -> str:
    count, said = answers["household"], str(answers.get("household_words", ""))
    if not count:
        return scene.t(mark("家里几口人：没说"))
    if answers.get("care"):
        return scene.t(mark("家里 {count} 口人（{words}）"), count=count, words=said)
    return scene.t(mark("家里 {count} 口人"), count=count)


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
    said = tidy(heard.text)
    if chosen:
        return Read({"needs": list(chosen), "needs_words": said[:200]})
    if len(said) < 2 or said.isdigit():
        return Unclear()
    return Read({"needs": ["other"], "needs_words": said[:200]})


def _needs_line(answers: Answers, scene: Scene) -> str:
    labels = {o.key: o.label for o in _needs_options(answers, scene)}
    named = [labels[key] for key in answers["needs"] if key in labels]
    words = scene.t(mark("、")).join(named) or answers.get("needs_words") or scene.t(mark("没说"))
    return scene.t(mark("最要紧的：{needs}"), needs=words)


def _name_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.t(mark("要帮的这个人叫什么？不知道大名，写平时怎么叫也行。"))
    return scene.t(mark("怎么称呼您？电话也可以一起写上，比如：王秀英 13800005678"))


def _name(heard: Heard, answers: Answers, _scene: Scene) -> Read | Unclear:
    name = read_name(heard.text)
    said = tidy(heard.text)
    if name is None and answers.get("whom") == "other" and 1 < len(said) <= 20:
        name = said if not said.isdigit() else None
    if name is None:
        return Unclear()
    phone = read_phone(heard.text).number
    return Read({"name": name} | ({"phone": phone} if phone else {}))


PHONE_HINTS = {
    "short": mark("这个号码少了几位。手机号一共 11 位数字，请再数一遍。"),
    "long": mark("这个号码多了几位。手机号一共 11 位数字，请再数一遍。"),
    "prefix": mark("这个号码打不通：手机号是 1 开头，座机请带上区号，比如 0777-1234567。"),
}


def _phone_ask(answers: Answers, scene: Scene) -> str:
    if answers.get("whom") == "other":
        return scene.t(mark("镇上打哪个电话能问到情况？可以留您的。没有就回“没有”。"))
    return scene.t(mark("您的电话是多少？镇上好联系您。没有电话就回“没有”。"))


def _phone(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    reading = read_phone(heard.text)
    if reading.number:
        return Read({"phone": reading.number})
    if reading.problem == "none":
        return Read({"phone": ""})
    return Unclear(PHONE_HINTS.get(reading.problem or "", ""))


def _phone_line(answers: Answers, scene: Scene) -> str:
    phone = str(answers["phone"])
    shown = f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else phone
    return scene.t(mark("电话 {phone}"), phone=shown) if phone else scene.t(mark("没有电话"))


def _papers(heard: Heard, _answers: Answers, _scene: Scene) -> Read | Unclear:
    done = read_command(heard.text) in (Command.DONE, Command.SKIP, Command.CONFIRM)
    if done or read_yes_no(heard.text) is False:
        return Read({"papers": True})
    return Unclear()


def _consent_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    t = scene.t
    return (
        Option("both", t(mark("同意")), ("都同意", "好", "可以", "行")),
        Option("process", t(mark("同意给镇上看，先不核对")), ("先不核对", "不核对")),
        Option("none", t(mark("不同意")), ("不行", "不要")),
    )


REFUSED = mark(
    "那我先不交。您填的我给您留着，想好了回“同意”就行；也可以回“人工”，找镇上的人当面说。"
)


def _consent(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = read_option(heard.text, _consent_options(answers, scene))
    if choice is None:
        agreed = read_yes_no(heard.text)
        choice = None if agreed is None else "both" if agreed else "none"
    if choice is None:
        return Unclear()
    return Unclear(REFUSED) if choice == "none" else Read({"consent": choice})


def _not_urgent(answers: Answers) -> bool:
    return answers.get("urgent") is False and answers.get("whom") != "other"


def _urgent_and_placed(answers: Answers) -> bool:
    return answers.get("urgent") is True and "living" in answers


def _for_other(answers: Answers) -> bool:
    return answers.get("whom") == "other"


def _for_self(answers: Answers) -> bool:
    return answers.get("whom") != "other"


APPLY = Flow(
    "apply",
    mark("说说难处"),
    (
        Step(
            "what",
            "long",
            mark("出了什么事？什么时候的事？您慢慢说，想到哪说到哪，发语音也行。"),
            mark("请用一两句话说说家里的难处，比如：上个月摔断了腿，干不了活。"),
            _what,
            line=_what_line,
        ),
        Step(
            "urgent",
            "choice",
            _urgent_ask,
            mark("想知道急不急：今天就过不去了回“1”，其他的回后面的数字。"),
            _urgent,
            options=_urgent_options,
            line=_urgent_line,
        ),
        Step(
            "relation",
            "choice",
            mark("这家人是您的什么人？"),
            mark("请回一个数字，比如邻居就回“1”。"),
            _relation,
            when=_for_other,
            options=_relation_options,
            line=_relation_line,
        ),
        Step(
            "living",
            "place",
            _living_ask,
            mark("请写村名，比如“大湾村”；或者回前面的数字；也可以点“＋”发位置。"),
            _living,
            options=_living_options,
            line=_living_line,
        ),
        Step(
            "home",
            "place",
            _home_ask,
            mark("户口就在住的这个村回“1”，在别处回后面的数字。"),
            when=_not_urgent,
            **_other_place("home", mark("就在这里"), mark("在本县别的村")),
        ),
        Step(
            "incident",
            "place",
            _incident_ask,
            mark("事情就出在住的这个村回“1”，在别处回后面的数字。"),
            when=_urgent_and_placed,
            **_other_place("incident", mark("就是这里"), mark("在本县别的地方")),
        ),
        Step(
            "household",
            "text",
            mark("家里一共几口人？谁最要人照顾，也一起写上，比如：4口人，老人有病。"),
            mark("想知道家里一共几口人，比如回“4”或者“四口人”。不想答可以回“跳过”。"),
            _household,
            line=_household_line,
            skip={"household": 0, "care": []},
        ),
        Step(
            "needs",
            "choices",
            mark("眼下最要紧的是什么？可以选几样，比如回“1 3”，也可以自己写。"),
            mark("请回数字，几样就回几个，比如“1 3”；或者自己写一句。"),
            _needs,
            when=_for_self,
            options=_needs_options,
            line=_needs_line,
            skip={"needs": []},
        ),
        Step(
            "name",
            "text",
            _name_ask,
            mark("请写名字，比如：王秀英。"),
            _name,
            line=lambda answers, _scene: str(answers["name"]),
        ),
        Step(
            "phone",
            "phone",
            _phone_ask,
            mark("请写电话号码，比如 13800005678。没有电话就回“没有”。"),
            _phone,
            line=_phone_line,
        ),
        Step(
            "papers",
            "photos",
            mark("有没有照片要给镇上看？比如病历、收费单。发完回“完成”，没有就回“没有”。"),
            mark("有照片就直接发过来；发完了或者没有，回“完成”。"),
            _papers,
            skip={"papers": True},
        ),
        Step(
            "consent",
            "choice",
            mark(
                "您说的这些，会给镇上办事的人看；家里的收入和财产，镇上可能要向别的部门核对。"
                "只为办您这件事用。您说的都是实情，也同意吗？"
            ),
            mark("同意就回“1”，只给镇上看、先不核对回“2”，不同意回“3”。"),
            _consent,
            options=_consent_options,
        ),
    ),
)


def begin(bundle: str, whom: str, said: str = "", *, urgent: bool | None = None) -> Draft:
    """A new draft, with what was already said in the first message."""
    draft = Draft("apply", bundle)
    draft.answers["whom"] = whom
    if said:
        draft.answers["what"] = said[:LONGEST]
        since = find_since(said)
        if since:
            draft.answers["since"] = since
    if urgent:
        draft.answers["urgent"] = True
    return draft
