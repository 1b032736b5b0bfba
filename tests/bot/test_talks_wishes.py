"""退订, TD, 恢复 and their like, said anywhere in a talk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models import wishes
from models.context import Context
from models.people import Person
from models.sms import Sms
from tests.bot.talks import STEPS, TOLD, Chat


def wished(chat: Chat) -> wishes.Wished:
    with chat.ctx.db.read() as session:
        return wishes.of(session, chat.person_id)


@pytest.mark.parametrize("word", ["退订", "TD", "td", "T", "ＴＤ", "取消订阅", "退订。"])
def test_off_says_that_ones_own_matter_goes_on(chat: Chat, word: str) -> None:
    said = chat.say(word)
    assert "群发的消息不给您发了" in said
    assert "您自己办的事有进展，还会告诉您" in said
    assert not wished(chat).campaigns
    assert "本来就没有" in chat.say(word)


def test_and_on_again(chat: Chat) -> None:
    chat.say("TD")
    assert "也发给您" in chat.say("恢复")
    assert wished(chat).campaigns
    assert "一直给您发着" in chat.say("恢复通知")


def test_in_the_middle_of_a_form_it_is_heard_and_the_form_waits(chat: Chat) -> None:
    chat.say(TOLD)
    said = chat.say("退订")
    assert "不给您发了" in said
    assert "您填的还留着" in said
    assert not wished(chat).campaigns
    assert chat.state.draft is not None


@pytest.mark.parametrize("word", ["通知设置", "别再给我发了", "设置"])
def test_how_it_stands_with_a_way_to_change_it(chat: Chat, word: str) -> None:
    said = chat.say(word)
    assert "群发的消息：收" in said
    assert "晚上9点到早上8点" in said
    assert "/m/settings" in said
    # No text message can be sent here: so none is offered.
    assert "短信" not in said


def test_large_type(chat: Chat) -> None:
    for word, big in (("大字", True), ("小字", False)):
        chat.say(word)
        with chat.ctx.db.read() as session:
            assert session.get_one(Person, chat.person_id).big_type is big


def test_in_large_type_a_question_is_the_question_alone(ctx: Context) -> None:
    usual, large = Chat(ctx), Chat(ctx)
    large.say("大字")
    lengths = []
    for said in (TOLD, *(answer for _, answer in STEPS)):
        long, short = usual.say(said), large.say(said)
        lengths.append((len(long), len(short)))
        if "家里一共几口人" in long:
            assert "比如" in long
            assert "比如" not in short
    assert all(short <= long for long, short in lengths)
    assert sum(short for _, short in lengths) < 0.85 * sum(long for long, _ in lengths)


def test_in_large_type_each_choice_has_its_line(ctx: Context) -> None:
    usual, large = Chat(ctx), Chat(ctx)
    large.say("大字")
    assert "1 今天就过不去了　2 还能撑几天" in usual.say(TOLD)
    said = large.say(TOLD)
    assert "1 今天就过不去了\n2 还能撑几天" in said
    # Both of its questions are asked.
    assert "有没有马上要花的救命钱？" in said
    # What helps is said where the answer was not understood.
    hint = large.say("嗯哼")
    assert "1" in hint
    large.say("小字")
    assert "1 今天就过不去了　2 还能撑几天" in large.say("嗯哼")


def test_texts_go_to_the_telephone_of_their_matter(ctx: Context) -> None:
    texting = Context(
        replace(ctx.settings, sms=Sms("console")), ctx.db, ctx.clock, ctx.speak
    )
    stranger, chat = Chat(texting), Chat(texting)
    assert "要发到哪个手机号" in stranger.say("开短信")
    assert wished(stranger).sms is None
    chat.say(TOLD)
    for _, answer in STEPS:
        chat.say(answer)
    chat.say("对")
    assert "170****5678" in chat.say("开短信")
    assert wished(chat) == wishes.Wished(sms=True)
    assert "短信：要" in chat.say("通知设置")
    chat.say("关短信")
    assert wished(chat).sms is False


def test_where_no_text_can_be_sent_it_is_said_so(chat: Chat) -> None:
    assert "还没有接通" in chat.say("开短信")
    assert wished(chat).sms is None
