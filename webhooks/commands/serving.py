"""demo, serve, web, worker, routes."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError
from waitress import serve as waitress_serve

from models import migrate
from models.context import Context
from notices.schedule import Worker
from webhooks import access, logs
from webhooks.app import create_app
from webhooks.commands import Trouble, Verbs, open_context, show
from webhooks.demo.running import Demo, port_is_free

PORT = 8080
THREADS = 16
CONNECTIONS = 2000


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    demo = verbs.add_parser("demo", help="the demo county with WeChat's own side beside it")
    demo.add_argument("--port", type=int, default=PORT)
    demo.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR")
    demo.add_argument("--fresh", action="store_true", help="begin anew")
    demo.set_defaults(run=run_demo)
    for name, words, run in (
        ("serve", "web and worker in one process group", run_serve),
        ("web", "the web side alone", run_web),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("--host", default="127.0.0.1")
        verb.add_argument("--port", type=int, default=PORT)
        verb.set_defaults(run=run)
    verbs.add_parser("worker", help="the worker alone").set_defaults(run=run_worker)
    routes = verbs.add_parser("routes", help="every route, with its audience and roles")
    routes.add_argument("--json", action="store_true")
    routes.set_defaults(run=run_routes)


def _on_stop(stop: threading.Event) -> None:
    def stopped(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)


def run_demo(args: argparse.Namespace) -> int:
    """The demo county, until Ctrl-C."""
    logs.set_up("warning")
    if not port_is_free(args.port):
        raise Trouble(f"port {args.port} is taken; choose another with --port", 2)
    print(f"Preparing the demo county in {args.data} …", flush=True)
    demo = Demo(args.port, args.data, fresh=args.fresh)
    stop = threading.Event()
    _on_stop(stop)
    try:
        demo.serve(lambda address: print(f"Demo county ready: {address}", flush=True))
    except (SystemExit, KeyboardInterrupt):
        pass
    finally:
        demo.stop()
    print("Demo county stopped.", flush=True)
    return 0


def ready_context(args: argparse.Namespace) -> Context:
    """A context whose database is at head; raises Trouble with the command to run."""
    ctx = open_context(args)
    logs.set_up(ctx.settings.log_level)
    try:
        at_head = migrate.is_at_head(ctx.db)
    except SQLAlchemyError as error:
        raise Trouble(f"the database does not answer ({type(error).__name__})") from None
    if not at_head:
        raise Trouble("the database is not at head; run: yimen migrate", 2)
    return ctx


def _listen(ctx: Context, args: argparse.Namespace) -> None:
    app = create_app(ctx)
    try:
        waitress_serve(
            app, host=args.host, port=args.port, threads=THREADS, ident="yimen", _quiet=True,
            # A proxy keeps many connections open; the default of 100 would starve the rest.
            connection_limit=CONNECTIONS, asyncore_use_poll=True,
        )
    except OSError as error:
        raise Trouble(f"cannot listen on {args.host}:{args.port}: {error.strerror}", 2) from None


def run_serve(args: argparse.Namespace) -> int:
    """Web and worker together."""
    ctx = ready_context(args)
    worker = Worker(ctx)
    worker.start()
    try:
        _listen(ctx, args)
    finally:
        worker.stop()
    return 0


def run_web(args: argparse.Namespace) -> int:
    """The web side."""
    _listen(ready_context(args), args)
    return 0


def run_worker(args: argparse.Namespace) -> int:
    """The worker, until it is stopped."""
    ctx = ready_context(args)
    worker = Worker(ctx)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    stop.wait()
    worker.stop()
    return 0


def run_routes(args: argparse.Namespace) -> int:
    """Every route."""
    rows = access.listed(create_app(open_context(args)))
    lines = [
        f"{row['path']:45} {','.join(row['methods']):10} {row['audience']} "
        f"{','.join(row['roles'])}".rstrip()
        for row in rows
    ]
    show(rows, as_json=args.json, lines=lines)
    return 0
