"""Which moves a case offers to one person right now: the table's, less those that cannot be."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import guards, proposals
from models.cases import Case
from models.context import Context
from models.moves import MOVES, Move
from models.paths import path_of
from models.policy import NotAllowed, StaffView, is_same_person
from models.proposals import Proposal
from models.statuses import CASE_ROLES, Status
from models.steps import MoveRefused, Step

# Said on the screen itself: of what will be typed there, and of what may also be sent back.
LATER = ("within_limit", "heard_if_less", "stop_posted")


def may_put_forward(staff: StaffView, line: Move) -> bool:
    """Whether this person may propose a move that another one decides."""
    return line.second and (staff.role in CASE_ROLES or staff.role in line.roles)


def to_decide(staff: StaffView, line: Move, open_: Proposal | None) -> bool:
    """Whether this very move waits for this person's decision."""
    return (
        line.second and staff.role in line.roles and open_ is not None
        and open_.move == line.name and not is_same_person(staff, open_.staff)
    )


def offered(ctx: Context, session: Session, staff: StaffView, case: Case) -> tuple[Move, ...]:
    """The moves that can be made, put forward or decided now, in the table's order."""
    open_ = proposals.open_proposal(session, case.id)
    path, found = path_of(case.scheme), []
    for line in MOVES.values():
        if Status(case.status) not in line.from_ or not line.fits(path):
            continue
        if line.second:
            waits = open_ is not None and open_.move == line.name
            mine = to_decide(staff, line, open_) if waits else may_put_forward(staff, line)
        else:
            mine = staff.role in line.roles
        if mine and _holds(ctx, session, staff, case, line, open_):
            found.append(line)
    return tuple(found)


def _holds(
    ctx: Context, session: Session, staff: StaffView, case: Case, line: Move,
    open_: Proposal | None,
) -> bool:
    step = Step(line.name, case.version)
    try:
        guards.check(guards.Asked(ctx, session, staff, case, line, step, open_), but=LATER)
    except (MoveRefused, NotAllowed):
        return False
    return True
