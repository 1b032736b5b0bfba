"""notices check, publish, verify."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import select

from models import noticechecking, noticedrafts
from models.areas import covers
from models.context import Context
from models.people import Staff, view_of
from models.policy import StaffView
from models.settings import Translate, mark
from models.statuses import DESK_ROLES
from models.steps import MoveRefused
from notices.drafting import Gated, Wanted, drafted, gate, may_be_said
from notices.findings import Finding, as_json, letter, message
from notices.kinds import Kind, Shape, schemes
from notices.masking import shown
from notices.roster.opening import open_book
from notices.roster.table import Table
from webhooks.commands import Trouble, Verbs, ready_context, show

SHOWN_ENTRIES = 3


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    kinds = verbs.add_parser("notices", help="public notices").add_subparsers(
        metavar="WHAT", required=True
    )
    checking = kinds.add_parser("check", help="read a roster: may it be published?")
    publishing = kinds.add_parser("publish", help="draft a roster; another person signs it")
    for parser in (checking, publishing):
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=[str(kind) for kind in Kind])
        parser.add_argument("--area", required=True, metavar="CODE")
        parser.add_argument("--scheme", default="", choices=schemes(), metavar="S")
        parser.add_argument("--sheet", metavar="NAME")
    publishing.add_argument("--title", required=True, metavar="T")
    publishing.add_argument("--by", required=True, metavar="STAFF")
    publishing.add_argument("--list", type=int, metavar="N", help="the next version of this list")
    publishing.add_argument("--reason", default="", help="why there is a next version")
    publishing.set_defaults(run=run_publish)
    verifying = kinds.add_parser("verify", help="recompute every signed version")
    for parser in (checking, verifying):
        parser.add_argument("--json", action="store_true")
    checking.set_defaults(run=run_check)
    verifying.set_defaults(run=run_verify)


def run_check(args: argparse.Namespace) -> int:
    """Gate the file and say what was understood; 0 where it may be published, else 1."""
    ctx = ready_context(args)
    found = _gated(ctx, args)
    report, t = found.report, ctx.speak("")
    if args.json:
        document = {
            "ok": report.ok, "rows": report.rows,
            "errors": [as_json(f, t) for f in report.errors],
            "warnings": [as_json(f, t) for f in found.warnings],
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("\n".join(_lines(found, t)))
    return 0 if report.ok else 1


def _gated(ctx: Context, args: argparse.Namespace) -> Gated:
    """What the gate says of the file; one that is not there cannot be read either."""
    if ctx.directory.areas.get(args.area) is None:
        raise Trouble(f"--area: no area has the code {args.area}; see: yimen areas list", 2)
    wanted = Wanted(Kind(args.kind), args.area, args.scheme, args.sheet)
    return gate(ctx, lambda: open_book(args.file), wanted)


def run_publish(args: argparse.Namespace) -> int:
    """Draft what passes the gate, in the name of a member of staff; another one signs it."""
    ctx = ready_context(args)
    found, t = _gated(ctx, args), ctx.speak("")
    if not found.report.ok:
        print("\n".join(_lines(found, t)))
        return 1
    for text in (args.title, args.reason):
        if not may_be_said(text):
            raise Trouble("--title, --reason: they may name nobody and say nothing personal", 2)
    staff = _drafter(ctx, args.by, args.area)
    said = drafted(ctx, found, t, args.title, args.reason)
    try:
        with ctx.db.begin() as session:
            version = noticedrafts.draft(ctx, session, staff, said, args.list)
    except LookupError:
        raise Trouble("--list: no such list of this kind and scheme at this place") from None
    except MoveRefused as refused:
        raise Trouble(t(refused.reason)) from None
    print("\n".join(_lines(found, t)))
    print(t(mark("草稿已经存好，请在工作台“公示”里看一遍，请另一位签字：/desk/notices/{number}"),
            number=version.id))
    return 0


def _drafter(ctx: Context, name: str, area: str) -> StaffView:
    """Who drafts: by name, on a desk that the place belongs to."""
    with ctx.db.read() as session:
        found = session.scalars(select(Staff).where(
            Staff.name_key == ctx.keys.lookup("name", name), Staff.left_at.is_(None),
            Staff.role.in_(DESK_ROLES),
        )).all()
        views = [view_of(one) for one in found if covers(one.area, area)]
    if len(views) != 1:
        raise Trouble("--by: nobody, or more than one, on the desk of this area has this name")
    return views[0]


def run_verify(args: argparse.Namespace) -> int:
    """Recompute every signed version; 0 where all of it matches, else 1."""
    ctx = ready_context(args)
    with ctx.db.read() as session:
        found = noticechecking.verify(ctx, session)
    document = {
        "ok": not found.wrong, "versions": found.versions, "rows": found.rows,
        "wrong": [asdict(one) for one in found.wrong],
    }
    lines = [
        f"list {one.list}, version {one.version}, {one.what}"
        + (f", line {one.line}" if one.line else "") + ": does not match"
        for one in found.wrong
    ]
    lines.append(f"{found.versions} signed versions, {found.rows} rows; {len(found.wrong)} wrong")
    show(document, as_json=args.json, lines=lines)
    return 1 if found.wrong else 0


def _lines(found: Gated, t: Translate) -> list[str]:
    report = found.report
    lines = [_finding(t(mark("请改")), f, t) for f in report.errors]
    lines += [_finding(t(mark("请看")), f, t) for f in found.warnings]
    if not report.ok:
        return [*lines, t(mark("还不能公示：有 {count} 处要改。"), count=len(report.errors))]
    for table in report.tables:
        lines += _understood(table, found.shape, t)
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
