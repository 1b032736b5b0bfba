"""A day that may lie years away: with its year where that is not this one."""

from __future__ import annotations

from datetime import date

from models.context import Context
from models.settings import Translate, mark


def far_day(ctx: Context, t: Translate, day: date) -> str:
    """12月4日, or 2027年12月4日."""
    if day.year == ctx.today().year:
        return t.day(day)
    return t(mark("{year}年{day}"), year=day.year, day=t.day(day))
