"""Prepared statements said to PostgreSQL's client library itself, for the callback's short way.

SQLAlchemy's execution and psycopg's cursors each cost more processor time than the statement
does in the database. So two statements, written in Core like all others, are compiled once and
go over a pooled connection as libpq takes them, each a transaction of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Engine, Select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

Convert = Callable[[Any], Any]


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big", signed=True)


# PostgreSQL's numbers of the types that come back: bool, bytea, int8, int2, int4, text, varchar.
_READ: dict[int, Convert] = {
    16: lambda value: value == b"\1", 17: bytes, 20: _number, 21: _number, 23: _number,
    25: bytes.decode, 1043: bytes.decode,
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


# As many as threads of a web process are at work at once (`webhooks/commands/serving.py`).
MOST_IDLE = 16


class Lost(Exception):
    """The connection, or what it had prepared, is gone; what was asked may or may not be done."""


class Wire:
    """A pooled connection as libpq has it, outside any transaction."""

    def __init__(self, engine: Engine, pooled: PoolProxiedConnection) -> None:
        driver = cast("psycopg.Connection[Any]", pooled.driver_connection)
        self.pgconn: PGconn = driver.pgconn
        self.dialect = engine.dialect
        self._engine = engine
        self._pooled = pooled
        # What is prepared on this connection; it goes with it.
        self._prepared: set[bytes] = pooled.info.setdefault("prepared", set())

    def execute(self, name: bytes, text: bytes, values: list[Any]) -> PGresult:
        """Run a statement, prepared under its name where it is not yet."""
        if name not in self._prepared:
            self._checked(self.pgconn.prepare(name, text))
            self._prepared.add(name)
        data, formats = zip(*map(_on_wire, values), strict=True)
        return self._checked(
            self.pgconn.exec_prepared(name, list(data), list(formats), Format.BINARY)
        )

    def close(self) -> None:
        """Give the connection back to the pool."""
        self._pooled.close()

    def _checked(self, result: PGresult) -> PGresult:
        """The result, or the error that SQLAlchemy would raise; Lost where trying anew may help."""
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        if self.pgconn.status == ConnStatus.BAD:
            # The others are lost too, most likely: as SQLAlchemy does it, the pool begins anew.
            self._pooled.invalidate()
            self._engine.dispose()
            raise Lost("the connection")
        fault = psycopg.errors.error_from_result(result, encoding="utf-8")
        if isinstance(fault, psycopg.errors.InvalidSqlStatementName):
            self._prepared.clear()
            raise Lost("the prepared statements")
        raise DBAPIError.instance(
            None, None, fault, psycopg.Error, hide_parameters=True, dialect=self.dialect
        )


class Wires:
    """The wires of one engine, kept at hand: the pool's own in and out costs as much as a
    statement. Each holds one of the pool's connections: of what a rush needed the most go back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Wire] = deque()

    @contextmanager
    def one(self) -> Iterator[Wire]:
        """A wire of one's own for the length of the block."""
        try:
            wire = self._idle.pop()
        except IndexError:
            wire = Wire(self._engine, self._engine.raw_connection())
        try:
            yield wire
        except BaseException:
            wire.close()  # it may be lost, or in the middle of something
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(wire)
        else:
            wire.close()

    def close(self) -> None:
        """Give every idle one back to the pool."""
        while self._idle:
            self._idle.pop().close()


class _Ready:
    """A statement compiled for one engine: its text, and how values go in and come out."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar"))  # type: ignore[no-untyped-call]
        self.text = str(compiled).encode()
        self.takes = [
            (name, _into(compiled.binds[name].type, dialect)) for name in compiled.positiontup or ()
        ]
        # What the statement says itself, by the name that it was given.
        self.own = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
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

    def row(self, wire: Wire, values: Mapping[str, Any]) -> list[Any] | None:
        """Run it and commit; its row."""
        ready = self._ready.get(wire.dialect)
        if ready is None:
            ready = self._ready[wire.dialect] = _Ready(self._statement, wire.dialect)
        values = {**ready.own, **values}
        given = [into(values[name]) if into else values[name] for name, into in ready.takes]
        result = wire.execute(self._name, ready.text, given)
        if result.ntuples == 0:
            return None
        row = []
        for column, out_of in enumerate(ready.gives):
            raw = result.get_value(0, column)
            value = None if raw is None else _READ[result.ftype(column)](raw)
            row.append(out_of(value) if out_of else value)
        return row
