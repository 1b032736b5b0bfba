"""Bring the database to head, once, also when two machines try at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from models.revision import open_once
from models.session import Database

HERE = Path(__file__).parent / "migrations"
# Any fixed number: PostgreSQL's advisory lock that migrating machines wait on.
LOCK = 7_301_165


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
    with db.engine.begin() as connection:
        if not db.is_sqlite:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '120s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield connection


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
