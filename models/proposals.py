"""What one person puts forward and another decides (谁提议、谁不审批)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Key
from models.people import Staff
from models.sealed import SealedJSON


class Proposal(Base):
    """A move put forward. `state`: `open`, `agreed`, `sent_back`, or `overtaken` by another move.

    `details` are those of the move (`models/casework.py`); `amount` is repeated outside the
    seal where money is proposed, in yuan, for limits and figures.
    """

    __tablename__ = "proposals"
    __table_args__ = (Index(None, "case_id", "state"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    move: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("proposals.details"))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id], lazy="joined")


def open_proposal(session: Session, case_id: int) -> Proposal | None:
    """The proposal that waits for its decision; there is one at most."""
    query = select(Proposal).where(Proposal.case_id == case_id, Proposal.state == "open")
    return session.scalars(query.order_by(Proposal.id.desc()).limit(1)).one_or_none()


def put(
    session: Session, case_id: int, move: str, staff_id: int, at: datetime,
    details: dict[str, Any], amount: Decimal | None,
) -> Proposal:
    """Put a move forward, in place of what was open before."""
    settle(session, case_id, "overtaken", staff_id, at)
    proposal = Proposal(
        case_id=case_id, move=move, staff_id=staff_id, at=at, details=details, amount=amount,
        state="open",
    )
    session.add(proposal)
    return proposal


def settle(session: Session, case_id: int, state: str, staff_id: int | None, at: datetime) -> None:
    """Close the open proposal, where there is one."""
    found = open_proposal(session, case_id)
    if found is not None:
        found.state, found.settled_by, found.settled_at = state, staff_id, at
