"""Two chats of one person become one, by a code that the person sends; staff are bound so too."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import audit, massing, raising, signin, wishes
from models.cases import Attachment, Case
from models.context import Context
from models.halfwritten import HalfWritten
from models.informing import Informing
from models.people import Code, Identity, Person, Staff, WebSession
from models.pushes import Push
from models.talks import Talk


def may_join(ctx: Context, session: Session, person_id: int, code: str) -> bool:
    """Whether the code would join this person to another, without using it up."""
    found = session.scalars(
        select(Code).where(
            Code.code_key == ctx.keys.lookup("code", code), Code.purpose == "join",
            Code.used_at.is_(None), Code.expires_at > ctx.now(), Code.person_id != person_id,
        )
    ).one_or_none()
    return found is not None


def join(ctx: Context, session: Session, person_id: int, code: str) -> int | None:
    """Join this person to the one who was given the code; the id of the one both are now."""
    used = signin.use_code(ctx, session, "join", code)
    if used is None or used.person_id is None or used.person_id == person_id:
        return None
    kept = used.person_id
    for table in (Identity, Case, Attachment, Push, Staff, WebSession, HalfWritten, Informing):
        session.execute(
            update(table).where(table.person_id == person_id).values(person_id=kept)
        )
    raising.joined(ctx, session, person_id, kept)
    massing.joined(session, person_id, kept)
    wishes.join(session, person_id, kept)
    # A push that waits for the person to write is looked for only where the talk says so.
    session.execute(update(Talk).where(Talk.person_id == kept).values(held=True))
    session.execute(update(Person).where(Person.id == person_id).values(joined_to_id=kept))
    audit.record(session, ctx.now(), "person.join", "person", kept, person_id=person_id)
    return kept


def bind_staff(ctx: Context, session: Session, person_id: int, code: str) -> Staff | None:
    """Bind an invited member of staff to this person's chat."""
    used = signin.use_code(ctx, session, "bind", code)
    if used is None or used.staff_id is None:
        return None
    staff = session.get(Staff, used.staff_id)
    if staff is None or staff.left_at is not None:
        return None
    if staff.person_id not in (None, person_id):
        # Whoever had the old telephone is out.
        signin.shut_out(ctx, session, staff.id)
    staff.person_id = person_id
    audit.record(
        session, ctx.now(), "staff.bind", "staff", staff.id, person_id=person_id,
        staff_id=staff.id,
    )
    return staff
