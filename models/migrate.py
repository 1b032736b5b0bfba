"""Bring the database to head, once, also when two machines try at the same time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from models.session import Database

HERE = Path(__file__).parent / "migrations"
# Any fixed number: PostgreSQL's advisory lock that migrating machines wait on.
LOCK = 7_301_165
TRIES = 20
PAUSE_SECONDS = 0.05


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _open(db: Database) -> None:
    """Open the database once, however many do so for the first time.

    Switching a new SQLite file to WAL does not wait for another process that is switching it.
    """
    for left in reversed(range(TRIES)):
        try:
            db.engine.connect().close()
            return
        except OperationalError as error:
            if not (db.is_sqlite and left and "locked" in str(error.orig)):
                raise
            time.sleep(PAUSE_SECONDS)


@contextmanager
def _locked(db: Database) -> Iterator[Connection]:
    """A transaction that a second migrating machine waits for (SQLite: BEGIN IMMEDIATE)."""
    _open(db)
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


def head() -> str:
    """The newest step's name."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def is_at_head(db: Database) -> bool:
    """Whether nothing is missing."""
    return _current(db) == head()


def is_beyond(db: Database) -> bool:
    """Whether the database has taken a step that this program does not know."""
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    current = _current(db)
    return current is not None and current not in known


def _current(db: Database) -> str | None:
    _open(db)
    with db.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
