"""Public pages that are the same for many: rendered once, compressed once, sent as bytes.

What a page is kept under says all that it depends on, the version's state among it. Strangers are
given the same answer again for some seconds without asking the database: a takedown holds at once
in the process that made it, and within `FRESH_SECONDS` in every other.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# A takedown has to reach everyone within five.
FRESH_SECONDS = 3.0
MOST_PAGES = 300
MOST_VERSIONS = 10_000
MOST_BYTES = 32 * 1024 * 1024
SHARED = "public, max-age=0, s-maxage=5, must-revalidate"
OWN = "private, no-cache"


@dataclass(frozen=True)
class Page:
    """The bytes of one page, plain and compressed."""

    plain: bytes
    packed: bytes
    tag: str


@dataclass(frozen=True)
class Recent:
    """An answer that strangers were given: until when it holds, and after how many `changes`."""

    page: Page
    shared: bool
    until: float
    changes: int


class Pages:
    """The pages used last, of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Page] = OrderedDict()
        self._bytes = 0
        self._places: dict[int, tuple[str, ...]] = {}
        self._recent: dict[Hashable, Recent] = {}

    def recent(self, asked: Hashable, changes: int) -> Recent | None:
        """What was answered to this a moment ago, if nothing has changed in this process since."""
        found = self._recent.get(asked)
        if found is None or found.changes != changes or time.monotonic() >= found.until:
            return None
        return found

    def again(self, asked: Hashable, page: Page, changes: int, *, shared: bool) -> None:
        """Answer this with the same for some seconds."""
        if len(self._recent) >= MOST_PAGES:
            self._recent.clear()
        self._recent[asked] = Recent(page, shared, time.monotonic() + FRESH_SECONDS, changes)

    def places(self, version: int, read: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The places that a signed version has rows of: they never change."""
        found = self._places.get(version)
        if found is None:
            if len(self._places) >= MOST_VERSIONS:
                self._places.clear()
            found = self._places[version] = read()
        return found

    def get(self, key: Hashable, render: Callable[[], str]) -> Page:
        """The page of this key, rendered now if it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        plain = render().encode()
        made = Page(plain, gzip.compress(plain, 6), hashlib.sha256(plain).hexdigest()[:20])
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += len(plain) + len(made.packed)
            while len(self._kept) > MOST_PAGES or self._bytes > MOST_BYTES:
                _, old = self._kept.popitem(last=False)
                self._bytes -= len(old.plain) + len(old.packed)
        return made


@lru_cache(maxsize=256)
def _takes_packed(said: str) -> bool:
    """Whether an Accept-Encoding takes gzip; browsers say one of a handful."""
    return parse_accept_header(said, Accept).quality("gzip") > 0


def send(page: Page, *, shared: bool, mimetype: str = "text/html") -> Response:
    """The page, or that the browser's own is still right. `shared`: the same for everyone."""
    said = request.environ
    packs = _takes_packed(said.get("HTTP_ACCEPT_ENCODING", "")[:200])
    # The compressed bytes are other bytes; a weak tag says that the page is the same.
    headers = [
        ("ETag", f'W/"{page.tag}"'),
        ("Cache-Control", SHARED if shared else OWN),
        ("Vary", "Accept-Encoding, Accept-Language, Cookie"),
    ]
    if page.tag in said.get("HTTP_IF_NONE_MATCH", ""):
        return Response(status=304, headers=headers)
    if packs:
        headers.append(("Content-Encoding", "gzip"))
    return Response(page.packed if packs else page.plain, headers=headers, mimetype=mimetype)
