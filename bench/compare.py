"""Interleaved runs of several servers, and the medians of what they did."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.apps import PATHS
from bench.drive import Run, drive
from bench.place import PEOPLE, TALK, Place, rows
from bench.post import Sender
from bench.server import running

# One whole talk of everyone: its turns do not cost the same, so a run takes all of them.
CYCLE = PEOPLE * len(TALK)
WARM_UP = CYCLE
# Where each keeps what it answered, where it keeps it in PostgreSQL.
TABLES = {"echo_and_insert": "answered", "yimen": "messages"}


@dataclass
class Entrant:
    """One application under one server."""

    name: str
    app: str
    port: int
    sender: Sender
    count: int = WARM_UP
    runs: list[Run] = field(default_factory=list)


def say(words: str) -> None:
    """Progress, beside the result."""
    print(words, file=sys.stderr, flush=True)


def compare(
    place: Place, entrants: Mapping[str, tuple[str, str]], *, rounds: int, seconds: float
) -> dict[str, Any]:
    """Run them turn by turn; the medians by name. `entrants`: name → (server, application)."""
    kept = {app: _rows(place, app) for _, app in entrants.values()}
    senders = {app: Sender(PATHS[app]) for app in kept}
    answered = dict.fromkeys(kept, 0)
    with ExitStack() as stack:
        line = [
            Entrant(name, app, stack.enter_context(running(server, app, place)), senders[app])
            for name, (server, app) in entrants.items()
        ]
        for entrant in line:
            run = _once(place, entrant)
            answered[entrant.app] += run.requests
            entrant.count = CYCLE * math.ceil(run.per_second * seconds / CYCLE)
        for number in range(1, rounds + 1):
            for entrant in line:
                run = _once(place, entrant)
                answered[entrant.app] += run.requests
                entrant.runs.append(run)
                say(
                    f"{number}/{rounds} {entrant.name:16} {run.per_second:7.0f}/s  "
                    f"p50 {run.p50_ms:6.1f} ms  p99 {run.p99_ms:6.1f} ms  errors {run.errors}"
                )
    for app, before in kept.items():
        if app in TABLES and _rows(place, app) - before != answered[app]:
            raise SystemExit(
                f"{app}: {answered[app]} answers, but {_rows(place, app) - before} rows"
            )
    return {entrant.name: _medians(entrant) for entrant in line}


def _rows(place: Place, app: str) -> int:
    if app not in TABLES:
        return 0
    try:
        return rows(place.url if app == "yimen" else place.echo_url, TABLES[app])
    except Exception:  # the table is made by the application's first start
        return 0


def _once(place: Place, entrant: Entrant) -> Run:
    file = place.folder / f"{entrant.name}.requests"
    entrant.sender.write(file, entrant.count)
    return drive(entrant.port, file)


def _medians(entrant: Entrant) -> dict[str, Any]:
    runs = [asdict(run) for run in entrant.runs]
    found: dict[str, Any] = {
        key: round(statistics.median(run[key] for run in runs), 2)
        for key in ("per_second", "p50_ms", "p99_ms")
    }
    found["p99_ms_worst"] = round(max(run["p99_ms"] for run in runs), 2)
    found["requests"] = sum(run["requests"] for run in runs)
    found["errors"] = sum(run["errors"] for run in runs)
    found["runs_per_second"] = [round(run["per_second"], 1) for run in runs]
    return found
