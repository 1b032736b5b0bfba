"""`python -m bench [servers|lists|queue]`: one JSON document on stdout, progress on stderr."""

from __future__ import annotations

import argparse
import json
import os
import platform
from functools import partial
from typing import Any

from bench.compare import compare, say
from bench.drive import CONNECTIONS, tool
from bench.lists import measure
from bench.place import furnish, settled
from bench.queue import measure as measure_queue
from webhooks.commands.serving import PROCESSES, WEB_THREADS

OWN = f"granian-{PROCESSES}x{WEB_THREADS}"
SERVERS = (OWN, "granian-2x4", "granian-2x16", "waitress", "gunicorn-2x8")
APPS = ("echo", "echo_and_insert", "werobot", "yimen")


def main() -> int:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=("peers", "servers", "lists", "queue"), default="peers",
        help="peers: beside others under one server, lists and the queue; servers: the product "
        "under several; lists: public notices alone; queue: the sender alone",
    )
    parser.add_argument("--server", choices=SERVERS, default=OWN)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of one run, about")
    args = parser.parse_args()
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; requests from {tool()}")
    with settled() as place:
        furnish(place)
        measured = partial(compare, place, rounds=args.rounds, seconds=args.seconds)
        if args.what == "servers":
            medians = measured({server: (server, "yimen") for server in SERVERS})
            document: dict[str, Any] = {"servers": medians}
        elif args.what == "lists":
            document = {"lists": measure(place, rounds=args.rounds, seconds=args.seconds)}
        elif args.what == "queue":
            document = {"queue": measure_queue(place, rounds=args.rounds)}
        else:
            medians = measured({app: (args.server, app) for app in APPS})
            document = {
                "server": args.server, "ratios": _ratios(medians),
                "targets": _targets(medians), "medians": medians,
                "lists": measure(place, rounds=args.rounds, seconds=args.seconds),
                "queue": measure_queue(place, rounds=args.rounds),
            }
    document |= {
        "connections": CONNECTIONS, "rounds": args.rounds, "tool": tool(),
        "python": platform.python_version(), "cores": os.cpu_count(),
    }
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return 0


def _ratios(medians: dict[str, Any]) -> dict[str, float]:
    ours = medians["yimen"]["per_second"]
    found = {f"yimen/{app}": round(ours / medians[app]["per_second"], 2) for app in APPS[:-1]}
    insert, echo = medians["echo_and_insert"]["per_second"], medians["echo"]["per_second"]
    return {**found, "echo_and_insert/echo": round(insert / echo, 2)}


def _targets(medians: dict[str, Any]) -> dict[str, bool]:
    ratios = _ratios(medians)
    return {
        "at least 0.5 of one durable INSERT": ratios["yimen/echo_and_insert"] >= 0.5,
        "at least 2 times WeRoBot": ratios["yimen/werobot"] >= 2,
        "p99 under 250 ms": medians["yimen"]["p99_ms"] < 250,
        "no errors": all(found["errors"] == 0 for found in medians.values()),
    }


if __name__ == "__main__":
    raise SystemExit(main())
