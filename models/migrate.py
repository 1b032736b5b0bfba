"""Bring the database to head, once, also when two machines try at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from models.revision import open_once
from models.session import BUSY_TIMEOUT_MS, Database

HERE = Path(__file__).parent / "migrations"
# Any fixed number: PostgreSQL's advisory lock that migrating machines wait on.
LOCK = 7_301_165
# How long the second of two machines waits for the first.
WAIT_SECONDS = 120


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked(db: Database) -> Iterator[Connection]:
    """A transaction that a second migrating machine waits for (SQLite: BEGIN IMMEDIATE)."""
    open_once(db)
    with db.engine.connect() as connection:
        if db.is_sqlite:
            # Before the transaction begins, which is where the second one waits.
            _be_patient(connection, WAIT_SECONDS * 1000)
        with connection.begin():
            if not db.is_sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            yield connection
        if db.is_sqlite:
            _be_patient(connection, BUSY_TIMEOUT_MS)


def _be_patient(connection: Connection, milliseconds: int) -> None:
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}")


def upgrade(db: Database, revision: str = "head") -> None:
    """Apply every missing step in one transaction."""
    with _locked(db) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(db: Database, revision: str = "base") -> None:
    """Undo the steps after `revision`."""
    with _locked(db) as connection:
        command.downgrade(_config(connection), revision)


def revise(db: Database, message: str, revision: str) -> None:
    """Write a new step from what the models say and the database lacks."""
    with _locked(db) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)
