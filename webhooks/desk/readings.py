"""That sealed names were read on a list: who read it, and whose they were."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models import audit
from models.context import Context
from models.policy import StaffView

# As many numbers as one entry of the audit log holds, however long they have become.
MOST = 30


def keep(
    ctx: Context, db: Session, staff: StaffView, action: str, target: str, **read: list[int]
) -> None:
    """Record every row that was read, by kind (`cases=[…]`): as many entries as it takes."""
    for kind, numbers in read.items():
        for first in range(0, len(numbers), MOST):
            some: dict[str, Any] = {kind: numbers[first : first + MOST]}
            audit.record(db, ctx.now(), action, target, None, staff_id=staff.id, **some)
