"""The read-back: what hands in, what changes a line, and what is kept as a word more."""

from __future__ import annotations

from typing import Any

import pytest

from bot import drafting
from models.receipts import ReceiptKind, read_receipt
from tests.bot.talks import TOLD, Chat

AGREED = (
    "对", "对的", "都对", "全对", "没错", "没有错", "可以", "行", "好", "好的", "嗯", "是的", "OK",
    "确认", "交吧", "交", "报上去吧", "就交给镇上吧", "都对，交吧", "可以交了", "0", "０",
    "对，谢谢您", "完成", "中", "要得",
)
NOT_AGREED = (
    "对，不过电话不对", "对吗", "可以吗？", "对，但是名字错了", "不对", "不是", "没有", "有", "会",
    "等一下", "对不起", "交什么", "9", "99", "😀", "还有", "你好", "不交", "先别交", "没问题吗",
)


@pytest.mark.parametrize("said", AGREED)
def test_a_plain_yes_hands_it_in(chat: Chat, said: str) -> None:
    reply = chat.at("readback").say(said)
    [case] = chat.cases()
    # What happened, what comes next and by when, whom to call.
    first, second, third = reply.splitlines()
    assert read_receipt(first).canonical == case.receipt
    assert "11月27日前（还剩 3 个工作日）" in second
    assert "0777-000 0101" in third
    assert chat.state.draft is None


@pytest.mark.parametrize("said", NOT_AGREED)
def test_nothing_else_hands_it_in(chat: Chat, said: str) -> None:
    reply = chat.at("readback").say(said)
    assert reply
    assert chat.cases() == []
    assert chat.state.draft is not None


def test_a_case_holds_everything_word_for_word(chat: Chat) -> None:
    chat.at("readback").say("对")
    [case] = chat.cases()
    assert case.answers["what"] == TOLD
    assert case.answers["household_words"] == "4口人，老人有病"
    assert (case.name, case.phone) == ("王秀英", "17000005678")
    assert (case.living_area, case.home_area) == ("450799101200", "450799101200")
    assert case.answers["needs"] == ["living", "medical"]
    assert case.answers["since"] == "上个月"
    assert case.consent_version == "2026-11:both"


FIXES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "by number": (("8", "17000005679"), {"phone": "17000005679"}),
    "by the line's number in words": (("第八行不对", "17000005679"), {"phone": "17000005679"}),
    "number and value": (("7 不是，叫王桂英",), {"name": "王桂英"}),
    "named": (("电话不对", "17000005679"), {"phone": "17000005679"}),
    "named with its value": (("电话写错了，是17000005679",), {"phone": "17000005679"}),
    "a yes that turns": (("对，不过电话不对", "17000005679"), {"phone": "17000005679"}),
    "only the new number": (("17000005679",), {"phone": "17000005679"}),
    "name": (("名字写错了，叫王桂英",), {"name": "王桂英"}),
    "name asked": (("名字不对", "我叫王桂英"), {"name": "王桂英"}),
    "village": (("住的村写错了，是桥头村",), {"living": "450799101202"}),
    "village of one name": (("住的地方不对", "新和村", "2"), {"living": "450799201202"}),
    "household": (("5口人",), {"household": 5}),
    "home": (("户口在小湾村",), {"home": "450799101201"}),
    "needs": (("最要紧的不对", "3"), {"needs": ["education"]}),
    "urgency": (("时间不对", "3"), {"since": "有一阵子了", "urgent": False}),
    "consent": (("先不要核对了", "2"), {"consent": "process"}),
}


@pytest.mark.parametrize("way", FIXES)
def test_one_line_is_changed_and_the_rest_stays(chat: Chat, way: str) -> None:
    said, expected = FIXES[way]
    chat.at("readback")
    before = chat.answers
    assert "我念给您听" in chat.say(*said)
    after = chat.answers
    assert expected.items() <= after.items()
    told = {key.partition("_")[0] for key in expected}
    for key, value in before.items():
        if key.partition("_")[0] not in told | {"care"}:
            assert after[key] == value, key
    chat.say("对")
    assert len(chat.cases()) == 1


def test_a_changed_line_can_be_changed_back(chat: Chat) -> None:
    chat.at("readback")
    before = chat.answers
    chat.say("8", "17000005679")
    chat.say("上一步", "上一步")
    assert chat.answers == before
    assert "我念给您听" in chat.say("菜单")


def test_what_happened_told_again_does_not_push_out_what_was_told(chat: Chat) -> None:
    chat.at("readback")
    chat.say("1", "还有医院说要交三万块，借不到了")
    chat.say("对")
    [case] = chat.cases()
    assert case.answers["what"] == "还有医院说要交三万块，借不到了"
    assert TOLD in case.answers["more"]


def test_the_home_follows_a_living_place_that_was_corrected(chat: Chat) -> None:
    chat.at("readback").say("3", "白水村", "对")
    [case] = chat.cases()
    assert (case.living_area, case.home_area) == ("450799201201", "450799201201")
    assert case.township == "450799201000"


def test_a_change_that_opens_another_question_asks_it(chat: Chat) -> None:
    assert "事情就是在" in chat.at("readback").say("2", "1")
    read_back = chat.say("1")
    assert "急，今天就过不去" in read_back
    assert "出事也在这里" in read_back
    assert "户口" not in read_back


def test_a_word_more_is_kept_and_read_back(chat: Chat) -> None:
    chat.at("readback")
    assert "这句也记上了" in chat.say("我老伴也有高血压，天天吃药")
    assert "您还说了：我老伴也有高血压" in chat.say("菜单")
    chat.say("对")
    assert chat.cases()[0].answers["more"] == ["我老伴也有高血压，天天吃药"]


def test_more_photos_can_still_be_sent(chat: Chat) -> None:
    chat.at("readback")
    assert "直接发给我" in chat.say("还有照片没发")
    chat.photo()
    assert "照片 1 张" in chat.say("完成")
    chat.say("对")
    [case] = chat.cases()
    assert len(chat.papers(case.bundle)) == 1


def test_a_number_that_is_no_line_is_told_so(chat: Chat) -> None:
    assert "没有这一行" in chat.at("readback").say("15")


def test_nothing_that_was_written_becomes_a_link(chat: Chat) -> None:
    chat.say('我家没米了<a href="http://evil">点</a>')
    for _ in range(12):
        draft = chat.state.draft
        assert draft is not None
        step = drafting.current(draft)
        if step is None:
            break
        chat.say({"name": "王秀英", "phone": "没有"}.get(step.key, "1"))
    read_back = chat.say("菜单")
    assert "＜a href" in read_back
    assert "<a" not in read_back
    chat.say("对")
    assert "<a href" in chat.cases()[0].answers["what"]


def test_the_receipt_is_a_valid_one(chat: Chat) -> None:
    assert read_receipt(chat.apply()).kind is ReceiptKind.VALID


def test_a_refused_consent_can_be_put_aside_and_taken_up(chat: Chat) -> None:
    chat.at("consent").say("不同意", "稍后")
    chat.wait(days=2)
    assert "也同意吗" in chat.say("继续")
    chat.say("2", "对")
    assert chat.cases()[0].consent_version.endswith(":process")
