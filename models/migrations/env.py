"""Alembic's environment: always online, on the connection that `models/migrate.py` hands over."""

from typing import Literal

from alembic import context
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeEngine

from models.base import UtcTime
from models.sealed import SealedBytes
from models.tables import METADATA


def render_item(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write our column types by what the database stores, so that old steps need no new code."""
    if kind == "type" and isinstance(item, SealedBytes):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(
    _context: object, _inspected: object, _column: object, inspected_type: TypeEngine[object],
    metadata_type: TypeEngine[object],
) -> bool | None:
    """A sealed column is right when the database stores bytes."""
    if isinstance(metadata_type, SealedBytes):
        return not isinstance(inspected_type, LargeBinary)
    return None


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render_item,
    compare_type=compare_type,
)
context.run_migrations()
