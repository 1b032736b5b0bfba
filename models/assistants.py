"""Village assistants (村居协理员): in which villages a person is one, and where they live.

One person may hold several posts and be a resident besides. Whatever they do as an assistant is
done under one post, the one of the village that it is about, and only while that post is held.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Staff
from models.statuses import Role


def posts_of(session: Session, person_id: int) -> Sequence[Staff]:
    """The posts that this person holds now, in the order of their villages."""
    query = select(Staff).where(
        Staff.person_id == person_id, Staff.role == Role.ASSISTANT, Staff.left_at.is_(None)
    )
    return session.scalars(query.order_by(Staff.area, Staff.id)).all()


def post_in(session: Session, person_id: int, village: str) -> Staff | None:
    """The post by which this person may act in a village, held until the transaction ends."""
    query = select(Staff).where(
        Staff.person_id == person_id, Staff.role == Role.ASSISTANT, Staff.left_at.is_(None),
        Staff.area == village,
    )
    # Who is being removed at this moment either reports before it or not at all.
    return session.scalars(query.order_by(Staff.id).limit(1).with_for_update(of=Staff)).first()
