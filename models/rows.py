"""How many rows a statement changed."""

from __future__ import annotations

from sqlalchemy import Delete, Update
from sqlalchemy.orm import Session


def changed(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE; the number of rows that it touched."""
    done = session.execute(statement)
    # What an UPDATE or DELETE gives is a CursorResult; the types say less.
    return int(getattr(done, "rowcount"))  # noqa: B009
