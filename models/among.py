"""A column among many numbers, as one parameter: the statement's text is the same for any
number of them, so that it is built once and the database plans it once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, Dialect, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Numbers(TypeDecorator[list[int]]):
    """A list of numbers in one parameter: an array where there are arrays, else JSON."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = ARRAY(BigInteger()) if dialect.name == "postgresql" else JSON()
        return dialect.type_descriptor(kind)


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()


def among(column: Any, numbers: Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of these whole numbers; of none, of no row."""
    return _Among(column, literal(list(numbers), _Numbers()))


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - both are compiled SQL


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} = ANY({numbers})"
