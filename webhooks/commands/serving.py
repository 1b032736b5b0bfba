"""demo, serve, web, worker, routes."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

import structlog
from waitress import create_server

from models.context import Context
from notices.schedule import Worker
from webhooks import access, logs
from webhooks.app import create_app
from webhooks.commands import Trouble, Verbs, open_context, ready_context, show
from webhooks.demo.running import Demo, port_is_free

PORT = 8080
THREADS = 16
CONNECTIONS = 2000
# The first line of a configuration that `yimen demo` wrote itself.
DEMO_MARK = "# Written by `yimen demo`"

log = structlog.get_logger()


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    demo = verbs.add_parser("demo", help="the demo county with WeChat's own side beside it")
    demo.add_argument("--port", type=_port, default=PORT)
    demo.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR")
    demo.add_argument("--fresh", action="store_true", help="begin anew")
    demo.set_defaults(run=run_demo)
    for name, words, run in (
        ("serve", "web and worker in one process group", run_serve),
        ("web", "the web side alone", run_web),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("--host", default="127.0.0.1")
        verb.add_argument("--port", type=_port, default=PORT)
        verb.set_defaults(run=run)
    verbs.add_parser("worker", help="the worker alone").set_defaults(run=run_worker)
    routes = verbs.add_parser("routes", help="every route, with its audience and roles")
    routes.add_argument("--json", action="store_true")
    routes.set_defaults(run=run_routes)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("must be 1 to 65535")
    return int(text)


def _on_stop(stop: threading.Event) -> None:
    def stopped(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)


def _is_demo(data: Path) -> bool:
    """Whether the folder is empty or a demo's own: nothing else is written into or deleted."""
    if not data.exists():
        return True
    if not data.is_dir():
        return False
    written = data / "config.toml"
    if written.is_file():
        return written.read_text(encoding="utf-8", errors="replace").startswith(DEMO_MARK)
    # A first start that was broken off leaves these.
    return {file.name for file in data.iterdir()} <= {"keys", "clock"}


def run_demo(args: argparse.Namespace) -> int:
    """The demo county, until Ctrl-C."""
    logs.set_up("warning")
    if not port_is_free(args.port):
        raise Trouble(f"port {args.port} is taken; choose another with --port", 2)
    if not _is_demo(args.data):
        raise Trouble(f"{args.data} holds something else; choose another folder with --data", 2)
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


def _listen(ctx: Context, args: argparse.Namespace, worker: Worker | None) -> int:
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
        _on_stop(threading.Event())
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


def _ready(args: argparse.Namespace) -> Context:
    ctx = ready_context(args)
    logs.set_up(ctx.settings.log_level)
    return ctx


def run_serve(args: argparse.Namespace) -> int:
    """Web and worker together."""
    ctx = _ready(args)
    return _listen(ctx, args, Worker(ctx))


def run_web(args: argparse.Namespace) -> int:
    """The web side."""
    return _listen(_ready(args), args, None)


def run_worker(args: argparse.Namespace) -> int:
    """The worker, until it is stopped."""
    ctx = _ready(args)
    worker = Worker(ctx)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    log.info("working")
    stop.wait()
    worker.stop()
    log.info("stopped")
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
