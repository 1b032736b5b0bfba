"""INSERT … ON CONFLICT DO NOTHING, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base


def insert_or_skip(
    session: Session, table: type[Base], values: dict[str, Any], unique: Sequence[str] | None
) -> Any | None:
    """Insert one row unless `unique` (None: any unique key) is taken.

    Its primary key's first column, or None.
    """
    dialect = session.get_bind().dialect.name
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    key = table.__mapper__.primary_key[0]
    target: dict[str, Any] = {} if unique is None else {"index_elements": list(unique)}
    statement = (
        make(table).values(**values).on_conflict_do_nothing(**target).returning(key)
    )
    return session.execute(statement).scalar_one_or_none()
