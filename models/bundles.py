"""Bundles: what joins photos and recordings with the draft or case that they belong to."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.cases import Attachment


def move_papers(session: Session, bundle: str, to: str) -> None:
    """Everything of one bundle belongs to another from now on."""
    session.flush()
    session.execute(update(Attachment).where(Attachment.bundle == bundle).values(bundle=to))
