"""Sends prepared requests over sixteen connections: with wrk where it is, else from Python."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from bench.post import reply_text

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("drive.lua")


@dataclass(frozen=True)
class Run:
    """One run: every request sent once and answered once."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def drive(port: int, file: Path) -> Run:
    """Send all requests of the file; raises SystemExit where an answer cannot be read."""
    if shutil.which("wrk"):
        run, samples = _with_wrk(port, file)
    else:
        run, samples = _from_python(port, file)
    for body in samples:
        if not reply_text(body):
            raise SystemExit("an empty reply")
    return run


def tool() -> str:
    """What sends the requests."""
    return "wrk" if shutil.which("wrk") else "python"


def _with_wrk(port: int, file: Path) -> tuple[Run, list[str]]:
    samples = file.with_suffix(".samples")
    command = [
        "wrk", "-t1", f"-c{CONNECTIONS}", "-d120s", "--timeout", "10s", "-s", str(SCRIPT),
        f"http://127.0.0.1:{port}", "--", str(file),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=dict(os.environ, BENCH_SAMPLES=str(samples))
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line == "finished\n":
            # wrk would sit out its time; this makes it sum up at once.
            process.send_signal(signal.SIGINT)
    process.wait()
    found = json.loads(lines[-1])
    if found["sent"] == 0:
        raise SystemExit("not every request was answered:\n" + "".join(lines))
    errors = found["failed"] + found["empty"] + found["broken"]
    run = Run(
        found["answered"], found["answered"] / found["micros"] * 1e6, found["p50"] / 1000,
        found["p99"] / 1000, errors,
    )
    return run, [body for body in samples.read_text().split("\0") if body]


@dataclass
class _Line:
    """One connection and what it has got of an answer."""

    socket: socket.socket
    since: float = 0.0
    got: bytes = b""


def _read(file: Path) -> deque[bytes]:
    data, at, requests = file.read_bytes(), 0, deque[bytes]()
    while at < len(data):
        length = int(data[at : at + 8])
        requests.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return requests


def _from_python(port: int, file: Path) -> tuple[Run, list[str]]:
    waiting = _read(file)
    count, errors, took, samples = len(waiting), 0, list[float](), list[str]()
    selector = selectors.DefaultSelector()
    started = time.perf_counter()
    for _ in range(min(CONNECTIONS, count)):
        line = _Line(socket.create_connection(("127.0.0.1", port)))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
        _send(line, waiting)
    while len(took) < count:
        for key, _ in selector.select(10):
            line = key.data
            line.got += line.socket.recv(65536)
            head, parted, body = line.got.partition(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0].strip()
            if not parted or len(body) < int(length):
                continue
            took.append(time.perf_counter() - line.since)
            errors += not head.startswith(b"HTTP/1.1 200") or b"<Encrypt>" not in body
            if len(took) % 97 == 0:
                samples.append(body.decode())
            line.got = b""
            if waiting:
                _send(line, waiting)
    seconds = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    took.sort()
    run = Run(
        count, count / seconds, took[count // 2] * 1000, took[count * 99 // 100] * 1000, errors
    )
    return run, samples


def _send(line: _Line, waiting: deque[bytes]) -> None:
    line.since = time.perf_counter()
    line.socket.sendall(waiting.popleft())
