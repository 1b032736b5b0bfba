"""How many rows a statement changed."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def changed(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE; the number of rows that it touched."""
    # What an UPDATE or DELETE gives is a CursorResult; the types say less.
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
