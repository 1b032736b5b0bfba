"""Keeping an applicant's identity number, where a scheme needs it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import audit
from models.casework import NOT_YOURS, locked_case
from models.context import Context
from models.idnumbers import read_id_number
from models.kinfinding import look
from models.moves import MOVES
from models.policy import NotAllowed, StaffView
from models.settings import mark
from models.steps import MoveRefused

NOT_AN_ID_NUMBER = mark("身份证号对不上。请照着证件再看一遍，一共18位，最后一位可能是X。")


def record_id_number(
    ctx: Context, session: Session, staff: StaffView, receipt: str, said: str
) -> None:
    """Keep the applicant's identity number (GB 11643), where a scheme needs it.

    Raises LookupError, NotAllowed, or MoveRefused where it cannot be one.
    """
    case = locked_case(session, staff, receipt)
    if staff.role not in MOVES["accept"].roles:
        raise NotAllowed(NOT_YOURS)
    number = read_id_number(said, ctx.today())
    if number is None:
        raise MoveRefused(NOT_AN_ID_NUMBER, "id_number")
    case.id_number, case.id_key = number, ctx.keys.lookup("id_number", number)
    case.updated_at = ctx.now()
    look(ctx, session, case)
    audit.record(session, ctx.now(), "case.id_number", "case", case.id, staff_id=staff.id)
