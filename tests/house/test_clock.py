"""Nobody reads the machine's clock: the time is handed down (`Context.clock`)."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import ROOT, files, name, parsed

READING = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
    ("time", "strftime"), ("time", "ctime"),
    # The database's clock is a clock as well.
    ("func", "now"), ("func", "current_timestamp"), ("func", "current_date"),
}
ALLOWED = {
    "models/context.py": "SystemClock",
    "webhooks/demo/clock.py": "DemoClock",
    # When APScheduler first rings its bell; what is due then is decided by the service's clock.
    "notices/worker.py": "Worker",
    # How far the machine's clock is from the platform's.
    "webhooks/checks.py": "_clock",
}


def _readings(tree: ast.AST) -> list[ast.Call]:
    """Calls that read a clock. `datetime.now` under any import; monotonic clocks are not meant."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            owned = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (owned, node.func.attr) in READING:
                found.append(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("time", "time_ns"):
            found.append(node)
    return found


def _inside(file: Path, owner: str) -> set[ast.Call]:
    tree = parsed(file)
    kinds = (ast.ClassDef, ast.FunctionDef)
    owners = [n for n in ast.walk(tree) if isinstance(n, kinds) and n.name == owner]
    return {call for found in owners for call in _readings(found)}


def test_no_clock_is_read_but_where_it_is_made() -> None:
    found = []
    for file in files():
        if name(file).startswith("webhooks/sandbox/"):
            continue  # WeChat's own side has a clock of its own
        calls = _readings(parsed(file))
        if owner := ALLOWED.get(name(file)):
            calls = [call for call in calls if call not in _inside(file, owner)]
        found += [f"{name(file)}:{call.lineno}" for call in calls]
    assert found == []


def test_the_search_finds_the_clock_where_it_is_allowed() -> None:
    for file, owner in ALLOWED.items():
        assert _inside(ROOT / file, owner), file
