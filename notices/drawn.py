"""Lists that the service draws by itself, laid out as a sheet and gated as an uploaded one is.

The county's rules hold for them, their figures are counted the same way, and what may not be
shown refuses them. Two people still look them over and sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from models.context import Context
from models.noticechanges import CASE
from models.noticedrafts import Drafted
from models.settings import Translate, mark
from notices.drafting import Gated, Wanted, drafted, gate
from notices.findings import Finding, message
from notices.roster.book import Book, Parts, Row, Sheet

MOST_PROBLEMS = 20
# Field → heading of the sheet, as the gate reads it; what a county leaves out is not drawn.
HEADINGS = {
    "village": "村（社区）", "name": "姓名", "members": "保障人数", "amount": "保障金额（元）",
    "since": "起始时间",
}
LINE = mark("第 {number} 户：{problem}")


@dataclass(frozen=True)
class Household:
    """One line to be drawn. `amount` in yuan; None where it is given in kind, which has words of
    its own that are nobody's to read."""

    case_id: int
    name: str
    village: str | None
    persons: int
    amount: Decimal | None
    from_on: date | None = None


@dataclass(frozen=True)
class Drawing:
    """What the gate made of it: `said` is to be drafted, or `problems` say what is in the way."""

    said: Drafted | None
    problems: tuple[str, ...] = ()


def draw(
    ctx: Context, t: Translate, wanted: Wanted, households: Sequence[Household], title: str,
    reason: str = "",
) -> Drawing:
    """Lay the households out, gate them, and say what the village would see."""
    columns = fields(ctx, wanted)
    found = gate(ctx, lambda: _book(ctx, households, columns), wanted)
    if not found.report.ok:
        errors = found.report.errors[:MOST_PROBLEMS]
        return Drawing(None, tuple(_said(t, one) for one in errors))
    return Drawing(_drafted(ctx, t, found, households, title, reason))


def fields(ctx: Context, wanted: Wanted) -> tuple[str, ...]:
    """The columns that are drawn: those of HEADINGS that may be shown there today."""
    empty = gate(ctx, lambda: Book((), Parts()), wanted)
    shown = {field.name for field in empty.shape.fields}
    return tuple(name for name in HEADINGS if name in shown)


def _book(ctx: Context, households: Sequence[Household], columns: Sequence[str]) -> Book:
    def rows() -> Iterator[Row]:
        yield [HEADINGS[name] for name in columns]
        for one in households:
            values = _values(ctx, one)
            yield [values[name] for name in columns]

    return Book((Sheet("", False, 0, rows),), Parts())


def _values(ctx: Context, one: Household) -> Mapping[str, object]:
    place = ctx.directory.areas.get(one.village)
    return {
        "village": place.name if place else "",
        "name": one.name, "members": one.persons,
        "amount": f"{one.amount:.2f}" if one.amount is not None else "",
        "since": one.from_on.replace(day=1) if one.from_on else "",
    }


def _drafted(
    ctx: Context, t: Translate, found: Gated, households: Sequence[Household], title: str,
    reason: str,
) -> Drafted:
    said = drafted(ctx, found, t, title, reason)
    # A line for every household, in their order: each is told which case it is.
    warnings = [
        {"sheet": "", "row": _line(one), "column": "", "message": message(one, t)}
        for one in found.warnings
    ]
    rows = [
        (village, {**values, CASE: str(one.case_id)})
        for (village, values), one in zip(said.rows, households, strict=True)
    ]
    return replace(
        said, rows=rows,
        reading={"tables": [], "cells": [], "warnings": warnings, "drawn": True},
    )


def _line(one: Finding) -> int | None:
    """The household's number: the sheet's first row is its heading."""
    return one.row - 1 if one.row is not None and one.row > 1 else None


def _said(t: Translate, one: Finding) -> str:
    line, words = _line(one), message(one, t)
    return t(LINE, number=line, problem=words) if line else words
