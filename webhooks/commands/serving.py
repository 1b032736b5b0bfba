"""web, routes; and what every listening verb shares. Loads nothing of the worker."""

from __future__ import annotations

import argparse
import signal
import socket
import threading
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Protocol

import structlog
from waitress import create_server

from bot.understand import warm
from models.context import Context
from webhooks import access, logs, processes
from webhooks.app import create_app
from webhooks.commands import Trouble, Verbs, close_contexts, open_context, ready_context, show
from webhooks.gateway import Gateway
from webhooks.uploads import MAX_UPLOAD_BYTES

PORT = 8080
THREADS = 16
CONNECTIONS = 2000
# docs/decisions/0002-server.md says why so many.
PROCESSES = 2
WEB_THREADS = 8

log = structlog.get_logger()


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    web = verbs.add_parser("web", help="the web side alone")
    add_address(web)
    web.add_argument("--processes", type=number, default=PROCESSES, metavar="N")
    web.add_argument("--threads", type=number, default=WEB_THREADS, metavar="N", help="of each")
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


def number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("must be 1 to 64")
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
    warm()
    try:
        server = create_server(
            app, host=args.host, port=args.port, threads=THREADS, ident="yimen",
            # A proxy keeps many connections open; the default of 100 would starve the rest.
            connection_limit=CONNECTIONS, asyncore_use_poll=True,
        )
    except (OSError, ValueError) as error:
        raise _no_place(args, error) from None
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


def _no_place(args: argparse.Namespace, error: Exception) -> Trouble:
    unknown = isinstance(error, (ValueError, socket.gaierror))
    why = "no such address" if unknown else getattr(error, "strerror", "")
    return Trouble(f"cannot listen on {args.host}:{args.port}: {why}", 2)


def ready(args: argparse.Namespace) -> Context:
    """A context whose database is at head, and the logs set up."""
    ctx = ready_context(args)
    logs.set_up(ctx.settings.log_level)
    return ctx


def run_web(args: argparse.Namespace) -> int:
    """The web side, in processes that answer side by side."""
    ready(args)
    # Looked at and closed: every process opens its own.
    close_contexts(args)
    try:
        host = processes.address(args.host, args.port)
    except (OSError, UnicodeError) as error:
        raise _no_place(args, error) from None
    # Each process says by itself when it answers.
    log.info("starting", host=args.host, port=args.port, processes=args.processes)
    processes.run(partial(_gateway, args.config, args.threads), host, args.port, args.processes)
    log.info("stopped")
    return 0


def _gateway(path: Path, threads: int) -> Gateway:
    """What one of the processes answers with, from this configuration file."""
    args = argparse.Namespace(config=path, opened=[])
    ctx = open_context(args)
    logs.set_up(ctx.settings.log_level)
    warm()
    return Gateway(
        create_app(ctx), threads=threads, max_body=MAX_UPLOAD_BYTES,
        closed=partial(close_contexts, args),
    )


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
