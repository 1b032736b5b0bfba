"""What is made of free text: measured over labelled sentences, and case by case."""

import timeit
from collections import Counter
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import Intent, find_danger, understand
from models.receipts import ReceiptKind
from scripts.corpus import FOLDER, Labelled, read

SEEN = FOLDER / "seen.txt"
SENTENCES = read(SEEN)
CALM = [s for s in SENTENCES if s.urgent == "-"]
URGENT = [s for s in SENTENCES if s.urgent != "-"]


def test_there_are_sentences_enough_of_every_intent() -> None:
    by_intent = Counter(s.intent for s in SENTENCES)
    assert len(SENTENCES) >= 600
    assert len(URGENT) >= 100
    assert min(by_intent[intent] for intent in Intent) >= 20
    assert len({s.text for s in SENTENCES}) == len(SENTENCES)


def test_intents_are_right() -> None:
    wrong = [s.text for s in SENTENCES if understand(s.text).intent != s.intent]
    assert len(wrong) <= 0.05 * len(SENTENCES), wrong


@pytest.mark.parametrize("intent", Intent)
def test_no_intent_is_neglected(intent: Intent) -> None:
    labelled = [s for s in SENTENCES if s.intent is intent]
    wrong = [s.text for s in labelled if understand(s.text).intent != intent]
    assert len(wrong) <= 0.15 * len(labelled), wrong


def test_what_is_sure_is_right() -> None:
    sure = [s for s in SENTENCES if understand(s.text).confident]
    assert len(sure) >= 0.8 * len(SENTENCES)
    wrong = [s.text for s in sure if understand(s.text).intent != s.intent]
    assert len(wrong) <= 0.02 * len(sure), wrong


def test_a_right_scheme_is_among_the_first_two() -> None:
    labelled = [s for s in SENTENCES if s.schemes]
    wrong = [s.text for s in labelled if not s.schemes & set(understand(s.text).schemes[:2])]
    assert len(wrong) <= 0.05 * len(labelled), wrong


@pytest.mark.parametrize("sentence", URGENT, ids=lambda s: s.text[:12])
def test_every_urgent_one_is_found(sentence: Labelled) -> None:
    meant = understand(sentence.text)
    assert meant.urgent
    assert meant.tells
    if sentence.dangers:
        assert meant.danger in sentence.dangers
        assert find_danger(sentence.text) == meant.danger


def test_urgent_is_not_cried_too_often() -> None:
    false = [s.text for s in CALM if understand(s.text).urgent]
    assert len(false) <= 0.05 * len(CALM), false


@pytest.mark.parametrize(
    "text",
    [
        "不想活动",
        "想死你们了",
        "饿死了 中午吃啥",
        "热死了",
        "农药补贴有没有",
        "买农药花了三百",
        "打我电话13800005678",
        "给我打电话",
        "我去外地打工",
        "应急救助是什么",
        "疾病应急救助怎么申请",
        "紧急救助政策",
        "孩子上学没钱",
        "爸爸去年病死了",
        "低保咋办",
        "房子漏雨",
        "去年起火烧了房子",
        "儿女都出去打工了",
        "家里的牛死了",
        "跳过",
        "2",
        "",
    ],
)
def test_no_alarm_where_there_is_none(text: str) -> None:
    assert find_danger(text) is None


def test_danger_is_heard_in_a_denial_and_beside_anything_else() -> None:
    assert understand("我不是来申请的 我不想活了").danger == "suicide"
    assert understand("查进度 2611-483705-72 再不批我就跳楼").danger == "suicide"
    assert understand("好的好的 " * 700 + "我不想活了").danger == "suicide"
    assert understand("我不想活了" + " 好的" * 5000).danger == "suicide"


def test_the_house_example() -> None:
    meant = understand("我家男人上个月摔断了腿，家里揭不开锅了")
    assert meant.intent is Intent.APPLY
    assert meant.confident
    assert meant.since == "上个月"
    assert meant.whom == "self"
    assert set(meant.schemes[:2]) == {"temporary", "medical"}
    assert meant.tells
    assert meant.guesses == ()
    assert meant.reasons


def test_what_can_be_taken_from_a_telling() -> None:
    meant = understand("我家五口人，男人瘫了三年，电话138 0000 5678，编号2611-483705-72")
    assert meant.count == 5
    assert meant.since == "三年"
    assert meant.phone == "13800005678"
    assert meant.receipt.canonical == "2611-483705-72"
    assert meant.whom == "self"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("一家五口就靠我", 5),
        ("家里有3个人", 3),
        ("我们家４口人", 4),
        ("两口子都病了", None),
        ("一口气", None),
        ("我有两个娃", None),
        ("井里三口水", None),
    ],
)
def test_a_count_only_where_it_is_said(text: str, count: int | None) -> None:
    assert understand(text).count == count


def test_receipts_ask_for_progress() -> None:
    assert understand("2611-483705-72").intent is Intent.TRACK
    mistyped = understand("2611-483705-71")
    assert mistyped.intent is Intent.TRACK
    assert mistyped.receipt.kind is ReceiptKind.MISTYPED
    assert understand("撤回 2611-483705-72").intent is Intent.WITHDRAW


def test_a_bare_wish_tells_nothing_yet() -> None:
    for text in ("我要求助", "我要办低保", "我要申请救助"):
        meant = understand(text)
        assert meant.intent is Intent.APPLY
        assert not meant.tells
    assert understand("俺娘瘫了没人管咋办").tells


def test_denied_is_not_wanted() -> None:
    assert understand("我不是来申请的，我想问问政策").intent is Intent.POLICY
    assert understand("不是要投诉，想问低保多少钱").intent is Intent.POLICY


def test_one_word_alone_is_guessed_not_known() -> None:
    meant = understand("低保")
    assert not meant.confident
    assert meant.schemes == ("dibao",)
    assert set(meant.guesses) == {Intent.POLICY, Intent.APPLY}
    assert meant.guesses[0] is meant.intent


def test_a_telling_not_understood_is_guessed_to_be_trouble() -> None:
    meant = understand("我家那口子最近总唉声叹气的")
    assert Intent.APPLY in (meant.intent, *meant.guesses)


@pytest.mark.parametrize(
    "text",
    ["抵保怎么办", "底保怎么办", "低保戶怎麼辦", "低　保怎么办", "低\u200b保咋办", "低寶咋辦"],
)
def test_spellings_of_one_question(text: str) -> None:
    assert understand(text).intent is Intent.POLICY


@pytest.mark.parametrize(
    "text", ["", " ", "😀😀😀", "asdf", "。。。", "\x00", "\ud800", "http://a.cn"]
)
def test_nothing_to_understand(text: str) -> None:
    meant = understand(text)
    assert meant.intent is Intent.OTHER
    assert not meant.confident
    assert meant.guesses == ()
    assert meant.text == text


@given(
    st.text(max_size=300)
    | st.text("我不想活了低保没钱怎么公示邻居孩子打一个人在家 ,。", max_size=80)
)
def test_nothing_raises(text: str) -> None:
    meant = understand(text)
    assert meant.urgent or meant.danger is None
    assert meant.guesses == () or meant.guesses[0] is meant.intent or meant.intent is Intent.OTHER
    assert not (meant.confident and meant.guesses)
    assert len(set(meant.schemes)) == len(meant.schemes)


def test_under_a_millisecond_a_message() -> None:
    texts = [s.text for s in SENTENCES]
    best = min(
        timeit.repeat(
            lambda: [understand(t) for t in texts], timer=process_time, number=1, repeat=3
        )
    )
    assert best / len(texts) < 0.001


def test_a_novel_takes_no_time() -> None:
    novel = "我家在大湾村，那年发大水，房子塌了，孩子还小。" * 1000
    assert (
        min(timeit.repeat(lambda: understand(novel), timer=process_time, number=1, repeat=3)) < 0.1
    )
