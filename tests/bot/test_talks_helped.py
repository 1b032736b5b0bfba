"""Who is helped tells of changes, and has their say before it is decided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.helped import await_word
from models import changes, hearings, hearingwork
from models.context import Context
from models.speaking import locked_talk
from models.statuses import Role
from tests.bot.talks import Chat
from tests.models.helped import Ground

WHY = "查到有人在厂里上班"


@pytest.fixture
def ground(ctx: Context) -> Ground:
    clock: Any = ctx.clock
    return Ground(ctx, clock)


def ask(ground: Ground, chat: Chat, *receipts: str, waits: bool = False) -> None:
    """The desk asks; with `waits` the talk waits for the answer, as it does from the desk."""
    for receipt in receipts:
        version = ground.case(receipt).version
        ground.do(
            hearingwork.ask, ground.staff(Role.OFFICER), receipt, version, move="stop", why=WHY
        )
        if waits:
            with ground.ctx.db.begin() as session:
                await_word(session, chat.person_id, receipt)
                chat.kept = json.dumps(locked_talk(session, chat.person_id).state)


def words(ground: Ground, receipt: str) -> list[str]:
    with ground.ctx.db.read() as session:
        found = hearings.of_case(session, ground.case(receipt).id)
    return [one.words for one in found if one.words]


def told(ground: Ground, receipt: str) -> list[str]:
    with ground.ctx.db.read() as session:
        found = changes.told(session, ground.case(receipt).id)
    return [str(one.details["said"]) for one in found]


def test_a_word_is_asked_for_and_kept_as_it_was_said(ground: Ground, chat: Chat) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt)
    said = chat.say("我有话说")
    assert WHY in said
    assert "停止您家的救助" in said
    said = chat.say("那是我表哥，不是我家的人")
    assert "原样记下了" in said
    assert words(ground, receipt) == ["那是我表哥，不是我家的人"]


def test_both_in_one_message(ground: Ground, chat: Chat) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt)
    assert "原样记下了" in chat.say("我有话说，我还病着")
    assert words(ground, receipt) == ["我还病着"]


def test_of_two_matters_one_is_chosen(ground: Ground, chat: Chat) -> None:
    first, second = ground.helped(openid=chat.openid), ground.helped(openid=chat.openid)
    ask(ground, chat, first, second)
    assert "先说哪一件" in chat.say("我有话说：我还病着")
    chat.say("2")
    assert [words(ground, receipt) for receipt in (second, first)] == [[], ["我还病着"]]
    assert WHY in chat.say(f"我有话说 {second}")
    chat.say("不同意")
    assert words(ground, second) == ["不同意"]


def test_an_answer_without_the_password_is_asked_about_and_not_lost(
    ground: Ground, chat: Chat
) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt, waits=True)
    assert "是回镇上的吗" in chat.say("凭什么停我们的")
    assert "是回镇上的吗" in chat.say("我老伴还躺着呢")
    assert words(ground, receipt) == []
    assert "原样记下了" in chat.say("1")
    assert words(ground, receipt) == ["凭什么停我们的\n我老伴还躺着呢"]


def test_something_else_is_something_else(ground: Ground, chat: Chat) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt, waits=True)
    assert receipt in chat.say("进度")
    assert words(ground, receipt) == []
    ask(ground, chat, receipt, waits=True)
    chat.say("我家房子昨天被水淹了")
    chat.say("不是")
    assert words(ground, receipt) == []
    assert chat.say("上一步")


@pytest.mark.parametrize("said", ["进度", "找人工", "{receipt}"])
def test_a_command_is_no_word_though_one_is_waited_for(
    ground: Ground, chat: Chat, said: str
) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt)
    for begin, kept in (("我有话说", words), ("家里有变化", told)):
        chat.say(begin)
        assert "记下了" not in chat.say(said.format(receipt=receipt))
        assert kept(ground, receipt) == []


def test_a_long_word_is_kept_whole(ground: Ground, chat: Chat) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt)
    chat.say("我有话说")
    chat.say("我家老的老小的小" * 300)
    assert words(ground, receipt) == ["我家老的老小的小" * 300]


def test_a_word_that_names_danger_is_kept_and_answered_as_danger(
    ground: Ground, chat: Chat
) -> None:
    receipt = ground.helped(openid=chat.openid)
    ask(ground, chat, receipt)
    chat.say("我有话说")
    said = chat.say("停了我就不想活了")
    assert "12356" in said
    assert words(ground, receipt) == ["停了我就不想活了"]


def test_unasked_nobody_is_led_astray(ground: Ground, chat: Chat) -> None:
    assert "没有等您回话的事" in chat.say("我有话说")
    ground.helped(openid=chat.openid)
    assert "没有等您回话的事" in chat.say("我有话说，停了吧")


def test_a_change_at_home_is_told_and_kept(ground: Ground, chat: Chat) -> None:
    receipt = ground.helped(openid=chat.openid)
    assert "什么变化" in chat.say("家里有变化")
    assert "先照旧" in chat.say("添了个孙子")
    assert "先照旧" in chat.say("家里有变化了，儿子找到活了")
    assert told(ground, receipt) == ["儿子找到活了", "添了个孙子"]


def test_of_two_helps_one_is_chosen_and_a_command_leaves(ground: Ground, chat: Chat) -> None:
    first, second = ground.helped(openid=chat.openid), ground.helped(openid=chat.openid)
    assert "哪一项" in chat.say("家里有变化，添了个孙子")
    chat.say("2")
    assert told(ground, first) == ["添了个孙子"]
    chat.say("家里有变化")
    chat.say("人工")
    assert told(ground, second) == []


def test_who_is_not_helped_asks_for_help_with_the_same_words(chat: Chat) -> None:
    assert "先照旧" not in chat.say("家里有变化，男人摔断了腿，揭不开锅了")
    assert chat.state.half is not None or chat.state.asking is not None
