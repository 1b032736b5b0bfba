"""Where a sheet's table begins, and what its columns are. Pure.

Rosters have titles above, headings one to three rows deep, spaces inside words, and units in
brackets; a heading over several columns stands in the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from notices.kinds import Field
from notices.leaks import plain
from notices.values import as_text

LOOKED_AT = 40
"""Rows in which a heading is looked for."""
DEEPEST = 3

_UNIT = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]|[:,](?=万?元)|万?元(?:/.*)?$")
_MARKS = re.compile(r"[\s*#:：、，,。.·\-—_/\\|]+")
_DATED = re.compile(r"^(?:20[0-9]{2}年)?(?:第?[0-9一二三四五六七八九十]{1,2}[月季]度?份?)?")
_BEFORE = re.compile(
    r"^(?:拟|本次|本月|当月|本季度?|实际|核定|审批|审核|确认|享受|农村|城市|城乡|低保|特困|临时救助|救助"
    r"|家庭|户|月|年|每月|每户|申报|初审|现|原|民主评议)+"
)


@dataclass(frozen=True)
class Column:
    """One column: `at` from 0 in its rows; no `field` where it is not one that may appear."""

    at: int
    heading: str
    field: Field | None
    unit: Decimal = Decimal(1)
    unit_name: str = ""


@dataclass(frozen=True)
class Heading:
    """The heading's rows (from 0, the last included) and the columns under it."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(c.field.name for c in self.columns if c.field)


def bare(heading: str) -> str:
    """A heading without spaces, marks and what stands in brackets: 户  数 → 户数."""
    said = plain(heading)
    without = _MARKS.sub("", _UNIT.sub("", said))
    return without or _MARKS.sub("", re.sub(r"[()（）\[\]]", "", said))


def find_heading(rows: Sequence[Sequence[object]], fields: Sequence[Field]) -> Heading | None:
    """The best heading among the first rows; None where nothing looks like one.

    It has a name, or a place and a count; the one that explains the most columns wins, then
    the one of fewer rows.
    """
    known = {heading.casefold(): field for field in fields for heading in field.headings}
    best: tuple[tuple[int, int], Heading] | None = None
    for first in range(min(len(rows), LOOKED_AT)):
        for deep in range(1, min(DEEPEST, len(rows) - first) + 1):
            heading = _heading(rows, first, first + deep - 1, known)
            names = heading.fields
            fits = len(names) > 1 and ("name" in names or (
                {"village", "township", "county"} & names and {"households", "members"} & names
            ))
            score = (sum(c.field is not None for c in heading.columns), -deep)
            if fits and (best is None or score > best[0]):
                best = score, heading
    return best[1] if best else None


def _heading(
    rows: Sequence[Sequence[object]], first: int, last: int, known: dict[str, Field]
) -> Heading:
    stack = [[as_text(value).strip() for value in rows[at]] for at in range(first, last + 1)]
    groups = [_spread(line, stack[n + 1:]) for n, line in enumerate(stack[:-1])]
    columns = []
    for at in range(len(stack[0])):
        own = [line[at] for line in stack if at < len(line) and line[at]]
        above = [line[at] for line in groups if at < len(line) and line[at]]
        column = _column(at, own, above, known)
        if column:
            columns.append(column)
    return Heading(first, last, tuple(columns))


def _spread(line: list[str], below: list[list[str]]) -> list[str]:
    """A group's heading over each column that it stands above."""
    spread, current = [], ""
    for at, text in enumerate(line):
        current = text or current
        under = any(at < len(row) and row[at] for row in below)
        spread.append(current if text or under else "")
        if not text and not under:
            current = ""
    return spread


def _column(at: int, own: list[str], above: list[str], known: dict[str, Field]) -> Column | None:
    if not own:
        return None
    leaf = own[-1]
    whole = "".join(dict.fromkeys([*above, *own]))
    field = _known(leaf, known) or (_known(whole, known) if len(own) > 1 or above else None)
    unit_name = _unit(leaf) or _unit(whole)
    unit = Decimal(10_000) if unit_name == "万元" else Decimal(1)
    return Column(at, whole if field is None else leaf, field, unit, unit_name)


def _known(heading: str, known: dict[str, Field]) -> Field | None:
    said = bare(heading).casefold()
    spaced = re.sub(r"\s", "", plain(heading)).casefold()
    for text in (said, spaced, _DATED.sub("", said), _BEFORE.sub("", _DATED.sub("", said))):
        if text in known:
            return known[text]
    return None


def _unit(heading: str) -> str:
    said = re.sub(r"\s", "", plain(heading))
    return "万元" if "万元" in said else "元" if "元" in said else ""
