"""At every step: whatever is sent, the talk stays alive and no answer changes."""

from __future__ import annotations

import re

import pytest

from bot import drafting, keeping
from bot.messages import Heard, Kind
from models.context import Context
from tests.bot.talks import STEPS, TOLD, Chat

KEYS = [key for key, _ in STEPS] + ["readback"]
ODD = {
    "emoji": "😀😀😀",
    "blank": "   ",
    "empty": "",
    "invisible": "\u200b\u2060",
    "control": "\x07\x1b",
    "letters": "asdf",
    "sql": "'; DROP TABLE cases;--",
    "html": "<script>alert(1)</script>",
    "link": '<a href="http://evil">点这里</a>',
    "cdata": "]]>",
    "braces": "{name} {0} %s",
    "novel": "难" * 5000,
    "insult": "你们这些王八蛋，什么东西",
    "thanks": "谢谢",
    "identity": "450799199001011234",
    "hardship": "我老伴也病了，天天要吃药",
}
# What is an answer to a question, and not an odd input there.
ANSWERS_THERE = {
    ("needs", "letters"), ("needs", "sql"), ("needs", "html"), ("needs", "link"),
    ("needs", "braces"), ("needs", "novel"), ("needs", "insult"), ("needs", "thanks"),
    ("needs", "hardship"), ("urgent", "hardship"), ("papers", "thanks"),
}


@pytest.mark.parametrize("step", KEYS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_message_keeps_the_talk_and_the_answers(chat: Chat, step: str, odd: str) -> None:
    chat.at(step)
    before = chat.answers
    reply = chat.say(ODD[odd])
    assert reply
    assert len(reply.encode()) < 1900
    if (step, odd) not in ANSWERS_THERE:
        assert chat.answers == before
    # Where words were said, they are with the draft.
    draft = chat.state.draft
    assert draft is not None
    if odd in ("sql", "html", "link", "novel", "insult", "hardship"):
        kept = [*keeping.more_said(draft), *map(str, draft.answers.values())]
        assert any(ODD[odd][:200] in words for words in kept)
    assert "http://evil" not in re.sub(r"＜a.*", "", reply)
    # And the talk goes on to its end.
    _finish(chat)


def _finish(chat: Chat) -> None:
    """Answer what is still open, and hand in."""
    left = dict(STEPS)
    for _ in range(14):
        draft = chat.state.draft
        assert draft is not None
        step = drafting.current(draft)
        if step is None:
            break
        chat.say(left[step.key])
    assert "收到了，编号" in chat.say("对")


@pytest.mark.parametrize("step", KEYS)
def test_what_is_no_text_keeps_the_talk_and_the_answers(chat: Chat, step: str) -> None:
    chat.at(step)
    before = chat.answers
    assert "第 1 张" in chat.photo()
    assert "录音收下了" in chat.voice()
    assert "视频和链接我看不了" in chat.hear(Heard(Kind.VIDEO, media_id="m"))
    assert "视频和链接我看不了" in chat.hear(Heard(Kind.LINK, "标题"))
    assert chat.locate(39.9, 116.4)
    assert chat.hear(Heard(Kind.UNKNOWN)) == ""
    assert chat.hear(Heard(Kind.UNSUBSCRIBE)) == ""
    assert "继续" in chat.hear(Heard(Kind.SUBSCRIBE))
    assert chat.answers == before
    draft = chat.state.draft
    assert draft is not None
    assert [paper.kind for paper in chat.papers(draft.bundle)] == ["image", "voice"]
    _finish(chat)


@pytest.mark.parametrize("step", KEYS)
@pytest.mark.parametrize(
    ("there", "back"),
    [("稍后", "继续"), ("稍后", "1"), ("人工", "继续"), ("取消", "留着"), ("进度", "继续"),
     ("2611-483705-73", "继续"), ("菜单", "继续"), ("绑定", "继续"), ("撤回", "继续")],
)
def test_every_command_leads_back_to_the_same_question(
    chat: Chat, step: str, there: str, back: str
) -> None:
    chat.at(step)
    before = chat.answers
    chat.say(there)
    chat.wait(days=3)
    reply = chat.say(back)
    assert chat.answers == before
    draft = chat.state.draft
    assert draft is not None
    open_step = drafting.current(draft)
    assert (open_step.key if open_step else "readback") == step
    assert reply


@pytest.mark.parametrize("step", KEYS)
def test_the_third_time_a_human_is_offered(chat: Chat, step: str) -> None:
    chat.at(step)
    said = [chat.say("😀") for _ in range(3)]
    assert "0777-000" not in said[0]
    if step not in ("papers", "readback"):
        assert said[0] != STEPS
    assert "0777-000" in said[2] or "没看懂" in said[2]
    assert "0777-000" in chat.say("人工")


@pytest.mark.parametrize("step", KEYS[1:])
def test_back_undoes_as_many_steps_as_wanted(ctx: Context, step: str) -> None:
    earlier = []
    chat = Chat(ctx)
    chat.say(TOLD)
    for key, answer in STEPS:
        if key == step:
            break
        earlier.append(chat.answers)
        chat.say(answer)
    while earlier:
        assert "回到上一问" in chat.say("上一步")
        assert chat.answers == earlier.pop()
    assert "已经是第一问" in chat.say("上一步")


def test_at_the_first_question_nothing_is_a_dead_end(chat: Chat) -> None:
    asked = chat.say("我要求助")
    assert "5 老人没人照料" in asked
    for said in ("跳过", "不知道", "没有", "对", "😀"):
        assert "1 有人病了、伤了" in chat.say(said)
        assert "what" not in chat.answers
    chat.say("第二个")
    assert chat.answers["what"] == "没吃的、没收入"


@pytest.mark.parametrize(("said", "expected"), [
    ("我要查进度", "还没有交过事项"), ("我想找人说话", "0777-000"), ("撤回", "没有正在办的事"),
])
def test_another_wish_at_the_first_question_is_not_taken_for_trouble(
    chat: Chat, said: str, expected: str
) -> None:
    chat.say("我要求助")
    assert expected in chat.say(said)
    assert "what" not in chat.answers


def test_the_same_message_forty_times(chat: Chat) -> None:
    replies = [chat.say(TOLD) for _ in range(40)]
    assert all(replies)
    assert max(len(reply) for reply in replies) < 220
    assert chat.answers["what"] == TOLD
    draft = chat.state.draft
    assert draft is not None
    assert keeping.more_said(draft) == []
    assert len(chat.kept) < 3000


@pytest.mark.parametrize("key", ["name", "phone", "household", "living"])
def test_the_same_question_is_not_asked_for_ever(chat: Chat, key: str) -> None:
    """Words that are insisted on are taken as they are, where that can be."""
    chat.at(key)
    insisted = {
        "name": "阿婆桂", "phone": "没有", "household": "老老小小都在", "living": "老粮站后面",
    }
    for _ in range(3):
        if key in chat.answers:
            break
        chat.say(insisted[key])
    assert key in chat.answers


@pytest.mark.parametrize(
    ("said", "hint"),
    [("1700000567", "少了几位"), ("170000056789", "多了几位"), ("21700005678", "打不通"),
     ("号码是 12345", "少了几位")],
)
def test_a_wrong_telephone_is_told_what_is_wrong(chat: Chat, said: str, hint: str) -> None:
    chat.at("phone")
    assert hint in chat.say(said)
    assert "phone" not in chat.answers


@pytest.mark.parametrize(
    ("said", "urgent"),
    [("还能撑几天", False), ("过不去", True), ("不行了", True), ("还行，就是医院等着钱", True),
     ("不急", False), ("不是很急", False), ("没米下锅了", True), ("家里还有米", False),
     ("１", True), ("二", False), ("有", True), ("没有", False), ("嗯", None), ("对", None)],
)
def test_how_pressing_it_is_is_never_read_the_wrong_way(
    chat: Chat, said: str, urgent: bool | None
) -> None:
    chat.at("urgent").say(said)
    assert chat.answers.get("urgent") is urgent


@pytest.mark.parametrize(("said", "consent"), [
    ("1", "both"), ("同意", "both"), ("2", "process"), ("先不核对", "process"), ("3", None),
    ("不同意", None), ("我不同意", None), ("随便", None),
])
def test_consent_is_what_was_said(chat: Chat, said: str, consent: str | None) -> None:
    chat.at("consent")
    reply = chat.say(said)
    assert chat.answers.get("consent") == consent
    assert chat.cases() == []
    if said in ("3", "不同意", "我不同意"):
        assert "那我先不交" in reply
        assert "人工" in reply
        chat.say("1", "对")
        assert chat.cases()[0].consent_version.endswith(":both")
