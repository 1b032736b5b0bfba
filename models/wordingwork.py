"""A county's own words are put by one of its people and signed by another; then they hold."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.areas import Area, Level
from models.context import Context
from models.countersigning import Countersigned
from models.policy import StaffView
from models.settings import mark
from models.steps import MoveRefused
from models.wordings import Wording
from models.wordingwords import FIELD, Known

NOT_COUNTY = mark("通知的说法由县里来定。")
SAME = mark("和现在的说法一样，不用改。")
NEEDS_ANOTHER = mark("这句话是您自己改的，要请另一位同事核对签字。")
VERSIONS = Countersigned(Wording, "wording", NOT_COUNTY, NEEDS_ANOTHER)
drop = VERSIONS.drop


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
    VERSIONS.must_be_county(staff)
    # Two who put at once do so one after the other.
    session.get(Area, staff.area, with_for_update=True)
    words = checked(ctx, staff.area, known, known.shown(known.source) if typed is None else typed)
    before = select(Wording).where(
        Wording.state == "open", Wording.area == staff.area, Wording.source == known.source
    )
    for open_ in session.scalars(before.with_for_update(of=Wording)):
        if open_.words == words:
            return open_
        VERSIONS.settle(ctx, session, staff, open_, "dropped")
    made = Wording(
        area=staff.area, source=known.source, words=words, state="open", put_by=staff.id,
        put_at=ctx.now(),
    )
    session.add(made)
    session.flush()
    VERSIONS.record(ctx, session, staff, "put", made)
    return made


def sign(ctx: Context, session: Session, staff: StaffView, number: int) -> Wording:
    """The second person agrees: it holds from now on.

    Forget the directory after the commit. Raises LookupError, NotAllowed, MoveRefused.
    """
    made = VERSIONS.to_sign(session, staff, number)
    VERSIONS.settle(ctx, session, staff, made, "signed")
    return made
