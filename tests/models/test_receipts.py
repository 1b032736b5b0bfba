"""Receipts: made right, found in sentences, and every slip of the hand told as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.receipts import (
    NO_RECEIPT,
    ReceiptKind,
    ReceiptReading,
    check_digits,
    new_receipt,
    read_receipt,
)

receipts = st.builds(
    new_receipt, st.integers(2020, 2079), st.integers(1, 12), st.integers(0, 999_999)
)
GOOD = "2611-483705-72"


def test_the_contracts_example() -> None:
    assert new_receipt(2026, 11, 483705) == GOOD
    assert check_digits("2611483705") == "72"


@pytest.mark.parametrize("ten", ["", "123", "12345678901", "26114837O5", "２６１１４８３７０５"])
def test_check_digits_are_made_over_ten_digits_only(ten: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        check_digits(ten)


@pytest.mark.parametrize(
    ("year", "month", "serial"),
    [
        (2019, 1, 0),
        (2080, 1, 0),
        (26, 1, 0),
        (2026, 0, 0),
        (2026, 13, 0),
        (2026, 1, -1),
        (2026, 1, 10**6),
    ],
)
def test_what_cannot_be_a_receipt_is_not_made(year: int, month: int, serial: int) -> None:
    with pytest.raises(ValueError, match="receipt"):
        new_receipt(year, month, serial)


@given(receipts)
def test_the_number_is_one_modulo_97(receipt: str) -> None:
    assert int(receipt.replace("-", "")) % 97 == 1
    assert read_receipt(receipt) == ReceiptReading(ReceiptKind.VALID, receipt)


@given(receipts, st.integers(0, 13), st.integers(1, 9))
def test_every_wrong_digit_is_told(receipt: str, place: int, shift: int) -> None:
    if receipt[place] == "-":
        return
    wrong = f"{receipt[:place]}{(int(receipt[place]) + shift) % 10}{receipt[place + 1 :]}"
    assert read_receipt(wrong) == ReceiptReading(ReceiptKind.MISTYPED)
    assert read_receipt(wrong.replace("-", "")).kind is not ReceiptKind.VALID


@given(receipts, st.integers(0, 10))
def test_every_pair_of_neighbours_swapped_is_told(receipt: str, place: int) -> None:
    digits = receipt.replace("-", "")
    if digits[place] == digits[place + 1]:
        return
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    dashed = f"{swapped[:4]}-{swapped[4:10]}-{swapped[10:]}"
    assert read_receipt(dashed) == ReceiptReading(ReceiptKind.MISTYPED)


@given(receipts, st.integers(4, 11), st.integers(1, 9))
def test_without_dashes_a_wrong_digit_after_the_month_is_told(
    receipt: str, place: int, shift: int
) -> None:
    digits = receipt.replace("-", "")
    wrong = f"{digits[:place]}{(int(digits[place]) + shift) % 10}{digits[place + 1 :]}"
    assert read_receipt(wrong) == ReceiptReading(ReceiptKind.MISTYPED)


@given(
    receipts, st.sampled_from(["", "-", " ", "—", "–", "－", "‐", "−", " - ", "_", "杠", "\u200b"])
)
def test_any_dash_will_do(receipt: str, dash: str) -> None:
    assert read_receipt(receipt.replace("-", dash)).canonical == receipt


@pytest.mark.parametrize(
    "text",
    [
        "我的编号是 2611-483705-72 办到哪了",
        "受理编号：2611-483705-72。",
        "受理编号２６１１－４８３７０５－７２",
        "2611 4837 0572",
        "13800005678 2611-483705-72",
        "13800005678，261148370572",
        "我的是261148370572",
        "二六一一四八三七零五七二",
        "二六幺幺杠四八三七洞五杠拐二",
        "先发错了2611-483705-71，是2611-483705-72",
    ],
)
def test_found_in_what_people_send(text: str) -> None:
    assert read_receipt(text) == ReceiptReading(ReceiptKind.VALID, GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "2611-483705-71",
        "261148370571",
        "2613-483705-72",
        "编号2611-48370-72",
        "2611-4837055-72",
        "受理编号 26114837057",
        "受理编号：9911483705722",
    ],
)
def test_meant_for_one_but_mistyped(text: str) -> None:
    assert read_receipt(text) == ReceiptReading(ReceiptKind.MISTYPED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800005678",
        "138 0000 5678",
        "138000056781",
        "0777-1234567",
        "452601195001010012",
        "45260120120101001X",
        "452601 20120101 0012",
        "6222021234567890123",
        "451302001000",
        "2026-11-05 1230",
        "2026年11月5日",
        "我家4口人",
        "一二三四五六七八九十",
        "编号",
        "😀",
        "\ud800",
        "9" * 5000,
        "1-" * 5000,
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert read_receipt(text) == NO_RECEIPT


@given(st.text(max_size=400) | st.text("0123456789- 一二—编号", max_size=200))
def test_nothing_raises(text: str) -> None:
    reading = read_receipt(text)
    assert (reading.canonical is None) == (reading.kind is not ReceiptKind.VALID)
