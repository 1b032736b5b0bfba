"""Letting a browser in by someone's chat, and the one-time codes of staff.

The browser shows a QR (or six digits) and two more digits. Whoever scans it is told by the
bot from where someone wants in, and must send the two digits: a QR that was passed on by
somebody else opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import audit
from models.context import Context
from models.people import Code, SignIn, Staff, WebSession
from models.rows import changed
from models.statuses import SIGN_IN_ROLES

SCENE = "signin_"
MINUTES = 5
WRONG_ALLOWED = 2
CODE_MINUTES = {"join": 15, "sign_in": 15, "bind": 7 * 24 * 60}


@dataclass(frozen=True)
class Begun:
    """What the browser shows, and the token by which it asks again."""

    token: str
    code: str
    digits: str


class Answer(StrEnum):
    """What became of the two digits."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    GONE = "gone"


def begin(ctx: Context, session: Session, place: str) -> Begun:
    """Open a sign-in for a browser at `place` (address and kind of browser)."""
    begun = Begun(
        secrets.token_hex(12), f"{secrets.randbelow(10**6):06}", f"{secrets.randbelow(90) + 10}"
    )
    now = ctx.now()
    session.add(
        SignIn(
            token_key=ctx.keys.lookup("sign_in", begun.token),
            code_key=ctx.keys.lookup("sign_in_code", begun.code),
            digits=begun.digits, place=place, state="waiting", created_at=now,
            expires_at=now + timedelta(minutes=MINUTES),
        )
    )
    return begun


def scanned(
    ctx: Context, session: Session, person_id: int, *, token: str = "", code: str = ""
) -> tuple[SignIn, Staff] | None:
    """The chat that scanned names a member of staff with a desk: the sign-in and who it is."""
    if token:
        where = SignIn.token_key == ctx.keys.lookup("sign_in", token)
    else:
        where = SignIn.code_key == ctx.keys.lookup("sign_in_code", code)
    found = session.scalars(select(SignIn).where(where).with_for_update()).one_or_none()
    staff = desk_staff(session, person_id)
    if found is None or staff is None or found.expires_at <= ctx.now():
        return None
    if found.state not in ("waiting", "scanned"):
        return None
    found.state, found.staff_id = "scanned", staff.id
    return found, staff


def answer(ctx: Context, session: Session, sign_in_id: int, person_id: int, said: str) -> Answer:
    """The two digits that the chat sends; after two wrong ones the sign-in is refused."""
    found = session.get(SignIn, sign_in_id, with_for_update=True)
    staff = desk_staff(session, person_id)
    if found is None or staff is None or found.staff_id != staff.id:
        return Answer.GONE
    if found.state != "scanned" or found.expires_at <= ctx.now():
        return Answer.GONE
    if said == found.digits:
        found.state = "confirmed"
        audit.record(session, ctx.now(), "sign_in", "staff", staff.id, staff_id=staff.id)
        return Answer.RIGHT
    found.wrong += 1
    if found.wrong >= WRONG_ALLOWED:
        found.state = "refused"
        return Answer.REFUSED
    return Answer.WRONG


def refuse(session: Session, sign_in_id: int) -> None:
    """It was not me: nobody gets in by this QR."""
    found = session.get(SignIn, sign_in_id, with_for_update=True)
    if found is not None and found.state == "scanned":
        found.state = "refused"


def state_of(ctx: Context, session: Session, token: str) -> tuple[str, SignIn | None]:
    """Where the browser's sign-in stands; `expired` when its minutes are over."""
    key = ctx.keys.lookup("sign_in", token)
    found = session.scalars(select(SignIn).where(SignIn.token_key == key)).one_or_none()
    if found is None:
        return "expired", None
    if found.expires_at <= ctx.now() and found.state != "used":
        return "expired", found
    return found.state, found


def use_up(session: Session, found: SignIn) -> bool:
    """A confirmed sign-in lets in once, also when two requests come at the same moment."""
    statement = update(SignIn).where(SignIn.id == found.id, SignIn.state == "confirmed")
    return bool(changed(session, statement.values(state="used")))


def desk_staff(session: Session, person_id: int) -> Staff | None:
    """The person's post with a desk, the newest first."""
    query = select(Staff).where(
        Staff.person_id == person_id, Staff.left_at.is_(None),
        Staff.role.in_(SIGN_IN_ROLES),
    )
    return session.scalars(query.order_by(Staff.id.desc())).first()


def new_code(
    ctx: Context, session: Session, purpose: str, *,
    person_id: int | None = None, staff_id: int | None = None,
) -> str:
    """A one-time code of eight digits, kept as a keyed hash only."""
    code = f"{secrets.randbelow(10**8):08}"
    now = ctx.now()
    session.add(
        Code(
            code_key=ctx.keys.lookup("code", code), purpose=purpose, person_id=person_id,
            staff_id=staff_id, created_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES[purpose]),
        )
    )
    return code


def void_codes(ctx: Context, session: Session, purpose: str, staff_id: int) -> None:
    """Codes of this purpose that were given before open nothing any more."""
    session.execute(
        update(Code)
        .where(Code.staff_id == staff_id, Code.purpose == purpose, Code.used_at.is_(None))
        .values(used_at=ctx.now())
    )


def shut_out(ctx: Context, session: Session, staff_id: int) -> None:
    """Every session of this post ends with the next page that it asks for, every code is void."""
    session.execute(
        update(WebSession)
        .where(WebSession.staff_id == staff_id, WebSession.ended_at.is_(None))
        .values(ended_at=ctx.now())
    )
    for purpose in ("bind", "sign_in"):
        void_codes(ctx, session, purpose, staff_id)


def use_code(ctx: Context, session: Session, purpose: str, code: str) -> Code | None:
    """Use up a code; None where it is unknown, used or over."""
    key = ctx.keys.lookup("code", code)
    found = session.scalars(
        select(Code).where(Code.code_key == key, Code.purpose == purpose).with_for_update()
    ).one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= ctx.now():
        return None
    found.used_at = ctx.now()
    return found
