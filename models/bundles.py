"""Bundles: what joins photos and recordings with the draft or case that they belong to."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.cases import Attachment


def move_papers(session: Session, bundle: str, to: str, item_id: int | None = None) -> list[int]:
    """Everything of one bundle belongs to another from now on, and to an item where one is named.

    The numbers of what was moved.
    """
    session.flush()
    moved = update(Attachment).where(Attachment.bundle == bundle)
    values: dict[str, object] = {"bundle": to} | ({"item_id": item_id} if item_id else {})
    return list(session.scalars(moved.values(values).returning(Attachment.id)))
