"""serve, worker."""

from __future__ import annotations

import argparse
import signal
import threading

import structlog

from notices.worker import Worker
from webhooks.commands import Verbs
from webhooks.commands.serving import add_address, listen, ready

log = structlog.get_logger()


def add(verbs: Verbs) -> None:
    """Put the verbs on the parser."""
    serve = verbs.add_parser("serve", help="web and worker in one process group")
    add_address(serve)
    serve.set_defaults(run=run_serve)
    verbs.add_parser("worker", help="the worker alone").set_defaults(run=run_worker)


def run_serve(args: argparse.Namespace) -> int:
    """Web and worker together."""
    ctx = ready(args)
    return listen(ctx, args, Worker(ctx))


def run_worker(args: argparse.Namespace) -> int:
    """The worker, until it is stopped."""
    ctx = ready(args)
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
