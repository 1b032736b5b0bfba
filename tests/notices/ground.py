"""What a house stands on: places, a clock, a served application, a configuration."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from models.accounts import Account
from models.lengths import Deadlines, Length
from models.settings import Pushes, Settings

COUNTY, TOWN, VILLAGE = "451299000000", "451299101000", "451299101201"
NEXT_TOWN = "451299102000"
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIELDS = ("thing1", "character_string2", "date3", "thing4")
RECEIPT = "2611-483705-72"


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = START
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def move(self, **by: float) -> datetime:
        with self._lock:
            self._now += timedelta(**by)
            return self._now


class QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The WSGI application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def account(slug: str, base: str, **changes: Any) -> Account:
    """An account as the configuration would have it."""
    given: dict[str, Any] = {
        "slug": slug, "name": slug, "area": COUNTY, "app_id": f"wx-{slug}",
        "original_id": f"gh-{slug}", "secret": f"secret-{slug}", "token": "tok3n", "aes_key": "",
        "mode": "plain", "api_base_url": f"{base}/sandbox/platform",
        "templates": {"case_progress": "TPL-CASE", "staff_task": "TPL-STAFF"},
        "subscriptions": {"case_progress": "SUB-CASE"},
    }
    return Account(**(given | changes))


def settings(url: str, keys: str, accounts: tuple[Account, ...], **changes: Any) -> Settings:
    """A configuration for tests."""
    length = Length(3, "测试", date(2026, 1, 1))
    given: dict[str, Any] = {
        "environment": "production", "public_url": "https://example.test", "database_url": url,
        "storage_url": "memory://papers", "accounts": accounts, "keys": keys,
        "deadlines": Deadlines(length, length, length, length),
        "pushes": Pushes(connect_timeout=1.0, read_timeout=2.0),
    }
    return Settings(**(given | changes))
