"""Speaking for others with and without authority, harm, and the household's own word, in chat."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select, update

from models import alarms, casework, informing, informwork, steps
from models.cases import Attachment, Case
from models.context import Context
from models.onbehalf import lacks_letter
from models.people import Identity, Staff, view_of
from models.statuses import Role
from tests.bot.talks import Chat
from tests.bot.test_talks_discover import STEPS, assistant

SAID = "她家米缸空了，我是隔壁老李，灶台是冷的"
NAME = "王秀英"
# Whoever acts by a letter is asked for it, and may have none with them.
NO_LETTER: dict[bool, tuple[str, ...]] = {True: ("1",), False: ()}
numbers = itertools.count()


def at_authority(chat: Chat) -> str:
    """An assistant's report, up to by what right."""
    return assistant(chat).say("报一户", *(answer for _, answer in STEPS[:4]), "知道，同意")


@pytest.mark.parametrize(("said", "authority"), [
    ("1", "post"), ("2", "letter"), ("有委托书", "letter"), ("没有委托书", "report"),
    ("不代办", "report"), ("跳过", "report"),
])
def test_by_what_right_is_asked_where_they_agreed(chat: Chat, said: str, authority: str) -> None:
    assert "以什么身份" in at_authority(chat)
    chat.say(said)
    assert chat.answers["authority"] == authority
    chat.say(*NO_LETTER[authority == "letter"], "没有", "完成", "对")
    assert chat.cases()[0].answers["authority"] == authority


def test_the_letter_is_asked_for_and_kept_as_what_it_is(chat: Chat) -> None:
    """A photo that is sent for it proves it; the one that is sent for the papers does not."""
    at_authority(chat)
    assert "请把委托书拍一张" in chat.say("2")
    assert "照片收到了" in chat.photo()
    assert "哪个电话" in chat.say("1")
    chat.say("没有")
    chat.photo()
    chat.say("1", "对")
    [case] = chat.cases()
    with chat.ctx.db.read() as db:
        papers = db.scalars(
            select(Attachment).where(Attachment.bundle == case.bundle).order_by(Attachment.id)
        ).all()
    assert [paper.proof for paper in papers] == ["letter", ""]
    assert not lacks_letter(case, papers)
    assert lacks_letter(case, papers[1:])


def test_without_their_agreement_nobody_asks(chat: Chat) -> None:
    """A report needs no authority (社会救助法 art. 39)."""
    assistant(chat).say("报一户", *(answer for _, answer in STEPS[:4]))
    assert "哪个电话" in chat.say("还没跟她说")
    at = Chat(chat.ctx)
    at_authority(at)
    # Taken back, its answer falls away too.
    at.say("2", "1", "没有", "完成")
    readback = at.say("看看")
    line = next(row for row in readback.splitlines() if "同意报" in row)
    at.say(line.split()[0], "还没跟他说")
    assert "authority" not in at.answers


@pytest.mark.parametrize(("said", "authority", "aware"), [
    ("还没说", "report", "unaware"), ("2", "asked", "agrees"), ("3", "letter", "agrees"),
])
def test_a_neighbour_is_asked_once(chat: Chat, said: str, authority: str, aware: str) -> None:
    chat.say("替别人说", "她家米缸空了", "2", "邻居", "桥头村", "不知道", "黄阿婆")
    assert "他们知道吗" in chat.say("没有")
    chat.say(said, *NO_LETTER[authority == "letter"], "没有", "同意", "对")
    [case] = chat.cases()
    assert (case.answers["authority"], case.answers["aware"]) == (authority, aware)


def test_a_son_is_not_asked_by_what_right(chat: Chat) -> None:
    chat.say("替别人说", "她家米缸空了", "2", "父母", "桥头村", "不知道", "黄阿婆", "没有")
    assert "authority" not in chat.answers
    assert "照片" in chat.say("看看")


@pytest.mark.parametrize(("number", "harm"), [("6", "child"), ("7", "adult")])
def test_harm_is_a_choice(chat: Chat, number: str, harm: str) -> None:
    """The number to call now comes first; the report is told to those whom the law names."""
    said = assistant(chat).say("报一户", "黄阿婆", "跳过")
    assert f"{number} " in said
    said = chat.say(number)
    assert said.startswith("现在有危险，马上打 110")
    chat.say("3", "还没跟她说", "没有", "完成")
    said = chat.say("对")
    assert "不会说是您讲的" in said
    [case] = chat.cases()
    assert (case.urgent, case.answers["harm"]) == (True, harm)
    with chat.ctx.db.read() as session:
        assert {row.kind for row in alarms.of_case(session, case.id)} == {harm}


def test_of_ones_own_house_harm_is_no_choice(chat: Chat) -> None:
    said = chat.say("我要求助")
    assert "挨打" not in said


def test_harm_in_the_words_is_recognised(chat: Chat) -> None:
    """Also where another danger was told first."""
    chat.say("隔壁老人昏倒了叫不醒")
    [case] = chat.cases()
    with chat.ctx.db.read() as session:
        assert not alarms.is_raised(session, case.id)
    chat.say("他儿子天天打孩子，往死里打")
    with chat.ctx.db.read() as session:
        assert all(row.recognised for row in alarms.of_case(session, case.id))
        assert alarms.is_raised(session, case.id)


# --- the household


@pytest.fixture
def told(chat: Chat) -> tuple[Chat, Case]:
    """A chat whose own accepted application goes by name and number; somebody spoke for it."""
    receipt = chat.apply()
    ctx, phone = chat.ctx, f"1700001{next(numbers):04}"
    with ctx.db.begin() as session:
        own = session.query(Case).filter_by(receipt=receipt).one()
        own.phone, own.phone_key = phone, ctx.keys.lookup("phone", phone)
        session.execute(update(Identity).values(followed=True))
        member = session.query(Staff).filter_by(role=Role.OFFICER).first()
        assert member is not None
        view = view_of(member)
        for move in ("register", "accept"):
            version = session.query(Case.version).filter_by(receipt=receipt).scalar()
            step = steps.Step(
                move, version, unit="民政办", officer_id=member.id, scheme="temporary"
            )
            casework.make_move(ctx, session, view, receipt, step)
    neighbour = Chat(ctx)
    neighbour.say("替别人说", SAID, "2", "邻居", "桥头村", "不知道", NAME, phone, "还没说",
                  "没有", "同意", "对")
    [case] = neighbour.cases()
    informwork.sweep(ctx)
    return chat, case


def stand(ctx: Context, case: Case) -> str:
    with ctx.db.read() as session:
        found = informing.of_case(session, case.id)
        assert found is not None
        return found.state


def test_the_household_reads_what_was_written_and_never_who(told: tuple[Chat, Case]) -> None:
    chat, case = told
    said = chat.say("替我说的")
    for words in ("她家米缸空了", "灶台是冷的", "1 知道了，帮我办", "3 不是我同意的"):
        assert words in said, said
    for words in ("老李", "隔壁", "邻居", case.phone[-4:]):
        assert words not in said, said
    assert "接着办" in chat.say("1")
    assert stand(chat.ctx, case) == "said"


def test_one_word_and_a_yes_stop_it(told: tuple[Chat, Case]) -> None:
    chat, case = told
    assert "真的不要办吗" in chat.say("不是我同意的")
    assert "慢慢想" in chat.say("2")
    assert stand(chat.ctx, case) == "pushed"
    assert "停下来了" in chat.say("不是我同意的", "1")
    assert stand(chat.ctx, case) == "declined"


def test_another_word_is_no_answer(told: tuple[Chat, Case]) -> None:
    chat, case = told
    chat.say("替我说的")
    assert "进度" not in chat.answers
    assert "编号" in chat.say("进度")
    assert stand(chat.ctx, case) == "pushed"


def test_nobody_spoke_for_others(told: tuple[Chat, Case]) -> None:
    assert "没有别人替您家说" in Chat(told[0].ctx).say("不是我同意的")
