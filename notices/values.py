"""Numbers, money and days as rosters have them. Pure.

A value is what the spreadsheet gives: text, float, int, date, datetime, time or bool.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from notices.leaks import plain

_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,8})?")
_MONEY = re.compile(
    r"[¥￥]?\s*(-?[0-9,]+(?:\.[0-9]+)?)\s*(万元|万|元)?(?:/(?:人)?[·.]?(?:月|季|年|户|次))?"
)
_COUNT = re.compile(r"([0-9]{1,7})\s*[人口户票]?")
_SPOKEN = {c: n for n, c in enumerate("零一二三四五六七八九十")}
_DAYS = (
    re.compile(r"(20[0-9]{2})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?(?:\s+[0-9:]{4,8})?"),
    re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})"),
    re.compile(r"(20[0-9]{2})\s*[-./年]\s*([0-9]{1,2})\s*月?份?"),
    re.compile(r"(20[0-9]{2})([0-9]{2})"),
)
_HAN_DAY = re.compile(
    r"(二[〇零○][〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月"
    r"(?:([一二三四五六七八九十]{1,3})[日号])?"
)
FIRST_YEAR, LAST_YEAR = 2000, 2050
_FIRST_SERIAL, _LAST_SERIAL = 36526, 55153  # 2000-01-01 and 2050-12-31 as a spreadsheet counts


def number(value: object) -> Decimal | None:
    """A plain number, from text with full-width digits and thousands too; None otherwise."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if value != value or abs(value) > 1e12:
            return None
        # What a sheet computes carries the noise of binary fractions.
        return Decimal(repr(round(value, 6))).normalize() + 0
    if not isinstance(value, str):
        return None
    said = plain(value).strip()
    return Decimal(said.replace(",", "")) if _NUMBER.fullmatch(said) else None


def count(value: object) -> int | None:
    """How many: 3, "３", "3人", "1,234", 三, 十二. None where it is no whole number from 0."""
    if isinstance(value, str):
        said = re.sub(r"\s", "", plain(value))
        found = _COUNT.fullmatch(said)
        if found:
            return int(found[1])
        if "," not in said:
            return _spoken(said.rstrip("人口户"))
        value = said
    exact = number(value)
    return int(exact) if exact is not None and exact >= 0 and exact == int(exact) else None


def _spoken(said: str) -> int | None:
    if not 0 < len(said) <= 3 or any(c not in _SPOKEN for c in said):
        return None
    if "十" not in said:
        return _SPOKEN[said] if len(said) == 1 else None
    tens, _, ones = said.partition("十")
    return (_SPOKEN[tens] if tens else 1) * 10 + (_SPOKEN[ones] if ones else 0)


def money(value: object, unit: Decimal) -> Decimal | None:
    """Yuan, to the cent; `unit` is what the heading counts in (1, or 10000 for 万元)."""
    if isinstance(value, str):
        found = _MONEY.fullmatch(plain(value).strip())
        if not found:
            return None
        exact = number(found[1])
        unit = {"元": Decimal(1), "万元": Decimal(10_000), "万": Decimal(10_000)}.get(
            found[2] or "", unit
        )
    else:
        exact = number(value)
    return None if exact is None else (exact * unit).quantize(Decimal("0.01"))


def day(value: object) -> date | None:
    """A day, or the first of a month: 2026-11-01, 2026/11/1, 2026.11, 2026年11月1日, 20261101,
    二〇二六年十一月, a spreadsheet's own date or serial number. None before 2000 and after 2050:
    nothing of such a list happened then, and somebody may have been born."""
    found = _any_day(value)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _any_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    exact = number(value) if not isinstance(value, str) else None
    if exact is not None:
        if exact == int(exact) and _FIRST_SERIAL <= exact <= _LAST_SERIAL:
            return date.fromordinal(int(exact) + date(1899, 12, 30).toordinal())
        # 2026.10 is 2026.1 to a spreadsheet: October, for January is written 2026.01.
        # 2026.2 can only be February.
        two = exact == round(exact, 2) and 1 <= exact * 100 % 100 <= 12
        value = f"{exact:.2f}" if two else str(exact if exact != int(exact) else int(exact))
    if not isinstance(value, str):
        return None
    said = plain(value).strip()
    for pattern in _DAYS:
        found = pattern.fullmatch(said)
        if found:
            parts = [int(part) for part in found.groups()]
            return _day(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    spoken = _HAN_DAY.fullmatch(said)
    if spoken:
        year = int("".join(str(_SPOKEN.get(c, 0)) for c in spoken[1]))
        return _day(year, _spoken(spoken[2]) or 0, _spoken(spoken[3] or "一") or 0)
    return None


def _day(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def digits(value: object) -> str:
    """The digits of a cell that is digits alone, as a number split over cells would have them."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        whole = value == value and abs(value) < 1e18 and value == int(value)
        return str(int(value)) if whole else ""
    if isinstance(value, str):
        said = plain(value).strip()
        return said if re.fullmatch(r"[0-9]{1,18}[Xx]?", said) else ""
    return ""


def as_text(value: object) -> str:
    """A cell as people would read it; a float without its `.0`, however large."""
    if isinstance(value, float) and value == value and abs(value) < 1e30 and value == int(value):
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)
