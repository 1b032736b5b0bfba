"""From granian's own interface to a WSGI application, in one process.

A body is awaited whole before a thread is taken, so that slow uploads hold no thread. An answer
is made whole before it is handed back, so that slow readers hold none either: nothing here may
answer without end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from sys import stderr
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Protocol

import structlog

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

IN_MEMORY_BYTES = 512 * 1024
BODY_SECONDS = 300
Headers = list[tuple[str, str]]

log = structlog.get_logger()


class BrokenOff(Exception):
    """Who asked has gone before all was said."""


class Scope(Protocol):
    """One request without its body. `client` and `server` are address:port."""

    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Any: ...


class Transport(AsyncIterable[bytes], Protocol):
    """Its body, whole or in pieces, and the way back."""

    def __call__(self) -> Awaitable[bytes]: ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...


class Gateway:
    """The application with its threads. `closed` is called when the last answer is given."""

    def __init__(
        self, app: WSGIApplication, *, threads: int, max_body: int, closed: Callable[[], None]
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._closed = closed
        self._threads = ThreadPoolExecutor(threads, "web")

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """The server has stopped, and nothing is being answered."""
        self._threads.shutdown()
        self._closed()

    async def __rsgi__(self, scope: Scope, transport: Transport) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        with _room_for(environ) as body:
            if has_body(environ):
                try:
                    async with asyncio.timeout(BODY_SECONDS):
                        await self._receive(transport, environ, body)
                except (BrokenOff, TimeoutError):
                    transport.response_bytes(408, [], b"")
                    return
            environ["wsgi.input"] = body
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, self._answer, environ, transport)

    async def _receive(
        self, transport: Transport, environ: dict[str, Any], body: IO[bytes]
    ) -> None:
        """Read no more than is allowed; the application refuses what says it is longer."""
        length = environ.get("CONTENT_LENGTH")
        if length is not None and int(length) > self._max_body:
            return
        if isinstance(body, BytesIO):
            # Short, as every message is: one wait for the whole costs less than one for each piece.
            size = body.write(await transport())
        else:
            size = await self._receive_long(transport, body)
        if length is not None and size != int(length):
            raise BrokenOff
        environ["CONTENT_LENGTH"] = str(size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        body.seek(0)

    async def _receive_long(self, transport: Transport, body: IO[bytes]) -> int:
        size = 0
        async for piece in transport:
            size += len(piece)
            if size > self._max_body:
                break
            body.write(piece)
        return size

    def _answer(self, environ: dict[str, Any], transport: Transport) -> None:
        try:
            status, headers, body = run(self._app, environ)
        except Exception as error:  # an application that fails has its own page; this is its end
            log.error("unanswered", error=type(error).__name__)
            status, headers, body = 500, [], b""
        transport.response_bytes(status, headers, body)


def run(app: WSGIApplication, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """The application's whole answer."""
    said: list[tuple[str, Headers]] = []
    pieces: list[bytes] = []

    def start(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], object]:
        said[:] = [(status, headers)]
        return pieces.append

    answer: Iterable[bytes] = app(environ, start)
    try:
        pieces.extend(answer)
    finally:
        getattr(answer, "close", bool)()
    status, headers = said[0]
    return int(status[:3]), headers, b"".join(pieces)


def _room_for(environ: dict[str, Any]) -> IO[bytes]:
    """Where a body is kept while it comes: in memory if it says that it is short."""
    length = environ.get("CONTENT_LENGTH")
    if length is not None and int(length) <= IN_MEMORY_BYTES:
        return BytesIO()
    return SpooledTemporaryFile(IN_MEMORY_BYTES)


def has_body(environ: dict[str, Any]) -> bool:
    """Whether the request brings one."""
    return "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request as PEP 3333 wants it."""
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # `X_Forwarded_For` would pass for what a proxy has written.
        if "_" not in name:
            _add(environ, name, value)
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
