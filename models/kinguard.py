"""What a relative's case waits for: someone who settles it, another officer, the county."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.cases import Case
from models.kinfinding import of_case, visit_of
from models.kinscope import kept_out
from models.kinship import CONFIRMED, POSSIBLE
from models.policy import NotAllowed, StaffView
from models.proposals import Proposal
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused, Step

SETTLE_FIRST = mark("这一家可能是同事或村干部的亲属，还没有核实。请先在“近亲属”那里点是或不是。")
OWN_RELATIVE = mark("这位要回避，请选另一位经办人。")
ANOTHER_OFFICER = mark("负责这件事的人要回避，请先换一位经办人。")
PUT_BY_KIN = mark("这个意见是要回避的人提的，请退回去，由别的经办人重新提。")
COUNTY_DECIDES = mark("这一家是同事或村干部的亲属，要由县里来定（民发〔2021〕57号第二十条）。")
VISIT_FIRST = mark("这一家是同事或村干部的亲属，县里要先上门看过、记下来，才能定。")

DECIDING = ("grant", "refuse")
WAITING = (
    "propose", "forward", "propose_refusal", "grant_urgent", "assist", *DECIDING,
)


def check(
    session: Session, staff: StaffView, case: Case, move: str, step: Step,
    proposal: Proposal | None,
) -> None:
    """Raise MoveRefused or NotAllowed where a relative's case cannot make this move yet."""
    if move == "register" and step.officer_id is not None:
        if step.officer_id in _out(session, case):
            raise MoveRefused(OWN_RELATIVE, "officer")
    elif move in WAITING:
        found = {match.certainty for match in of_case(session, case.id)}
        if POSSIBLE in found:
            raise MoveRefused(SETTLE_FIRST)
        if CONFIRMED in found:
            _confirmed(session, staff, case, move, proposal)


def _confirmed(
    session: Session, staff: StaffView, case: Case, move: str, proposal: Proposal | None
) -> None:
    out = _out(session, case)
    if case.officer_id in out:
        raise MoveRefused(ANOTHER_OFFICER)
    if move not in DECIDING:
        return
    if staff.role is not Role.COUNTY:
        raise NotAllowed(COUNTY_DECIDES)
    if proposal is not None and proposal.staff_id in out:
        raise MoveRefused(PUT_BY_KIN)
    if visit_of(session, case.id) is None:
        raise MoveRefused(VISIT_FIRST)


def _out(session: Session, case: Case) -> set[int]:
    return set(session.scalars(kept_out(case.id)))
