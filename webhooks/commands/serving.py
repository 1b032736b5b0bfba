"""web, routes; and what every listening verb shares. Loads nothing of the worker."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType
from typing import Protocol

import structlog
from waitress import create_server

from models.context import Context
from webhooks import access, logs
from webhooks.app import create_app
from webhooks.commands import Trouble, Verbs, open_context, ready_context, show

PORT = 8080
THREADS = 16
CONNECTIONS = 2000

log = structlog.get_logger()


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    web = verbs.add_parser("web", help="the web side alone")
    add_address(web)
    web.set_defaults(run=run_web)
    routes = verbs.add_parser("routes", help="every route, with its audience and roles")
    routes.add_argument("--json", action="store_true")
    routes.set_defaults(run=run_routes)


def add_address(verb: argparse.ArgumentParser) -> None:
    """Where to listen."""
    verb.add_argument("--host", default="127.0.0.1")
    verb.add_argument("--port", type=port, default=PORT)


class Beside(Protocol):
    """What runs beside the web side: started before the first request, stopped after the last."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("must be 1 to 65535")
    return int(text)


def on_stop(stop: threading.Event) -> None:
    """End by SystemExit at the first signal, at once at the second."""
    def stopped(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)


def listen(ctx: Context, args: argparse.Namespace, worker: Beside | None) -> int:
    """Answer until SIGTERM or SIGINT, then end what is being done and stop."""
    app = create_app(ctx)
    try:
        server = create_server(
            app, host=args.host, port=args.port, threads=THREADS, ident="yimen",
            # A proxy keeps many connections open; the default of 100 would starve the rest.
            connection_limit=CONNECTIONS, asyncore_use_poll=True,
        )
    except OSError as error:
        raise Trouble(f"cannot listen on {args.host}:{args.port}: {error.strerror}", 2) from None
    except ValueError:
        raise Trouble(f"cannot listen on {args.host}:{args.port}: no such address", 2) from None
    log.info("listening", host=args.host, port=args.port)
    try:
        on_stop(threading.Event())
        if worker is not None:
            worker.start()
        server.run()
    except (SystemExit, KeyboardInterrupt):
        pass  # a signal: stopping is what was asked for
    finally:
        if worker is not None:
            worker.stop()
        server.close()
    log.info("stopped")
    return 0


def ready(args: argparse.Namespace) -> Context:
    """A context whose database is at head, and the logs set up."""
    ctx = ready_context(args)
    logs.set_up(ctx.settings.log_level)
    return ctx


def run_web(args: argparse.Namespace) -> int:
    """The web side."""
    return listen(ready(args), args, None)


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
