"""Whole numbers as forms and addresses carry them. Pure."""

from __future__ import annotations

# What every database and every script of a page holds exactly.
LARGEST = 2**53 - 1


def read_number(text: str) -> int:
    """A whole number from 0 to `LARGEST`; raises ValueError for anything else."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= len(str(LARGEST))):
        raise ValueError(text)
    number = int(plain)
    if number > LARGEST:
        raise ValueError(text)
    return number
