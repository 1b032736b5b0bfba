"""Choosing from a list by number and in words."""

import pytest

from bot import answers
from bot.answers import Option

VILLAGES = (
    Option("big", "大湾村"),
    Option("small", "小湾村", ("小湾",)),
    Option("bridge", "桥头村"),
    Option("none", "都不是"),
)
TODAY = (Option("can", "能撑几天"), Option("cannot", "今天就过不去了", ("过不去", "没吃的")))
NEEDS = (
    Option("dibao", "低保"),
    Option("medical", "医疗救助", ("看病",)),
    Option("school", "上学"),
    Option("none", "都没有"),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2", "small"),
        ("２", "small"),
        ("二", "small"),
        ("选2", "small"),
        ("第二个", "small"),
        ("2.", "small"),
        ("②", "small"),
        ("2号", "small"),
        ("大湾", "big"),
        ("大湾村", "big"),
        ("我住大湾村三组", "big"),
        ("湾村", None),
        ("5", None),
        ("0", None),
        ("都不是", "none"),
        ("不是大湾村", None),
        ("大湾村小湾村", None),
        ("2 小湾村", "small"),
        ("2 大湾村", None),
        ("", None),
        ("最后一个", "none"),
        ("头一个", "big"),
        ("我选3", "bridge"),
        ("就1吧", "big"),
        ("2️⃣", "small"),
        ("(2)", "small"),
        ("二吧", "small"),
        ("13800005678", None),
        ("第十个", None),
        ("选二", "small"),
        ("1 2", None),
        ("12", None),
    ],
)
def test_read_option(text: str, key: str | None) -> None:
    assert answers.read_option(text, VILLAGES) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("还能撑几天", "can"),
        ("今天过不去", "cannot"),
        ("过不去了", "cannot"),
        ("家里没吃的了", "cannot"),
    ],
)
def test_read_option_said_in_other_words(text: str, key: str | None) -> None:
    assert answers.read_option(text, TODAY) == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1 3", ("dibao", "school")),
        ("1、3", ("dibao", "school")),
        ("13", ("dibao", "school")),
        ("一和三", ("dibao", "school")),
        ("低保和看病", ("dibao", "medical")),
        ("都有", ("dibao", "medical", "school")),
        ("3,1", ("dibao", "school")),
        ("4", ("none",)),
        ("都没有", ("none",)),
        ("15", None),
        ("1 5", None),
        ("", None),
        ("哈哈", None),
        ("１，２", ("dibao", "medical")),
        ("1和低保", ("dibao",)),
        ("上学，看病都要钱", ("medical", "school")),
        ("33", ("school",)),
    ],
)
def test_read_options(text: str, keys: tuple[str, ...] | None) -> None:
    assert answers.read_options(text, NEEDS) == keys
