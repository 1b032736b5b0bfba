"""What a message, a web process and a cold start cost; the limits are those of issue 2."""

from __future__ import annotations

import http.client
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import event

from models.context import Context, SystemClock
from models.sealed import KeyRing
from models.session import Database
from tests.processes import command, deliver, envelope, free_port, wait_for, write_config
from tests.service import Service, fill, settings_for
from webhooks.i18n import speaker

STATEMENTS = 6
MEGABYTES = 150
COLD_SECONDS = 3.0
MESSAGES = 400
TALK = (
    "我家男人上个月摔断了腿，家里揭不开锅了", "还能撑几天", "大湾村", "在", "4口人，老人有病",
    "1 2", "王秀英 17000005678", "没有", "同意", "对", "进度",
)
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")


def counted(ctx: Context) -> list[str]:
    """Every statement that goes to the database from now on, transactions apart."""
    statements: list[str] = []

    def count(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith(TRANSACTION):
            statements.append(statement)

    event.listen(ctx.db.engine, "before_cursor_execute", count)
    return statements


def test_no_message_costs_more_than_six_statements(service: Service) -> None:
    phone = service.follower()
    phone.say("你好")
    statements = counted(service.ctx)
    for text in TALK:
        # The directory is read anew every five seconds, not at every message.
        assert service.ctx.directory.areas
        statements.clear()
        phone.say(text)
        assert len(statements) <= STATEMENTS, (text, statements)


def test_a_new_followers_first_message_too(service: Service) -> None:
    assert service.ctx.directory.areas
    statements = counted(service.ctx)
    service.follower()
    assert len(statements) <= STATEMENTS, statements


@pytest.mark.postgres
def test_a_web_process_starts_quickly_and_stays_small(database: str, tmp_path: Path) -> None:
    config = write_config(tmp_path, database)
    subprocess.run(command(config, "migrate"), check=True)
    keys = (tmp_path / "keys").read_text()
    ctx = Context(
        settings_for(database, tmp_path, keys=keys), Database(database, KeyRing.parse(keys)),
        SystemClock(), speaker("zh_Hans_CN", "Asia/Shanghai"),
    )
    fill(ctx)
    ctx.db.close()
    port = free_port()
    started = time.monotonic()
    process = subprocess.Popen(command(config, "web", "--port", str(port)))
    try:
        wait_for(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        assert deliver(connection, envelope("o_first_00000000000000000000", "你好"))
        cold = time.monotonic() - started
        for number in range(MESSAGES):
            text = TALK[number % len(TALK)]
            deliver(connection, envelope(f"o_{number // len(TALK):026}", text))
        connection.close()
        megabytes = psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        process.terminate()
        process.wait(10)
    assert megabytes < MEGABYTES, megabytes
    assert cold < COLD_SECONDS, cold
