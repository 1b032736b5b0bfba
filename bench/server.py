"""Starts one application under one WSGI server, as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.place import Place

THREADS = 16
WAITRESS = """\
import logging, sys, waitress
import bench.apps
logging.getLogger("waitress").setLevel(logging.ERROR)
app = getattr(bench.apps, sys.argv[1])()
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=int(sys.argv[3]), _quiet=True)
"""
# What `yimen web` runs, with whatever application.
GRANIAN = """\
import gc, sys
from functools import partial
import bench.apps
from webhooks import processes, start
from webhooks.gateway import Gateway
def gateway(app, threads):
    made = getattr(bench.apps, app)()
    return Gateway(made, threads=threads, max_body=1 << 20, closed=lambda: None)
gc.set_threshold(start.EACH)
name, port, workers, threads = sys.argv[1:]
make = partial(gateway, name, int(threads))
processes.run(make, "127.0.0.1", int(port), int(workers))
"""


def _command(server: str, app: str, port: int, threads: int) -> list[str]:
    """`waitress`, or `granian-N` or `gunicorn-N` (gthread) with N processes."""
    if server == "waitress":
        return [sys.executable, "-c", WAITRESS, app, str(port), str(THREADS)]
    if server.startswith("granian-"):
        return [sys.executable, "-c", GRANIAN, app, str(port), server[8:], str(threads)]
    kind, _, workers = server.partition("-")
    assert kind == "gunicorn"
    return [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", workers,
        "--threads", str(threads), "--keep-alive", "60", "--log-level", "warning",
        "--bind", f"127.0.0.1:{port}", f"bench.apps:{app}()",
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(server: str, app: str, place: Place) -> Iterator[int]:
    """The port that it answers on. `granian-2x8` has two processes of eight threads each."""
    server, _, wanted = server.partition("x")
    threads = int(wanted or THREADS)
    port = _free_port()
    environment = dict(
        os.environ, BENCH_FOLDER=str(place.folder), BENCH_ECHO_URL=place.echo_url,
        PYTHONWARNINGS="ignore",
    )
    process = subprocess.Popen(
        _command(server, app, port, threads), env=environment, cwd=Path(__file__).parent.parent,
        stdout=sys.stderr,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise SystemExit(f"a server stopped with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("a server did not come up")
