"""Identity numbers; the two valid ones are the standard's published samples."""

from __future__ import annotations

from datetime import date

import pytest

from models.idnumbers import read_id_number, shown

TODAY = date(2026, 11, 24)
SAMPLES = ("11010519491231002X", "440524188001010014")


def test_a_published_sample_is_read() -> None:
    assert read_id_number("11010519491231002x", TODAY) == SAMPLES[0]
    assert read_id_number(" 110105 19491231 002Ｘ ", TODAY) == SAMPLES[0]


@pytest.mark.parametrize(
    "text",
    ["", "110105", "110105194912310021", "11010519491331002X", "010105194912310021",
     "110105202712310029", "十一万", SAMPLES[1], "11010519491231002X0"],
)
def test_what_cannot_be_one_is_not(text: str) -> None:
    assert read_id_number(text, TODAY) is None


def test_every_wrong_digit_is_found() -> None:
    for place in range(17):
        for digit in "0123456789":
            wrong = SAMPLES[0][:place] + digit + SAMPLES[0][place + 1 :]
            assert wrong == SAMPLES[0] or read_id_number(wrong, TODAY) is None


def test_little_of_it_is_shown() -> None:
    assert shown(SAMPLES[0]) == "1101**********002X"
