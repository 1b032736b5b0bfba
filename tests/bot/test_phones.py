"""Telephone numbers, typed, dictated, and not quite right."""

import pytest

from bot import answers
from bot.answers import PhoneProblem, PhoneReading


@pytest.mark.parametrize(
    ("text", "number", "problem"),
    [
        ("13800005678", "13800005678", None),
        ("138 0000 5678", "13800005678", None),
        ("+86 138-0000-5678", "13800005678", None),
        ("0086 13800005678", "13800005678", None),
        ("8613800005678", "13800005678", None),
        ("１３８００００５６７８", "13800005678", None),
        ("幺三八零零零零五六七八", "13800005678", None),
        ("幺三八 洞洞洞洞 五六拐八", "13800005678", None),
        ("一三八，零零零零，五六七八", "13800005678", None),
        ("07771234567", "0777-1234567", None),
        ("0777-1234567", "0777-1234567", None),
        ("(0777) 123 4567", "0777-1234567", None),
        ("010-12345678", "010-12345678", None),
        ("我电话是13800005678，打不通打0777-1234567", "13800005678", None),
        ("没有电话", None, "none"),
        ("没有", None, "none"),
        ("1380000567", None, "short"),
        ("138000056789", None, "long"),
        ("12800005678", None, "prefix"),
        ("23800005678", None, "prefix"),
        ("我家4口人", None, None),
        ("", None, None),
        ("452601195001010012", None, "long"),
        ("452601 19500101 0012", None, "long"),
        ("我叫王秀英 13800005678 4口人", "13800005678", None),
        ("138****5678", None, "short"),
        ("电话没有", None, "none"),
        ("王秀英", None, None),
        ("0" * 5000, None, "long"),
        ("1 " * 3000, None, "long"),
        ("138", None, "short"),
        ("13800005678或13900001111", "13800005678", None),
        ("我没手机，打我儿子的13800005678", "13800005678", None),
    ],
)
def test_read_phone(text: str, number: str | None, problem: PhoneProblem | None) -> None:
    assert answers.read_phone(text) == PhoneReading(number, problem)
