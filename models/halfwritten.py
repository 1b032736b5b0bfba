"""Reports that are half written on a phone, kept here too: to go on with on another phone.

Sealed, one person's own, without the photos. A draft's key is that of the report that it becomes:
sent from two phones, it is one report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Key
from models.cases import Case
from models.context import Context
from models.sealed import SealedJSON
from models.upsert import insert_or_skip

# More than these nobody writes at once; the newest are kept.
MOST = 20


class HalfWritten(Base):
    """A report that somebody has begun, as their phone had it last."""

    __tablename__ = "half_written"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index(None, "updated_at"))

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(32))
    written: Mapped[dict[str, Any]] = mapped_column(SealedJSON("half_written.written"))
    updated_at: Mapped[datetime]


def keep(ctx: Context, session: Session, person_id: int, key: str, written: Any) -> bool:
    """Keep what is written; the next replaces it. False where it was handed in already."""
    if session.scalar(select(Case.id).where(Case.bundle == key)) is not None:
        return False
    now = ctx.now()
    values = {"person_id": person_id, "key": key, "written": written, "updated_at": now}
    if insert_or_skip(session, HalfWritten, values, ("person_id", "key")) is None:
        row = session.scalars(_own(person_id, key).with_for_update()).one()
        row.written, row.updated_at = written, now
    session.flush()
    for old in of_person(ctx, session, person_id)[MOST:]:
        session.delete(old)
    return True


def of_person(ctx: Context, session: Session, person_id: int) -> Sequence[HalfWritten]:
    """What this person has begun and not handed in, the newest first."""
    query = select(HalfWritten).where(
        HalfWritten.person_id == person_id, HalfWritten.updated_at >= oldest(ctx)
    )
    return session.scalars(
        query.order_by(HalfWritten.updated_at.desc(), HalfWritten.id.desc())
    ).all()


def drop(session: Session, person_id: int, key: str) -> None:
    """It was handed in, or thrown away."""
    session.execute(
        delete(HalfWritten).where(HalfWritten.person_id == person_id, HalfWritten.key == key)
    )


def oldest(ctx: Context) -> datetime:
    """What was not touched since then is forgotten."""
    return ctx.now() - timedelta(days=ctx.settings.discovery.draft_days)


def _own(person_id: int, key: str) -> Any:
    return select(HalfWritten).where(HalfWritten.person_id == person_id, HalfWritten.key == key)
