"""What a county says of a scheme itself: its standard, its papers, its office; put by one person
and signed by another. Every version stays; what holds is the one signed last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.twosigned import TwoSigned

# Characters of all fields of a version together, as JSON.
MOST_KEPT = 4000


class LocalScheme(TwoSigned, Base):
    """One version. `said` is JSON, field → text (`models/schemefields.py`); `{}`: nothing of
    its own any longer."""

    __tablename__ = "local_schemes"
    __table_args__ = (Index(None, "area", "state"),)

    scheme: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(String(MOST_KEPT))

    @property
    def fields(self) -> dict[str, str]:
        """What it says, by field."""
        found: dict[str, str] = json.loads(self.said)
        return found

    @property
    def about(self) -> dict[str, str]:
        """The audit log names the scheme."""
        return {"scheme": self.scheme}


@dataclass(frozen=True)
class Own:
    """A county's own words of a scheme that hold, by field, and when they were signed."""

    fields: Mapping[str, str]
    signed_at: datetime

    @property
    def from_(self) -> date | None:
        """Since when the standard holds."""
        return date.fromisoformat(self.fields["from"]) if "from" in self.fields else None


# County → scheme → its own words.
LocalSchemes = Mapping[str, Mapping[str, Own]]


def read_local_schemes(session: Session) -> LocalSchemes:
    """What holds in every county of the service; one statement."""
    rows = session.scalars(
        select(LocalScheme).where(LocalScheme.state == "signed")
        .order_by(LocalScheme.signed_at, LocalScheme.id)
    )
    found: dict[str, dict[str, Own]] = {}
    for row in rows:
        if row.signed_at is not None:
            found.setdefault(row.area, {})[row.scheme] = Own(row.fields, row.signed_at)
    return found


def waiting(session: Session, area: str) -> Sequence[LocalScheme]:
    """What waits for a second person in a county, the first put first."""
    query = select(LocalScheme).where(LocalScheme.state == "open", LocalScheme.area == area)
    return session.scalars(query.order_by(LocalScheme.id)).all()


def versions(session: Session, area: str, scheme: str) -> Sequence[LocalScheme]:
    """Every version of one scheme in a county, the newest first."""
    query = select(LocalScheme).where(LocalScheme.area == area, LocalScheme.scheme == scheme)
    return session.scalars(query.order_by(LocalScheme.id.desc())).all()
