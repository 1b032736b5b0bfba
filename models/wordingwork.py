"""A county's own words are put by one of its people and signed by another; then they hold."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.areas import Area, Level, covers
from models.context import Context
from models.policy import NotAllowed, StaffView, is_same_person
from models.rulework import GONE
from models.settings import mark
from models.statuses import Role
from models.steps import MoveRefused
from models.wordings import Wording
from models.wordingwords import FIELD, Known

NOT_COUNTY = mark("通知的说法由县里来定。")
SAME = mark("和现在的说法一样，不用改。")
NEEDS_ANOTHER = mark("这句话是您自己改的，要请另一位同事核对签字。")


def county_of(ctx: Context, staff: StaffView) -> str:
    """The county whose words these staff see; empty where there is none."""
    place = ctx.directory.areas.at(staff.area, Level.COUNTY)
    return place.code if place else ""


def standing(ctx: Context, area: str, source: str) -> str:
    """A county's own words of a message that hold now; empty: the standard holds."""
    return ctx.directory.wordings.get(area, {}).get(source, "")


def checked(ctx: Context, area: str, known: Known, typed: str) -> str:
    """The words to be kept; empty where they are the standard's. Raises MoveRefused."""
    words = known.kept(typed)
    words = "" if words == known.source else words
    if words == standing(ctx, area, known.source):
        raise MoveRefused(SAME, FIELD)
    return words


def put(
    ctx: Context, session: Session, staff: StaffView, known: Known, typed: str | None
) -> Wording:
    """Keep a version for another person to sign; None: back to the standard.

    The same put twice is one. Raises NotAllowed, MoveRefused.
    """
    _must_be_county(staff)
    # Two who put at once do so one after the other.
    session.get(Area, staff.area, with_for_update=True)
    words = checked(ctx, staff.area, known, known.shown(known.source) if typed is None else typed)
    before = select(Wording).where(
        Wording.state == "open", Wording.area == staff.area, Wording.source == known.source
    )
    for open_ in session.scalars(before.with_for_update(of=Wording)):
        if open_.words == words:
            return open_
        _settle(ctx, session, staff, open_, "dropped")
    made = Wording(
        area=staff.area, source=known.source, words=words, state="open", put_by=staff.id,
        put_at=ctx.now(),
    )
    session.add(made)
    session.flush()
    _record(ctx, session, staff, "put", made)
    return made


def sign(ctx: Context, session: Session, staff: StaffView, number: int) -> Wording:
    """The second person agrees: it holds from now on.

    Forget the directory after the commit. Raises LookupError, NotAllowed, MoveRefused.
    """
    _must_be_county(staff)
    made = _open(session, staff, number)
    if is_same_person(staff, made.put):
        raise NotAllowed(NEEDS_ANOTHER)
    _settle(ctx, session, staff, made, "signed")
    return made


def drop(ctx: Context, session: Session, staff: StaffView, number: int) -> Wording:
    """Not right: it waits for nobody any longer; also who put it may take it back."""
    _must_be_county(staff)
    made = _open(session, staff, number)
    _settle(ctx, session, staff, made, "dropped")
    return made


def _open(session: Session, staff: StaffView, number: int) -> Wording:
    query = select(Wording).where(Wording.id == number)
    found = session.scalars(query.with_for_update(of=Wording)).one_or_none()
    if found is None or not covers(staff.area, found.area):
        raise LookupError(number)
    if found.state != "open":
        raise MoveRefused(GONE)
    return found


def _settle(ctx: Context, session: Session, staff: StaffView, made: Wording, state: str) -> None:
    made.state, made.signed_by, made.signed_at = state, staff.id, ctx.now()
    _record(ctx, session, staff, state, made)


def _must_be_county(staff: StaffView) -> None:
    if staff.role is not Role.COUNTY:
        raise NotAllowed(NOT_COUNTY)


def _record(ctx: Context, session: Session, staff: StaffView, what: str, made: Wording) -> None:
    audit.record(
        session, ctx.now(), f"wording.{what}", "wording", made.id, staff_id=staff.id,
        area=made.area,
    )
