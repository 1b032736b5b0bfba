"""看看有什么帮助 in chat: asked question by question, shown with its clauses, and begun from."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.cases import Attachment, Case
from tests.bot.talks import STEPS, TOLD, Chat


@pytest.mark.parametrize(
    "words", ["看看有什么帮助", "我能领什么？", "有啥补助", "我能领什么呀", "看看有什么帮助。"]
)
def test_these_words_begin_it(chat: Chat, words: str) -> None:
    said = chat.say(words)
    assert "家里碰上什么难处了" in said
    assert "1 有人生病" in said
    assert "跳过" in said


def test_from_the_questions_to_a_case(chat: Chat) -> None:
    chat.say("看看有什么帮助")
    assert "这几天还过得去吗" in chat.say("1 2")
    assert "有没有这样的人" in chat.say("2")
    assert "有收入吗" in chat.say("都没有")
    assert "已经领着哪一样" in chat.say("没有收入")
    assert "还有没有这样的事" in chat.say("低保")
    shown = chat.say("没有")
    assert shown.startswith("看好了，有 ")
    assert "1 帮我报到镇上\n2 医疗救助（很可能）" in shown
    assert "最低生活保障" not in shown
    assert "0777-000" in shown
    why = chat.say("2")
    assert "您家领着低保或者特困供养，有人生病。" in why
    assert "统筹做好最低生活保障与医疗、教育、住房等其它社会救助政策" in why
    assert "救助" not in why.partition("\n")[0]
    assert "带什么：" in why
    assert "多久：" in why
    assert "/policies/medical" in why
    assert "临时救助：可能。" in chat.say("临时救助")
    begun = chat.say("1")
    assert "住在哪" in begun or "哪个村" in begun
    draft = chat.state.draft
    assert draft is not None
    assert draft.answers["what"] == "有人生病，不够过日子"
    assert draft.answers["urgent"] is False
    assert draft.answers["needs"] == ["living", "medical"] or draft.answers["needs"] == [
        "medical", "living"
    ]
    assert chat.state.seeing is None
    asked = dict(STEPS)
    for key in ("living", "home", "household", "name", "phone", "papers", "consent"):
        chat.say(asked[key])
    assert "编号" in chat.say("对")
    with chat.ctx.db.read() as session:
        case = session.scalars(select(Case).where(Case.person_id == chat.person_id)).one()
        kept = case.answers["navigator"]
    assert ["家里现在已经领着哪一样？", ["低保"]] in kept["answers"]
    assert kept["shown"][0]["scheme"] == "medical"


def test_all_skipped_still_gives_someone_to_ask(chat: Chat) -> None:
    said = chat.say("我能领什么")
    for _ in range(8):
        if said.startswith("看好了"):
            break
        said = chat.say("跳过")
    assert "临时救助（问一问）" in said
    assert "最低生活保障（问一问）" in said
    assert "0777-000" in said
    # Nothing was told: so what happened is asked.
    assert "出了什么事" in chat.say("1")


def test_back_later_and_on(chat: Chat) -> None:
    chat.say("看看有什么帮助", "1")
    assert "家里碰上什么难处" in chat.say("上一步")
    assert "第一问" in chat.say("上一步")
    chat.say("1")
    assert "给您留着" in chat.say("稍后再填")
    assert "好，接着看。\n这几天还过得去吗" in chat.say("看看有什么帮助")
    said = chat.say("跳过")
    while not said.startswith("看好了"):
        said = chat.say("跳过")
    assert "医疗救助（可能）" in said
    assert "好，回到上一问" in chat.say("上一步")


def test_once_more_from_the_beginning(chat: Chat) -> None:
    said = chat.say("看看有什么帮助")
    while not said.startswith("看好了"):
        said = chat.say("跳过")
    assert "家里碰上什么难处" in chat.say("重新看一遍")
    assert chat.state.seeing is not None
    assert chat.state.seeing.answers == {}


def test_what_is_not_understood_is_asked_again(chat: Chat) -> None:
    chat.say("看看有什么帮助")
    said = chat.say("asdf")
    assert said.startswith("我没看懂。\n哪几样像您家")
    assert "1 有人生病" in said


@pytest.mark.parametrize(("words", "answered"), [
    (TOLD, "您别急，我先帮您报上去"), ("进度", "没有在办的"), ("人工", "0777-000"),
])
def test_what_is_no_answer_is_heard_as_it_is(chat: Chat, words: str, answered: str) -> None:
    chat.say("看看有什么帮助", "1")
    assert answered in chat.say(words) or words == "进度"
    assert chat.state.asking is None or chat.state.asking["kind"] != "navigate"
    # And it can be gone on with.
    assert "接着看" in chat.say("看看有什么帮助")


def test_danger_comes_before_it(chat: Chat) -> None:
    chat.say("看看有什么帮助")
    assert "12356" in chat.say("我不想活了")


def test_a_half_filled_form_is_never_replaced(chat: Chat) -> None:
    chat.say(TOLD)
    said = chat.say("看看有什么帮助")
    assert "家里碰上什么难处" in said
    while not said.startswith("看好了"):
        said = chat.say("4" if "碰上什么难处" in said else "跳过")
    assert "您上次填了一半" in chat.say("1")
    said = chat.say("1")
    draft = chat.state.draft
    assert draft is not None
    assert draft.answers["what"] == TOLD
    assert draft.answers["navigator"]["answers"] == [
        ["家里碰上什么难处了？可以选几样。", ["出了意外"]]
    ]


def test_asking_about_policy_offers_it(chat: Chat) -> None:
    assert "看看有什么帮助" in chat.say("低保什么条件")


def test_the_menu_leads_there(chat: Chat) -> None:
    assert "5 看看有什么帮助" in chat.say("菜单").replace("\n", " ")
    assert "家里碰上什么难处" in chat.say("5")
    assert "家里碰上什么难处" in chat.tap("NAVIGATE")


def test_a_first_voice_without_words_is_kept_and_goes_on(chat: Chat) -> None:
    said = chat.voice()
    assert "网页" not in said
    draft = chat.state.draft
    assert draft is not None
    assert draft.answers["what_voice"] is True
    with chat.ctx.db.read() as session:
        kept = session.scalars(
            select(Attachment).where(Attachment.person_id == chat.person_id)
        ).one()
    assert (kept.kind, kept.bundle) == ("voice", draft.bundle)


def test_a_voice_without_words_among_the_questions_is_kept_too(chat: Chat) -> None:
    chat.say("看看有什么帮助", "1")
    chat.voice()
    assert chat.state.draft is not None
    assert chat.state.draft.answers["what_voice"] is True
