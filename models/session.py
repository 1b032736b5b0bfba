"""The database: one engine with its key ring, and the two kinds of transaction.

SQLite runs in WAL mode with foreign keys on; its writing transactions begin IMMEDIATE, so
that two writers wait for each other instead of failing halfway. PostgreSQL runs READ COMMITTED
and rows are locked where a use case needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from models.prepared import Wire, Wires
from models.sealed import KeyRing

BUSY_TIMEOUT_MS = 5000
# A row lock never outlasts the platform's five seconds by much; who waits longer is told.
LOCK_TIMEOUT_MS = 8000


def database_url(text: str) -> URL:
    """Read a database URL; plain `postgresql://` means psycopg 3 here."""
    url = make_url(text)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url


class Database:
    """One engine, its key ring, and its transactions."""

    def __init__(self, url: str, keys: KeyRing, *, pool_size: int = 16) -> None:
        self.url = database_url(url)
        self.keys = keys
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 8, "pool_timeout": 10}
        if self.is_sqlite:
            options["connect_args"] = {"check_same_thread": False}
        else:
            options["pool_pre_ping"] = False
            options["connect_args"] = {
                # psycopg would throw away all prepared statements, `models/prepared.py`'s too.
                "prepare_threshold": None,
                "options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC",
            }
        self.engine = create_engine(self.url, **options)
        self.engine.dialect.yimen_keys = keys  # type: ignore[attr-defined]  # read by sealed.ring_of
        self._wires = Wires(self.engine)
        self.reader = self.engine.execution_options(read_only=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One writing transaction: committed when the block ends, rolled back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One reading transaction; on SQLite it waits for no writer."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """One writing transaction in plain Core, for the callback."""
        with self.engine.begin() as connection:
            yield connection

    def wire(self) -> AbstractContextManager[Wire]:
        """A connection for prepared statements, each its own transaction; PostgreSQL only."""
        return self._wires.one()

    def close(self) -> None:
        """Give back every connection."""
        self._wires.close()
        self.engine.dispose()


def _sqlite_connect(connection: SQLiteConnection, _record: object) -> None:
    # No transaction begins behind our back: _sqlite_begin says which kind it is.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _sqlite_begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
