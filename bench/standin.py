"""The platform's place at the other end of the wire, as cheap as can be, in a process of its own.

`python -m bench.standin PORT MILLISECONDS`: answers every call after so long, as the platform
does where all is well: a token, sends that are taken, one send a person and `client_msg_id`
(45065 after that). `GET /received` tells what came: for each message how often.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[1]
received: Counter[str] = Counter()


def answer(path: str, body: bytes) -> dict[str, object]:
    """What the platform says to this call."""
    if path.startswith("/count"):
        return {"count": received.total()}
    if path.startswith("/received"):
        return {"received": received}
    if "stable_token" in path:
        return {"access_token": "standin", "expires_in": 7200}
    if "message/" not in path:
        return {"errcode": 0, "errmsg": "ok"}
    said = json.loads(body)
    own = said.get("client_msg_id")
    if own is not None and received[own]:
        return {"errcode": 45065, "errmsg": "clientmsgid exist", "msgid": received.total()}
    received[own or f"{said['touser']} {said['text']['content']}"] += 1
    return {"errcode": 0, "errmsg": "ok", "msgid": received.total()}


async def converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """One kept connection, call after call."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            line, _, rest = head.partition(b"\r\n")
            fields = dict(
                one.lower().split(b":", 1) for one in rest.split(b"\r\n") if b":" in one
            )
            body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
            # What is taken is taken when it comes; the answer is what takes its time.
            said = json.dumps(answer(line.split()[1].decode(), body)).encode()
            if seconds and b"/message/" in line:
                await asyncio.sleep(seconds)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(said), said)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve(port: int, seconds: float) -> None:
    """Until the process is ended."""
    server = await asyncio.start_server(
        lambda reader, writer: converse(reader, writer, seconds), "127.0.0.1", port
    )
    async with server:
        await server.serve_forever()


@contextmanager
def standing_in(port: int, milliseconds: float) -> Iterator[str]:
    """A running one; gives its address."""
    command = [sys.executable, "-m", "bench.standin", str(port), str(milliseconds)]
    process = subprocess.Popen(command, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 20
        while True:
            try:
                requests.get(f"{base}/received", timeout=1)
                break
            except requests.ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        yield base
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
