"""What several processes share: who runs a periodic job, and the platform's tokens."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.rows import changed
from models.sealed import SealedText
from models.upsert import insert_or_skip


class Lease(Base):
    """A named lease: its holder alone acts until it ends."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[datetime]


class PlatformToken(Base):
    """An account's access token, or its ticket for pages, shared by all processes."""

    __tablename__ = "platform_tokens"

    # The slug; of the ticket for pages `ticket:` and the slug.
    account: Mapped[str] = mapped_column(String(50), primary_key=True)
    token: Mapped[str] = mapped_column(SealedText("platform_tokens.token"))
    expires_at: Mapped[datetime]


def take(session: Session, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """Take or prolong a lease; False while another holds it."""
    until = now + timedelta(seconds=seconds)
    if insert_or_skip(session, Lease, {"name": name, "holder": holder, "until": until}, ("name",)):
        return True
    statement = update(Lease).where(
        Lease.name == name, (Lease.holder == holder) | (Lease.until <= now)
    )
    return bool(changed(session, statement.values(holder=holder, until=until)))


def give_back(session: Session, name: str, holder: str, now: datetime) -> None:
    """End one's own lease at once."""
    session.execute(
        update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=now)
    )
