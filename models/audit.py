"""The audit log: every change, and every reading of a sealed field by staff.

Rows are appended in the transaction they speak of; the worker chains committed rows in
order (one chain written inside every transaction would make all writers wait).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key

GENESIS = bytes(32)
BATCH = 1000


class AuditEntry(Base):
    """Who did what to which record. `detail` is JSON without personal data."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "target", "target_id"), Index(None, "place", unique=True))

    id: Mapped[Key]
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(String(500), default="{}")
    place: Mapped[int | None]
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


def record(
    session: Session,
    at: datetime,
    action: str,
    target: str,
    target_id: int | None,
    *,
    staff_id: int | None = None,
    person_id: int | None = None,
    **detail: Any,
) -> None:
    """Append one entry in the caller's transaction."""
    session.add(
        AuditEntry(
            at=at,
            action=action,
            target=target,
            target_id=target_id,
            staff_id=staff_id,
            person_id=person_id,
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        )
    )


def _hash(before: bytes, entry: AuditEntry, place: int) -> bytes:
    line = json.dumps(
        [
            place, entry.id, entry.at.isoformat(), entry.staff_id, entry.person_id,
            entry.action, entry.target, entry.target_id, entry.detail,
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(before + line.encode()).digest()


def chain(session: Session) -> int:
    """Give the committed rows that have none their place and hash; returns how many."""
    done = 0
    last = session.execute(
        select(AuditEntry.place, AuditEntry.hash)
        .where(AuditEntry.place.is_not(None))
        .order_by(AuditEntry.place.desc())
        .limit(1)
    ).first()
    place, before = (last.place, last.hash) if last else (0, GENESIS)
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.place.is_(None)).order_by(AuditEntry.id).limit(BATCH)
    )
    for entry in rows:
        place += 1
        before = _hash(before, entry, place)
        entry.place, entry.hash = place, before
        done += 1
    return done


def verify(session: Session) -> int | None:
    """Recompute the chain; returns the place of the first row that does not fit, or None."""
    before = GENESIS
    query = (
        select(AuditEntry)
        .where(AuditEntry.place.is_not(None))
        .order_by(AuditEntry.place)
        .execution_options(yield_per=BATCH)
    )
    with session.scalars(query) as rows:
        for expected, entry in enumerate(rows, start=1):
            before = _hash(before, entry, expected)
            if entry.place != expected or entry.hash != before:
                return expected
    return None


def unchained(session: Session) -> int:
    """How many rows wait for their place."""
    waiting = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.place.is_(None))
    )
    return waiting or 0
