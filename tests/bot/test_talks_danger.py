"""Danger: first the person, then the number to call, then the report; and afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.context import Context
from models.pushes import Push
from tests.bot.talks import STEPS, TOLD, Chat

KEYS = [key for key, _ in STEPS] + ["readback"]


def pushes(ctx: Context) -> int:
    with ctx.db.read() as session:
        found = session.scalar(
            select(func.count()).select_from(Push).where(
                Push.occasion.in_(("staff_alarm", "staff_harmed"))
            )
        )
    return found or 0


@pytest.mark.parametrize(
    ("said", "first", "number", "told"),
    [
        ("我不想活了", "谢谢您告诉我", "12356", 1),
        ("我男人天天打我，今天拿刀要杀我", "躲到安全的地方", "110", 1),
        ("有人掉水里了快来救命", "人要紧", "120", 1),
        ("隔壁老王说要喝农药", "先陪着", "12356", 1),
        # Harm to somebody else: the county besides the township.
        ("邻居打老婆要出人命了快来", "先别上前", "110", 2),
    ],
)
def test_danger_is_answered_at_once_and_the_township_is_told(
    ctx: Context, chat: Chat, said: str, first: str, number: str, told: int
) -> None:
    before = pushes(ctx)
    reply = chat.say(said)
    assert reply.startswith(first) or first in reply.splitlines()[0]
    assert number in reply
    assert "！" not in reply
    [case] = chat.cases()
    assert case.urgent
    assert case.receipt in reply
    assert case.answers["what"] == said
    assert pushes(ctx) == before + told


@pytest.mark.parametrize("step", KEYS)
def test_in_the_middle_of_a_form_it_goes_with_what_was_filled_in(chat: Chat, step: str) -> None:
    chat.at(step).photo()
    filled = chat.answers
    bundle = chat.state.draft.bundle if chat.state.draft else ""
    assert "12356" in chat.say("我不想活了")
    [case] = chat.cases()
    assert case.answers["what"] == "我不想活了"
    assert TOLD in case.answers["more"]
    for key in ("household_words", "needs_words", "living_words"):
        assert case.answers.get(key) == filled.get(key)
    assert (case.name, case.phone) == (filled.get("name", ""), filled.get("phone", ""))
    assert case.living_area == (filled.get("living") or None)
    assert case.bundle == bundle
    assert chat.state.draft is None


def test_telephone_and_village_follow_in_any_order(chat: Chat) -> None:
    assert "留个电话" in chat.say("我不想活了")
    assert "在哪个村" in chat.say("17000005678")
    assert "1 青石镇新和村" in chat.say("我在新和村")
    assert "尽快打给您" in chat.say("2")
    [case] = chat.cases()
    assert (case.phone, case.living_area) == ("17000005678", "450799201202")
    assert case.township == "450799201000"


def test_where_it_is_moves_only_by_who_says_so(chat: Chat) -> None:
    """A notice asked for by a village's name is no place of danger."""
    chat.say("大湾村有个小孩天天被他爸打，身上都是伤", "17000005678")
    for said in ("看公示", "看小湾村的公示", "小湾村公示", "小湾村路不好走"):
        chat.say(said)
        assert chat.cases()[0].living_area == "450799101200", said
    assert "公示" in chat.say("看小湾村的公示")
    chat.say("说错了，是小湾村")
    assert chat.cases()[0].living_area == "450799101201"


def test_until_a_village_is_named_its_township_is_not_said_to_know(chat: Chat) -> None:
    said = chat.say("有个小孩天天被他爸打，身上都是伤")
    assert "我已经报上去了" in said
    assert "镇上的人我已经通知了" not in said


def test_without_a_telephone_somebody_comes(chat: Chat) -> None:
    chat.say("我不想活了")
    assert "在哪个村" in chat.say("没有电话")
    assert "会去找您" in chat.say("大湾村")
    [case] = chat.cases()
    assert case.living_area == "450799101200"


def test_a_location_tells_where(chat: Chat) -> None:
    chat.say("我不想活了，电话17000005678")
    assert "尽快打给您" in chat.locate(22.3412, 108.4526)
    [case] = chat.cases()
    assert (case.phone, case.living_area) == ("17000005678", "450799101200")


def test_telephone_and_village_of_the_same_message_are_not_asked(chat: Chat) -> None:
    reply = chat.say("大湾村有人掉水里了快来救命，我电话17000005678")
    assert "镇上的人我已经通知了" in reply
    [case] = chat.cases()
    assert (case.phone, case.living_area) == ("17000005678", "450799101200")
    assert "留个电话" not in reply


def test_whatever_is_said_next_goes_to_the_report_word_for_word(chat: Chat) -> None:
    chat.say("我不想活了")
    for said in ("是", "没人管我", "活着没意思", "我真的不想活了"):
        reply = chat.say(said)
        assert "110" in reply
    [case] = chat.cases()
    assert case.answers["more"] == ["是", "没人管我", "活着没意思", "我真的不想活了"]


def test_the_same_words_forty_times_are_one_case_and_few_pushes(
    ctx: Context, chat: Chat
) -> None:
    before = pushes(ctx)
    for _ in range(40):
        assert "12356" in chat.say("我不想活了")
    assert len(chat.cases()) == 1
    assert pushes(ctx) == before + 1
    for number in range(10):
        chat.say(f"我不想活了{'啊' * number}，谁来管管")
    assert pushes(ctx) <= before + 3


def test_a_second_number_does_not_push_out_the_first(chat: Chat) -> None:
    chat.say("我不想活了，电话17000005678", "大湾村", "17000005679")
    [case] = chat.cases()
    assert case.phone == "17000005678"
    assert "17000005679" in case.answers["more"]


def test_a_form_begun_afterwards_keeps_its_own_answers(chat: Chat) -> None:
    chat.say("我不想活了", "我要求助", "我家没米了", "2")
    assert "户口也在大湾镇大湾村" in chat.say("大湾村")
    assert chat.cases()[0].living_area is None


def test_two_days_later_it_is_a_new_report(chat: Chat) -> None:
    chat.say("我不想活了")
    chat.wait(days=3)
    chat.say("我不想活了")
    assert len(chat.cases()) == 2


@pytest.mark.parametrize(("said", "expected"), [("进度", "编号"), ("人工", "0777-000")])
def test_other_things_can_still_be_asked(chat: Chat, said: str, expected: str) -> None:
    chat.say("我不想活了")
    assert expected in chat.say(said)
    assert "more" not in chat.cases()[0].answers
