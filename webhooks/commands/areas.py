"""areas import, areas list."""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from models.areas import Area, Level, covers, read_gazetteer
from webhooks.commands import Trouble, Verbs, ready_context, show

COLUMNS = ("code", "name", "level", "parent")
OPTIONAL = ("phone", "latitude", "longitude")
ABOVE = {Level.VILLAGE: Level.TOWNSHIP, Level.TOWNSHIP: Level.COUNTY}
# How many zeros end a code: county 6 digits, township 9, village 12.
ZEROS = {Level.COUNTY: 6, Level.TOWNSHIP: 3, Level.VILLAGE: 0}
# More faults than these help nobody.
MOST_FAULTS = 50


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    kinds = verbs.add_parser("areas", help="division codes and names").add_subparsers(
        metavar="WHAT", required=True
    )
    bring = kinds.add_parser(
        "import", help="from a CSV with code,name,level,parent[,phone,latitude,longitude]"
    )
    bring.add_argument("file", type=Path)
    bring.set_defaults(run=run_import)
    listing = kinds.add_parser("list", help="every area")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)


@dataclass(frozen=True)
class Row:
    """One record of the file; `number` counts them from 1, the heading included."""

    number: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


def read(path: Path, known: dict[str, str]) -> list[Row]:
    """The rows of the file; raises Trouble naming every faulty record and column.

    `known` gives the level of each code that the service has already.
    """
    rows = _records(path)
    levels = known | {row["code"]: row["level"] for row in rows}
    faults = [
        f"{path}: record {row.number}, {column}: {words}"
        for row in rows for column, words in _faults(row, levels)
    ]
    count = Counter(row["code"] for row in rows)
    faults += [
        f"{path}: record {row.number}, code: stands more than once"
        for row in rows if count[row["code"]] > 1
    ]
    if faults:
        if len(faults) > MOST_FAULTS:
            faults[MOST_FAULTS:] = [f"{path}: and {len(faults) - MOST_FAULTS} more"]
        raise Trouble("\n".join(faults), 2)
    return rows


def _records(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = list(csv.reader(file))
    except UnicodeDecodeError:
        raise Trouble(f"{path}: is not UTF-8; save it as “CSV UTF-8”", 2) from None
    except (OSError, csv.Error) as error:
        raise Trouble(f"{path}: cannot be read: {error}", 2) from None
    heading = [column.strip() for column in records[0]] if records else []
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        raise Trouble(f"{path}: no column {', '.join(missing)}", 2)
    return [
        Row(number, dict(zip(heading, (value.strip() for value in record), strict=False)))
        for number, record in enumerate(records[1:], start=2)
        if any(value.strip() for value in record)
    ]


def _faults(row: Row, levels: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[0-9]{12}", row["code"]):
        yield "code", "must be 12 digits"
        return
    if not 0 < len(row["name"]) <= 60:
        yield "name", "must be 1 to 60 characters"
    if row["level"] not in set(Level):
        yield "level", f"must be {', '.join(Level)}"
        return
    level = Level(row["level"])
    zeros = ZEROS[level]
    if not row["code"].endswith("0" * zeros) or row["code"][:12 - zeros].endswith("000"):
        yield "code", f"is not that of a {level}"
    if level is Level.COUNTY:
        if row["parent"]:
            yield "parent", "must be empty for a county"
    elif levels.get(row["parent"]) != ABOVE[level]:
        yield "parent", f"must be the code of a {ABOVE[level]} here or imported before"
    elif not covers(row["parent"], row["code"]):
        yield "parent", "the code does not begin with its parent's digits"
    if len(row["phone"]) > 30:
        yield "phone", "must be at most 30 characters"
    for column, most in (("latitude", 90), ("longitude", 180)):
        if row[column] and not _is_degrees(row[column], most):
            yield column, f"must be -{most} to {most} degrees"


def _is_degrees(text: str, most: float) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", text)) and abs(float(text)) <= most


def run_import(args: argparse.Namespace) -> int:
    """Add and change areas; all or nothing, run again nothing doubles."""
    ctx = ready_context(args)
    order = list(Level)
    new = changed = 0
    with ctx.db.begin() as session:
        kept = {area.code: area for area in session.scalars(select(Area))}
        rows = read(args.file, {code: area.level for code, area in kept.items()})
        for row in sorted(rows, key=lambda r: order.index(Level(r["level"]))):
            area = kept.get(row["code"])
            values = _values(row, area)
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


def _values(row: Row, area: Area | None) -> dict[str, object]:
    """What the record says; what it leaves empty stays as it was."""
    values: dict[str, object] = {
        "name": row["name"], "level": row["level"], "parent": row["parent"] or None,
    }
    reads: tuple[Callable[[str], object], ...] = (str, float, float)
    for column, of in zip(OPTIONAL, reads, strict=True):
        text = row[column]
        values[column] = of(text) if text else getattr(area, column, None)
    return values


def run_list(args: argparse.Namespace) -> int:
    """Every area."""
    with ready_context(args).db.read() as session:
        places = sorted(read_gazetteer(session).places.values(), key=lambda p: p.code)
    rows = [{name: getattr(p, name) for name in COLUMNS} for p in places]
    lines = [f"{p.code} {p.level:8} {p.name}" for p in places]
    show(rows, as_json=args.json, lines=lines)
    return 0
