"""Receipt numbers: `YYMM-NNNNNN-CC`, made, checked, and found in what people write.

The last two digits are ISO 7064 MOD 97-10 over the ten before them, so every wrong digit and
every two neighbours swapped show. A number that looks like a receipt but does not add up is told
apart (MISTYPED) from a number that never was one.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 2020, 2079
"""Years that a receipt may carry; below 20 the first digits would look like a mobile's."""


class ReceiptKind(StrEnum):
    VALID = "valid"
    MISTYPED = "mistyped"
    NOT_A_RECEIPT = "not_a_receipt"


@dataclass(frozen=True, slots=True)
class ReceiptReading:
    """What a text says of a receipt; `canonical` is `YYMM-NNNNNN-CC`, and only there when valid."""

    kind: ReceiptKind
    canonical: str | None = None


MIN_DIGITS = 10
"""Fewer than these were never meant for a receipt."""

NO_RECEIPT = ReceiptReading(ReceiptKind.NOT_A_RECEIPT)
MISTYPED_RECEIPT = ReceiptReading(ReceiptKind.MISTYPED)


def check_digits(ten: str) -> str:
    """The two check digits for the ten before them."""
    if len(ten) != 10 or not (ten.isascii() and ten.isdigit()):
        raise ValueError("check digits are made over exactly ten digits")
    return f"{98 - int(ten) * 100 % 97:02d}"


def new_receipt(year: int, month: int, serial: int) -> str:
    """The receipt of this year, month and serial (six digits, drawn at random by the caller)."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a receipt's year is {FIRST_YEAR} to {LAST_YEAR}, not {year}")
    if not 1 <= month <= 12:
        raise ValueError(f"a receipt's month is 1 to 12, not {month}")
    if not 0 <= serial <= 999_999:
        raise ValueError(f"a receipt's serial has six digits, not {serial}")
    ten = f"{year % 100:02d}{month:02d}{serial:06d}"
    return _dashed(ten + check_digits(ten))


def read_receipt(text: str) -> ReceiptReading:
    """The first valid receipt in the text; else whether something in it was meant for one."""
    plain = _plain(text)
    mistyped = False
    for found in _SHAPED.finditer(plain):
        digits = found[1] + found[3] + found[5]
        if _is_valid(digits):
            return ReceiptReading(ReceiptKind.VALID, _dashed(digits))
        mistyped |= bool(found[2] and found[4]) or _is_plausible(digits)
    for found in _RUN.finditer(plain):
        groups = re.findall(r"[0-9]+", found[0])
        digits = "".join(groups)
        if len(digits) == 12 and _is_valid(digits):
            return ReceiptReading(ReceiptKind.VALID, _dashed(digits))
        if ((len(digits) == 12 or _nearly_shaped(groups)) and _is_plausible(digits)) or (
            MIN_DIGITS <= len(digits) <= 14 and _NAMED.search(plain[: found.start()][-14:])
        ):
            mistyped = True
    return MISTYPED_RECEIPT if mistyped else NO_RECEIPT


# Dashes as keyboards, forms and speech make them: - ‐ ‑ ‒ – — ― − ﹣ － ー ~ _ · . and 杠, 横.
_DASHES = "\\-‐‑‒–—―−﹣－ー_~～·.．杠横"
_GAP = rf"[\s{_DASHES}]{{0,3}}"
_SHAPED = re.compile(rf"(?<![0-9])([0-9]{{4}})({_GAP})([0-9]{{6}})({_GAP})([0-9]{{2}})(?![0-9])")
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9])*")
_NAMED = re.compile(r"(?:编号|受理号|受理单号|回执|单号|查询号|流水号)[^0-9]{0,8}\Z")

_SPOKEN = "零〇○洞幺一二两三四五六七拐八九勾"
_SPOKEN_TABLE = str.maketrans(_SPOKEN, "00001122345677899")
_SPOKEN_RUN = re.compile(rf"(?:[0-9{_SPOKEN}]{_GAP}){{11}}[0-9{_SPOKEN}]")
_DIGIT = re.compile(rf"[0-9{_SPOKEN}]")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def _plain(text: str) -> str:
    """Half-width, without invisible characters, spoken digits (幺, 洞, 二六一一…) as digits."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    if len(_DIGIT.findall(plain)) < MIN_DIGITS:
        return ""
    return _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN_TABLE), plain)


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:10]}-{digits[10:]}"


def _is_valid(digits: str) -> bool:
    return _is_plausible(digits) and check_digits(digits[:10]) == digits[10:]


def _is_plausible(digits: str) -> bool:
    """Whether the first four could be the year and month of a receipt."""
    return FIRST_YEAR % 100 <= int(digits[:2]) <= LAST_YEAR % 100 and 1 <= int(digits[2:4]) <= 12


def _nearly_shaped(groups: list[str]) -> bool:
    """One digit too many or too few in one of three groups, as in 2611-48370-72."""
    lengths = [len(group) for group in groups]
    return (
        len(lengths) == 3
        and sum(abs(had - due) for had, due in zip(lengths, (4, 6, 2), strict=True)) == 1
    )
