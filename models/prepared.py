"""Prepared statements said to PostgreSQL's client library itself, for the callback's short way.

SQLAlchemy's execution and psycopg's cursors each cost more processor time than the statement
does in the database. So a few statements, written in Core like all others, are compiled once
and go over a pooled connection as libpq takes them. On SQLite the same statements go the
ordinary way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Connection, Select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

Convert = Callable[[Any], Any]
# PostgreSQL's numbers of the types that come back: bool, bytea, int8, int2, int4, text, varchar.
_READ: dict[int, Convert] = {
    16: lambda value: value == b"\1",
    17: bytes,
    20: lambda value: int.from_bytes(value, "big", signed=True),
    21: lambda value: int.from_bytes(value, "big", signed=True),
    23: lambda value: int.from_bytes(value, "big", signed=True),
    25: lambda value: value.decode(),
    1043: lambda value: value.decode(),
}


def _on_wire(value: Any) -> tuple[bytes | None, Format]:
    """A value as libpq takes it: what has a length goes binary, the rest as PostgreSQL reads it."""
    if value is None or isinstance(value, bytes):
        return value, Format.BINARY
    if isinstance(value, str):
        return value.encode(), Format.BINARY
    if isinstance(value, bool):
        return b"t" if value else b"f", Format.TEXT
    if isinstance(value, datetime):
        return value.isoformat().encode(), Format.TEXT
    return str(int(value)).encode(), Format.TEXT


class Lost(Exception):
    """The connection, or what it had prepared, is gone; what was asked may or may not be done."""


class _Ready:
    """A statement compiled for one engine: its text, and how values go in and come out."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar"))  # type: ignore[no-untyped-call]
        self.text = str(compiled).encode()
        names = compiled.positiontup or []
        self.takes = [(name, _into(compiled.binds[name].type, dialect)) for name in names]
        self.gives = [_out_of(column.type, dialect) for column in statement.selected_columns]


def _into(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if not isinstance(kind, TypeDecorator):
        return None
    return lambda value: kind.process_bind_param(value, dialect)


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if not isinstance(kind, TypeDecorator):
        return None
    return lambda value: kind.process_result_value(value, dialect)


class Prepared:
    """A Core statement that gives one row or none, planned once on each connection."""

    def __init__(self, name: str, statement: Select[*tuple[Any, ...]]) -> None:
        self._name = name.encode()
        self._statement = statement
        self._ready: WeakKeyDictionary[Dialect, _Ready] = WeakKeyDictionary()

    def row(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Its row; on PostgreSQL inside the transaction that `begin` opened."""
        if connection.dialect.name != "postgresql":
            found = connection.execute(self._statement, values).one_or_none()
            return None if found is None else tuple(found)
        ready = self._ready.get(connection.dialect)
        if ready is None:
            ready = self._ready[connection.dialect] = _Ready(self._statement, connection.dialect)
        wire = _wire(connection)
        data: list[Any] = []
        formats: list[Format] = []
        for name, into in ready.takes:
            value, kind = _on_wire(into(values[name]) if into else values[name])
            data.append(value)
            formats.append(kind)
        known: set[bytes] = connection.info.setdefault("prepared", set())
        if self._name not in known:
            _checked(connection, wire.prepare(self._name, ready.text))
            known.add(self._name)
        result = _checked(
            connection, wire.exec_prepared(self._name, data, formats, Format.BINARY)
        )
        if result.ntuples == 0:
            return None
        return tuple(
            _value(result, column, out_of) for column, out_of in enumerate(ready.gives)
        )


def _value(result: PGresult, column: int, out_of: Convert | None) -> Any:
    raw = result.get_value(0, column)
    value = None if raw is None else _READ[result.ftype(column)](raw)
    return out_of(value) if out_of else value


def begin(connection: Connection) -> None:
    """Open the transaction that SQLAlchemy and psycopg open only with their own first statement."""
    wire = _wire(connection)
    if wire.transaction_status == TransactionStatus.IDLE:
        _checked(connection, wire.exec_(b"BEGIN"))


def commit(connection: Connection) -> None:
    """Commit what `begin` opened; raises where PostgreSQL rolled back instead."""
    result = _checked(connection, _wire(connection).exec_(b"COMMIT"))
    if result.command_status != b"COMMIT":
        raise RuntimeError("the transaction had failed before its end")


def _wire(connection: Connection) -> PGconn:
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.pgconn


def _checked(connection: Connection, result: PGresult) -> PGresult:
    """The result, or the error that SQLAlchemy would raise; Lost where trying anew may help."""
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if _wire(connection).status == ConnStatus.BAD:
        # The others are lost too, most likely: as SQLAlchemy does it, the pool begins anew.
        connection.invalidate()
        connection.engine.dispose()
        raise Lost("the connection")
    fault = psycopg.errors.error_from_result(result, encoding="utf-8")
    if isinstance(fault, psycopg.errors.InvalidSqlStatementName):
        connection.info.pop("prepared", None)
        raise Lost("the prepared statements")
    raise DBAPIError.instance(
        None, None, fault, psycopg.Error, hide_parameters=True, dialect=connection.dialect
    )
