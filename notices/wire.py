"""The wire to the platform: kept connections, JSON read with care, files read with a limit."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

Answer = dict[str, Any]

MAX_FILE = 10 * 1024 * 1024
MAX_ANSWER = 256 * 1024
FILE_SECONDS = 60.0
CHUNK = 64 * 1024
# Connections kept open to the platform: as many as a worker sends over at once, and some.
POOL = 16
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class TooLarge(Exception):
    """A file beyond 10 MB; it is not read to its end."""


def open_session(proxy: str, base: str) -> requests.Session:
    """A session for this base address, through the proxy that the configuration names."""
    http = requests.Session()
    # What is to be used stands in the configuration, not in somebody's environment.
    http.trust_env = False
    if proxy and urlsplit(base).hostname not in LOOPBACK:
        http.proxies = {"http": proxy, "https": proxy}
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=POOL)
    http.mount("https://", adapter)
    http.mount("http://", adapter)
    return http


@dataclass(frozen=True)
class Reply:
    """What came back, as wechatpy reads it."""

    content: bytes
    request: None = None


class Straight:
    """POSTs over the very connections that a session keeps, without what requests does a call:
    half of what a message costs. Certificates and timeouts are the session's.
    """

    def __init__(
        self, http: requests.Session, base: str, timeout: tuple[float, float]
    ) -> None:
        adapter: Any = http.get_adapter(base)
        asked = requests.Request("POST", base).prepare()
        self._pool = adapter.get_connection_with_tls_context(asked, verify=True)
        adapter.cert_verify(self._pool, base, True, None)
        self._timeout = Timeout(connect=timeout[0], read=timeout[1])

    def post(self, target: str, body: bytes) -> Reply:
        """`target`: path and query. Raises requests.RequestException, which repeats neither."""
        try:
            reply = self._pool.urlopen(
                "POST", target, body=body, headers={"Content-Type": "application/json"},
                timeout=self._timeout, retries=False, redirect=False,
            )
        except HTTPError:
            raise requests.ConnectionError from None
        if reply.status != requests.codes.ok:
            raise requests.HTTPError
        return Reply(reply.data)


def read_answer(content: bytes) -> Answer:
    """The JSON object of an answer. Raises ValueError."""
    try:
        answer = json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer


def msg_id_of(response: Any) -> str:
    """The number that a refusal names: of a repeat (45065) that of what went out before."""
    try:
        return str(read_answer(response.content).get("msg_id") or "")
    except (AttributeError, ValueError):
        return ""


def errcode_of(answer: Answer) -> int:
    """Its `errcode`, 0 where it has none. Raises ValueError."""
    try:
        return int(answer.get("errcode") or 0)
    except TypeError as error:
        raise ValueError("errcode is no number") from error


def download(
    http: requests.Session, url: str, params: dict[str, str], timeout: tuple[float, float]
) -> bytes | Answer:
    """A file's bytes, or the answer that the platform gave in its place.

    Raises TooLarge as soon as it is, and ValueError for a page that is neither.
    """
    until = time.monotonic() + FILE_SECONDS
    with http.get(url, params=params, timeout=timeout, stream=True) as response:
        response.raise_for_status()
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "text/html":
            raise ValueError("a page instead of a file")
        is_answer = kind in ("application/json", "text/plain")
        most = MAX_ANSWER if is_answer else MAX_FILE
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > most:
            raise TooLarge
        data = bytearray()
        for piece in response.iter_content(CHUNK):
            data += piece
            if len(data) > most:
                raise TooLarge
            # The read timeout holds for each piece alone; this one for the whole.
            if time.monotonic() > until:
                raise requests.Timeout
    return read_answer(bytes(data)) if is_answer else bytes(data)
