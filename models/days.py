"""Days as people type or pick them. Pure."""

from __future__ import annotations

from datetime import date

# What lies further off is a slip of the hand, and breaks sums of days and moments.
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def read_day(text: str) -> date:
    """A day written as 2026-11-24, from 2000 to 2100; raises ValueError for anything else."""
    day = date.fromisoformat(text.strip())
    if not FIRST <= day <= LAST:
        raise ValueError("too far off")
    return day
