"""Resident identity numbers (GB 11643): read and checked. Pure.

Staff ask for one only where a scheme needs it; it is never asked for in chat.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
OLDEST = 1900


def read_id_number(text: str, today: date) -> str | None:
    """The number in its 18 characters, or None where it cannot be one.

    Spaces and full-width digits are taken; the birth date must be a day that has been, and
    the last character must fit the others (Σ digit × weight mod 11). Area codes are not
    looked up: old holders carry abolished ones.
    """
    said = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not SHAPE.fullmatch(said):
        return None
    try:
        born = date(int(said[6:10]), int(said[10:12]), int(said[12:14]))
    except ValueError:
        return None
    if born > today or born.year < OLDEST:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(said, WEIGHTS, strict=False))
    return said if CHECKS[total % 11] == said[17] else None


def shown(number: str) -> str:
    """Enough to recognise it by, for staff: 1101**********002X."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}"
