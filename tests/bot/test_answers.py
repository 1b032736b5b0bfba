"""Answers as people write and say them, and what is made of them."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import answers
from bot.answers import Option

VILLAGES = (
    Option("big", "大湾村"),
    Option("small", "小湾村", ("小湾",)),
    Option("bridge", "桥头村"),
    Option("none", "都不是"),
)
NAMES = {
    "1": "大湾村",
    "2": "小湾村",
    "3": "城关镇",
    "4": "大湾镇",
    "5": "桥头社区居委会",
    "6": "湾村",
    "7": "新民村民委员会",
}
HORRORS = [
    *("", " " * 20_000, "\x00\x01\x1b", "\ud800", "😀" * 5000, "ﷺ" * 5000, "<script>" * 600),
    *(c * 5000 for c in "的一1我和俩从村不老好A(王"),
    *(c * 2500 for c in ("1-", "1,", "1.", "一二", "家里", "大湾", "邻居", "亲戚", "a ", "王 ")),
]
READERS: dict[str, Callable[[str], object]] = {
    "tidy": answers.tidy,
    "number": lambda text: answers.read_number(text, 0, 99),
    "option": lambda text: answers.read_option(text, VILLAGES),
    "options": lambda text: answers.read_options(text, VILLAGES),
    "yes_no": answers.read_yes_no,
    "phone": answers.read_phone,
    "name": answers.read_name,
    "since": answers.find_since,
    "whom": answers.find_whom,
    "places": lambda text: answers.find_places(text, NAMES),
    "command": answers.read_command,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("text", HORRORS, ids=lambda text: ascii(text[:6]))
def test_no_text_breaks_a_reader_or_holds_it_up(reader: Callable[[str], object], text: str) -> None:
    start = time.process_time()
    reader(text)
    assert time.process_time() - start < 0.5


@given(st.text(max_size=300) | st.text("我一两四十口人0123456789-.,，的不是对村湾仨 ", max_size=60))
def test_no_text_at_all_breaks_a_reader(text: str) -> None:
    for reader in READERS.values():
        reader(text)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  ４口　人\n\n谢谢 ", "4口 人 谢谢"),
        ("ＡＢＣ：１２３，好！", "ABC:123,好!"),
        ("王\u200b秀\ufeff英\x00", "王秀英"),
        ("②", "2"),
        ("2️⃣", "2"),
        ("👍🏽", "👍"),
    ],
)
def test_tidy(text: str, tidied: str) -> None:
    assert answers.tidy(text) == tidied


@given(st.text())
def test_tidy_is_done_once(text: str) -> None:
    assert answers.tidy(answers.tidy(text)) == answers.tidy(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("对", True),
        ("是", True),
        ("嗯", True),
        ("好", True),
        ("好的", True),
        ("行", True),
        ("可以", True),
        ("同意", True),
        ("没错", True),
        ("都对", True),
        ("要得", True),
        ("中", True),
        ("得", True),
        ("ok", True),
        ("OK", True),
        ("yes", True),
        ("是的", True),
        ("嗯嗯", True),
        ("对对对", True),
        ("好的谢谢", True),
        ("对的！", True),
        ("👍", True),
        ("好啊", True),
        ("是我", True),
        ("ＯＫ", True),
        ("对。", True),
        ("没有错", True),
        ("对，就是这样", True),
        ("不", False),
        ("不对", False),
        ("不是", False),
        ("没有", False),
        ("不同意", False),
        ("不行", False),
        ("否", False),
        ("no", False),
        ("不用了谢谢", False),
        ("不对，是四口人", False),
        ("不不不", False),
        ("冇", False),
        ("不要", False),
        ("不是不对", None),
        ("是不是", None),
        ("可以吗", None),
        ("对吗", None),
        ("1", None),
        ("2", None),
        ("不知道", None),
        ("随便", None),
        ("四口人", None),
        ("对，不过我家是5口", None),
        ("差不多", None),
        ("😀", None),
        ("", None),
        ("对" * 5000, None),
    ],
)
def test_read_yes_no(text: str, answer: bool | None) -> None:
    assert answers.read_yes_no(text) is answer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王秀英", "王秀英"),
        ("王秀英", "王秀英"),
        ("姓名：王秀英", "王秀英"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("欧阳明月", "欧阳明月"),
        ("王秀英 13800005678", "王秀英"),
        ("王秀英13800005678", "王秀英"),
        ("Li Ming", "Li Ming"),
        ("wang xiuying", "wang xiuying"),
        ("asdf", None),
        ("13800005678", None),
        ("上一步", None),
        ("家里没有吃的了我该怎么办呢", None),
        ("家里揭不开锅", None),
        ("老王", None),
        ("我叫老王", None),
        ("扎西", "扎西"),
        ("买买提", "买买提"),
        ("洛桑次仁旺堆", "洛桑次仁旺堆"),
        ("大湾村", None),
        ("我是王秀英", "王秀英"),
        ("王秀英，女，68岁", "王秀英"),
        ("我妈叫李桂花", "李桂花"),
        ("我的名字叫陈大富", "陈大富"),
        ("好的", None),
        ("不是", None),
        ("", None),
        ("😀😀", None),
        ("<b>x</b>", None),
        ("王", None),
        ("对", None),
        ("低保", None),
        ("王秀英吧", "王秀英"),
        ("俺叫张有财", "张有财"),
        ("王 秀 英", None),
        ("我男人叫韦大山", "韦大山"),
        ("不知道", None),
        ("人工", None),
        ("你好", None),
        ("司马相如", "司马相如"),
        ("王" * 5000, None),
        ("李想", "李想"),
        ("户主是黄卫国", "黄卫国"),
        ("覃秀兰", "覃秀兰"),
        ("本人王秀英", "王秀英"),
    ],
)
def test_read_name(text: str, name: str | None) -> None:
    assert answers.read_name(text) == name
