"""Who may see and who may move. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from models.moves import MOVES
from models.paths import path_of
from models.statuses import SIGN_IN_ROLES, Role, Status


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


class NotAllowed(Exception):
    """This person may not do this; `reason` is a marked sentence for them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def may_move(staff: StaffView, move: str, status: Status, scheme: str | None) -> bool:
    """Whether the table offers this move to this role from this status."""
    line = MOVES.get(move)
    return (
        line is not None and staff.role in line.roles and status in line.from_
        and line.fits(path_of(scheme))
    )
