"""Whole talks, as people have them."""

from __future__ import annotations

import pytest

from bot import drafting
from bot.messages import Heard, Kind
from bot.understand import find_danger
from models.context import Context
from tests.bot.talks import STEPS, TOLD, Chat


def test_an_old_woman_in_her_own_words(chat: Chat) -> None:
    words = "俺儿子出车祸了在医院躺着，医生说要交钱，俺一个老太婆哪来的钱啊"
    assert "您别急" in chat.say(words)
    # Only the time is told: then only the rest is asked.
    assert chat.say("就这两天的事").startswith("今天还过得去吗")
    # Where she lives is told too early: taken, and not asked again.
    assert "记下了" in chat.say("俺住大湾村")
    assert "户口也在大湾镇大湾村吗" in chat.say("还撑得住几天")
    chat.say("在呢", "就俺跟儿子还有一个孙女", "看病的钱", "刘桂英")
    chat.say("没有手机，邻居家的是17000005678")
    read_back = chat.say("没", "行")
    for line in (words, "这两天", "大湾镇大湾村", "3 口人", "看病", "刘桂英", "17000005678"):
        assert line in read_back
    chat.say("对的，谢谢你")
    [case] = chat.cases()
    assert (case.answers["what"], case.name, case.phone) == (words, "刘桂英", "17000005678")
    assert case.living_area == "450799101200"
    assert case.answers["household"] == 3
    assert "没有手机，邻居家的是17000005678" in case.answers["more"]


NUMBERS = {
    "plain": ("1", ["2", "2", "2", "1", "1", "4", "1"], ["王秀英", "17000005678", "1", "1"]),
    "pressing": ("1", ["1", "1", "2", "1", "1", "4", "1"], ["王秀英", "17000005678", "1", "1"]),
    "other": ("2", ["5", "3", "1", "2", "1", "1"], ["老李头", "17000005678", "1", "1"]),
    "other, pressing": ("2", ["5", "1", "1", "2", "1", "1", "1"], ["老李头", "1", "1"]),
}


@pytest.mark.parametrize("way", NUMBERS)
def test_by_numbers_alone_it_is_ten_questions_at_most(chat: Chat, way: str) -> None:
    entry, picks, rest = NUMBERS[way]
    chat.say("菜单", entry)
    asked: list[str] = []
    for answer in [*picks, *rest]:
        draft = chat.state.draft
        assert draft is not None
        step = drafting.current(draft)
        if step is None:
            break
        # Narrowing a place down (township, then village) is one question.
        if not asked or asked[-1] != step.key:
            asked.append(step.key)
        if step.key == "phone" and answer == "1":
            answer = "没有"
        chat.say(answer)
    while (draft := chat.state.draft) and drafting.current(draft):
        asked.append(str(drafting.current(draft)))
        chat.say("1")
    assert len(asked) <= 10, asked
    assert "我念给您听" in chat.say("菜单")
    assert "收到了，编号" in chat.say("0")


def test_the_village_account_lists_its_village_and_then_the_county(ctx: Context) -> None:
    chat = Chat(ctx, account="village")
    asked = chat.say("我摔断了腿没钱治", "2")
    assert "1 大湾村" in asked
    assert "大湾镇" in chat.say("都不是")
    assert "户口也在松岭乡白水村吗" in chat.say("白水村")


def test_a_neighbour_who_knows_little(chat: Chat) -> None:
    assert "谢谢您替他们说" in chat.say("村东头老李家三天没冒烟了，腿不好")
    chat.say("2", "邻居", "桥头村", "不知道")
    assert "镇上打哪个电话" in chat.say("不知道")
    assert "他们知道吗" in chat.say("没有")
    assert "去找这家人问清楚" in chat.say("还没说", "没有")
    read_back = chat.say("同意")
    assert "替别人说，他们是我的：邻居" in read_back
    assert "名字：不知道" in read_back
    chat.say("对")
    [case] = chat.cases()
    assert case.on_behalf
    assert case.name == ""


def test_a_returning_resident_confirms_what_is_known(chat: Chat) -> None:
    chat.apply()
    known = chat.say("我要求助")
    assert "170****5678" in known
    assert "17000005678" not in known
    chat.say("1")
    asked = chat.say("孩子学费交不上了，上周的事", "还能撑", "3", "没有")
    assert "也同意吗" in asked
    read_back = chat.say("1")
    for line in ("王秀英", "大湾镇大湾村", "户口也在这里", "4 口人"):
        assert line in read_back


def test_what_is_known_is_not_asked_where_the_first_words_tell_it_anew(chat: Chat) -> None:
    chat.apply()
    chat.tap("APPLY")
    assert "住松岭乡白水村" in chat.say("我搬了，我住白水村，房子塌了")
    chat.say("1")
    assert chat.answers["living"] == "450799201201"
    assert "记下了" not in chat.say("这几天的事，还能撑几天")


def test_trouble_told_at_the_question_about_what_is_known_is_what_happened(chat: Chat) -> None:
    chat.apply()
    chat.say("我要求助")
    assert "这次还是这样吗" in chat.say("我家又断粮了")
    assert chat.answers["what"] == "我家又断粮了"


def test_telephone_count_and_village_of_the_first_message_are_not_asked_again(chat: Chat) -> None:
    chat.say("我住小湾村，一家五口，老人瘫了三年，电话17000005678")
    # The 户籍 is still asked; the living place, the count and the telephone are not.
    assert "户口也在大湾镇小湾村" in chat.say("还能撑")
    assert "最要紧" in chat.say("在")
    assert "怎么称呼您" in chat.say("1")
    assert "照片" in chat.say("王秀英")


@pytest.mark.parametrize(
    ("told", "count"),
    [("一家五口", 5), ("家里总共4个人", 4), ("我一个人照顾老伴", None), ("借了一口锅", None)],
)
def test_a_count_is_taken_only_where_the_household_is_counted(
    chat: Chat, told: str, count: int | None
) -> None:
    chat.say(f"我男人瘫了三年，{told}")
    assert chat.answers.get("household") == count


def test_a_village_that_is_only_named_is_asked_about_with_one_tap(chat: Chat) -> None:
    chat.say("上个月我男人在桥头村干活摔断了腿，家里没钱了")
    assert "是住在大湾镇桥头村吗" in chat.say("还能撑")
    assert "1 河东街道" in chat.say("不是")
    chat.say("小湾村")
    assert chat.answers["living"] == "450799101201"


def test_a_talk_goes_on_days_later_and_a_draft_is_never_silently_replaced(chat: Chat) -> None:
    chat.at("living")
    before = chat.answers
    assert "回“1”接着填" in chat.say("人工")
    chat.wait(days=3)
    # Other hardship in the meantime: asked, not replaced.
    assert "同一件事吗" in chat.say("我家房子也塌了，没地方住")
    assert "加进去了" in chat.say("1")
    assert chat.answers == before
    chat.say("大湾村", *(answer for key, answer in STEPS[2:]), "对")
    [case] = chat.cases()
    assert case.answers["what"] == TOLD
    assert "我家房子也塌了，没地方住" in case.answers["more"]


@pytest.mark.parametrize("begin", ["替别人说", "我家房子也塌了，没地方住", "隔壁老李家断粮了"])
@pytest.mark.parametrize("stop", ["人工", "稍后"])
def test_a_half_done_draft_is_given_up_only_by_saying_so(
    chat: Chat, begin: str, stop: str
) -> None:
    chat.at("living")
    before = chat.answers
    chat.say(stop)
    assert "填了一半" in chat.say(begin)
    # Neither of the two: what was said stays with the draft.
    chat.say("今天星期几")
    assert chat.answers == before
    chat.say("人工", begin, "2")
    assert chat.answers.get("what", "") != TOLD


def test_answers_go_on_with_a_draft_that_was_put_aside(chat: Chat) -> None:
    chat.at("living").say("人工")
    assert "户口也在" in chat.say("大湾村")


def test_cancelling_asks_first_and_a_telling_is_no_answer_to_it(chat: Chat) -> None:
    chat.at("household")
    before = chat.answers
    assert "都不要了吗" in chat.say("取消")
    assert "接着填" in chat.say("留着")
    assert chat.answers == before
    chat.say("取消", "我老伴也有高血压，天天吃药")
    assert chat.answers == before
    assert chat.state.draft is not None
    assert "我老伴也有高血压，天天吃药" in chat.state.draft.said
    assert "都清掉了" in chat.say("取消", "1")
    assert chat.state.draft is None


def test_more_of_a_matter_that_is_with_the_township_is_added_to_it(chat: Chat) -> None:
    receipt = chat.apply()
    assert receipt in chat.say("我老伴也病了，天天要吃药")
    assert "加进去了" in chat.say("1")
    assert chat.cases()[0].answers["more"] == ["我老伴也病了，天天要吃药"]
    chat.say("家里房子又塌了，没地方住", "2")
    assert chat.answers["what"] == "家里房子又塌了，没地方住"


def test_words_between_two_choices_are_never_lost(chat: Chat) -> None:
    chat.apply()
    chat.say("我老伴也病了，天天要吃药")
    reply = chat.say("进度")
    assert "加进去了" in reply
    assert "已提交" in reply
    assert chat.cases()[0].answers["more"] == ["我老伴也病了，天天要吃药"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("谢谢", "不客气"), ("好的", "有事随时说"), ("继续", "现在没有在填的"), ("取消", "撤回")],
)
def test_politeness_outside_a_flow_is_not_misunderstood(
    chat: Chat, said: str, expected: str
) -> None:
    assert expected in chat.say(said)


def test_a_menu_does_not_swallow_words(chat: Chat) -> None:
    chat.say("菜单")
    assert "您别急" in chat.say("我家揭不开锅了，孩子还小")
    chat.photo()
    chat.tap("UNKNOWN")
    # The flow's question was said after the menu: a number answers that.
    chat.say("继续")
    chat.say("3")
    assert chat.answers["since"] == "有一阵子了"


def test_what_was_not_understood_goes_with_the_menu_choice(chat: Chat) -> None:
    chat.say("今晚打牌三缺一啊", "1", "没钱买米了", *(answer for _, answer in STEPS))
    [*_, said] = [chat.state.draft.said if chat.state.draft else []]
    assert "今晚打牌三缺一啊" in [*said, chat.answers.get("what")]


def test_no_trouble_of_these_tests_is_taken_for_danger() -> None:
    assert find_danger(TOLD) is None


def test_a_number_answers_what_was_asked_last(chat: Chat) -> None:
    chat.at("urgent")
    # Following again shows the menu; the photo's reply asks the flow's question anew.
    chat.hear(Heard(Kind.SUBSCRIBE))
    assert "过得去" in chat.photo()
    chat.say("1")
    assert chat.answers["urgent"] is True
