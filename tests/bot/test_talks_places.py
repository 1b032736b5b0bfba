"""Where: by name, by list, by a sent location, and by words where no list helps."""

from __future__ import annotations

import pytest

from models.context import Context
from tests.bot.talks import Chat

DAWAN, XIAOWAN, QIAOTOU = "450799101200", "450799101201", "450799101202"
XINHE_QINGSHI, XINHE_SONGLING = "450799102203", "450799201202"


@pytest.mark.parametrize(
    ("said", "living"),
    [
        (("大湾村",), DAWAN), (("大湾", "1"), DAWAN), (("我住在小湾村二组",), XIAOWAN),
        (("2", "1"), DAWAN), (("大湾镇", "3"), QIAOTOU), (("大湾镇桥头村",), QIAOTOU),
        (("新和村", "1"), XINHE_QINGSHI), (("新和村", "松岭乡"), XINHE_SONGLING),
        (("松岭乡新和村",), XINHE_SONGLING), (("松岭乡", "新和"), XINHE_SONGLING),
        (("不是大湾村，是小湾村",), XIAOWAN), (("河东社区",), "450799001001"),
        (("２", "１"), DAWAN), (("第二个", "第一个"), DAWAN),
    ],
)
def test_the_living_place_is_understood(
    chat: Chat, said: tuple[str, ...], living: str
) -> None:
    chat.at("living").say(*said)
    assert chat.answers["living"] == living


def test_two_villages_of_one_name_are_told_apart_by_their_townships(chat: Chat) -> None:
    asked = chat.at("living").say("新和村")
    assert "1 青石镇新和村　2 松岭乡新和村" in asked
    assert "living" not in chat.answers
    assert "1 河东街道" in chat.say("都不是")


def test_a_location_in_the_county_is_the_nearest_village(chat: Chat) -> None:
    chat.at("living").locate(22.3413, 108.4527)
    assert chat.answers["living"] == DAWAN
    assert chat.answers["living_at"] == [22.3413, 108.4527]


def test_a_location_outside_the_county_is_told_so_and_asked_again(chat: Chat) -> None:
    reply = chat.at("living").locate(39.9, 116.4)
    assert "好像不在我们县里" in reply
    assert "1 河东街道" in reply
    assert "living" not in chat.answers


def test_a_location_at_another_question_is_taken_for_where_they_live(chat: Chat) -> None:
    assert "位置收到了" in chat.at("urgent").locate(22.3413, 108.4527)
    assert "户口也在大湾镇大湾村" in chat.say("2")


def test_a_location_first_begins_a_talk(chat: Chat) -> None:
    assert "出了什么事" in chat.locate(22.3413, 108.4527)
    assert chat.answers["living"] == DAWAN


def test_a_location_far_away_first_begins_nothing(chat: Chat) -> None:
    assert "不在我们县里" in chat.locate(39.9, 116.4)
    assert chat.state.draft is None


def test_a_place_that_is_in_no_list_is_written(chat: Chat) -> None:
    assert "叫什么" in chat.at("living").say("都不是")
    assert "找得到" in chat.say("1")
    chat.say("老粮站后面的棚子里")
    assert chat.answers["living"] == ""
    assert chat.answers["living_words"] == "老粮站后面的棚子里"
    assert "老粮站后面的棚子里" in chat.say(
        "在本县别的村", "大湾村", "4", "1", "王秀英", "没有", "没有", "同意"
    )
    chat.say("对")
    assert chat.cases()[0].living_area is None


def test_a_village_of_another_list_is_found_when_it_is_written(chat: Chat) -> None:
    chat.at("living").say("都不是")
    chat.say("大湾村")
    assert chat.answers["living"] == DAWAN
    assert not chat.answers.get("living_other")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("1",), {"home": DAWAN, "home_same": True}),
        (("在",), {"home": DAWAN, "home_same": True}),
        (("在小湾村",), {"home": XIAOWAN}),
        (("不在",), {"home_elsewhere": True}),
        (("不在这里，在青石镇", "1"), {"home_elsewhere": True}),
        (("不在本县",), {"home": "", "home_outside": True}),
        (("在外省",), {"home": "", "home_outside": True}),
        (("2", "松岭乡", "白水村"), {"home": "450799201201"}),
        (("不知道",), {"home": "", "home_unsaid": True}),
    ],
)
def test_where_the_household_is_registered(
    chat: Chat, said: tuple[str, ...], expected: dict[str, object]
) -> None:
    chat.at("home").say(*said)
    assert expected.items() <= chat.answers.items()


def test_an_emergency_goes_to_the_township_where_it_happened(chat: Chat) -> None:
    chat.at("urgent").say("1", "大湾村", "在青石村", "4", "1", "王秀英")
    chat.say("没有", "没有", "同意", "对")
    [case] = chat.cases()
    assert case.incident_area == "450799102200"
    assert case.township == "450799102000"


def test_somebody_from_next_door_can_write_to_the_village_account(ctx: Context) -> None:
    chat = Chat(ctx, account="village")
    chat.at("living").say("小湾村")
    assert chat.answers["living"] == XIAOWAN
