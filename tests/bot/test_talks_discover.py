"""Talks of village assistants: a household is reported in chat."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians

import pytest

from bot.flows.places import FAR_KM, is_far, kilometres
from models.cases import Case
from models.context import Context
from models.people import Staff
from models.positions import GCJ02, WGS84, Position, to_gcj
from tests.bot.talks import TOLD, Chat

DAWAN, QIAOTOU, SHANGTUN = "450799101200", "450799101202", "450799101203"
SEA = (21.0, 108.9)
SEEN = "老人一个人住，前天摔了，灶台是冷的，米缸空了"
# Each step's key with an answer to it, up to the read-back.
STEPS = (
    ("name", "黄阿婆"), ("spot", "三组，老粮站后面"), ("what", SEEN), ("urgent", "1"),
    ("aware", "还没跟她说"), ("phone", "没有"), ("papers", "完成"),
)


def assistant(chat: Chat, *villages: str) -> Chat:
    chat.appoint(*(villages or (DAWAN,)))
    return chat


def reported(chat: Chat) -> Case:
    """Go through a whole report; the case."""
    chat.say("报一户", *(answer for _, answer in STEPS))
    said = chat.say("对")
    case = chat.cases()[0]
    assert case.receipt in said
    return case


def test_a_report_in_chat(chat: Chat) -> None:
    """Eight messages, and the township has a case with all that was seen."""
    said = assistant(chat).say("报一户")
    assert "大湾村协理员" in said
    assert "叫什么" in said
    for (_, answer), (key, _) in zip(STEPS, (*STEPS[1:], ("", "")), strict=True):
        chat.say(answer)
        draft = chat.state.draft
        assert draft is not None
        assert not key or key not in draft.answers
    readback = chat.say("看看")
    for line in ("大湾村", "黄阿婆", "老粮站", "灶台", "还没跟本人说"):
        assert line in readback, readback
    said = chat.say("对")
    case = chat.cases()[0]
    assert case.receipt in said
    assert (case.living_area, case.name, case.urgent) == (DAWAN, "黄阿婆", True)
    assert case.answers["what"] == SEEN
    assert case.answers["aware"] == "unaware"
    assert case.on_behalf
    assert case.consent_version == "discovery:unaware"
    with chat.ctx.db.read() as session:
        post = session.get(Staff, case.reporter_id)
        assert post is not None
        assert post.area == DAWAN


def test_reported_again_it_is_joined_and_said(chat: Chat) -> None:
    """The same name and telephone: what was seen is put beside, and answered with that one."""
    assistant(chat)
    for _ in range(2):
        chat.say("报一户", *("13900001234" if key == "phone" else said for key, said in STEPS))
        said = chat.say("对")
    assert "已有人报过" in said
    assert "您看到的也记上了" in said
    assert {case.status for case in chat.cases()} == {"submitted", "merged"}


def test_who_is_no_assistant_speaks_for_others_as_before(chat: Chat) -> None:
    """The same words lead a neighbour to the neighbour's form."""
    chat.say("报一户")
    draft = chat.state.draft
    assert draft is not None
    assert draft.flow == "apply"


def test_free_words_about_others_begin_a_report(chat: Chat) -> None:
    """What was said first is what was seen, and is not asked again."""
    assistant(chat).say("我们村有个老人一个人住，摔了腿，地里的活没人干")
    draft = chat.state.draft
    assert draft is not None
    assert draft.flow == "discover"
    assert "老人" in draft.answers["what"]


def test_of_several_villages_one_is_chosen(chat: Chat) -> None:
    """A village that is not theirs is none of the choices."""
    said = assistant(chat, QIAOTOU, SHANGTUN).say("报一户")
    assert "1 桥头村" in said
    assert "2 上屯村" in said
    chat.say("大湾村")
    assert "living" not in chat.answers
    chat.say("2")
    assert chat.answers["living"] == SHANGTUN
    # Named in the first words, it is not asked.
    chat.say("取消", "1")
    chat.say("桥头村有个老人没人照顾，衣服破了也没人补")
    assert chat.answers.get("living") == QIAOTOU


def test_an_assistant_is_a_resident_too(chat: Chat) -> None:
    """Their own trouble is their own application, and a report waits for nobody's own matter."""
    assistant(chat).say(TOLD)
    draft = chat.state.draft
    assert draft is not None
    assert draft.flow == "apply"
    assert draft.answers["whom"] == "self"
    said = chat.say("报一户")
    assert "填了一半" in said
    chat.say("2")
    draft = chat.state.draft
    assert draft is not None
    assert draft.flow == "discover"


def test_their_own_trouble_is_not_taken_for_a_report(chat: Chat) -> None:
    """What was reported for others is never offered as one's own matter."""
    reported(assistant(chat))
    assert "同一件" not in chat.say(TOLD)
    assert chat.answers["whom"] == "self"


def test_who_left_reports_no_more_and_loses_nothing(chat: Chat) -> None:
    """The post ends in the middle of a report: it is told, and the words stay."""
    (post,) = chat.appoint(DAWAN)
    chat.say("报一户", *(answer for _, answer in STEPS))
    with chat.ctx.db.begin() as session:
        member = session.get(Staff, post)
        assert member is not None
        member.left_at = chat.ctx.now()
    assert "不归您管" in chat.say("对")
    assert chat.cases() == []
    assert chat.answers["what"] == SEEN
    chat.say("取消", "1", "报一户")
    draft = chat.state.draft
    assert draft is not None
    assert draft.flow == "apply"


def test_a_place_is_sent(chat: Chat) -> None:
    """A location is kept as it was sent, with its datum; one in the sea is said to be far off."""
    assistant(chat).say("报一户", "黄阿婆")
    chat.locate(*SEA)
    assert chat.answers["spot_at"] == [*SEA]
    chat.say(*(answer for _, answer in STEPS[2:]))
    readback = chat.say("看看")
    assert "离村里很远，也记下了" in readback, readback
    chat.say("3")
    chat.locate(22.3412, 108.4526)
    assert chat.answers["spot_at"] == [22.3412, 108.4526]
    assert chat.answers["spot_datum"] == "GCJ02"
    assert "很远" not in chat.say("看看")


def test_distances_are_of_one_datum(chat: Chat) -> None:
    """19.8 km from the village is near; WeChat's own degrees lie half a kilometre further."""
    village = chat.ctx.directory.areas.get(DAWAN)
    assert village is not None
    assert village.latitude is not None
    assert village.longitude is not None
    east = 19.8 / (111.195 * cos(radians(village.latitude)))
    at = village.latitude, village.longitude + east
    sent = to_gcj(*at)
    assert kilometres(*at, village) < FAR_KM < kilometres(*sent, village)
    assert not is_far(Position(*sent, GCJ02), village)
    assert is_far(Position(*sent, WGS84), village)
    # Of a village without a centre only what lies outside the country is far.
    nowhere = replace(village, latitude=None)
    assert not is_far(Position(*SEA, WGS84), nowhere)
    assert is_far(Position(0.0, 0.0, WGS84), nowhere)


def test_whose_household_is_known_is_said_before_the_rest_is_asked(chat: Chat) -> None:
    """Once whose and where is said, once; and of nobody in a village that is not theirs."""
    assistant(chat)
    reported(chat)
    assert "已有人报过，您看到的照样可以报" in chat.say("报一户", "黄阿婆")
    assert "已有人报过" not in chat.say("三组")
    chat.say("取消", "是")
    assert "已有人报过" not in chat.say("报一户", "李大爷")


@pytest.mark.parametrize(
    ("said", "aware"),
    [
        ("1", "agrees"), ("知道的，他同意", "agrees"), ("他不同意", "declines"),
        ("不太愿意", "declines"), ("还没跟他讲", "unaware"), ("他不知道", "unaware"),
        ("老人糊涂了", "unable"), ("4", "unable"),
    ],
)
def test_whether_they_know(chat: Chat, said: str, aware: str) -> None:
    """不知道 is no 知道, and 不同意 is no 同意."""
    assistant(chat).say("报一户", *(answer for _, answer in STEPS[:4]), said)
    assert chat.answers["aware"] == aware


def test_lines_are_changed_by_their_number(chat: Chat) -> None:
    """As in every read-back."""
    assistant(chat).say("报一户", *(answer for _, answer in STEPS))
    chat.say("2", "黄玉兰")
    assert chat.answers["name"] == "黄玉兰"
    # This form asks for no consent, and 同意 names no line of it.
    assert "您还说了：同意不对" in chat.say("同意不对")


def test_an_assistants_draft_is_kept_in_the_talk(chat: Chat) -> None:
    """稍后 and 继续 as in every form."""
    assistant(chat).say("报一户", "黄阿婆", "稍后")
    assert chat.state.filling is None
    assert "住在村里哪儿" in chat.say("继续")


def test_a_household_that_was_reported_before(chat: Chat, ctx: Context) -> None:
    """It is said so, and nothing else of it; what was seen is with the township all the same."""
    reported(assistant(chat))
    other = assistant(Chat(ctx))
    other.say("报一户", *(answer for _, answer in STEPS))
    said = other.say("对")
    assert "已经有人报过" in said
    assert chat.cases()[0].receipt not in said
    assert len(other.cases()) == 1
    third = assistant(Chat(ctx))
    third.say("报一户", "莫阿公", *(answer for _, answer in STEPS[1:]))
    assert "已经有人报过" not in third.say("对")


def test_danger_in_the_middle_of_a_report_is_told_at_once(chat: Chat) -> None:
    """By the post, with all that was said before, and with the number to call now."""
    (post,) = assistant(chat).appoint(QIAOTOU)
    chat.say("报一户", "1", "黄阿婆")
    said = chat.say("她儿子天天打她，刚才又拿刀砍人")
    assert "110" in said
    case = chat.cases()[0]
    assert case.urgent
    assert case.reporter_id is not None
    assert case.reporter_id != post
    assert (case.name, case.living_area) == ("黄阿婆", DAWAN)


def test_the_menu_leads_assistants_to_their_villages(chat: Chat) -> None:
    """And tells anyone else whose it is, with what they can do instead."""
    said = chat.tap("VILLAGE")
    assert "协理员用的" in said
    assert "替别人说" in said
    assistant(chat, QIAOTOU, SHANGTUN)
    said = chat.tap("VILLAGE")
    for words in ("桥头村", "上屯村", "/m/village"):
        assert words in said
