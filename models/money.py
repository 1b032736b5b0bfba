"""Amounts in yuan: read as people write them, kept as decimals. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from models.settings import mark

# More than any help of a county to one household: a slip of the hand, not an amount.
MOST = Decimal("1000000.00")
_AMOUNT = re.compile(
    r"(?:¥|人民币)?\s*([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,2})?\s*(?:元|块)?整?"
)

NOT_AN_AMOUNT = mark("金额请用数字写，比如 800 或 1250.50。")
TOO_SMALL = mark("金额要大于 0 元。")
TOO_LARGE = mark("金额太大了，请再核对一遍。")


class NotAnAmount(ValueError):
    """What was written is no amount; `reason` is a marked sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_amount(text: str) -> Decimal:
    """Yuan with two decimals, above 0 and at most a million; raises NotAnAmount."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[-−]\s*[0-9].*", plain):
        raise NotAnAmount(TOO_SMALL)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise NotAnAmount(NOT_AN_AMOUNT)
    amount = Decimal(found[1].replace(",", "") + (found[2] or "")).quantize(Decimal("0.01"))
    if amount <= 0:
        raise NotAnAmount(TOO_SMALL)
    if amount > MOST:
        raise NotAnAmount(TOO_LARGE)
    return amount


def plain_yuan(amount: Decimal | str) -> str:
    """800 or 1250.50: without decimals where there are none."""
    value = Decimal(amount)
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"
