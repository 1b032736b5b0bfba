"""A county's own words for the fixed messages of pushes: put by one person, signed by another.

Every version stays, with who put it, who signed and when. What holds is the one signed last; one
without words goes back to the standard. A message is known by its source text, so words that were
signed for a sentence which a later release changes hold no longer: its placeholders may differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.twosigned import TwoSigned

# Characters of words as they are kept: a placeholder is longer so than as it is typed.
MOST_KEPT = 300
# County → source text → its own words.
Wordings = Mapping[str, Mapping[str, str]]


class Wording(TwoSigned, Base):
    """One version. `words` hold the placeholders of `source`; empty: back to the standard."""

    __tablename__ = "wordings"
    __table_args__ = (Index(None, "area", "state"),)

    source: Mapped[str] = mapped_column(String(MOST_KEPT))
    words: Mapped[str] = mapped_column(String(MOST_KEPT))


def read_wordings(session: Session) -> Wordings:
    """What holds in every county of the service; one statement."""
    rows = session.execute(
        select(Wording.area, Wording.source, Wording.words)
        .where(Wording.state == "signed").order_by(Wording.id)
    )
    # Only one version of a message is open at a time, so the highest number was signed last.
    found: dict[str, dict[str, str]] = {}
    for area, source, words in rows:
        found.setdefault(area, {})[source] = words
    return {
        area: {source: words for source, words in own.items() if words}
        for area, own in found.items()
    }


def waiting(session: Session, area: str) -> Sequence[Wording]:
    """What waits for a second person in a county, the first put first."""
    query = select(Wording).where(Wording.state == "open", Wording.area == area)
    return session.scalars(query.order_by(Wording.id)).all()


def versions(session: Session, area: str, source: str) -> Sequence[Wording]:
    """Every version of one message in a county, the newest first."""
    query = select(Wording).where(Wording.area == area, Wording.source == source)
    return session.scalars(query.order_by(Wording.id.desc())).all()
