"""200 residents at once, two web processes, PostgreSQL, every callback delivered three times."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import pytest
from sqlalchemy import func, select

from models import revision
from models.cases import Case
from models.context import Context, SystemClock
from models.sealed import KeyRing
from models.session import Database
from models.talks import Message
from tests.processes import Envelope, command, deliver, envelope, web, write_config
from tests.service import fill, settings_for
from webhooks.i18n import speaker

RESIDENTS = 200
ANSWERS = (
    "我家男人上个月摔断了腿，家里揭不开锅了", "还能撑几天", "大湾村", "在", "4口人，老人有病",
    "1 2", "王秀英 17000005678", "没有", "同意", "对",
)
RECEIPT = re.compile(r"\d{4}-\d{6}-\d{2}")
SECONDS = 5.0

pytestmark = [pytest.mark.load, pytest.mark.postgres]


class Platform:
    """Delivers every message three times, the repeats at the same moment to the other process."""

    def __init__(self, ports: tuple[int, int]) -> None:
        self.ports = ports
        self.pool = ThreadPoolExecutor(RESIDENTS * 2)
        self.kept = local()
        self.connections: list[http.client.HTTPConnection] = []
        self.slowest = 0.0
        self.count = 0

    def connection(self, port: int) -> http.client.HTTPConnection:
        kept: dict[int, http.client.HTTPConnection] = self.kept.__dict__
        if port not in kept:
            kept[port] = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            self.connections.append(kept[port])
        return kept[port]

    def close(self) -> None:
        self.pool.shutdown()
        for connection in self.connections:
            connection.close()

    def one(self, port: int, sent: Envelope) -> str:
        connection = self.connection(port)
        started = time.monotonic()
        reply = deliver(connection, sent)
        self.slowest = max(self.slowest, time.monotonic() - started)
        self.count += 1
        return reply

    def thrice(self, number: int, openid: str, text: str) -> str:
        sent = envelope(openid, text)
        first, second = self.ports[number % 2], self.ports[(number + 1) % 2]
        repeat = self.pool.submit(self.one, second, sent)
        replies = {self.one(first, sent), repeat.result(), self.one(second, sent)}
        assert len(replies) == 1, replies
        return replies.pop()

    def resident(self, number: int) -> str:
        openid = f"o_resident_{number:06}_0000000000"
        reply = ""
        for text in ANSWERS:
            reply = self.thrice(number, openid, text)
        found = RECEIPT.search(reply)
        assert found, reply
        return found[0]


def test_two_hundred_at_once(postgres: Callable[[], str], tmp_path: Path) -> None:
    config = write_config(tmp_path, postgres())
    subprocess.run(command(config, "migrate"), check=True)
    url = re.search(r'database_url = "(.+)"', config.read_text())
    assert url
    keys = (tmp_path / "keys").read_text()
    ctx = Context(
        settings_for(url[1], tmp_path, keys=keys), Database(url[1], KeyRing.parse(keys)),
        SystemClock(), speaker("zh_Hans_CN", "Asia/Shanghai"),
    )
    assert revision.is_at_head(ctx.db)
    fill(ctx)
    alone = ("--processes", "1")  # the repeats must come to the other one
    with web(config, *alone) as one, web(config, *alone) as two:
        platform = Platform((one, two))
        with ThreadPoolExecutor(RESIDENTS) as residents:
            receipts = list(residents.map(platform.resident, range(RESIDENTS)))
        platform.close()
    with ctx.db.read() as session:
        cases = session.scalar(select(func.count()).select_from(Case))
        messages = session.scalar(select(func.count()).select_from(Message))
    ctx.db.close()
    assert len(set(receipts)) == RESIDENTS
    assert cases == RESIDENTS
    assert messages == RESIDENTS * len(ANSWERS)
    assert platform.count == 3 * RESIDENTS * len(ANSWERS)
    assert platform.slowest < SECONDS, f"{platform.slowest:.2f} s of {platform.count} replies"
