"""The WSGI applications that are measured. Each is made by a function without arguments, so that
every server starts them alike; the environment says where they find their data."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bench.place import AES_KEY, APP_ID, SLUG, TOKEN, open_context

CONNECTIONS = 16
TABLE = """
CREATE TABLE IF NOT EXISTS answered (
    msg_id bigint PRIMARY KEY, openid text NOT NULL, content text NOT NULL, reply text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
)
"""
INSERT = "INSERT INTO answered (msg_id, openid, content, reply) VALUES (%s, %s, %s, %s)"


def _echoing(keep: Callable[[Any, str], None]) -> Flask:
    app = Flask("echo")
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    @app.post("/wechat")
    def receive() -> str:
        args = request.args
        timestamp, nonce = args["timestamp"], args["nonce"]
        plain = crypto.decrypt_message(
            request.get_data(), args["msg_signature"], timestamp, nonce
        )
        message = parse_message(plain)
        reply = TextReply(content=message.content, message=message)
        keep(message, message.content)
        return str(crypto.encrypt_message(reply.render(), nonce, timestamp))

    return app


def echo() -> Flask:
    """The least that answers: wechatpy and Flask in safe mode, nothing kept."""
    return _echoing(lambda _message, _reply: None)


def echo_and_insert() -> Flask:
    """The same with one durable INSERT: a prepared statement, a connection kept open."""
    url = os.environ["BENCH_ECHO_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        connection.execute(TABLE)
    pool: queue.LifoQueue[psycopg.Connection] = queue.LifoQueue()
    for _ in range(CONNECTIONS):
        pool.put(psycopg.connect(url, autocommit=True))

    def keep(message: Any, reply: str) -> None:
        connection = pool.get()
        try:
            connection.execute(
                INSERT, (message.id, message.source, message.content, reply), prepare=True
            )
        finally:
            pool.put(connection)

    return _echoing(keep)


def werobot() -> Flask:
    """WeRoBot in safe mode with its own SQLite sessions: it keeps what each person said last.

    Its storage shares one connection among all threads and loses some two messages in a
    hundred that way. Behind a lock it loses none, and is as fast or faster.
    """
    from werobot import WeRoBot
    from werobot.contrib.flask import make_view
    from werobot.session.sqlitestorage import SQLiteStorage

    lock = threading.Lock()

    class Storage(SQLiteStorage):
        def get(self, id: Any) -> Any:
            with lock:
                return super().get(id)

        def set(self, id: Any, value: Any) -> None:
            with lock:
                super().set(id, value)

    robot = WeRoBot(token=TOKEN, app_id=APP_ID, encoding_aes_key=AES_KEY)
    file = Path(os.environ["BENCH_FOLDER"]) / "werobot.sqlite3"
    robot.config["SESSION_STORAGE"] = Storage(str(file))

    @robot.text  # type: ignore[untyped-decorator]
    def hear(message: Any, session: dict[str, Any]) -> str:
        session["heard"] = session.get("heard", 0) + 1
        session["last"] = message.content
        return str(message.content)

    app = Flask("werobot")
    app.add_url_rule("/wechat", "werobot", make_view(robot), methods=["GET", "POST"])
    return app


def yimen() -> Flask:
    """The product."""
    from webhooks.app import create_app

    return create_app(open_context(Path(os.environ["BENCH_FOLDER"]) / "config.toml"))


def yimen_with_an_empty_page() -> Flask:
    """The product, and beside its pages one that says nothing."""
    from webhooks.access import Audience, opened_to

    app = yimen()

    @app.get("/empty")
    @opened_to(Audience.PUBLIC)
    def empty() -> str:
        return ""

    return app


PATHS = {
    "echo": "/wechat", "echo_and_insert": "/wechat", "werobot": "/wechat",
    "yimen": f"/wechat/{SLUG}",
}
