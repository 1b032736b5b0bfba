"""主动发现: what an assistant says of a household that does not ask for itself.

Two minutes, standing in the yard: whose household, where, what was seen, how urgent, and whether
they know and agree. The same steps in chat and on the page that works without a network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import Option, find_since, read_option, tidy
from bot.flow import Answers, Draft, Flow, Read, Scene, Step, Unclear, leave
from bot.flows.apply import MORE
from bot.flows.authority import BY_LETTER, BY_POST
from bot.flows.gleaning import glean
from bot.flows.papers import PAPERS
from bot.flows.places import is_far, kept_position
from bot.flows.trouble import LONGEST, URGENT, WHAT
from bot.flows.who import NAME, PHONE
from bot.messages import Heard
from models.settings import mark

WORDS_LIMIT = 200


def _villages(answers: Answers, scene: Scene) -> Sequence[Option]:
    places = [scene.areas.get(code) for code in answers.get("villages", ())]
    return [Option(place.code, place.name) for place in places if place is not None]


def _village(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    choice = read_option(heard.text, _villages(answers, scene))
    return Read({"living": choice}) if choice else Unclear()


def _village_line(answers: Answers, scene: Scene) -> str:
    return scene.areas.name(answers["living"])


def _spot_ask(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("住在村里哪儿？写第几组、什么旁边，或者点“＋”发位置。不好说就回“跳过”。"),
        mark("住在村里哪儿？"),
    )


def _spot_again(_answers: Answers, scene: Scene) -> str:
    return scene.say(
        mark("让镇上的人找得到就行，比如：三组，老粮站后面。不好说就回“跳过”。"),
        mark("让镇上的人找得到就行，比如：三组，老粮站后面。"),
    )


def _spot(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    at = heard.position
    if at is not None:
        # Kept wherever it lies, for a phone may be wrong: where it is far off, it is said so.
        far = is_far(at, scene.areas.get(answers.get("living")))
        values = {"spot": tidy(heard.text), **kept_position("spot", at)}
        return Read(values | ({"spot_far": True} if far else {}))
    said = heard.text.strip()
    if len(said) < 2 or not any(ch.isalnum() for ch in said):
        return Unclear()
    return Read({"spot": said[:WORDS_LIMIT]})


def _spot_line(answers: Answers, scene: Scene) -> str:
    far = answers.get("spot_far")
    if answers["spot"]:
        away = mark("住在：{words}（发来的位置离村里很远，也记下了）")
        return scene.t(away if far else mark("住在：{words}"), words=answers["spot"])
    if far:
        return scene.t(mark("住的地方：发了位置，离村里很远，也记下了"))
    said = mark("住的地方：发了位置") if answers.get("spot_at") else mark("住的地方：没细说")
    return scene.t(said)


AWARE_LINES = {
    "agrees": mark("本人知道，同意报"),
    "declines": mark("本人知道，不太愿意"),
    "unaware": mark("还没跟本人说"),
    "unable": mark("本人说不清楚，没法问"),
}
# Whole answers, which tell nothing more than their option.
_AWARE_WORDS = {
    "agrees": ("知道", "同意", "知道，同意"),
    "unaware": ("还没跟她说", "还没说", "没说", "没跟他说", "没跟她说", "还没告诉他", "还没告诉她"),
}
# The first that fits: 不知道 holds 知道, 不同意 holds 同意.
_AWARE_SAID = (
    ("unable", re.compile(r"说不清|没法|无法|昏迷|糊涂|不会说话|听不见|认不得")),
    ("unaware", re.compile(r"[没未](?:有)?.{0,4}[说讲提告]|不知道|不知情|瞒着|[没未]知情")),
    ("declines", re.compile(r"不(?:太|大|怎么)?(?:同意|愿意|肯|想|要|让)")),
    ("agrees", re.compile(r"同意|愿意|知道|知情|答应")),
)


def _aware_options(_answers: Answers, scene: Scene) -> Sequence[Option]:
    labels = {
        "agrees": mark("知道，同意"), "declines": mark("知道，不太愿意"),
        "unaware": mark("还没跟他说"), "unable": mark("他说不清楚，没法问"),
    }
    return [Option(key, scene.t(label), _AWARE_WORDS.get(key, ())) for key, label in labels.items()]


def _aware(heard: Heard, answers: Answers, scene: Scene) -> Read | Unclear:
    said = tidy(heard.text)
    choice = read_option(said, _aware_options(answers, scene)) or next(
        (key for key, words in _AWARE_SAID if words.search(said)), None
    )
    return Read({"aware": choice}) if choice else Unclear()


def _aware_line(answers: Answers, scene: Scene) -> str:
    said = AWARE_LINES[str(answers["aware"])]
    return scene.t(said)


def _several(answers: Answers) -> bool:
    return len(answers.get("villages", ())) > 1 or "living" in answers


VILLAGE = Step(
    "living",
    "choice",
    mark("是哪个村的？"),
    mark("请回前面的数字，比如“1”。"),
    _village,
    when=_several,
    options=_villages,
    line=_village_line,
)
SPOT = Step(
    "spot", "place", _spot_ask, _spot_again, _spot, line=_spot_line, skip=leave({"spot": ""})
)
AWARE = Step(
    "aware",
    "choice",
    mark("要报上去，本人知道吗？愿意吗？"),
    mark("请回前面的数字，比如还没说就回“3”。"),
    _aware,
    options=_aware_options,
    line=_aware_line,
)

DISCOVER = Flow(
    "discover",
    mark("报一户"),
    (VILLAGE, NAME, SPOT, WHAT, URGENT, AWARE, BY_POST, BY_LETTER, PHONE, PAPERS, MORE),
)


def begin(bundle: str, villages: Sequence[str], said: str, scene: Scene) -> Draft:
    """A new report for one of these villages, with what was said in the first message."""
    draft = Draft(DISCOVER.name, bundle)
    answers = draft.answers
    answers |= {"whom": "other", "villages": list(villages)}
    if said:
        answers["what"] = said[:LONGEST]
        since = find_since(said)
        answers |= {"since": since} if since else {}
        answers |= glean(said, answers, scene)
    if len(villages) == 1:
        answers["living"] = villages[0]
    return draft
