"""Writing the timeline of a case, and the pushes that go with a step, in one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.cases import Case, CaseEvent
from models.context import Context
from models.merges import merged_into
from models.onbehalf import STANDS, THEIR_OWN, reaches
from models.outgoing import Occasion, enqueue
from models.statuses import EventKind, Status

# The kind of a push to whoever's case is merged into the one that moved, and to who reported a
# household that is not their own.
BESIDE, REPORTED = "beside_moved", "reported_moved"


def event(
    ctx: Context, case_id: int, kind: str, before: str | None, after: str,
    due_on: date | None = None, due_basis: str = "",
) -> CaseEvent:
    """A step that is not yet written; `due_on` is by when the person will hear."""
    return CaseEvent(
        case_id=case_id, at=ctx.now(), kind=kind, from_status=before, to_status=after, details={},
        due_on=due_on, due_basis=due_basis,
    )


def beside(ctx: Context, case: Case, kind: EventKind) -> CaseEvent:
    """A step that leaves the case where it stands, not yet written."""
    return event(ctx, case.id, kind, case.status, case.status)


def tell_applicant(
    ctx: Context, session: Session, case: Case, step: CaseEvent, occasion: Occasion
) -> None:
    """Write the push for a step to whoever asked.

    Those whose case stands beside it may be other people: they hear where it stands, no more.
    """
    if case.person_id is not None and (reaches(case) or step.kind in THEIR_OWN):
        _push(ctx, session, case, case, step, occasion, f"event:{step.id}", {
            "kind": step.kind, "due_on": step.due_on.isoformat() if step.due_on else "",
            **step.details,
        })
    elif case.person_id is not None and _stands_elsewhere(step):
        _push(ctx, session, case, case, step, Occasion.CASE_MOVED, f"event:{step.id}", {
            "kind": REPORTED, "status": step.to_status,
        })
    if step.from_status == step.to_status:
        return
    told = {None, case.person_id}
    for own in merged_into(session, case):
        if own.person_id not in told:
            told.add(own.person_id)
            _push(ctx, session, case, own, step, Occasion.CASE_MOVED, f"event:{step.id}:{own.id}", {
                "kind": BESIDE, "status": step.to_status,
            })


def _stands_elsewhere(step: CaseEvent) -> bool:
    """Whether the one who reported reads something new: most steps are none of their business."""
    before = STANDS[Status(step.from_status)] if step.from_status else ""
    return STANDS[Status(step.to_status)] != before


def _push(
    ctx: Context, session: Session, case: Case, own: Case, step: CaseEvent, occasion: Occasion,
    key: str, details: dict[str, Any],
) -> None:
    enqueue(
        session, step.at, ctx.settings.pushes.expire_days, occasion, key,
        person_id=own.person_id, account=own.account, case_id=case.id, event_id=step.id,
        details={**details, "receipt": own.receipt, "township": case.township},
    )


def tell_staff(
    ctx: Context, session: Session, case: Case, step: CaseEvent, occasion: Occasion,
    *, place: str | None = None, role: str = "", person_id: int | None = None,
) -> None:
    """Write the push for a step to the desk of the case's township, or of another place; to one
    role there, or to one of its people."""
    key = f"event:{step.id}:{place or 'desk'}"
    enqueue(
        session, step.at, ctx.settings.pushes.expire_days, occasion, key,
        township=place or case.township, role=role, person_id=person_id,
        account=case.account if person_id else "", case_id=case.id, event_id=step.id,
        details={"receipt": case.receipt, "urgent": case.urgent, "kind": step.kind},
    )


def note(
    ctx: Context, session: Session, case: Case, kind: EventKind, occasion: Occasion
) -> CaseEvent:
    """Something that the resident did: on the timeline, and told to staff."""
    step = beside(ctx, case, kind)
    step.person_id = case.person_id
    session.add(step)
    session.flush()
    tell_staff(ctx, session, case, step, occasion)
    return step
