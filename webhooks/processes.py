"""Several web processes on one port, under granian.

On Linux they are forked from a parent that has loaded everything and opened nothing: they start
at once and share that memory. Each opens its own database.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from webhooks.gateway import Gateway

# What is being answered may wait for a lock for eight seconds; then it has answered.
STOP_SECONDS = 9
WAITING = 1024
MAX_HEADER_BYTES = 64 * 1024
# Elsewhere than on Linux, libraries of the system do not survive a fork.
START = "fork" if sys.platform == "linux" else "spawn"
LOGGING = {"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": False}}}

log = structlog.get_logger()


def address(host: str, port: int) -> str:
    """The address to listen on; raises OSError where it is unknown or taken.

    The processes share the port by SO_REUSEPORT, which would share it with a stranger too.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, place = min(found, key=lambda one: one[0] != socket.AF_INET)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(place)
    return str(place[0])


def run(make: Callable[[], Gateway], host: str, port: int, processes: int) -> None:
    """Answer until SIGTERM or SIGINT; a process that ends is started again.

    `make` is called in each process and can be pickled; nothing may be open when this is called.
    Raises SystemExit where processes keep ending.
    """
    multiprocessing.set_start_method(START, force=True)
    server = Granian(
        "yimen", host, port, interface=Interfaces.RSGI, workers=processes, http=HTTPModes.http1,
        websockets=False, backlog=WAITING, backpressure=WAITING, respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS, log_level=LogLevels.error, log_dictconfig=LOGGING,
        http1_settings=HTTP1Settings(max_buffer_size=MAX_HEADER_BYTES),
    )
    _say(lambda: server.interrupt_signal)
    try:
        server.serve(target_loader=partial(_start, make), wrap_loader=False)
    except SystemExit:
        # A signal to the whole group ends the processes before they are told to.
        if not server.interrupt_signal:
            raise


def _start(make: Callable[[], Gateway]) -> Any:
    """What a new process does first."""
    gateway = make()
    _say(lambda: False)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    log.info("answering", process=os.getpid())
    return gateway


def _end_with_parent() -> None:
    """A parent that was killed cannot say so, and its processes would keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


class _House(logging.Handler):
    """The server's own words as events of ours, unless it is being stopped."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        super().__init__()
        self._stopping = stopping

    def emit(self, record: logging.LogRecord) -> None:
        if not self._stopping():
            log.error("server", said=record.getMessage())


def _say(stopping: Callable[[], bool]) -> None:
    logging.getLogger("_granian").handlers = [_House(stopping)]
