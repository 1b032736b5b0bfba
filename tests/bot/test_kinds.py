"""Words by their kind."""

import pytest

from bot.kinds import default_kinds, read_kinds
from bot.lexicon import default_lexicon


def test_the_longest_word_is_taken() -> None:
    kinds = read_kinds("# a remark\nＰ parent: 妈 妈妈\nＩ illness: 病\n 病根\n")
    assert kinds.written("我妈妈的病根") == "我Ｐ的Ｉ"
    assert kinds.written("") == ""


@pytest.mark.parametrize(
    "text", ["Ｐ parent 妈\n", "Ｐ: 妈\n", "ＰＰ parent: 妈\n", "Ｐ parent: 妈\nＩ illness: 妈\n"]
)
def test_what_is_no_list_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(ValueError, match="kinds, line"):
        read_kinds(text)


def test_every_word_is_written_as_a_message_is_when_it_is_looked_for() -> None:
    folded = default_lexicon().folded
    assert [word for word in default_kinds().signs if folded(word) != word] == []


def test_signs_are_none_that_a_folded_message_holds() -> None:
    signs = "".join(set(default_kinds().signs.values()))
    assert not set(default_lexicon().folded(signs)) & set(signs)
