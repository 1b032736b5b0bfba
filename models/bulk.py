"""Many rows of one table at once: COPY on PostgreSQL, one statement for all on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, Table, insert
from sqlalchemy.orm import Session

from models.base import Base

BATCH = 1000


def add_rows(session: Session, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in their order, in the caller's transaction; sealed columns are sealed.

    Every row has the keys of the first; a column that is left out takes the database's default.
    What a key forbids raises the driver's own error on PostgreSQL, SQLAlchemy's on SQLite.
    """
    here, left = cast(Table, table.__table__), iter(rows)
    connection = session.connection()
    while batch := list(islice(left, BATCH)):
        if connection.dialect.name == "sqlite":
            connection.execute(insert(here), batch)
        else:
            _copy(connection, here, batch)


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = tuple(rows[0])
    dialect = connection.dialect
    # What SQLAlchemy would do to each value on its way.
    ways = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    preparer = dialect.identifier_preparer
    columns = ", ".join(preparer.quote(name) for name in names)
    statement = f"COPY {preparer.format_table(table)} ({columns}) FROM STDIN"
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([
                way(row[name]) if way is not None else row[name]
                for name, way in zip(names, ways, strict=True)
            ])
