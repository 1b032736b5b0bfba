"""What stands in a row that one person of a county puts and another signs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Key
from models.people import Staff


class TwoSigned:
    """A table's part. `state`: `open` (one person), `signed` (two), or `dropped`."""

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    put_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    put_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None]

    @declared_attr
    @classmethod
    def put(cls) -> Mapped[Staff]:
        """Who put it."""
        return relationship(foreign_keys=f"{cls.__name__}.put_by", lazy="joined")

    @declared_attr
    @classmethod
    def signed(cls) -> Mapped[Staff | None]:
        """Who signed or dropped it."""
        return relationship(foreign_keys=f"{cls.__name__}.signed_by", lazy="joined")

    @property
    def about(self) -> dict[str, str]:
        """What the audit log says of it beside its number and area."""
        return {}
