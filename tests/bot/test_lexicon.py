"""The lexicon's file: how patterns are read, and that the one that ships is sound."""

import tomllib
from importlib.resources import files

import pytest

from bot.lexicon import Lexicon, Patterns, default_lexicon, read_lexicon, weigh
from bot.understand import Intent, understand

SMALL = """
[fold]
characters = "貧贫"
[fold.words]
"抵保" = "低保"
[denied]
patterns = "不是…"
[question]
"1" = "吗$"
[request]
"3" = "想办"
[hardship]
"3" = "{hardship}"
[intents.apply]
[intents.report_other]
[intents.policy]
[schemes.dibao]
names = "低保"
signs = "贫"
[danger.suicide]
not = "不想活动"
patterns = "不想活"
[danger.violence]
[danger.child]
[danger.life]
[urgent]
"""

SCHEMES = {
    *("dibao", "tekun", "disaster", "medical", "education", "housing", "employment", "temporary"),
    *("charity", "judicial", "disability", "child", "elderly", "vagrant", "emergency_medical"),
}


def small(hardship: str = "没…吃") -> Lexicon:
    return read_lexicon(SMALL.replace("{hardship}", hardship))


def hits(pattern: str, text: str) -> bool:
    return bool(small(pattern).hardship.found(text))


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        ("没钱", "家里没钱了", True),
        ("没钱", "没有钱", False),
        ("没…吃", "没东西吃", True),
        ("没…吃", "没钱,我要吃", False),
        ("没…吃", "没一二三四五六七八九十一吃", False),
        ("没……吃", "没钱,我要吃", True),
        ("(爸/妈)病", "我妈病了", True),
        ("(爸/妈)病", "我病了", False),
        ("没(有/)钱", "没钱", True),
        ("没(有/)钱", "没有钱", True),
        ("^救", "救命", True),
        ("^救", "快救命", False),
        ("吗$", "好吗", True),
        ("吗$", "吗的", False),
        ("(好/行)吗$", "行吗", True),
        ("1+1", "1+1", True),
        ("1+1", "111", False),
    ],
)
def test_how_patterns_are_written(pattern: str, text: str, hit: bool) -> None:
    assert hits(pattern, text) is hit


@pytest.mark.parametrize("pattern", ["(爸/(妈/娘))病", "爸/妈", "(爸", "…", "(爸/)", "^"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"brackets|anything"):
        small(pattern)


def test_a_lexicon_of_ones_own() -> None:
    lexicon = small()
    meant = understand("我想办抵保,很貧", lexicon)
    assert meant.intent is Intent.APPLY
    assert meant.schemes == ("dibao",)
    assert understand("不想活了", lexicon).danger == "suicide"
    assert understand("不想活动", lexicon).danger is None


def test_weights_add_up_with_less_and_less() -> None:
    assert weigh([]) == 0
    assert weigh([3]) == 3
    assert weigh([1, 3]) == 3.5
    assert weigh([3] * 100) < 6


def test_the_file_that_ships_names_every_intent_and_scheme() -> None:
    lexicon = default_lexicon()
    assert default_lexicon() is lexicon
    assert set(lexicon.intents) == set(Intent) - {Intent.OTHER}
    assert set(lexicon.dangers) == {"suicide", "violence", "child", "life"}
    assert set(lexicon.scheme_names) == SCHEMES


def test_the_file_that_ships_is_written_as_texts_are_folded() -> None:
    """A pattern that folding would change can never be found."""
    lexicon = default_lexicon()
    groups: list[Patterns] = [
        lexicon.question,
        lexicon.request,
        lexicon.hardship,
        lexicon.urgent,
        *lexicon.intents.values(),
        *lexicon.scheme_names.values(),
        *lexicon.scheme_signs.values(),
        *lexicon.dangers.values(),
    ]
    parts = {p.part for group in groups for found in group.starts.values() for p in found}
    assert len(parts) > 2000
    assert {part for part in parts if part not in lexicon.folded(f"一{part}一")} == set()


def test_no_word_is_folded_into_another_that_is_folded() -> None:
    data = tomllib.loads(files("bot").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    words = data["fold"]["words"]
    pairs = data["fold"]["characters"].split()
    simplified = {pair[1] for pair in pairs}
    assert not simplified & {pair[0] for pair in pairs}
    assert not set(words.values()) & set(words)
