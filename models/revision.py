"""Which step the database has taken; every process asks, so Alembic is not loaded for it."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from models.session import Database

TRIES = 20
PAUSE_SECONDS = 0.05
# A step's file is named by its revision: 0001_the_first_tables.py.
STEPS = tuple(
    sorted(
        file.name.partition("_")[0]
        for file in (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*_*.py")
    )
)
HEAD = STEPS[-1]


def is_at_head(db: Database) -> bool:
    """Whether nothing is missing."""
    return current(db) == HEAD


def is_beyond(db: Database) -> bool:
    """Whether the database has taken a step that this program does not know."""
    taken = current(db)
    return taken is not None and taken not in STEPS


def current(db: Database) -> str | None:
    """The last step that the database has taken, or None."""
    open_once(db)
    with db.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return None if row is None else str(row[0])


def open_once(db: Database) -> None:
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
