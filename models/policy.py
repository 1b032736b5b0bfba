"""Who may see and who may move. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.statuses import SIGN_IN_ROLES, Role


@dataclass(frozen=True)
class StaffView:
    """A signed-in member of staff as a value."""

    id: int
    name: str
    role: Role
    area: str
    unit: str
    person_id: int | None
    department_id: int | None = None

    @property
    def is_desk(self) -> bool:
        """Whether some room of the desk is open to this role."""
        return self.role in SIGN_IN_ROLES


class Post(Protocol):
    """A member of staff as stored or as signed in: a post, and the person who holds it."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...


class NotAllowed(Exception):
    """This person may not do this; `reason` is a marked sentence for them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_same_person(staff: StaffView, other: Post) -> bool:
    """Whether two posts are one person's: who changes posts decides nothing of their own."""
    return other.id == staff.id or (
        other.person_id is not None and other.person_id == staff.person_id
    )
