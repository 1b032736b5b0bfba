"""From a spreadsheet to a draft: the gate, what was understood, and what of it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.areas import Gazetteer, Level
from models.context import Context
from models.noticedrafts import Drafted
from models.paths import PATHS
from models.publishing import KIND_NAMES
from models.rules import in_force
from models.settings import Translate
from notices.findings import Finding, as_json, letter
from notices.gate import short_place
from notices.kinds import RULES, Kind, Shape, shape
from notices.leaks import leak
from notices.masking import shown
from notices.places import places_of
from notices.roster.book import Book, Unreadable
from notices.roster.checking import Report, check, unreadable
from notices.roster.naming import tells_of_someone
from notices.roster.table import Entry, Table

# The list numbers its own lines, and its place stands above it.
NOT_SHOWN = frozenset({"serial", "county", "township"})


@dataclass(frozen=True)
class Wanted:
    """What a spreadsheet is to become. `scheme` may be empty: every scheme."""

    kind: Kind
    area: str
    scheme: str = ""
    sheet: str | None = None


@dataclass(frozen=True)
class Gated:
    """What the gate says of a file, by the rules that hold at its place today."""

    wanted: Wanted
    shape: Shape
    report: Report
    warnings: tuple[Finding, ...]


def gate(ctx: Context, opened: Callable[[], Book], wanted: Wanted) -> Gated:
    """Gate a file; `opened` opens it, and may raise Unreadable. Changes nothing."""
    areas = ctx.directory.areas
    found = shape(wanted.kind, wanted.scheme, local(ctx, wanted.area))
    places = places_of(areas, wanted.area)
    try:
        report = check(opened(), found, places, areas.name(wanted.area), wanted.sheet)
    except Unreadable as fault:
        report = unreadable(fault.reason)
    warnings = [*report.warnings]
    if not places.names and report.tables:
        warnings.append(Finding("areas_unknown", where="other"))
    return Gated(wanted, found, report, tuple(warnings))


def local(ctx: Context, area: str) -> dict[str, Any]:
    """The county's or township's own settings for this area, today."""
    found = {
        name: in_force(
            f"notices.{name}", area, ctx.today(), ctx.directory.rules, ctx.directory.areas
        )
        for name in RULES
    }
    return {name: json.loads(rule.value) for name, rule in found.items() if rule is not None}


def may_be_said(text: str) -> bool:
    """Whether a title or a reason names nobody and leaks nothing."""
    return not (leak(text, office=True) or tells_of_someone(text))


def usual_title(areas: Gazetteer, wanted: Wanted) -> str:
    """大湾镇大湾村最低生活保障长期公示."""
    scheme = PATHS[wanted.scheme].name if wanted.scheme else "社会救助"
    kind = KIND_NAMES[wanted.kind].removesuffix("公示")
    return f"{areas.name(wanted.area)}{scheme}{kind}公示"


def drafted(ctx: Context, found: Gated, t: Translate, title: str, reason: str) -> Drafted:
    """What the village is to see of a file that passed, and how it was read."""
    wanted, areas = found.wanted, ctx.directory.areas
    codes, lines, cells = _codes(areas, wanted.area), [], []
    for table in found.report.tables:
        letters = _letters(table)
        for entry in table.entries:
            values = _values(table, entry, found.shape)
            village = codes.get(short_place(values.get("village", "")), wanted.area)
            lines.append((village, values))
            cells.append(_cells(table, entry, values, letters))
    there = {name for _, values in lines for name in values}
    columns = [f.name for f in found.shape.fields if f.name in there]
    return Drafted(
        area=wanted.area, kind=wanted.kind, scheme=wanted.scheme,
        title=title.strip() or usual_title(areas, wanted), fields=tuple(columns),
        basis=found.shape.basis, rows=lines, figures=_figures(lines), reason=reason,
        reading={
            "tables": [_understood(table, t) for table in found.report.tables],
            "cells": cells, "warnings": [as_json(f, t) for f in found.warnings],
        },
    )


def _codes(areas: Gazetteer, area: str) -> dict[str, str]:
    """The area's villages by the short form of their names; what two have is left out."""
    codes: dict[str, set[str]] = defaultdict(set)
    for place in areas.within(area, Level.VILLAGE):
        for name in (place.name, areas.name(place.code)):
            codes[short_place(name)].add(place.code)
    return {name: found.pop() for name, found in codes.items() if len(found) == 1}


def _values(table: Table, entry: Entry, rules: Shape) -> dict[str, str]:
    found = {}
    for column, value in zip(table.columns, entry.values, strict=True):
        if column.field is None or value is None or column.field.name in NOT_SHOWN:
            continue
        said = _said(value)
        found[column.field.name] = shown(said, rules.names) if column.field.name == "name" else said
    return found


def _said(value: object) -> str:
    """A value as the village reads it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        whole = value.quantize(Decimal("0.01"))
        return str(whole.to_integral_value()) if whole == whole.to_integral_value() else str(whole)
    if isinstance(value, date):
        month = f"{value.year}年{value.month}月"
        return month if value.day == 1 else f"{month}{value.day}日"
    return str(value)


def _letters(table: Table) -> dict[str, str | None]:
    """The column of each field, as the spreadsheet calls it."""
    names = {c.field.name for c in table.columns if c.field}
    return {name: letter(table.letter_of(name)) for name in names}


def _cells(
    table: Table, entry: Entry, values: Mapping[str, str], letters: Mapping[str, str | None],
) -> dict[str, str]:
    """The cell that each value was read from, as the spreadsheet calls it: B4."""
    row, moved = entry.row, table.origins
    return {
        name: f"{letters[name]}{moved.get((row, name), row)}" for name in values if name in letters
    }


def _understood(table: Table, t: Translate) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "columns": [
            (letter(c.at + table.first + 1), t(c.field.label)) for c in table.columns if c.field
        ],
    }


def _figures(lines: list[tuple[str, dict[str, str]]]) -> dict[str, list[str]]:
    """Households, people and yuan by village; a line without a count is one household."""
    sums: dict[str, list[Decimal]] = {}
    for village, values in lines:
        own = sums.setdefault(village, [Decimal(0), Decimal(0), Decimal(0)])
        named = "name" in values
        own[0] += Decimal(values.get("households", "1" if named else "0"))
        own[1] += Decimal(values.get("members", "0"))
        own[2] += Decimal(values.get("total", values.get("amount", "0")))
    return {village: [str(one) for one in own] for village, own in sums.items()}
