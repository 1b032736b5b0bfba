"""A county's own words of a scheme: what holds at a place; put by one person, signed by another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import rules, schemefields
from models.areas import Area, Level
from models.context import Context
from models.countersigning import Countersigned
from models.lengths import Length
from models.localschemes import MOST_KEPT, LocalScheme, Own
from models.policy import StaffView
from models.schemes import Scheme, catalogue
from models.settings import mark
from models.steps import MoveRefused

NOT_COUNTY = mark("政策怎么写由县里来定。")
NEEDS_ANOTHER = mark("这一项是您自己填的，要请另一位同事核对签字。")
SAME = mark("和现在的一样，不用改。")
TOO_MUCH = mark("写得太多了，请短一些。")
VERSIONS = Countersigned(LocalScheme, "scheme", NOT_COUNTY, NEEDS_ANOTHER)
drop = VERSIONS.drop


@dataclass(frozen=True)
class Told:
    """A scheme as it holds at a place. `own`: the county's words, by field; `limits`: clock and
    length, the place's rule where it has one; `lacking`: fields that wait for the county."""

    scheme: Scheme
    own: Mapping[str, str]
    signed: Own | None
    limits: tuple[tuple[str, Length], ...]
    lacking: tuple[str, ...]


def county_of(ctx: Context, area: str) -> str:
    """The county of a place; empty where there is none."""
    place = ctx.directory.areas.at(area, Level.COUNTY)
    return place.code if place else ""


def standing(ctx: Context, area: str, scheme: str) -> Own | None:
    """What a county says itself of a scheme; None: nothing."""
    own = ctx.directory.local_schemes.get(county_of(ctx, area), {}).get(scheme)
    return own if own is not None and own.fields else None


def told(ctx: Context, id: str, area: str) -> Told:
    """A scheme as it holds at a place today. Raises LookupError for one that is not known."""
    scheme = catalogue().schemes[id]
    own = standing(ctx, area, id)
    return with_words(ctx, scheme, area, own.fields if own else {}, own)


def with_words(
    ctx: Context, scheme: Scheme, area: str, said: Mapping[str, str], signed: Own | None = None
) -> Told:
    """The same with these words of a county: how it will be once they hold."""
    directory = ctx.directory
    limits = tuple(
        (clock, rules.length(
            clock, area, ctx.today(), directory.rules, directory.areas, ctx.settings.deadlines,
            scheme.id,
        ))
        for clock in scheme.limits
    )
    return Told(scheme, said, signed, limits, schemefields.lacking(scheme, said))


def lacking(ctx: Context, area: str) -> dict[str, tuple[str, ...]]:
    """What a county has still to fill in: scheme → fields."""
    found = {}
    for id, scheme in catalogue().schemes.items():
        own = standing(ctx, area, id)
        if left := schemefields.lacking(scheme, own.fields if own else {}):
            found[id] = left
    return found


def checked(ctx: Context, area: str, scheme: Scheme, given: Mapping[str, str]) -> dict[str, str]:
    """The fields to be kept. Raises FieldRefused, MoveRefused."""
    said = schemefields.read(given)
    own = standing(ctx, area, scheme.id)
    if said == (dict(own.fields) if own else {}):
        raise MoveRefused(SAME)
    if len(json.dumps(said, ensure_ascii=False)) > MOST_KEPT:
        raise MoveRefused(TOO_MUCH)
    return said


def put(
    ctx: Context, session: Session, staff: StaffView, scheme: Scheme, given: Mapping[str, str]
) -> LocalScheme:
    """Keep a version for another person to sign; with every field empty, the county says nothing
    of its own any longer. The same put twice is one. Raises NotAllowed, FieldRefused, MoveRefused.
    """
    VERSIONS.must_be_county(staff)
    # Two who put at once do so one after the other.
    session.get(Area, staff.area, with_for_update=True)
    said = checked(ctx, staff.area, scheme, given)
    before = select(LocalScheme).where(
        LocalScheme.state == "open", LocalScheme.area == staff.area,
        LocalScheme.scheme == scheme.id,
    )
    for open_ in session.scalars(before.with_for_update(of=LocalScheme)):
        if open_.fields == said:
            return open_
        VERSIONS.settle(ctx, session, staff, open_, "dropped")
    made = LocalScheme(
        area=staff.area, scheme=scheme.id, said=json.dumps(said, ensure_ascii=False),
        state="open", put_by=staff.id, put_at=ctx.now(),
    )
    session.add(made)
    session.flush()
    VERSIONS.record(ctx, session, staff, "put", made)
    return made


def sign(ctx: Context, session: Session, staff: StaffView, number: int) -> LocalScheme:
    """The second person agrees: it holds from now on.

    Forget the directory after the commit. Raises LookupError, NotAllowed, MoveRefused.
    """
    made = VERSIONS.to_sign(session, staff, number)
    VERSIONS.settle(ctx, session, staff, made, "signed")
    return made
