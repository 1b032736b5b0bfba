"""areas import, areas list."""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

from sqlalchemy import select

from models.areas import Area, Level, read_gazetteer
from webhooks.commands import Trouble, Verbs, open_context, show

COLUMNS = ("code", "name", "level", "parent")
CODE = re.compile(r"\d{12}")


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    kinds = verbs.add_parser("areas", help="division codes and names").add_subparsers(
        metavar="WHAT", required=True
    )
    bring = kinds.add_parser("import", help="from a CSV with code,name,level,parent[,phone]")
    bring.add_argument("file", type=Path)
    bring.set_defaults(run=run_import)
    listing = kinds.add_parser("list")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of the file; raises Trouble naming the record and the column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {key: (value or "").strip() for key, value in row.items() if key}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{path}: cannot be read as UTF-8: {error}", 2) from None
    codes = {row.get("code", "") for row in rows}
    for number, row in enumerate(rows, start=2):
        missing = [name for name in COLUMNS if name not in row]
        if missing:
            raise Trouble(f"{path}: no column {', '.join(missing)}", 2)
        if not CODE.fullmatch(row["code"]):
            raise Trouble(f"{path}: record {number}, code: must be 12 digits", 2)
        if row["level"] not in set(Level):
            raise Trouble(f"{path}: record {number}, level: county, township or village", 2)
        if row["level"] != Level.COUNTY and row["parent"] not in codes:
            raise Trouble(f"{path}: record {number}, parent: not a code of this file", 2)
    if len(codes) != len(rows):
        raise Trouble(f"{path}: a code stands twice", 2)
    return rows


def run_import(args: argparse.Namespace) -> int:
    """Add and change areas; all or nothing, run again nothing doubles."""
    ctx = open_context(args)
    rows = read(args.file)
    order = list(Level)
    new = changed = 0
    with ctx.db.begin() as session:
        kept = {area.code: area for area in session.scalars(select(Area))}
        for row in sorted(rows, key=lambda r: order.index(Level(r["level"]))):
            area = kept.get(row["code"])
            values = {
                "name": row["name"], "level": row["level"], "parent": row["parent"] or None,
                "phone": row.get("phone") or (area.phone if area else None),
            }
            if area is None:
                session.add(Area(code=row["code"], **values))
                session.flush()
                new += 1
            elif any(getattr(area, key) != value for key, value in values.items()):
                for key, value in values.items():
                    setattr(area, key, value)
                changed += 1
    print(f"{new} new, {changed} changed, {len(rows) - new - changed} the same.")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Every area."""
    with open_context(args).db.read() as session:
        places = sorted(read_gazetteer(session).places.values(), key=lambda p: p.code)
    rows = [{name: getattr(p, name) for name in COLUMNS} for p in places]
    lines = [f"{p.code} {p.level:8} {p.name}" for p in places]
    show(rows, as_json=args.json, lines=lines)
    return 0
