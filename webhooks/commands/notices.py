"""notices check."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from models.context import Context
from models.rules import in_force
from models.settings import Translate, mark
from notices.findings import Finding, as_json, letter, message
from notices.kinds import RULES, Kind, Shape, schemes, shape
from notices.masking import shown
from notices.places import places_of
from notices.roster.book import Unreadable
from notices.roster.checking import Report, check, unreadable
from notices.roster.opening import open_book
from notices.roster.table import Table
from webhooks.commands import Trouble, Verbs, ready_context

SHOWN_ENTRIES = 3


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    kinds = verbs.add_parser("notices", help="public notices").add_subparsers(
        metavar="WHAT", required=True
    )
    checking = kinds.add_parser("check", help="read a roster: may it be published?")
    checking.add_argument("file", type=Path)
    checking.add_argument("--kind", required=True, choices=[str(kind) for kind in Kind])
    checking.add_argument("--area", required=True, metavar="CODE")
    checking.add_argument("--scheme", default="", choices=schemes(), metavar="S")
    checking.add_argument("--sheet", metavar="NAME")
    checking.add_argument("--json", action="store_true")
    checking.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Gate the file and say what was understood; 0 where it may be published, else 1."""
    ctx = ready_context(args)
    areas = ctx.directory.areas
    if areas.get(args.area) is None:
        raise Trouble(f"--area: no area has the code {args.area}; see: yimen areas list", 2)
    wanted = shape(Kind(args.kind), args.scheme, _local(ctx, args.area))
    places = places_of(areas, args.area)
    try:
        book = open_book(args.file)
        report = check(book, wanted, places, areas.name(args.area), args.sheet)
    except Unreadable as fault:
        report = unreadable(fault.reason)
    t = ctx.speak("")
    warnings = [*report.warnings]
    if not places.names and report.tables:
        warnings.append(Finding("areas_unknown", where="other"))
    if args.json:
        document = {
            "ok": report.ok, "rows": report.rows,
            "errors": [as_json(f, t) for f in report.errors],
            "warnings": [as_json(f, t) for f in warnings],
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("\n".join(_lines(report, warnings, wanted, t)))
    return 0 if report.ok else 1


def _local(ctx: Context, area: str) -> dict[str, Any]:
    """The county's or township's own settings for this area, today."""
    found = {
        name: in_force(
            f"notices.{name}", area, ctx.today(), ctx.directory.rules, ctx.directory.areas
        )
        for name in RULES
    }
    return {name: json.loads(rule.value) for name, rule in found.items() if rule is not None}


def _lines(report: Report, warnings: list[Finding], wanted: Shape, t: Translate) -> list[str]:
    lines = [_finding(t(mark("请改")), f, t) for f in report.errors]
    lines += [_finding(t(mark("请看")), f, t) for f in warnings]
    if not report.ok:
        return [*lines, t(mark("还不能公示：有 {count} 处要改。"), count=len(report.errors))]
    for table in report.tables:
        lines += _understood(table, wanted, t)
    return [*lines, t(mark("可以公示：{count} 条，没有发现不该公开的内容。"), count=report.rows)]


def _finding(what: str, finding: Finding, t: Translate) -> str:
    cell = f"{letter(finding.column) or ''}{finding.row or ''}"
    place = " ".join(part for part in (finding.sheet, cell) if part)
    return f"{what} [{finding.code}] {place}{': ' if place else ''}{message(finding, t)}"


def _understood(table: Table, wanted: Shape, t: Translate) -> list[str]:
    """The columns as they were understood, and the first entries, each value with its cell."""
    columns = "  ".join(
        f"{letter(c.at + table.first + 1)}={t(c.field.label)}" for c in table.columns if c.field
    )
    lines = [t(mark("{sheet} 读懂的列：{columns}"), sheet=table.sheet, columns=columns)]
    for entry in table.entries[:SHOWN_ENTRIES]:
        parts = []
        for column, value in zip(table.columns, entry.values, strict=True):
            if column.field is None or value is None:
                continue
            cell = table.cell_of(entry, column.field.name)
            said = shown(str(value), wanted.names) if column.field.name == "name" else value
            parts.append(f"{letter(cell[1])}{cell[0]} {said}" if cell else str(said))
        lines.append("  " + " | ".join(parts))
    return lines
