"""Two declared relatives in the demo county: one case possible by name, one certain by number."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import kindeclaring
from models.cases import Case
from models.context import Context
from models.identitywork import record_id_number
from models.idnumbers import CHECKS, WEIGHTS
from models.kindeclaring import Said
from models.people import Staff, view_of
from models.policy import StaffView
from models.statuses import Status

DAWAN = "450799101000"
DECLARING, COLLEAGUE = "黄丽娟", "陈志强"
# Of a division that does not exist; the last character is reckoned as GB 11643 has it.
BODY = "45079919480312102"


def declare(ctx: Context) -> None:
    """One of two officers declares; the colleague keeps the number of one of the two cases."""
    with ctx.db.begin() as session:
        cases = session.scalars(
            select(Case)
            .where(
                Case.township == DAWAN,
                Case.status.in_((Status.REGISTERED, Status.ACCEPTED, Status.INVESTIGATING)),
            )
            .order_by(Case.id)
        ).all()
        named = {case.name: case for case in cases if _only_one(session, case)}
        if len(named) < 2:
            return
        possible, certain = list(named.values())[:2]
        who, colleague = _staff(ctx, session, DECLARING), _staff(ctx, session, COLLEAGUE)
        record_id_number(ctx, session, colleague, certain.receipt, number())
        kindeclaring.declare(ctx, session, who, Said(possible.name, "parent"))
        kindeclaring.declare(ctx, session, who, Said(certain.name, "sibling", number()))


def number() -> str:
    """An identity number that fits and is nobody's."""
    total = sum(int(digit) * weight for digit, weight in zip(BODY, WEIGHTS, strict=True))
    return BODY + CHECKS[total % 11]


def _only_one(session: Session, case: Case) -> bool:
    """Whether nobody else in the demo has this name."""
    query = select(Case.id).where(Case.name_key == case.name_key).limit(2)
    return len(session.scalars(query).all()) == 1


def _staff(ctx: Context, session: Session, name: str) -> StaffView:
    member = session.scalars(
        select(Staff).where(Staff.name_key == ctx.keys.lookup("name", name))
    ).one()
    return view_of(member)
